"""What NumPyro spells differently; families and parameters are otherwise its own."""

from jointbridge.backends.lower import Inexact, Table

DIFFERENT = {
    "HalfStudentT": "FoldedDistribution(base_dist=StudentT(df=df, loc=0, scale=scale))",
    "Mixture": (
        "MixtureSameFamily("
        "mixing_distribution=Categorical(probs=probs, logits=logits),"
        "component_distribution=components)"
    ),
    "Truncated": "TruncatedDistribution(base_dist=base, low=low, high=high)",
    "ZeroInflated": (
        "ZeroInflatedDistribution(base_dist=base, gate=gate, gate_logits=gate_logits)"
    ),
}

#: JAX's betaln loses up to 1e-6 in float64, and with it what is built on it.
INEXACT = {
    "NegativeBinomial2": Inexact(1e-6, "computed with jax.scipy.special.betaln"),
    "BetaBinomial": Inexact(1e-6, "computed with jax.scipy.special.betaln"),
}

TABLE = Table(DIFFERENT, inexact=INEXACT)

#: Supports whose constraint has another name; bounds keep theirs.
CONSTRAINTS = {
    "nonnegative": "positive",
    "open_unit_interval": "unit_interval",
    "greater_than_eq": "greater_than",
    "less_than_eq": "less_than",
    "ordered": "ordered_vector",
    "positive_ordered": "positive_ordered_vector",
}
