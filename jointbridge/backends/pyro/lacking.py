"""Families of vectors and matrices that Pyro lacks, as texts; see `helpers`."""

from __future__ import annotations

_ZERO_SUM = '''\
class ZeroSum(constraints.Constraint):
    """Vectors that sum to zero, up to rounding."""

    event_dim = 1

    def check(self, value):
        size = 1 + value.abs().sum(-1)
        return value.sum(-1).abs() <= torch.finfo(value.dtype).eps ** 0.5 * size
'''

_TO_ZERO_SUM = '''\
class ToZeroSum(Transform):
    """From a vector to one entry more, all of which sum to zero; lengths stay."""

    domain = constraints.real_vector
    codomain = ZeroSum()
    bijective = True

    def _call(self, x):
        size = x.shape[-1] + 1
        total = x.sum(-1, keepdim=True)
        norm = total / (size**0.5 + size)
        return torch.cat([x, norm - total / size**0.5], dim=-1) - norm

    def _inverse(self, y):
        size = y.shape[-1]
        total = -y[..., -1:] * size**0.5
        return y[..., :-1] + total / (size**0.5 + size)

    def log_abs_det_jacobian(self, x, y):
        return x.new_zeros(x.shape[:-1])

    def forward_shape(self, shape):
        return torch.Size((*shape[:-1], shape[-1] + 1))

    def inverse_shape(self, shape):
        return torch.Size((*shape[:-1], shape[-1] - 1))


biject_to.register(ZeroSum, lambda _: ToZeroSum())
'''

_ZERO_SUM_NORMAL = '''\
def ZeroSumNormal(scale, event_shape):
    """Normals that sum to zero, from one fewer that are free."""
    scale = torch.as_tensor(scale)[..., None]
    free = dist.Normal(0.0, scale.expand(*scale.shape[:-1], event_shape - 1))
    return dist.TransformedDistribution(free.to_event(1), ToZeroSum())
'''

_MATRIX_NORMAL = '''\
class MatrixNormal(dist.TorchDistribution):
    """A normal matrix with a covariance of its rows and one of its columns."""

    arg_constraints = {}
    support = constraints.independent(constraints.real, 2)

    def __init__(self, loc, scale_tril_row, scale_tril_column):
        self.loc, self.row, self.column = loc, scale_tril_row, scale_tril_column
        shapes = [x.shape[:-2] for x in (self.loc, self.row, self.column)]
        batch = torch.broadcast_shapes(*shapes)
        super().__init__(batch, loc.shape[-2:], validate_args=False)

    def log_prob(self, value):
        z = torch.linalg.solve_triangular(self.row, value - self.loc, upper=False)
        z = torch.linalg.solve_triangular(self.column, z.mT, upper=False)
        n, p = self.event_shape
        rows = torch.linalg.slogdet(self.row).logabsdet
        columns = torch.linalg.slogdet(self.column).logabsdet
        front = -0.5 * n * p * math.log(2 * math.pi)
        scale = p * rows + n * columns
        return front - scale - 0.5 * torch.sum(z**2, dim=(-2, -1))

    def rsample(self, sample_shape=()):
        z = torch.empty(self.shape(sample_shape), dtype=self.loc.dtype).normal_()
        return self.loc + self.row @ z @ self.column.mT
'''

_LOWER_CHOLESKY = '''\
class LowerCholesky(type(constraints.lower_cholesky)):
    """Lower triangular matrices with a positive diagonal."""
'''

_TO_LOWER_CHOLESKY = '''\
class ToLowerCholesky(Transform):
    """From a vector: what is below the diagonal, then the logs of the diagonal."""

    domain = constraints.real_vector
    codomain = LowerCholesky()
    bijective = True

    def _call(self, x):
        *_, size = self.forward_shape(x.shape)
        rows, columns = torch.tril_indices(size, size, -1)
        places = torch.zeros((size, size), dtype=torch.long)
        places[rows, columns] = torch.arange(len(rows))
        below = torch.tril(x[..., places], -1)
        return below + torch.diag_embed(torch.exp(x[..., -size:]))

    def _inverse(self, y):
        rows, columns = torch.tril_indices(y.shape[-1], y.shape[-1], -1)
        diagonal = torch.diagonal(y, dim1=-2, dim2=-1).log()
        return torch.cat([y[..., rows, columns], diagonal], dim=-1)

    def log_abs_det_jacobian(self, x, y):
        return x[..., -y.shape[-1] :].sum(-1)

    def forward_shape(self, shape):
        size = int((2 * shape[-1]) ** 0.5)
        return torch.Size((*shape[:-1], size, size))

    def inverse_shape(self, shape):
        return torch.Size((*shape[:-2], shape[-1] * (shape[-1] + 1) // 2))


biject_to.register(LowerCholesky, lambda _: ToLowerCholesky())
'''

_POSITIVE_DEFINITE = '''\
class PositiveDefinite(type(constraints.positive_definite)):
    """Positive definite matrices."""
'''

_FROM_FACTOR = '''\
class FromFactor(Transform):
    """From a lower Cholesky factor L to L L^T."""

    domain = ToLowerCholesky.codomain
    codomain = PositiveDefinite()
    bijective = True

    def _call(self, x):
        return x @ x.mT

    def _inverse(self, y):
        return torch.linalg.cholesky(y)

    def log_abs_det_jacobian(self, x, y):
        size = y.shape[-1]
        powers = torch.arange(size, 0, -1, dtype=x.dtype)
        logs = torch.diagonal(x, dim1=-2, dim2=-1).log()
        return size * math.log(2) + torch.sum(powers * logs, dim=-1)


biject_to.register(
    PositiveDefinite, lambda _: ComposeTransform([ToLowerCholesky(), FromFactor()])
)
'''


