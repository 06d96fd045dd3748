"""A TFP joint distribution as a box: its coroutine walked with values put in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import repeat
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from jointbridge.backends.arrays.jax import precision
from jointbridge.backends.arrays.whole import Whole
from jointbridge.backends.blackbox import BlackBox, Capture, Term, Values, filled
from jointbridge.backends.tfp.library import tfd, tfde
from jointbridge.backends.tfp.quiet import quiet
from jointbridge.backends.tfp.table import TABLE
from jointbridge.errors import UnsupportedError

JointDistributionPinned = tfde.JointDistributionPinned

#: Parameters of constructors that are no part of the distribution.
_PLAIN = {"validate_args", "allow_nan_stats", "name", "dtype", "parameters"}
_WRAPPERS = (tfd.Independent, tfd.Sample, tfd.BatchBroadcast, tfd.Masked)
_CURVED = {"Dirichlet", "CholeskyLKJ", "LKJ", "RelaxedOneHotCategorical"}


class _Capture(Capture):
    def unwrap(self, built: Any) -> Any:
        while isinstance(built, _WRAPPERS):
            built = built.distribution
        return built

    def parameters(self, built: Any) -> Iterator[tuple[str, Any]]:
        known = self.known.get(self.class_name(built), ())
        names = {n for pattern, _ in known for n, _ in pattern.params}
        for name, value in built.parameters.items():
            if name in names and value is not None:
                yield name, value

    def is_distribution(self, value: Any) -> bool:
        return isinstance(value, tfd.Distribution)


class TFPBlackBox(BlackBox):
    """A joint distribution of TFP, pinned or not, in float64.

    Args:
        model: A joint distribution, or a function that makes one.
        args: What that function is called with.
        kwargs: What it is called with, by name; for a joint distribution, the values
            that sites are pinned at.
    """

    backend = "tfp"

    def __init__(
        self, model: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> None:
        self.model, self.args, self.kwargs = model, args, kwargs
        self.capture = _Capture(TABLE)
        self.names = self._own_names()
        with precision("float64"), quiet():
            _, pins = self._joint()
        #: A joint that pins nothing may be conditioned later.
        self.conditions = bool(pins)
        self._sites: dict[str, Term] = {}
        self._drawn = Whole(self._draw)
        self._scored = Whole(self._score)
        self._moved = jax.jit(jax.grad(self._total))

    def _own_names(self) -> tuple[str, ...]:
        """The names of the sites, for which TFP draws once: at the width as it is set.

        Widths cannot be mixed, so that what is made of wide arrays is asked again.
        """
        try:
            with quiet():
                return _names(self._made())
        except (TypeError, ValueError, RuntimeError):
            with precision("float64"), quiet():
                return _names(self._made())

    def _made(self) -> Any:
        if _is_joint(self.model):
            return self.model
        made = self.model(*self.args, **self.kwargs)
        if not _is_joint(made):
            message = f"expected a joint distribution of TFP, got {type(made).__name__}"
            raise UnsupportedError(message, code="usage")
        return made

    def _joint(self) -> tuple[Any, dict[str, Any]]:
        """The joint without pins, and the values that its sites are pinned at."""
        made = self._made()
        pins = dict(self.kwargs) if made is self.model else {}
        if _is_pinned(made):
            own = made.pins
            pins = {**(own if isinstance(own, Mapping) else own._asdict()), **pins}
            made = made.distribution
        return made, {n: _wide(x) for n, x in pins.items() if n in self.names}

    def draw(self, seed: int) -> dict[str, np.ndarray]:
        """A value for each latent site, standard normal in unconstrained coordinates."""
        with precision("float64"), quiet():
            drawn = self._drawn(jax.random.PRNGKey(seed))
            return {n: np.asarray(x) for n, x in drawn.items()}

    def terms(self, values: Values) -> dict[str, Term]:
        """Every site at the values."""
        with precision("float64"), quiet():
            scored = self._scored({n: _wide(x) for n, x in values.items()})
            return {
                n: filled(self._sites[n], scored[n], self.capture) for n in self._sites
            }

    def gradient(self, values: Values) -> dict[str, np.ndarray]:
        """The gradient for each latent site that does not count."""
        with precision("float64"), quiet():
            arrays = {n: _wide(x) for n, x in values.items()}
            moving = {n: x for n, x in arrays.items() if x.dtype.kind == "f"}
            still = {n: x for n, x in arrays.items() if n not in moving}
            found = self._moved(moving, still)
            return {n: np.asarray(x) for n, x in found.items()}

    def _draw(self, key: Any) -> dict[str, Any]:
        joint, pins = self._joint()
        keys = iter(jax.random.split(key, len(self.names)))

        def given(name: str, built: Any) -> Any:
            return pins[name] if name in pins else _inside(built, next(keys))

        return {n: v for n, _, v in _walk(joint, self.names, given) if n not in pins}

    def _total(self, moving: dict[str, Any], still: dict[str, Any]) -> Any:
        joint, pins = self._joint()
        given = _lookup({**moving, **still, **pins})
        return sum(
            jnp.sum(d.log_prob(v)) for _, d, v in _walk(joint, self.names, given)
        )

    def _score(self, values: dict[str, Any]) -> dict[str, Any]:
        """The arrays of each site; what is known without them is kept aside."""
        joint, pins = self._joint()
        scored = {}
        for name, built, value in _walk(joint, self.names, _lookup({**values, **pins})):
            tree, leaves = self.capture.leaves(built)
            base = self.capture.unwrap(built)
            scored[name] = {
                "log_prob": jnp.sum(built.log_prob(value)),
                "value": value,
                "leaves": leaves,
            }
            shape = jnp.shape(value)
            self._sites[name] = Term(
                name,
                np.nan,
                observed=name in pins,
                discrete=_is_counted(built),
                curved=type(base).__name__ in _CURVED,
                words=type(base).__name__,
                batch=shape[: len(shape) - len(base.event_shape)],
                dist=tree,
            )
        return scored


def _is_pinned(model: Any) -> bool:
    return isinstance(model, JointDistributionPinned)


def _is_joint(model: Any) -> bool:
    return isinstance(model, (tfd.JointDistribution, JointDistributionPinned))


def _names(joint: Any) -> tuple[str, ...]:
    joint = joint.distribution if _is_pinned(joint) else joint
    if hasattr(joint, "_single_sample_distributions"):
        joint = _with_draws(joint)
    return tuple(joint._flat_resolve_names())  # noqa: SLF001 - there is no public name


def _with_draws(joint: Any) -> Any:
    """A copy that need not draw, in narrow floats, to know its names."""
    shadow = object.__new__(type(joint))  # TFP's own copies are made anew
    vars(shadow).update(vars(joint))
    with precision("float64"):
        built = [d for _, d, _ in _walk(joint, repeat(""), _anything)]
    shadow._single_sample_distributions = {-1: built}
    return shadow


def _anything(name: str, built: Any) -> Any:
    """A value on which names do not depend: counts take seconds to draw."""
    del name
    if _is_counted(built):
        return jnp.zeros((*built.batch_shape, *built.event_shape), built.dtype)
    return _inside(built, jax.random.PRNGKey(0))


def _lookup(arrays: Mapping[str, Any]) -> Callable[[str, Any], Any]:
    def given(name: str, built: Any) -> Any:
        if name in arrays:
            return arrays[name]
        return _inside(built, jax.random.PRNGKey(0))

    return given


def _walk(
    joint: Any, names: Iterable[str], given: Callable[[str, Any], Any]
) -> Iterator[tuple[str, Any, Any]]:
    """Names, distributions and values, each distribution made from the values before."""
    coroutine = joint._model_coroutine()  # noqa: SLF001 - all joints are made of it
    left = iter(names)
    try:
        built = next(coroutine)
        while True:
            # A root of a coroutine stands around its distribution.
            inner = built.distribution if _is_root(built) else built
            name, wide = next(left), _widened(inner)
            value = given(name, wide)
            yield name, wide, value
            built = coroutine.send(value)
    except StopIteration:
        return


def _is_root(built: Any) -> bool:
    return isinstance(built, tfd.JointDistribution.Root)


def _widened(built: Any) -> Any:
    """The distribution with float64 parameters: TFP reads Python's floats as float32."""
    changed = {}
    for name, value in built.parameters.items():
        if isinstance(value, tfd.Distribution):
            changed[name] = _widened(value)
        elif name not in _PLAIN and _is_floats(value):
            changed[name] = _wide(value)
    try:
        return built.copy(**changed) if changed else built
    except (TypeError, ValueError):
        return built


