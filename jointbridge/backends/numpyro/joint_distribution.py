"""A joint distribution as one NumPyro distribution over a flat vector.

value   [mu | tau | theta_1 … theta_8]       one vector, the sites in order
free    [mu | log tau | theta_1 … theta_8]   what NUTS moves in
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

import jax.numpy as jnp
import numpyro.distributions as dist
from numpyro.distributions import constraints, transforms

from jointbridge import passes
from jointbridge.backends.numpyro.engines import (
    Engine,
    Layout,
    Maker,
    MarginalEngine,
    ProgramEngine,
    Values,
)
from jointbridge.backends.numpyro.model import model_of
from jointbridge.backends.program import Program
from jointbridge.errors import UnsupportedError


class JointDistribution(dist.Distribution):
    """Any number of marginals, independent or dependent, as one distribution.

    The value is one vector that holds every site in order; `unflatten` names its parts.
    It works as a site under NUTS, SVI, `Predictive`, `jit`, `vmap` and `grad`, also where
    the support of one site depends on another.

    Example:
        >>> JointDistribution(
        ...     mu=dist.Normal(0, 5),
        ...     tau=dist.HalfCauchy(5),
        ...     theta=lambda mu, tau: dist.Normal(mu, tau).expand([8]).to_event(1),
        ... )

    Args:
        *marginals: Marginals without a name of their own; they are called `x0`, `x1`, ….
        validate_args: As for every NumPyro distribution.
        **sites: Marginals by name: distributions, or functions that take earlier sites
            by name and make one.
    """

    arg_constraints: dict[str, Any] = {}  # noqa: RUF012 - NumPyro's own convention
    pytree_data_fields = ("_fixed",)
    pytree_aux_fields = ("_names", "_makers", "_program")

    def __init__(
        self,
        *marginals: dist.Distribution | Maker,
        validate_args: bool | None = None,
        **sites: dist.Distribution | Maker,
    ) -> None:
        named = {f"x{i}": m for i, m in enumerate(marginals)} | sites
        if not named:
            raise UnsupportedError("a joint distribution needs a site", code="usage")
        self._program: Program | None = None
        self._names = tuple(named)
        is_fixed = {n: isinstance(m, dist.Distribution) for n, m in named.items()}
        self._fixed = tuple(m if is_fixed[n] else None for n, m in named.items())
        self._makers = tuple(None if is_fixed[n] else m for n, m in named.items())
        self._finish(validate_args)

    @classmethod
    def _of(cls, program: Program) -> JointDistribution:
        self = cls.__new__(cls)
        self._program, self._names = program, ()
        self._fixed, self._makers = (), ()
        self._finish(None)
        return self

    def _finish(self, validate_args: bool | None) -> None:
        engine = self._engine
        size = sum(x.size for x in engine.layout.values())
        super().__init__(engine.batch_shape, (size,), validate_args=validate_args)

    @property
    def _engine(self) -> Engine:
        # Rebuilt after a trip through `jit`, where the marginals hold tracers.
        engine = self.__dict__.get("_kept_engine")
        if engine is None:
            if self._program is not None:
                engine = ProgramEngine(self._program)
            else:
                both = zip(self._fixed, self._makers, strict=True)
                chosen = (f if f is not None else m for f, m in both)
                engine = MarginalEngine(dict(zip(self._names, chosen, strict=True)))
            self.__dict__["_kept_engine"] = engine
        return engine

    # -- records and vectors --------------------------------------------------

    @property
    def sites(self) -> dict[str, Layout]:
        """The sites with their shapes, in the order of the vector."""
        return dict(self._engine.layout)

    def unflatten(self, value: Any) -> Values:
        """The sites of a vector by name, each with the leading axes of `value`."""
        sizes = {n: (x.size, x.shape, x.dtype) for n, x in self.sites.items()}
        return _split(value, sizes)

    def flatten(self, values: Mapping[str, Any]) -> Any:
        """The vector of values by name."""
        shapes = {n: x.shape for n, x in self.sites.items()}
        return _join(values, shapes)

    # -- NumPyro's methods ----------------------------------------------------

    @property
    def support(self) -> Any:
        """Vectors whose sites lie in their supports, dependent ones included."""
        return JointConstraint(self)

    def sample(self, key: Any, sample_shape: tuple[int, ...] = ()) -> Any:
        """Draws of shape `sample_shape + batch_shape + event_shape`."""
        return self.flatten(self._engine.draw(key, tuple(sample_shape)))

    def log_prob(self, value: Any) -> Any:
        """The log density of vectors; -inf outside the support."""
        return self._engine.total(self.log_prob_parts(value))

    def log_prob_parts(self, value: Any) -> Values:
        """The log density of each site and factor."""
        return self._engine.score(self.unflatten(value))

    @property
    def mean(self) -> Any:
        """The mean vector, where no site depends on another."""
        return self.flatten(self._engine.moment("mean"))

    @property
    def variance(self) -> Any:
        """The variance of each element, where no site depends on another."""
        return self.flatten(self._engine.moment("variance"))

    # -- data -----------------------------------------------------------------

    def condition(self, **values: Any) -> JointDistribution:
        """The distribution over the other sites, unnormalised, given some.

        Without arguments it binds the data that the joint itself observes.
        """
        program = self._spec_program("condition")
        given = values or (program.origin or program).observations()
        spec = passes.condition(program.spec, given)
        return self._of(Program(spec, program.backend, program.dtype))

    def model(self) -> Any:
        """The joint as a model function: one site per site, plates, observations."""
        program = self._spec_program("model")
        return model_of(program.origin or program)

    def model_with_data(self) -> tuple[Any, dict[str, Any]]:
        """The model function with the joint's data as its arguments, and the data."""
        program = self._spec_program("model_with_data")
        program = program.origin or program

        def model(**data: Any) -> Any:
            given = copy(program)
            given.data = data
            return model_of(given)()

        model.__name__ = model_of(program).__name__
        return model, dict(program.data)

    def _spec_program(self, verb: str) -> Program:
        if self._program is None:
            raise UnsupportedError(
                f"{verb}() needs a joint with a spec",
                hint="write the model with @jb.model, then joint.native(...)",
            )
        return self._program


