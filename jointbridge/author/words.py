"""The words of a model: sample, data, deterministic, let, factor, param."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jointbridge.author.arrays import Declared, static
from jointbridge.author.location import at_users_line
from jointbridge.author.recorder import Recorder, current
from jointbridge.author.symbols import Dist
from jointbridge.author.value import (
    Value,
    call,
    data_value,
    has_symbol,
    named_value,
    symbol,
    value,
)
from jointbridge.author.vocabulary import as_region, not_a_distribution
from jointbridge.author.vocabulary import supports as _supports
from jointbridge.errors import SpecError
from jointbridge.shapes import broadcast
from jointbridge.spec import Deterministic, Factor, Let, Param, Sample

Shape = tuple[int, ...]
Plates = tuple[str | None, ...]


@at_users_line
def sample(
    name: str,
    dist: Dist,
    *,
    shape: int | tuple[int, ...] = (),
    obs: Any = None,
    mask: Any = None,
    scale: Any = None,
    infer: Mapping[str, Any] | None = None,
) -> Value:
    """A random variable, latent or observed.

    Outside any plate and without `shape` the site has one copy for each element of its
    parameters and observations, as in NumPyro. A raw array as `obs` becomes data, named
    after the argument of the model that it is or `NAME_obs`.

    Args:
        name: The name of the site.
        dist: A family with parameters, as `jb.Normal(mu, 1.0)`.
        shape: Independent copies inside one draw, right of the plates.
        obs: The value it was seen to have.
        mask: Where False, the term counts as 0.
        scale: What the log density is multiplied with.
        infer: Words for inference engines.

    Returns:
        The value: an expression that later sites may use.

    Raises:
        SpecError: Shapes or kinds do not fit, or the name is taken.
    """
    recorder = current("sample")
    if not isinstance(dist, Dist):
        raise not_a_distribution(dist)
    symbol(dist)
    recorded = recorder.claim(name, "site")
    observed = None if obs is None else _observed(recorder, name, obs)
    plates, copies = _axes(recorder, dist, _shape(name, shape), observed)
    masked, scaled = (None if x is None else value(x).node for x in (mask, scale))
    statement = Sample(
        recorded,
        dist.node,
        plates,
        copies,
        None if observed is None else observed.node,
        masked,
        scaled,
        tuple((infer or {}).items()),
    )
    return named_value(recorded, recorder.record(statement)[recorded])


def _observed(recorder: Recorder, name: str, obs: Any) -> Value:
    if has_symbol(obs):
        return value(obs)
    return data_value(recorder.automatic_data(obs, site=name))


def _shape(name: str, shape: Any) -> Shape:
    found = static(f"{name!r}: shape", shape)
    return found if isinstance(found, tuple) else (found,)


def _axes(
    recorder: Recorder, dist: Dist, shape: Shape, observed: Value | None
) -> tuple[Plates, Shape]:
    """Plates and own shape of a site.

    Where nothing is said of an axis, neither by a plate nor by `shape`, the parameters
    and the observations say how long it is.
    """
    plates = recorder.entered()
    sizes = recorder.sizes(plates)
    batch = dist.type.batch
    if not shape:
        seen = () if observed is None else observed.shape
        rank = len(dist.type.event)
        seen = seen[: len(seen) - rank]
        full = _joined(sizes, batch, seen) or _joined(sizes, batch) or sizes
        named = len(plates)
        while named and plates[named - 1] is None:
            named -= 1
        told = full[:named] == sizes[:named] and len(full) == len(plates)
        if full != sizes and (told or not plates):
            return plates[:named], full[named:]
    _check_batch(dist, (*sizes, *shape), plates)
    return plates, shape


def _joined(*shapes: Shape) -> Shape | None:
    try:
        return broadcast(*shapes)
    except SpecError:
        return None


def _check_batch(dist: Dist, wanted: Shape, plates: Plates) -> None:
    batch = dist.type.batch
    if _joined(batch, wanted) == wanted:
        return
    inside = f" (plates {', '.join(map(str, plates))})" if plates else ""
    raise SpecError(
        f"the parameters of {dist!r} have shape {list(batch)}, but plates and shape say "
        f"{list(wanted)}{inside}",
        code="shape",
        hint="put each axis of the parameters in a jb.plate or in shape=; axes align "
        "from the right",
    )


@at_users_line
def data(name: str, value: Any) -> Value:
    """An array that is known, or declared now and bound later.

    Args:
        name: The name of the entry.
        value: Numbers in any form NumPy takes, or `jb.array(shape, kind)`.

    Returns:
        The data as an expression.

    Raises:
        SpecError: The name stands for something else already.
    """
    if isinstance(value, Value):
        hint = f"use it as it is, or name it with jb.let({name!r}, ...)"
        raise SpecError(f"data are numbers, got {value!r}", code="data", hint=hint)
    return data_value(current("data").named_data(name, value))


@at_users_line
def array(shape: int | tuple[int, ...] = (), kind: str | type = "float") -> Declared:
    """Data declared by shape and kind, to be bound later with `joint.bind`.

    Args:
        shape: The sizes of its axes.
        kind: `float`, `int` or `bool`.
    """
    return Declared(_shape("array", shape), static("kind", kind))


@at_users_line
def deterministic(name: str, expr: Any) -> Value:
    """A value computed from others and reported beside the draws.

    Args:
        name: Its name.
        expr: An expression.
    """
    return _define(Deterministic, "deterministic", name, expr)


@at_users_line
def let(name: str, expr: Any) -> Value:
    """A name for an expression that is used more than once; not reported.

    Args:
        name: Its name.
        expr: An expression.
    """
    return _define(Let, "let", name, expr)


def _define(make: type[Deterministic | Let], word: str, name: str, expr: Any) -> Value:
    recorder = current(word)
    found = value(expr)
    recorded = recorder.claim(name, word)
    types = recorder.record(make(recorded, found.node))
    return named_value(recorded, types[recorded])


@at_users_line
def factor(name: str, expr: Any) -> None:
    """A term added to the log density; inside plates it counts once for each copy.

    Args:
        name: Its name.
        expr: An expression; an array is summed.
    """
    recorder = current("factor")
    found = value(expr)
    recorded = recorder.claim(name, "factor")
    full = broadcast(found.shape, recorder.sizes(recorder.entered()))
    if full != found.shape:
        found = call("broadcast_to", found, full)
    recorder.record(Factor(recorded, found.node))


@at_users_line
def param(name: str, init: Any, *, support: Any = None) -> Value:
    """A learnable value without a density.

    Args:
        name: Its name.
        init: Where it starts; gives its shape.
        support: The values it may take, as `jb.supports.positive`; every real number
            by default.
    """
    recorder = current("param")
    start = value(init)
    space = as_region(_supports.real if support is None else support)
    recorded = recorder.claim(name, "param")
    types = recorder.record(Param(recorded, start.node, space.node))
    return named_value(recorded, types[recorded])
