"""A joint distribution as one Pyro distribution over a flat vector.

value   [mu | tau | theta_1 … theta_8]       one vector, the sites in order
free    [mu | log tau | theta_1 … theta_8]   what NUTS moves in
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import torch
from pyro.distributions import TorchDistribution, constraints
from torch.distributions import biject_to, transform_to
from torch.distributions.transforms import Transform

from jointbridge import passes
from jointbridge.analysis import Site, why_not_samplable
from jointbridge.backends.program import Program
from jointbridge.backends.pyro.model import model_of
from jointbridge.errors import (
    UnsamplableError,
    UnsupportedError,
    ValueMismatchError,
    did_you_mean,
)
from jointbridge.expression import names
from jointbridge.spec import Sample, Scan, Spec, references

Tensor = torch.Tensor
Values = dict[str, Tensor]


class JointDistribution(TorchDistribution):
    """A joint distribution as one site for NUTS, SVI and `Predictive`.

    The value is one vector that holds every site in order, counts as floats; `unflatten`
    names its parts.  Supports that depend on another site are right at every point, where
    Pyro's own HMC keeps them as they were at the start.

    Args:
        program: A compiled spec; its observed sites are given, the others make up the
            vector.
        batch_shape: Independent copies.
        validate_args: As for every Pyro distribution; nothing is validated here.
    """

    arg_constraints = {}  # noqa: RUF012 - Pyro's own convention

    def __init__(
        self,
        program: Program,
        batch_shape: tuple[int, ...] = (),
        validate_args: bool | None = None,
    ) -> None:
        del validate_args
        self.program = program
        size = sum(site.type.size for site in self.sites.values())
        batch = torch.Size(batch_shape)
        super().__init__(batch, torch.Size((size,)), validate_args=False)

    @property
    def sites(self) -> dict[str, Site]:
        """The sites with their shapes, in the order of the vector."""
        return self.program.analysis.latent

    # -- records and vectors --------------------------------------------------

    def unflatten(self, value: Tensor) -> Values:
        """The sites of a vector by name, each with the leading axes of `value`.

        Counts are integers, so that they can be used as an index.
        """
        parts = _split(value, {n: s.type.shape for n, s in self.sites.items()})
        cast = self.program.arrays.cast
        return {n: cast(x, self.sites[n].type.kind) for n, x in parts.items()}

    def flatten(self, values: Mapping[str, Any]) -> Tensor:
        """The vector of values by name.

        Raises:
            ValueMismatchError: A site is missing or unknown.
        """
        _check_names(values, self.sites)
        shapes = {n: s.type.shape for n, s in self.sites.items()}
        return _join(values, shapes, self.program.arrays.dtypes["float"])

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
        lead = torch.broadcast_shapes(value.shape[:-1], self.batch_shape)
        total = self.program.log_prob_total(self.unflatten(value)).expand(lead)
        counts = value[..., self._counted]
        if not counts.shape[-1]:
            return total
        # As integers they are rounded: what was no whole number is outside.
        total = total.masked_fill((counts != counts.floor()).any(-1), -torch.inf)
        return total.masked_fill(counts.isnan().any(-1), torch.nan)

    def log_prob_parts(self, value: Tensor | Mapping[str, Any]) -> Values:
        """The log density of each site and factor, of a vector or of values by name."""
        vector = self.flatten(value) if isinstance(value, Mapping) else value
        lead = torch.broadcast_shapes(vector.shape[:-1], self.batch_shape)
        parts, _ = self.program.score(self.unflatten(vector))
        return {n: x.expand(lead) for n, x in parts.items()}

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
        some = self.unflatten(bijector(torch.zeros(bijector.inverse_shape((1,)))))
        env = {**self.program.data, **some, **self.program.observations()}
        return all(
            self.program.distribution(self.sites[s.name], evaluate).has_rsample
            for s, evaluate in self.program.walk(env)
            if s.name in self.sites
        )

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

    @cached_property
    def _counted(self) -> Tensor:
        """The places in the vector that count."""
        sites = self.sites.values()
        places = [np.full(s.type.size, s.type.kind != "float") for s in sites]
        return torch.from_numpy(np.flatnonzero(np.concatenate([[], *places])))

    def _draw(self, sample_shape: Any, draw: Callable[[Any], Tensor]) -> Tensor:
        program = self.program
        if reason := _why_not_samplable(program):
            raise UnsamplableError(
                f"cannot draw from this joint: {reason}",
                hint="run MCMC, with init_strategy=init_to_support",
            )
        shape = (*sample_shape, *self.batch_shape)
        env = dict(program.data)
        for statement, evaluate in program.walk(env):
            if not isinstance(statement, Sample):
                continue
            site = program.analysis.sites[statement.name]
            if statement.observed is not None:
                env[site.name] = program.observed(site, evaluate)
                continue
            built = program.distribution(site, evaluate)
            value = draw(built.expand(torch.Size((*shape, *site.batch))))
            env[site.name] = program.arrays.cast(value, site.type.kind)
        return self.flatten({n: env[n] for n in self.sites})


def from_program(program: Program) -> JointDistribution:
    """The joint distribution over all sites of a spec, observed ones too."""
    free = Program(_unobserved(program.spec), program.backend, program.dtype)
    free.origin = program
    return JointDistribution(free)


def _unobserved(spec: Spec) -> Spec:
    statements = tuple(
        replace(s, observed=None) if isinstance(s, Sample) else s
        for s in spec.statements
    )
    return replace(spec, statements=statements)


def _why_not_samplable(program: Program) -> str | None:
    """The reason why the free sites cannot be drawn in order, given the others."""
    drawn: set[str] = set()
    for statement in program.spec.statements:
        if not isinstance(statement, Sample):
            if references(statement) & drawn:
                drawn |= set(_defined(statement))
        elif statement.observed is None:
            drawn.add(statement.name)
        elif found := names(statement.dist) & drawn:
            return f"site {statement.name!r} is given and depends on {min(found)!r}"
    return why_not_samplable(program.analysis)


def _defined(statement: Any) -> Iterator[str]:
    yield statement.name
    if isinstance(statement, Scan):
        yield from (name for name, _ in statement.collect)


def _given(value: Any, site: Site | None) -> np.ndarray:
    """A value as NumPy's; counts, which Pyro draws as floats, as integers."""
    array = np.asarray(value.detach() if torch.is_tensor(value) else value)
    counts = site is not None and site.type.kind == "int"
    if counts and array.dtype.kind == "f" and np.all(array == np.floor(array)):
        return array.astype(np.int64)
    return array


