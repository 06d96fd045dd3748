"""The support of a joint, and the way there from unconstrained vectors."""

from __future__ import annotations

from typing import Any, TypeAlias

import torch
from pyro.distributions import constraints
from torch.distributions import biject_to, transform_to
from torch.distributions.transforms import Transform

from jointbridge.backends.program import Program
from jointbridge.backends.pyro import vector
from jointbridge.errors import UnsupportedError

Tensor: TypeAlias = torch.Tensor


class JointConstraint(constraints.Constraint):
    """The support of a joint distribution.

    Args:
        program: The compiled spec of the joint.
    """

    event_dim = 1

    def __init__(self, program: Program) -> None:
        self.program = program
        self.is_discrete = any(s.discrete for s in program.analysis.latent.values())

    def check(self, value: Tensor) -> Tensor:
        """Whether vectors have a log density above -inf."""
        return vector.log_prob(self.program, value) > -torch.inf


class JointTransform(Transform):
    """From unconstrained vectors to the support of a joint, site by site, in order.

    A support that depends on an earlier site is taken at this point.

    Args:
        program: The compiled spec of the joint.
        cache_size: As for every transform of torch.

    Raises:
        UnsupportedError: A site counts.
    """

    domain = constraints.real_vector
    bijective = True

    def __init__(self, program: Program, cache_size: int = 0) -> None:
        super().__init__(cache_size=cache_size)
        for site in program.analysis.latent.values():
            if site.discrete:
                raise UnsupportedError(
                    f"site {site.name!r} counts: the joint has no unconstrained space",
                    hint="condition(...) on it, or use .model() with enumeration",
                )
        self.program = program
        self._dtype = program.arrays.dtypes["float"]
        self._shapes = vector.shapes_of(program)
        self._free = vector.free_shapes_of(program)

    @property
    def codomain(self) -> Any:
        """The support of the joint."""
        return JointConstraint(self.program)

    def with_cache(self, cache_size: int = 1) -> JointTransform:
        """The same transform with a cache of another size."""
        return JointTransform(self.program, cache_size)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JointTransform) and other.program is self.program

    __hash__ = Transform.__hash__

    def _constrain(self, x: Tensor) -> tuple[vector.Values, Tensor]:
        return self.program.constrain(vector.split(x.to(self._dtype), self._free))

    def _call(self, x: Tensor) -> Tensor:
        values, _ = self._constrain(x)
        return vector.join(values, self._shapes, self._dtype)

    def _inverse(self, y: Tensor) -> Tensor:
        values = vector.split(y.to(self._dtype), self._shapes)
        return vector.join(self.program.unconstrain(values), self._free, self._dtype)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        """The log determinant of the Jacobian."""
        del y
        _, log_det = self._constrain(x)
        return log_det.expand(x.shape[:-1])

    def forward_shape(self, shape: Any) -> torch.Size:
        """The shape of a value from the shape of an unconstrained vector."""
        return torch.Size((*shape[:-1], vector.size_of(self._shapes)))

    def inverse_shape(self, shape: Any) -> torch.Size:
        """The shape of an unconstrained vector from the shape of a value."""
        return torch.Size((*shape[:-1], vector.size_of(self._free)))


@biject_to.register(JointConstraint)
@transform_to.register(JointConstraint)
def _transform_to_joint(constraint: JointConstraint) -> JointTransform:
    return JointTransform(constraint.program)
