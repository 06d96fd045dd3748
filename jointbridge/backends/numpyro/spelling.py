"""What NumPyro is imported as, and what its classes take by position."""

from __future__ import annotations

from jointbridge.backends.arrays import jax_words

IMPORTS = {
    **jax_words.IMPORTS,
    "numpyro": "import numpyro",
    "dist": "import numpyro.distributions as dist",
    "handlers": "from numpyro import handlers",
    "scan": "from numpyro.contrib.control_flow import scan",
    "constraints": "from numpyro.distributions import constraints",
    **{
        name: f"from numpyro.infer import {name}"
        for name in ("MCMC", "NUTS", "SVI", "Predictive", "Trace_ELBO")
    },
    "AutoNormal": "from numpyro.infer.autoguide import AutoNormal",
}

#: How transforms are written.
TRANSFORMS = {
    "AffineTransform": "dist.transforms.AffineTransform(loc, scale, domain=domain)",
    "ExpTransform": "dist.transforms.ExpTransform(domain=domain)",
    "PowerTransform": "dist.transforms.PowerTransform(exponent)",
    "SigmoidTransform": "dist.transforms.SigmoidTransform()",
    "SoftplusTransform": "dist.transforms.SoftplusTransform()",
    "TanhTransform": (
        "dist.transforms.ComposeTransform([dist.transforms.AffineTransform(0.0, 2.0),"
        " dist.transforms.SigmoidTransform(), dist.transforms.AffineTransform("
        "-1.0, 2.0, domain=constraints.unit_interval)])"
    ),
}

#: The parameters that people give by position, where they are not the catalogue's.
POSITIONAL = {
    "FoldedDistribution": ("base_dist",),
    "GaussianStateSpace": ("num_steps", "transition_matrix"),
    "HurdleDistribution": ("base_dist",),
    "HurdlePoisson": ("gate", "rate"),
    "LeftCensoredDistribution": ("base_dist", "censored"),
    "RightCensoredDistribution": ("base_dist", "censored"),
    "MixtureGeneral": ("mixing_distribution", "component_distributions"),
    "MixtureSameFamily": ("mixing_distribution", "component_distribution"),
    "TransformedDistribution": ("base_distribution", "transforms"),
    "TruncatedDistribution": ("base_dist",),
    "TruncatedNormal": ("loc", "scale"),
    "TruncatedCauchy": ("loc", "scale"),
    "ZeroInflatedDistribution": ("base_dist",),
    "ZeroInflatedPoisson": ("gate", "rate"),
    "ZeroSumNormal": ("scale",),
}
