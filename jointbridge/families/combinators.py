"""Families that take families, and families without a free value."""

from jointbridge.families.row import Family

ROWS = [
    Family(
        "Mixture",
        "probs: simplex[M] | logits: real[M], components: distribution[M]",
        "components",
        "one of M components; the last batch axis of `components` counts them",
        "logsumexp(log(probs) + log_prob(components, value), axis=-1)",
        "https://en.wikipedia.org/wiki/Mixture_distribution",
    ),
    Family(
        "MixtureGeneral",
        "probs: simplex[M] | logits: real[M], components: distributions[M]",
        "components",
        "one of M components, each of a family of its own",
        "logsumexp(log(probs) + stack([log_prob(c, value) for c in components], axis=-1),"
        " axis=-1)",
        "https://en.wikipedia.org/wiki/Mixture_distribution",
    ),
    Family(
        "Transformed",
        "base: distribution, transform: transform",
        "base",
        "a draw of base, sent through an increasing transform",
        "log_prob(base, inverse(transform, value))"
        " - log_det(transform, inverse(transform, value))",
        "https://en.wikipedia.org/wiki/Probability_density_function"
        "#Function_of_random_variables_and_change_of_variables_in_the_probability_density_function",
    ),
    Family(
        "Truncated",
        "base: distribution, low: real = -inf, high: greater_than(low) = inf",
        "interval(low, high)",
        "a family restricted to [low, high] and normalised again",
        "log_prob(base, value) - log(cdf(base, high) - cdf(base, low))",
        "https://en.wikipedia.org/wiki/Truncated_distribution",
    ),
    Family(
        "ZeroInflated",
        "base: distribution, gate: unit_interval | gate_logits: real",
        "base",
        "0 with probability gate, else a draw of the counted family base",
        "where(value == 0, log(gate + (1 - gate) * exp(log_prob(base, value))),"
        " log1p(-gate) + log_prob(base, value))",
        "https://en.wikipedia.org/wiki/Zero-inflated_model",
        measure="counting",
    ),
    Family(
        "Delta",
        "v: real, log_density: real = 0",
        "point(v)",
        "always v",
        "where(value == v, log_density, -inf)",
        "https://num.pyro.ai/en/stable/distributions.html#delta",
        measure="point mass at v",
    ),
    Family(
        "ImproperUniform",
        "support: support",
        "support",
        "density 1 everywhere on a support; cannot be sampled",
        "0.0",
        "https://num.pyro.ai/en/stable/distributions.html#improperuniform",
        improper=True,
    ),
]
