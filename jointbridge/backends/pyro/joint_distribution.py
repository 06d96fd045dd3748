"""A joint distribution as one Pyro distribution over a flat vector.

value   [mu | tau | theta_1 … theta_8]       one vector, the sites in order
free    [mu | log tau | theta_1 … theta_8]   what NUTS moves in
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import repeat
from typing import Any, TypeAlias

import numpy as np
import torch
from pyro.distributions import TorchDistribution, constraints

from jointbridge import passes
from jointbridge.analysis import Site, why_not_conditional
from jointbridge.backends.program import Program
from jointbridge.backends.pyro import vector
from jointbridge.backends.pyro.distributions import NO_DRAWS
from jointbridge.backends.pyro.model import model_of
from jointbridge.backends.pyro.transform import JointConstraint, JointTransform
from jointbridge.errors import UnsamplableError

Tensor: TypeAlias = torch.Tensor


class JointDistribution(TorchDistribution):
    """A joint distribution as one site for NUTS, SVI and `Predictive`.

    The value is one vector that holds every site in order, counts as floats; `unflatten`
    names its parts.  Supports that depend on another site are right at every point, where
    Pyro's own HMC keeps them as they were at the start.

    Example:
        >>> posterior = joint.to_pyro().condition()
        >>> NUTS(
        ...     lambda: pyro.sample("joint", posterior),
        ...     init_strategy=init_to_support,
        ...     max_plate_nesting=0,
        ... )

    Args:
        program: A compiled spec; its observed sites are given, the others make up the
            vector.
        batch_shape: Independent copies.
        validate_args: As for every Pyro distribution; nothing is validated here.
    """

    arg_constraints: dict[str, Any] = {}  # noqa: RUF012 - Pyro's own convention

    def __init__(
        self,
        program: Program,
        batch_shape: tuple[int, ...] = (),
        validate_args: bool | None = None,
    ) -> None:
        del validate_args
        self.program = program
        event = torch.Size((vector.size_of(vector.shapes_of(program)),))
        super().__init__(torch.Size(batch_shape), event, validate_args=False)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(self.sites)})"

    @property
    def sites(self) -> dict[str, Site]:
        """The sites with their shapes, in the order of the vector."""
        return self.program.analysis.latent

    # -- records and vectors --------------------------------------------------

    def unflatten(self, value: Tensor) -> vector.Values:
        """The sites of a vector by name, each with the leading axes of `value`.

        Counts are integers, so that they can be used as an index.
        """
        parts = vector.split(value, vector.shapes_of(self.program))
        return vector.kinds(self.program, parts)

    def flatten(self, values: Mapping[str, Any]) -> Tensor:
        """The vector of values by name.

        Raises:
            ValueMismatchError: A site is missing or unknown.
        """
        dtype = self.program.arrays.dtypes["float"]
        return vector.join(values, vector.shapes_of(self.program), dtype)

    # -- Pyro's methods -------------------------------------------------------

    def expand(self, batch_shape: Any, _instance: Any = None) -> JointDistribution:
        """Independent copies in a larger batch shape."""
        del _instance
        return type(self)(self.program, batch_shape)

    @constraints.dependent_property(is_discrete=False, event_dim=1)
    def support(self) -> Any:
        """Vectors whose sites lie in their supports, dependent ones included."""
        return JointConstraint(self.program)

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density of vectors; -inf outside the support."""
        return vector.log_prob(self.program, value).expand(self._lead(value))

    def log_prob_parts(self, value: Tensor | Mapping[str, Any]) -> vector.Values:
        """The log density of each site and factor, of a vector or of values by name."""
        whole = self.flatten(value) if isinstance(value, Mapping) else value
        parts, _ = self.program.score(self.unflatten(whole))
        return {n: x.expand(self._lead(whole)) for n, x in parts.items()}

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """Draws from torch's global generator.

        Raises:
            UnsamplableError: There is no forward sampler; the message says why.
        """
        with torch.no_grad():
            return self._draw(sample_shape, lambda built: built.sample())

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        """Draws that are differentiable in what the joint was made of.

        Raises:
            UnsamplableError: There is no such sampler; the message says why.
        """
        if not self.has_rsample:
            raise UnsamplableError("some site has no reparametrised draws")
        return self._draw(sample_shape, lambda built: built.rsample())

    @cached_property
    def has_rsample(self) -> bool:  # type: ignore[override]
        """Whether every site has reparametrised draws."""
        if any(site.discrete for site in self.sites.values()):
            return False
        bijector = JointTransform(self.program)
        origin = torch.zeros(bijector.inverse_shape(self.event_shape))
        found = self.program.distributions(self.unflatten(bijector(origin)))
        return all(built.has_rsample for built in found.values())

    # -- data -----------------------------------------------------------------

    def condition(self, **values: Any) -> JointDistribution:
        """The distribution over the other sites, unnormalised, given some.

        Without arguments it binds the data that the joint itself observes.
        """
        program = self.program
        origin = program.origin or program
        found = values or origin.observations()
        given = {n: _given(x, self.sites.get(n)) for n, x in found.items()}
        conditioned, conditioned.origin = (
            Program(passes.condition(p.spec, given), p.backend, p.dtype)
            for p in (program, origin)
        )
        return type(self)(conditioned, self.batch_shape)

    def model(self, *, observed: bool = True) -> Callable[[], dict[str, Any]]:
        """The joint as a model function: one site per site, plates, observations.

        Args:
            observed: Whether the joint's own data is observed; without it, the model
                draws new data, as `Predictive` wants it.
        """
        program = self.program
        return model_of((program.origin or program) if observed else program)

    # -- machinery ------------------------------------------------------------

    def _lead(self, value: Tensor) -> torch.Size:
        return torch.broadcast_shapes(value.shape[:-1], self.batch_shape)

    def _draw(self, sample_shape: Any, draw: Callable[[Any], Tensor]) -> Tensor:
        program = self.program
        if reason := why_not_conditional(program.analysis):
            message = f"cannot draw from this joint: {reason}"
            raise UnsamplableError(message, hint=NO_DRAWS)
        env = program.draw(
            repeat(None),  # torch's generator needs no keys
            (*sample_shape, *self.batch_shape),
            given=True,
            draw_one=lambda built, batch, _: draw(built.expand(torch.Size(batch))),
        )
        return self.flatten({n: env[n] for n in self.sites})


def from_program(program: Program) -> JointDistribution:
    """The joint distribution over all sites of a spec, observed ones too."""
    free = Program(passes.unobserved(program.spec), program.backend, program.dtype)
    free.origin = program
    return JointDistribution(free)


def _given(value: Any, site: Site | None) -> np.ndarray:
    """A value as NumPy's; counts, which Pyro draws as floats, as integers."""
    array = np.asarray(value.detach() if torch.is_tensor(value) else value)
    counts = site is not None and site.type.kind == "int"
    if counts and array.dtype.kind == "f" and np.all(array == np.floor(array)):
        return array.astype(np.int64)
    return array