def _is_floats(value: Any) -> bool:
    if isinstance(value, (bool, str)) or value is None or callable(value):
        return False
    try:
        return np.asarray(value).dtype.kind == "f"
    except (ValueError, TypeError):
        return False


def _wide(value: Any) -> Any:
    array = jnp.asarray(value)
    return array.astype("float64") if array.dtype.kind == "f" else array


def _is_counted(built: Any) -> bool:
    if jnp.dtype(built.dtype).kind in "iub":
        return True
    return _bijector(built) is None


def _bijector(built: Any) -> Any:
    return built.experimental_default_event_space_bijector()


def _inside(built: Any, key: Any) -> Any:
    """A value inside the support; counted ones are drawn."""
    bijector = None if jnp.dtype(built.dtype).kind in "iub" else _bijector(built)
    if bijector is None:
        return _count(built, key)
    shape = (*built.batch_shape, *bijector.inverse_event_shape(built.event_shape))
    try:
        return bijector.forward(jax.random.normal(key, shape, built.dtype))
    except TypeError:  # InverseGaussian's is of float32 alone
        return built.mean()


def _count(built: Any, key: Any) -> Any:
    """A count inside the support: near the mean, as TFP's own draws take seconds."""
    if not built.event_shape and jnp.dtype(built.dtype).kind == "f":
        try:
            mean = jnp.floor(built.mean())
            return jnp.broadcast_to(mean, built.batch_shape)
        except NotImplementedError:
            pass
    return built.sample(seed=key)