def from_program(program: Program) -> JointDistribution:
    """The joint distribution over all sites of a spec, observed ones too."""
    free = Program(passes.unobserved(program.spec), program.backend, program.dtype)
    free.origin = program
    return JointDistribution._of(free)  # noqa: SLF001


def _split(
    vector: Any, sizes: Mapping[str, tuple[int, tuple[int, ...], Any]]
) -> Values:
    lead = jnp.shape(vector)[:-1]
    found: Values = {}
    start = 0
    for name, (size, shape, dtype) in sizes.items():
        part = vector[..., start : start + size].reshape((*lead, *shape))
        found[name] = (
            part if jnp.issubdtype(dtype, jnp.floating) else part.astype(dtype)
        )
        start += size
    return found


def _join(values: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]]) -> Any:
    lead = jnp.broadcast_shapes(
        *(
            jnp.shape(values[n])[: jnp.ndim(values[n]) - len(s)]
            for n, s in shapes.items()
        )
    )
    parts = [
        jnp.broadcast_to(values[n], (*lead, *s)).reshape((*lead, -1))
        for n, s in shapes.items()
    ]
    return jnp.concatenate([p * 1.0 for p in parts], axis=-1)


class JointConstraint(constraints.Constraint):
    """The support of a `JointDistribution`."""

    is_discrete = False
    event_dim = 1

    def __init__(self, joint: JointDistribution) -> None:
        self.joint = joint

    def __call__(self, x: Any) -> Any:
        """Whether vectors have a log density above -inf."""
        return self.joint.log_prob(x) > -jnp.inf

    def feasible_like(self, prototype: Any) -> Any:
        """Some vector of the support."""
        transform = JointTransform(self.joint)
        lead = jnp.shape(prototype)[:-1]
        return transform(
            jnp.zeros(transform.inverse_shape((*lead, *self.joint.event_shape)))
        )

    def tree_flatten(self) -> Any:
        """Its joint is the only leaf."""
        return (self.joint,), (("joint",), {})


class JointTransform(transforms.Transform):
    """From unconstrained vectors to the support of a joint, site by site, in order."""

    domain = constraints.real_vector

    def __init__(self, joint: JointDistribution) -> None:
        for name, layout in joint.sites.items():
            if not jnp.issubdtype(layout.dtype, jnp.floating):
                raise UnsupportedError(
                    f"site {name!r} counts: the joint has no unconstrained space",
                    hint="condition(...) on it, or use .model() with enumeration",
                )
        self.joint = joint

    @property
    def codomain(self) -> Any:
        """The support of the joint."""
        return JointConstraint(self.joint)

    def _free(self, vector: Any) -> Values:
        layout = self.joint.sites
        return _split(
            vector, {n: (x.free_size, x.free, x.dtype) for n, x in layout.items()}
        )

    def __call__(self, x: Any) -> Any:
        """The value of an unconstrained vector."""
        return self.joint.flatten(self._constrain(x)[0])

    def _constrain(self, x: Any) -> Any:
        return self.joint._engine.constrain(self._free(x))  # noqa: SLF001

    def _inverse(self, y: Any) -> Any:
        free = self.joint._engine.unconstrain(self.joint.unflatten(y))  # noqa: SLF001
        return _join(free, {n: x.free for n, x in self.joint.sites.items()})

    def log_abs_det_jacobian(
        self, x: Any, y: Any, intermediates: Any | None = None
    ) -> Any:
        """The log determinant of the Jacobian."""
        del y, intermediates
        return self._constrain(x)[1]

    def forward_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of a value from the shape of an unconstrained vector."""
        return (*shape[:-1], *self.joint.event_shape)

    def inverse_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of an unconstrained vector from the shape of a value."""
        return (*shape[:-1], sum(x.free_size for x in self.joint.sites.values()))

    def tree_flatten(self) -> Any:
        """Its joint is the only leaf."""
        return (self.joint,), (("joint",), {})


@dist.biject_to.register(JointConstraint)
def _biject_to_joint(constraint: JointConstraint) -> JointTransform:
    return JointTransform(constraint.joint)
