"""What Pyro spells differently; families and parameters are otherwise the catalogue's.

Where Pyro's behaviour differs from the catalogue's, it is kept, so that a comparison
shows it:

probabilities   clamped to [eps, 1 - eps]: a rare event never falls below log(eps),
                -15.94 in float32, -36.04 in float64
Categorical     `probs` are normalised, so that gradients for them differ
Multinomial     the same
VonMises        its Bessel function is a polynomial, right to 1e-8
Geometric       its softplus is the identity above 20, right to 2e-9

Upstream is missing a distribution function of StudentT, so that `Truncated` takes every
base but that one.

What jointbridge mends without another density is in `distributions`: inner distributions
that validate against one's will, closed edges, supports that cannot be transformed.
"""

from jointbridge.backends.lower import Inexact, Table

DIFFERENT = {
    "HalfStudentT": "FoldedDistribution(base_dist=StudentT(df=df, loc=0.0, scale=scale))",
    "NegativeBinomial2": (
        "NegativeBinomial(total_count=concentration,"
        " logits=log(mean) - log(concentration))"
    ),
    "LKJCholesky": "LKJCholesky(dim=dimension, concentration=concentration)",
    "Mixture": (
        "MixtureSameFamily("
        "mixture_distribution=Categorical(probs=probs, logits=logits),"
        "component_distribution=components)"
    ),
    "ZeroInflated": (
        "ZeroInflatedDistribution(base_dist=base, gate=gate, gate_logits=gate_logits)"
    ),
}

INEXACT = {
    "VonMises": Inexact(1e-7, "its Bessel function is a polynomial approximation"),
}

TABLE = Table(DIFFERENT, inexact=INEXACT)

#: Supports whose constraint has another name; bounds keep their order.
CONSTRAINTS = {
    "open_unit_interval": "unit_interval",
    "less_than_eq": "less_than",
    "ordered": "ordered_vector",
    "positive_ordered": "positive_ordered_vector",
}
