"""Families that TFP lacks, as texts of classes; see `helpers`."""

from __future__ import annotations

from textwrap import indent

_ELEMENTWISE = '''
class {title}(tfd.Distribution):
    """{says}"""

    def __init__(self, {params}, name="{title}"):
        {own} = jnp.broadcast_arrays({params})
        super().__init__(self.{first}.dtype, tfd.{kind}, False, True, name=name)

    def _batch_shape(self):
        return tfp.tf2jax.TensorShape(self.{first}.shape)

    def _event_shape(self):
        return tfp.tf2jax.TensorShape([])

    def _log_prob(self, value):
{density}

    def _sample_n(self, n, seed=None):
        shape = [n, *self.{first}.shape]
{draw}

    def _default_event_space_bijector(self):
        return {bijector}
'''


def _elementwise(title: str, says: str, params: str, **parts: str) -> str:
    names = params.split(", ")
    found = {k: indent(v.strip(), " " * 8) for k, v in parts.items() if "\n" in v}
    return _ELEMENTWISE.format(**{
        "title": title,
        "says": says,
        "params": params,
        "own": ", ".join(f"self.{n}" for n in names),
        "first": names[0],
        "kind": "FULLY_REPARAMETERIZED",
        **parts,
        **found,
    })  # fmt: skip


ELEMENTWISE = {
    "AsymmetricLaplace": _elementwise(
        "AsymmetricLaplace",
        "Exponential tails of two lengths around `loc`.",
        "loc, scale, asymmetry",
        density="""
left, right = self.scale * self.asymmetry, self.scale / self.asymmetry
z = value - self.loc
return -jnp.abs(z) / jnp.where(z < 0, left, right) - jnp.log(left + right)
""",
        draw="""
below, above = random.exponential(seed, [2, *shape], self.dtype)
return self.loc + self.scale * (above / self.asymmetry - below * self.asymmetry)
""",
        bijector="tfb.Identity()",
    ),
    "SoftLaplace": _elementwise(
        "SoftLaplace",
        "Laplace-like tails, smooth at `loc`.",
        "loc, scale",
        density="""
z = (value - self.loc) / self.scale
return jnp.log(2 / jnp.pi) - jnp.log(self.scale) - jnp.logaddexp(z, -z)
""",
        draw="""
u = random.uniform(seed, shape, self.dtype)
return self.loc + self.scale * jnp.log(jnp.tan(u * (jnp.pi / 2)))
""",
        bijector="tfb.Identity()",
    ),
    "LogUniform": _elementwise(
        "LogUniform",
        "exp of a uniform value between log(low) and log(high).",
        "low, high",
        density="""
found = -jnp.log(value) - jnp.log(jnp.log(self.high / self.low))
return jnp.where((value < self.low) | (value > self.high), -jnp.inf, found)
""",
        draw="""
u = random.uniform(seed, shape, self.dtype)
return self.low * (self.high / self.low) ** u
""",
        bijector="tfb.Sigmoid(self.low, self.high)",
    ),
    "Gompertz": _elementwise(
        "Gompertz",
        "Waiting time whose hazard grows exponentially.",
        "concentration, rate",
        density="""
growth = self.rate * value
front = jnp.log(self.concentration) + jnp.log(self.rate)
return front + growth - self.concentration * jnp.expm1(growth)
""",
        draw="""
waited = random.exponential(seed, shape, self.dtype)
return jnp.log1p(waited / self.concentration) / self.rate
""",
        bijector="tfb.Exp()",
    ),
    "Levy": _elementwise(
        "Levy",
        "`scale` over the square of a standard normal, from `loc` on.",
        "loc, scale",
        density="""
z = value - self.loc
front = 0.5 * jnp.log(self.scale / (2 * jnp.pi))
return front - 0.5 * self.scale / z - 1.5 * jnp.log(z)
""",
        draw="""
return self.loc + self.scale / random.normal(seed, shape, self.dtype) ** 2
""",
        bijector="tfb.Chain([tfb.Shift(self.loc), tfb.Exp()])",
    ),
    "Delta": _elementwise(
        "Delta",
        "Always `v`, with a log density there that may differ from 0.",
        "v, log_density",
        density="""
return jnp.where(value == self.v, self.log_density, -jnp.inf)
""",
        draw="""
return jnp.broadcast_to(self.v, shape)
""",
        bijector="tfb.Identity()",
    ),
    "DiscreteUniform": _elementwise(
        "DiscreteUniform",
        "Whole numbers from `low` to `high`, both included; as floats, as TFP's counts.",
        "low, high",
        kind="NOT_REPARAMETERIZED",
        density="""
inside = (value >= self.low) & (value <= self.high) & (value == jnp.floor(value))
return jnp.where(inside, -jnp.log(self.high - self.low + 1), -jnp.inf)
""",
        draw="""
u = random.uniform(seed, shape, self.dtype)
return jnp.floor(self.low + u * (self.high - self.low + 1))
""",
        bijector="None",
    ),
}

