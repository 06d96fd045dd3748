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

#: The parameters that people give by position, of classes that the catalogue lacks.
POSITIONAL = {
    "FoldedDistribution": ("base_dist",),
    "MixtureSameFamily": ("mixing_distribution", "component_distribution"),
    "TruncatedDistribution": ("base_dist",),
    "TruncatedNormal": ("loc", "scale"),
    "TruncatedCauchy": ("loc", "scale"),
    "ZeroInflatedDistribution": ("base_dist",),
    "ZeroInflatedPoisson": ("gate", "rate"),
    "ZeroSumNormal": ("scale",),
}