_WISHART_CHOLESKY = '''\
class WishartCholesky(dist.TorchDistribution):
    """The Cholesky factor of a Wishart matrix."""

    arg_constraints = {}
    support = ToLowerCholesky.codomain

    def __init__(
        self, concentration, scale_matrix=None, rate_matrix=None, scale_tril=None
    ):
        if rate_matrix is not None:
            scale_matrix = torch.linalg.inv(rate_matrix)
        if scale_tril is None:
            scale_tril = torch.linalg.cholesky(scale_matrix)
        self.concentration = torch.as_tensor(concentration)
        self.scale_tril, event = scale_tril, scale_tril.shape[-2:]
        self.places = torch.arange(event[-1], dtype=scale_tril.dtype)
        batches = self.concentration.shape, scale_tril.shape[:-2]
        batch = torch.broadcast_shapes(*batches)
        super().__init__(batch, event, validate_args=False)

    def front(self):
        size, df = self.event_shape[-1], self.concentration
        gamma = torch.special.multigammaln(df / 2, size)
        return size * (1 - df / 2) * math.log(2) - gamma

    def log_diagonal(self, matrix):
        return torch.diagonal(matrix, dim1=-2, dim2=-1).log()

    def log_prob(self, value):
        df = self.concentration
        scale, value = torch.broadcast_tensors(self.scale_tril, value)
        z = torch.linalg.solve_triangular(scale, value, upper=False)
        powers = df[..., None] - 1 - self.places
        moving = torch.sum(powers * self.log_diagonal(value), dim=-1)
        front = self.front() - df * self.log_diagonal(scale).sum(-1)
        return front + moving - 0.5 * torch.sum(z**2, dim=(-2, -1))

    def bartlett(self, df, sample_shape):
        shape = self.shape(sample_shape)
        squares = dist.Chi2(df.expand(shape[:-1])).sample()
        normal = torch.empty(shape, dtype=self.scale_tril.dtype).normal_()
        return torch.tril(normal, -1) + torch.diag_embed(squares.sqrt())

    @torch.no_grad()
    def sample(self, sample_shape=()):
        df = self.concentration[..., None] - self.places
        return self.scale_tril @ self.bartlett(df, sample_shape)
'''

_INVERSE_WISHART_CHOLESKY = '''\
class InverseWishartCholesky(WishartCholesky):
    """The Cholesky factor of an inverse Wishart matrix."""

    def log_prob(self, value):
        df = self.concentration
        scale, value = torch.broadcast_tensors(self.scale_tril, value)
        z = torch.linalg.solve_triangular(value, scale, upper=False)
        powers = df[..., None] + 1 + self.places
        moving = torch.sum(powers * self.log_diagonal(value), dim=-1)
        front = self.front() + df * self.log_diagonal(scale).sum(-1)
        return front - moving - 0.5 * torch.sum(z**2, dim=(-2, -1))

    @torch.no_grad()
    def sample(self, sample_shape=()):
        df = self.concentration[..., None] + self.places - self.event_shape[-1] + 1
        return self.scale_tril @ torch.linalg.inv(self.bartlett(df, sample_shape))
'''

_MATRIX = '''\
def {title}(concentration, **matrix):
    """{says} matrix, from its Cholesky factor."""
    factor = {title}Cholesky(concentration, **matrix)
    return dist.TransformedDistribution(factor, FromFactor())
'''

_MIXTURE_GENERAL = '''\
class MixtureGeneral(dist.TorchDistribution):
    """A mixture of components, each of a family of its own."""

    arg_constraints = {}

    def __init__(self, mixture_distribution, components, validate_args=None):
        parts = [mixture_distribution, *components]
        batch = torch.broadcast_shapes(*(d.batch_shape for d in parts))
        self.mixture_distribution = mixture_distribution.expand(batch)
        self.components = [d.expand(batch) for d in components]
        super().__init__(batch, components[0].event_shape, validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        components = [d.expand(batch_shape) for d in self.components]
        return MixtureGeneral(self.mixture_distribution.expand(batch_shape), components)

    @constraints.dependent_property
    def support(self):
        return self.components[0].support

    def log_prob(self, value):
        each = torch.stack([d.log_prob(value) for d in self.components], dim=-1)
        logs = torch.log_softmax(self.mixture_distribution.logits, dim=-1)
        return torch.logsumexp(logs + each, dim=-1)

    def sample(self, sample_shape=()):
        with torch.no_grad():
            each = torch.stack([d.sample(sample_shape) for d in self.components])
            which = self.mixture_distribution.sample(sample_shape)
            index = which[(None, ..., *(None,) * len(self.event_shape))]
            return each.gather(0, index.expand(1, *each.shape[1:]))[0]
'''

#: By class, its text; what a text uses stands before it.
LACKING = {
    "MixtureGeneral": _MIXTURE_GENERAL,
    "ZeroSum": _ZERO_SUM,
    "ToZeroSum": _TO_ZERO_SUM,
    "ZeroSumNormal": _ZERO_SUM_NORMAL,
    "MatrixNormal": _MATRIX_NORMAL,
    "LowerCholesky": _LOWER_CHOLESKY,
    "ToLowerCholesky": _TO_LOWER_CHOLESKY,
    "PositiveDefinite": _POSITIVE_DEFINITE,
    "FromFactor": _FROM_FACTOR,
    "WishartCholesky": _WISHART_CHOLESKY,
    "InverseWishartCholesky": _INVERSE_WISHART_CHOLESKY,
    "Wishart": _MATRIX.format(title="Wishart", says="A Wishart"),
    "InverseWishart": _MATRIX.format(title="InverseWishart", says="An inverse Wishart"),
}