_GAUSSIAN_RANDOM_WALK = '''
class GaussianRandomWalk(tfd.Distribution):
    """The running sum of `num_steps` values of Normal(0, scale)."""

    def __init__(self, scale, num_steps, name="GaussianRandomWalk"):
        self.scale, self.num_steps = jnp.asarray(scale), num_steps
        kind = tfd.FULLY_REPARAMETERIZED
        super().__init__(self.scale.dtype, kind, False, True, name=name)

    def _batch_shape(self):
        return tfp.tf2jax.TensorShape(self.scale.shape)

    def _event_shape(self):
        return tfp.tf2jax.TensorShape([self.num_steps])

    def _log_prob(self, value):
        steps = jnp.diff(value, axis=-1, prepend=0)
        return tfd.Normal(0.0, self.scale[..., None]).log_prob(steps).sum(-1)

    def _sample_n(self, n, seed=None):
        shape = [n, *self.scale.shape, self.num_steps]
        steps = self.scale[..., None] * random.normal(seed, shape, self.dtype)
        return jnp.cumsum(steps, axis=-1)

    def _default_event_space_bijector(self):
        return tfb.Identity()
'''

_ZERO_SUM = '''
class ZeroSum(tfb.Bijector):
    """From a vector to one entry more, all of which sum to zero; lengths stay."""

    def __init__(self):
        super().__init__(
            forward_min_event_ndims=1, is_constant_jacobian=True, name="zero_sum"
        )

    def _forward(self, x):
        size = x.shape[-1] + 1
        total = x.sum(-1, keepdims=True)
        norm = total / (size**0.5 + size)
        return jnp.concatenate([x, norm - total / size**0.5], axis=-1) - norm

    def _inverse(self, y):
        size = y.shape[-1]
        total = -y[..., -1:] * size**0.5
        return y[..., :-1] + total / (size**0.5 + size)

    def _forward_log_det_jacobian(self, x):
        return jnp.zeros((), x.dtype)

    def _forward_event_shape(self, shape):
        return shape[:-1].concatenate([shape[-1] + 1])

    def _inverse_event_shape(self, shape):
        return shape[:-1].concatenate([shape[-1] - 1])

    def _forward_event_shape_tensor(self, shape):
        return jnp.array([*shape[:-1], shape[-1] + 1])

    def _inverse_event_shape_tensor(self, shape):
        return jnp.array([*shape[:-1], shape[-1] - 1])
'''

_ZERO_SUM_NORMAL = '''
def ZeroSumNormal(scale, event_shape, name="ZeroSumNormal"):
    """Normals that sum to zero, from one fewer that are free."""
    free = tfd.Sample(tfd.Normal(0.0, scale), event_shape - 1)
    return tfd.TransformedDistribution(free, ZeroSum(), name=name)
'''

_MATRIX_NORMAL = '''
class MatrixNormal(tfd.MatrixNormalLinearOperator):
    """TFP's matrix normal; its own draws fail inside `jit`."""

    def _sample_n(self, n, seed=None):
        shape = [n, *self.batch_shape, *self.event_shape]
        z = random.normal(seed, shape, self.dtype)
        row, column = self.scale_row.to_dense(), self.scale_column.to_dense()
        return self.loc + row @ z @ jnp.swapaxes(column, -2, -1)
'''

