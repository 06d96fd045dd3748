"""What TFP is imported as, its classes by position, and its bijectors."""

from __future__ import annotations

from jointbridge.backends.arrays import jax_words

_TFP = "tensorflow_probability.substrates.jax"

IMPORTS = {
    **jax_words.IMPORTS,
    "multigammaln": "from jax.scipy.special import multigammaln",
    "ndtri": "from jax.scipy.special import ndtri",
    "tfp": f"import {_TFP} as tfp",
    "tfb": f"import {_TFP}.bijectors as tfb",
    "tfd": f"import {_TFP}.distributions as tfd",
}

#: Of classes that the catalogue lacks, or whose positions are not the catalogue's.
POSITIONAL = {
    "Deterministic": ("loc",),
    "GaussianStateSpace": ("num_steps", "transition_matrix"),
    "Mixture": ("cat", "components"),
    "MixtureSameFamily": ("mixture_distribution", "components_distribution"),
    "MultivariateNormalTriL": ("loc", "scale_tril"),
    "MultivariateNormalFullCovariance": ("loc", "covariance_matrix"),
    "MultivariateNormalDiag": ("loc", "scale_diag"),
    "TransformedDistribution": ("distribution", "bijector"),
    "TruncatedCauchy": ("loc", "scale", "low", "high"),
    "TruncatedNormal": ("loc", "scale", "low", "high"),
}

#: How transforms are written.
TRANSFORMS = {
    "AffineTransform": "tfb.Chain([tfb.Shift(loc), tfb.Scale(scale)])",
    "ExpTransform": "tfb.Exp()",
    "PowerTransform": "tfb.Power(exponent)",
    "SigmoidTransform": "tfb.Sigmoid()",
    "SoftplusTransform": "tfb.Softplus()",
    "TanhTransform": "tfb.Tanh()",
}

#: What reaches a support from all real numbers, by its name.
BIJECTORS = {
    "real": "tfb.Identity()",
    "positive": "tfb.Exp()",
    "nonnegative": "tfb.Exp()",
    "unit_interval": "tfb.Sigmoid()",
    "open_unit_interval": "tfb.Sigmoid()",
    "interval": "tfb.Sigmoid(low, high)",
    "greater_than": "tfb.Chain([tfb.Shift(low), tfb.Exp()])",
    "greater_than_eq": "tfb.Chain([tfb.Shift(low), tfb.Exp()])",
    "less_than": "tfb.Chain([tfb.Shift(high), tfb.Scale(-1.0), tfb.Exp()])",
    "less_than_eq": "tfb.Chain([tfb.Shift(high), tfb.Scale(-1.0), tfb.Exp()])",
    "simplex": "tfb.IteratedSigmoidCentered()",
    "ordered": "tfb.Ascending()",
    "positive_ordered": "tfb.Chain([tfb.Exp(), tfb.Ascending()])",
}
