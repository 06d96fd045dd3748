"""What laws are written in on JAX: one row for each function."""

from __future__ import annotations

from jointbridge.backends.arrays.jax_laws import accepted, pick, take
from jointbridge.backends.writing.laws import Words

_SAME = (
    *("abs", "exp", "expm1", "floor", "log", "log1p", "ones_like", "sinh", "sqrt"),
    "zeros_like",
)
_OF_TWO = ("logaddexp", "maximum", "minimum")

#: Above 0, where logarithms are taken of it.
_UNIFORM = "random.uniform(key, shape, minval=1e-30)"

WORDS = Words(
    functions={
        **{name: f"jnp.{name}(a)" for name in _SAME},
        **{name: f"jnp.{name}(a, b)" for name in _OF_TWO},
        "arange": "jnp.arange(a, b, dtype=c.dtype)",
        "argsort": "jnp.argsort(a, axis=-1)",
        "asinh": "jnp.arcsinh(a)",
        "count": "jnp.sum(a, axis=-1)",
        "cumsum": "jnp.cumsum(a, axis=-1)",
        "expit": "expit(a)",
        "i0e": "i0e(a)",
        "lgamma": "gammaln(a)",
        "log_ndtr": "log_ndtr(a)",
        "logsumexp": "logsumexp(a, axis=-1)",
        "pick": "pick(a, b)",
        "reverse": "jnp.flip(a, axis=-1)",
        "softplus": "jax.nn.softplus(a)",
        "sum": "jnp.sum(a, axis=-1)",
        "take": "take(a, b)",
        "where": "jnp.where(a, b, c)",
    },
    draws={
        "accepted": "accepted(key, a)",
        "exponential": f"-jnp.log({_UNIFORM})",
        "log_gamma": "random.loggamma(key, a, shape)",
        "normal": "random.normal(key, shape)",
        # Beyond the largest of its integers JAX gives -1.
        "poisson": "random.poisson(key, jnp.minimum(a, 1e9), shape).astype(float)",
        "uniform": _UNIFORM,
    },
    helpers={f.__name__: f for f in (accepted, pick, take)},
    inf="jnp.inf",
    split="random.split(key, n)",
)