_WISHART_CHOLESKY = '''
class WishartCholesky(tfd.Distribution):
    """The Cholesky factor of a Wishart matrix."""

    def __init__(self, concentration, scale_tril, name="WishartCholesky"):
        self.concentration = jnp.asarray(concentration)
        self.scale_tril = scale_tril
        kind = tfd.NOT_REPARAMETERIZED
        super().__init__(scale_tril.dtype, kind, False, True, name=name)

    def _batch_shape(self):
        scales = self.scale_tril.shape[:-2]
        shape = jnp.broadcast_shapes(self.concentration.shape, scales)
        return tfp.tf2jax.TensorShape(shape)

    def _event_shape(self):
        return tfp.tf2jax.TensorShape(self.scale_tril.shape[-2:])

    def _front(self):
        size, df = self.scale_tril.shape[-1], self.concentration
        return size * (1 - df / 2) * jnp.log(2) - multigammaln(df / 2, size)

    def _log_diagonal(self, matrix):
        return jnp.log(jnp.diagonal(matrix, axis1=-2, axis2=-1))

    def _log_prob(self, value):
        scale, value = jnp.broadcast_arrays(self.scale_tril, value)
        size, df = value.shape[-1], self.concentration
        z = solve_triangular(scale, value, lower=True)
        powers = df[..., None] - 1 - jnp.arange(size)
        moving = jnp.sum(powers * self._log_diagonal(value), axis=-1)
        front = self._front() - df * jnp.sum(self._log_diagonal(scale), axis=-1)
        return front + moving - 0.5 * jnp.sum(z**2, axis=(-2, -1))

    def _bartlett(self, n, df, seed):
        of_diagonal, of_rest = random.split(seed)
        size = self.scale_tril.shape[-1]
        shape = [n, *self.batch_shape, size]
        roots = jnp.sqrt(2 * random.gamma(of_diagonal, df / 2, shape, self.dtype))
        normal = random.normal(of_rest, [*shape, size], self.dtype)
        return jnp.where(jnp.eye(size) > 0, roots[..., None], jnp.tril(normal, -1))

    def _sample_n(self, n, seed=None):
        df = self.concentration[..., None] - jnp.arange(self.scale_tril.shape[-1])
        return self.scale_tril @ self._bartlett(n, df, seed)

    def _default_event_space_bijector(self):
        return tfb.FillScaleTriL(diag_bijector=tfb.Exp(), diag_shift=None)
'''

_INVERSE_WISHART_CHOLESKY = '''
class InverseWishartCholesky(WishartCholesky):
    """The Cholesky factor of an inverse Wishart matrix."""

    def _log_prob(self, value):
        scale, value = jnp.broadcast_arrays(self.scale_tril, value)
        size, df = value.shape[-1], self.concentration
        z = solve_triangular(value, scale, lower=True)
        powers = df[..., None] + 1 + jnp.arange(size)
        moving = jnp.sum(powers * self._log_diagonal(value), axis=-1)
        front = self._front() + df * jnp.sum(self._log_diagonal(scale), axis=-1)
        return front - moving - 0.5 * jnp.sum(z**2, axis=(-2, -1))

    def _sample_n(self, n, seed=None):
        size = self.scale_tril.shape[-1]
        df = self.concentration[..., None] + jnp.arange(size) - size + 1
        return self.scale_tril @ jnp.linalg.inv(self._bartlett(n, df, seed))
'''

_MATRIX = '''
def {title}(concentration, scale_tril, name="{title}"):
    """{says} matrix, from its Cholesky factor."""
    factor = {title}Cholesky(concentration, scale_tril)
    return tfd.TransformedDistribution(factor, tfb.CholeskyOuterProduct(), name=name)
'''

VECTORS = {
    "GaussianRandomWalk": _GAUSSIAN_RANDOM_WALK,
    "MatrixNormal": _MATRIX_NORMAL,
    "ZeroSum": _ZERO_SUM,
    "ZeroSumNormal": _ZERO_SUM_NORMAL,
    "WishartCholesky": _WISHART_CHOLESKY,
    "InverseWishartCholesky": _INVERSE_WISHART_CHOLESKY,
    "Wishart": _MATRIX.format(title="Wishart", says="A Wishart"),
    "InverseWishart": _MATRIX.format(title="InverseWishart", says="An inverse Wishart"),
}
