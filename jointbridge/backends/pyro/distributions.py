"""Pyro's distributions where the catalogue asks for a little more than Pyro's own give.

None has another density than Pyro's.  What differs, class by class:

LogNormal, StudentT, BetaBinomial, LKJCholesky    `validate_args=False` reaches the
RelaxedBernoulli                                  distributions inside
LKJCholesky                   draws from its own density
MultivariateNormal            NaN, not an exception, for a matrix that has no factor
Multinomial                   a `total_count` for each element of the batch
Uniform                       the upper edge is inside
VonMises, MixtureSameFamily   a support that Pyro can transform
ImproperUniform               zeros as wide as the value
"""

from __future__ import annotations

import copy
import math
from typing import Any, TypeAlias

import pyro.distributions as dist
import torch
from pyro.distributions import constraints
from torch.distributions import Distribution
from torch.distributions.relaxed_bernoulli import LogitRelaxedBernoulli
from torch.distributions.utils import broadcast_all

from jointbridge.backends.arrays.torch import TorchArrays
from jointbridge.errors import UnsamplableError, UnsupportedError

Tensor: TypeAlias = torch.Tensor

#: The angles from -pi to pi, both included.
CIRCLE = constraints.interval(-math.pi, math.pi)

#: How inference starts without a draw; Pyro would also draw to count the plates.
NO_DRAWS = "NUTS(model, init_strategy=init_to_support, max_plate_nesting=...)"


class Expands:
    """Lets the parent's `expand` fill an instance of a class with its own `__init__`."""

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with a larger batch shape."""
        new = self.__new__(type(self)) if _instance is None else _instance
        return super().expand(torch.Size(batch_shape), _instance=new)  # type: ignore[misc]


class LogNormal(Expands, dist.LogNormal):
    """Pyro's LogNormal, whose Normal inside validates nothing."""

    def __init__(self, loc: Tensor, scale: Tensor, validate_args: Any = None) -> None:
        base = dist.Normal(loc, scale, validate_args=False)
        transform = dist.transforms.ExpTransform()
        dist.TransformedDistribution.__init__(
            self, base, transform, validate_args=validate_args
        )


class StudentT(Expands, dist.StudentT):
    """Pyro's StudentT, whose Chi2 inside validates nothing."""

    def __init__(
        self,
        df: Tensor,
        loc: Tensor | float = 0.0,
        scale: Tensor | float = 1.0,
        validate_args: Any = None,
    ) -> None:
        self.df, self.loc, self.scale = broadcast_all(df, loc, scale)
        self._chi2 = dist.Chi2(self.df, validate_args=False)
        Distribution.__init__(self, self.df.shape, validate_args=validate_args)


class RelaxedBernoulli(Expands, dist.RelaxedBernoulli):
    """Pyro's RelaxedBernoulli, whose logistic inside validates nothing."""

    def __init__(
        self,
        temperature: Tensor,
        probs: Tensor | None = None,
        logits: Tensor | None = None,
        validate_args: Any = None,
    ) -> None:
        base = LogitRelaxedBernoulli(temperature, probs, logits, validate_args=False)
        transform = dist.transforms.SigmoidTransform()
        dist.TransformedDistribution.__init__(
            self, base, transform, validate_args=validate_args
        )


class BetaBinomial(Expands, dist.BetaBinomial):
    """Pyro's BetaBinomial, whose Beta inside validates nothing."""

    def __init__(
        self,
        concentration1: Tensor,
        concentration0: Tensor,
        total_count: Tensor | int = 1,
        validate_args: Any = None,
    ) -> None:
        c1, c0, self.total_count = broadcast_all(
            concentration1, concentration0, total_count
        )
        self._beta = dist.Beta(c1, c0, validate_args=False)
        Distribution.__init__(self, c1.shape, validate_args=validate_args)


class LKJCholesky(Expands, dist.LKJCholesky):
    """Pyro's LKJCholesky, whose Beta inside validates nothing, and is the right one."""

    def __init__(
        self, dim: int, concentration: Tensor | float = 1.0, validate_args: Any = None
    ) -> None:
        if dim < 2:
            message = f"Pyro's LKJCholesky takes a dimension of at least 2, got {dim}"
            raise UnsupportedError(message, hint="a 1 by 1 factor is always [[1]]")
        self.dim = dim
        (self.concentration,) = broadcast_all(concentration)
        # What the onion method draws each row's length from. Torch takes row + 1/2 where
        # (row + 1) / 2 is right: from three dimensions on, its draws follow another law.
        row = torch.arange(dim).clamp(min=1).to(self.concentration) - 1
        first = (self.concentration + 0.5 * (dim - 2))[..., None]
        self._beta = dist.Beta(0.5 * row + 0.5, first - 0.5 * row, validate_args=False)
        batch, event = self.concentration.shape, torch.Size((dim, dim))
        Distribution.__init__(self, batch, event, validate_args=validate_args)


