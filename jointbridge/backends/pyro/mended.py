"""Torch's and Pyro's classes that fail on their own terms: what is mended, and nothing else.

ContinuousBernoulli          `validate_args=False` is obeyed
FiniteDiscrete               Empirical for values and outcomes of any batch; no NaN gradient
FisherSnedecor               the same, in the distributions inside
GeneralizedPareto            scores in float64 too; -inf, not NaN, beyond its upper end
LowRankMultivariateNormal    NaN, not an exception, for parameters without a factor
"""

from __future__ import annotations

from typing import Any, TypeAlias

import pyro.distributions as dist
import torch
from pyro.distributions import constraints
from torch.distributions import Distribution
from torch.distributions.utils import broadcast_all, clamp_probs

from jointbridge.backends.arrays.torch import TorchArrays
from jointbridge.backends.laws import LAWS
from jointbridge.backends.pyro.distributions import Expands
from jointbridge.backends.pyro.laws import FUNCTIONS

Tensor: TypeAlias = torch.Tensor


class FisherSnedecor(Expands, dist.FisherSnedecor):
    """Torch's FisherSnedecor, whose Gammas inside validate nothing."""

    def __init__(self, df1: Tensor, df2: Tensor, validate_args: Any = None) -> None:
        self.df1, self.df2 = broadcast_all(df1, df2)
        self._gamma1 = dist.Gamma(0.5 * self.df1, self.df1, validate_args=False)
        self._gamma2 = dist.Gamma(0.5 * self.df2, self.df2, validate_args=False)
        Distribution.__init__(self, self.df1.shape, validate_args=validate_args)


class ContinuousBernoulli(Expands, dist.ContinuousBernoulli):
    """Torch's ContinuousBernoulli, which validates where it is told not to."""

    def __init__(
        self,
        probs: Tensor | None = None,
        logits: Tensor | None = None,
        lims: tuple[float, float] = (0.499, 0.501),
        validate_args: Any = None,
    ) -> None:
        if probs is None:
            (self.logits,) = broadcast_all(logits)
        else:
            (probs,) = broadcast_all(probs)
            self.probs = clamp_probs(probs)
        self._param = self.logits if probs is None else self.probs
        self._lims = lims
        batch = self._param.shape
        Distribution.__init__(self, batch, validate_args=validate_args)


class MultivariateStudentT(Expands, dist.MultivariateStudentT):
    """Pyro's MultivariateStudentT, whose Chi2 inside validates nothing."""

    def __init__(
        self, df: Tensor, loc: Tensor, scale_tril: Tensor, validate_args: Any = None
    ) -> None:
        batch = torch.broadcast_shapes(df.shape, loc.shape[:-1], scale_tril.shape[:-2])
        self.df = df.expand(batch)
        self.loc = loc.expand((*batch, loc.shape[-1]))
        self._unbroadcasted_scale_tril = scale_tril
        self._chi2 = dist.Chi2(self.df, validate_args=False)
        Distribution.__init__(self, batch, loc.shape[-1:], validate_args=validate_args)


class LowRankMultivariateNormal(Expands, dist.LowRankMultivariateNormal):
    """Torch's LowRankMultivariateNormal, which would raise where a number is NaN."""

    def __init__(
        self,
        loc: Tensor,
        cov_factor: Tensor,
        cov_diag: Tensor,
        validate_args: Any = None,
    ) -> None:
        columns = (loc.unsqueeze(-1), cov_factor, cov_diag.unsqueeze(-1))
        loc_, self.cov_factor, diag_ = torch.broadcast_tensors(*columns)
        self.loc, self.cov_diag = loc_[..., 0], diag_[..., 0]
        self._unbroadcasted_cov_factor = cov_factor
        self._unbroadcasted_cov_diag = cov_diag
        inner = (cov_factor.mT / cov_diag.unsqueeze(-2)) @ cov_factor
        one = torch.eye(inner.shape[-1], dtype=inner.dtype, device=inner.device)
        self._capacitance_tril = TorchArrays.functions["cholesky"](one + inner)
        batch, event = self.loc.shape[:-1], self.loc.shape[-1:]
        Distribution.__init__(self, batch, event, validate_args=validate_args)


class OneHotCategorical(Expands, dist.OneHotCategorical):
    """Torch's OneHotCategorical, whose Categorical inside validates nothing."""

    def __init__(
        self,
        probs: Tensor | None = None,
        logits: Tensor | None = None,
        validate_args: Any = None,
    ) -> None:
        self._categorical = dist.Categorical(probs, logits, validate_args=False)
        batch, event = self._categorical.batch_shape, self._categorical.param_shape[-1:]
        Distribution.__init__(self, batch, event, validate_args=validate_args)


class FiniteDiscrete(dist.Empirical):
    """Pyro's Empirical, which else scores one value, and no batch of them."""

    arg_constraints = {  # noqa: RUF012 - as in torch
        "outcomes": constraints.ordered_vector,
        "probs": constraints.simplex,
        "logits": constraints.independent(constraints.real, 1),
    }

    def __init__(
        self,
        outcomes: Tensor,
        probs: Tensor | None = None,
        logits: Tensor | None = None,
        validate_args: Any = None,
    ) -> None:
        self.outcomes, self.probs, self.logits = outcomes, probs, logits
        chosen = dist.Categorical(probs, logits, validate_args=False)
        shape = torch.broadcast_shapes(outcomes.shape, chosen.param_shape)
        batch = torch.Size(shape[:-1])
        self._samples, self._categorical = outcomes.expand(shape), chosen.expand(batch)
        self._log_weights, self._aggregation_dim = self._categorical.logits, len(batch)
        Distribution.__init__(self, batch, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> FiniteDiscrete:
        """The distribution with a larger batch shape."""
        del _instance
        shape = (*batch_shape, self._samples.shape[-1])
        probs, logits = (
            None if x is None else x.expand(shape) for x in (self.probs, self.logits)
        )
        return FiniteDiscrete(self.outcomes, probs, logits, self._validate_args)

    def log_prob(self, value: Tensor) -> Tensor:
        """Pyro's density; where it is 0, its logarithm has no slope rather than NaN."""
        probs = self._categorical.probs
        mass = torch.where(self._samples == value[..., None], probs, 0.0).sum(-1)
        none = mass == 0
        return torch.where(none, -torch.inf, torch.where(none, 1.0, mass).log())


class GeneralizedPareto(dist.GeneralizedPareto):
    """Torch's GeneralizedPareto, which compares with a number of the default width."""

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density; -inf outside."""
        law = LAWS["GeneralizedPareto"]
        given = (self.loc, self.scale, self.concentration)
        density: Tensor = law.log_prob(FUNCTIONS, value, *given)
        return density

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> Any:
        """The values from `loc` on: torch has no bijector to what may or may not end."""
        return constraints.greater_than_eq(self.loc)


#: By the name of the family.
MENDED = {
    c.__name__: c
    for c in (
        ContinuousBernoulli,
        FiniteDiscrete,
        FisherSnedecor,
        GeneralizedPareto,
        LowRankMultivariateNormal,
        MultivariateStudentT,
        OneHotCategorical,
    )
}