def _check_names(values: Mapping[str, Any], sites: Mapping[str, Any]) -> None:
    for name in values:
        if name not in sites:
            hint = did_you_mean(name, sites)
            raise ValueMismatchError(f"no site {name!r} in this vector", hint=hint)
    if missing := [n for n in sites if n not in values]:
        raise ValueMismatchError(f"no value for {', '.join(map(repr, missing))}")


def _split(vector: Tensor, shapes: Mapping[str, tuple[int, ...]]) -> Values:
    sizes = [int(np.prod(shape)) for shape in shapes.values()]
    if vector.shape[-1:] != (sum(sizes),):
        message = f"expected a vector of {sum(sizes)}, got {list(vector.shape)}"
        raise ValueMismatchError(message)
    parts = vector.split(sizes, dim=-1)
    return {
        name: part.reshape((*vector.shape[:-1], *shape))
        for (name, shape), part in zip(shapes.items(), parts, strict=True)
    }


def _join(
    values: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]], dtype: torch.dtype
) -> Tensor:
    arrays = {n: torch.as_tensor(values[n]).to(dtype) for n in shapes}
    leads = (x.shape[: x.dim() - len(shapes[n])] for n, x in arrays.items())
    lead = torch.broadcast_shapes(*leads)
    parts = [
        x.expand((*lead, *shapes[n])).reshape((*lead, -1)) for n, x in arrays.items()
    ]
    return torch.cat(parts, dim=-1)


class JointConstraint(constraints.Constraint):
    """The support of a `JointDistribution`.

    Args:
        program: The compiled spec of the joint.
    """

    event_dim = 1

    def __init__(self, program: Program) -> None:
        self.program = program
        self.is_discrete = any(s.discrete for s in program.analysis.latent.values())

    def check(self, value: Tensor) -> Tensor:
        """Whether vectors have a log density above -inf."""
        return JointDistribution(self.program).log_prob(value) > -torch.inf


class JointTransform(Transform):
    """From unconstrained vectors to the support of a joint, site by site, in order.

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
        latent = program.analysis.latent
        self._shapes = {n: s.type.shape for n, s in latent.items()}
        self._free = {n: s.free for n, s in latent.items()}

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

    def _call(self, x: Tensor) -> Tensor:
        values, _ = self.program.constrain(_split(self._float(x), self._free))
        return _join(values, self._shapes, self._dtype).expand(self.forward_shape(x.shape))

    def _inverse(self, y: Tensor) -> Tensor:
        free = self.program.unconstrain(_split(self._float(y), self._shapes))
        return _join(free, self._free, self._dtype)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        """The log determinant of the Jacobian."""
        del y
        _, log_det = self.program.constrain(_split(self._float(x), self._free))
        return log_det.expand(x.shape[:-1])

    def forward_shape(self, shape: Any) -> torch.Size:
        """The shape of a value from the shape of an unconstrained vector."""
        return torch.Size((*shape[:-1], sum(map(_size, self._shapes.values()))))

    def inverse_shape(self, shape: Any) -> torch.Size:
        """The shape of an unconstrained vector from the shape of a value."""
        return torch.Size((*shape[:-1], sum(map(_size, self._free.values()))))

    @property
    def _dtype(self) -> torch.dtype:
        return self.program.arrays.dtypes["float"]

    def _float(self, x: Tensor) -> Tensor:
        return x.to(self._dtype)


def _size(shape: tuple[int, ...]) -> int:
    return int(np.prod(shape))


@biject_to.register(JointConstraint)
@transform_to.register(JointConstraint)
def _transform_to_joint(constraint: JointConstraint) -> JointTransform:
    return JointTransform(constraint.program)