class MultivariateNormal(Expands, dist.MultivariateNormal):
    """Pyro's MultivariateNormal, NaN where its matrix is not positive definite."""

    def __init__(
        self,
        loc: Tensor,
        covariance_matrix: Tensor | None = None,
        precision_matrix: Tensor | None = None,
        scale_tril: Tensor | None = None,
        validate_args: Any = None,
    ) -> None:
        if covariance_matrix is not None:
            scale_tril = TorchArrays.functions["cholesky"](covariance_matrix)
        if precision_matrix is not None:
            scale_tril = cholesky_of_inverse(precision_matrix)
        super().__init__(loc, scale_tril=scale_tril, validate_args=validate_args)


def cholesky_of_inverse(matrix: Tensor) -> Tensor:
    """The lower Cholesky factor of an inverse, without forming the inverse."""
    # flip(cholesky(flip(P))) is upper triangular, and so is its transpose's inverse the
    # factor that is wanted.
    cholesky = TorchArrays.functions["cholesky"]
    factor = cholesky(matrix.flip((-2, -1))).flip((-2, -1)).mT
    eye = torch.eye(factor.shape[-1], dtype=factor.dtype, device=factor.device)
    return torch.linalg.solve_triangular(factor, eye, upper=False)


class Multinomial(dist.Multinomial):
    """Pyro's Multinomial with a `total_count` for each element of the batch."""

    def __init__(
        self,
        total_count: Tensor | int = 1,
        probs: Tensor | None = None,
        logits: Tensor | None = None,
        validate_args: Any = None,
    ) -> None:
        categorical = dist.Categorical(probs=probs, logits=logits, validate_args=False)
        count = torch.as_tensor(total_count).to(categorical._param)  # noqa: SLF001
        batch = torch.broadcast_shapes(count.shape, categorical.batch_shape)
        self.total_count = count.expand(batch)
        self._categorical = categorical.expand(batch)
        event = categorical.param_shape[-1:]
        Distribution.__init__(self, batch, event, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Multinomial:
        """The distribution with a larger batch shape."""
        new = self.__new__(type(self)) if _instance is None else _instance
        batch = torch.Size(batch_shape)
        new.total_count = self.total_count.expand(batch)
        # The name that the parent's own methods look up.
        new._categorical = self._categorical.expand(batch)  # noqa: SLF001
        Distribution.__init__(new, batch, self.event_shape, validate_args=False)
        return new

    @constraints.dependent_property(is_discrete=True, event_dim=1)
    def support(self) -> Any:
        """Counts that add up to `total_count`."""
        return constraints.multinomial(self.total_count)

    @property
    def mean(self) -> Tensor:
        """The expected counts."""
        return self.total_count[..., None] * self.probs

    @property
    def variance(self) -> Tensor:
        """The variance of each count."""
        return self.mean * (1 - self.probs)

    def entropy(self) -> Tensor:
        """Not known for a batch of total counts."""
        raise NotImplementedError

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """Counts drawn one outcome after another, each from what the others left."""
        shape = self._extended_shape(torch.Size(sample_shape))
        with torch.no_grad():
            probs = self.probs.expand(shape)
            rest = probs.flip(-1).cumsum(-1).flip(-1)
            share = (probs / rest).nan_to_num(0.0).clamp(0.0, 1.0)
            left = self.total_count.expand(shape[:-1])
            counts = []
            for k in range(shape[-1] - 1):
                counts.append(torch.binomial(left, share[..., k]))
                left = left - counts[-1]
            return torch.stack([*counts, left], dim=-1)

    def log_prob(self, value: Tensor) -> Tensor:
        """Pyro's density; -inf where the counts do not add up."""
        density = super().log_prob(value)
        fits = value.sum(-1) == self.total_count
        return torch.where(fits, density, torch.full_like(density, -math.inf))


class Uniform(dist.Uniform):
    """Pyro's Uniform with `high` inside."""

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density; -inf outside [low, high]."""
        inside = (self.low <= value) & (value <= self.high)
        density = -torch.log(self.high - self.low).expand(inside.shape)
        return torch.where(inside, density, torch.full_like(density, -math.inf))


class VonMises(dist.VonMises):
    """Pyro's VonMises on the angles from -pi to pi rather than all reals."""

    support = CIRCLE


class MixtureSameFamily(dist.MixtureSameFamily):
    """Pyro's MixtureSameFamily with the support that its components share."""

    @constraints.dependent_property
    def support(self) -> Any:
        """The support of the first component: the catalogue holds all of them equal."""
        support = self.component_distribution.support
        bounds = {
            name: bound[..., 0]
            for name, bound in vars(support).items()
            if torch.is_tensor(bound) and bound.dim()
        }
        shared = copy.copy(support)
        vars(shared).update(bounds)
        return shared


class ImproperUniform(Expands, dist.ImproperUniform):
    """Pyro's ImproperUniform; its zeros are as wide as the value."""

    def log_prob(self, value: Tensor) -> Tensor:
        """Zeros."""
        batch = value.shape[: value.dim() - self.event_dim]
        shape = torch.broadcast_shapes(batch, self.batch_shape)
        return value.new_zeros(()).expand(shape)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """Raises: there are no draws.

        Raises:
            UnsamplableError: Always.
        """
        del sample_shape
        raise UnsamplableError(
            "an improper site has no draws",
            hint=NO_DRAWS,
        )
