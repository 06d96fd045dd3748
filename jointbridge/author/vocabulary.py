"""Every family, function and support as a Python callable, made from its row."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from jointbridge.author.arrays import static
from jointbridge.author.location import at_users_line
from jointbridge.author.origin import Origin, combined, scope
from jointbridge.author.symbols import Dist, Region
from jointbridge.author.value import Symbol, call, symbol
from jointbridge.errors import SpecError, did_you_mean
from jointbridge.expression import Number, Sequence, Transform
from jointbridge.families import FAMILIES, TRANSFORMS, Family, Parameter
from jointbridge.functions import FUNCTIONS, REQUIRED, Function
from jointbridge.support import SUPPORTS, SupportRow
from jointbridge.syntax import (
    make_distribution,
    make_support,
    make_transform,
    parse_support,
)

_EITHER = inspect.Parameter.POSITIONAL_OR_KEYWORD
_NONE = inspect.Parameter.empty


@cache
def family(name: str) -> Callable[..., Dist]:
    """The constructor of a family, `jb.Normal(loc, scale)`."""
    row = FAMILIES[name]
    lines = [f"{p.name}: {_domain(p)}" for p in row.parameters.values()]
    doc = (
        f"{row.meaning}.\n\nArgs:\n    " + "\n    ".join(lines) + "\n\n"
        f"Log density:\n    {row.log_density}\n\nSee {row.source}"
    )
    return _dressed(partial(distribution, name), name, _family_parameters(row), doc)


@cache
def function(name: str) -> Callable[..., Any]:
    """A function of the language, `jb.exp(x)`."""
    row = FUNCTIONS[name]
    doc = f"{row.meaning}.\n\nIn a spec: {row.signature}"
    return _dressed(partial(call, name), name, _function_parameters(row), doc)


@cache
def transform(name: str) -> Callable[..., Region]:
    """A transform, `jb.AffineTransform(loc, scale)`."""
    row = TRANSFORMS[name]
    parameters = [_parameter(n) for n in row.parameters]
    doc = f"The map {row.forward}, for `Transformed`."
    return _dressed(partial(transformation, name), name, parameters, doc)


@cache
def _support_maker(name: str) -> Callable[..., Region]:
    row = SUPPORTS[name]
    parameters = [_parameter(b) for b in row.bounds or ("size",)]
    return _dressed(partial(region, name), name, parameters, f"{row.meaning}.")


class Supports:
    """The supports by name: `jb.supports.positive`, `jb.supports.interval(0, tau)`."""

    def __getattr__(self, name: str) -> Any:
        if name not in SUPPORTS:
            message = f"no support {name!r}; {did_you_mean(name, SUPPORTS)}"
            raise AttributeError(message)
        plain = not SUPPORTS[name].bounds and not SUPPORTS[name].rank
        return region(name) if plain else _support_maker(name)

    def __dir__(self) -> list[str]:
        return sorted(SUPPORTS)

    def __repr__(self) -> str:
        return f"supports: {', '.join(sorted(SUPPORTS))}"


supports = Supports()


# -- making nodes -------------------------------------------------------------


@at_users_line
def distribution(name: str, *args: Any, **params: Any) -> Dist:
    """A distribution of a family, its shapes checked.

    Raises:
        SpecError: A parameter is missing, unknown or of a wrong shape or kind.
    """
    row = FAMILIES[name]
    parts: list[Symbol] = []
    # None means not given, as for `probs` of Bernoulli(probs=None, logits=x).
    given = {n: x for n, x in params.items() if x is not None}
    known = [*row.parameters.values(), *[None] * len(args)]
    positional = [_node(p, x, parts) for p, x in zip(known, args, strict=False)]
    keywords = {n: _node(row.parameters.get(n), x, parts) for n, x in given.items()}
    node = make_distribution(name, positional, keywords)
    return Dist(node, scope().distribution(node), combined(parts))


def _node(parameter: Parameter | None, x: Any, parts: list[Symbol]) -> Any:
    special = parameter.special if parameter else None
    if special == "size":
        return Number(static("a size", x))
    if special == "distribution" and not isinstance(x, Dist):
        raise not_a_distribution(x)
    if special == "distributions":
        return Sequence(tuple(_component(item, parts) for item in x))
    if special == "transform" and not _is_transform(x):
        message = f"expected a transform, got {x!r}"
        raise SpecError(message, code="arguments", hint="write jb.ExpTransform(), …")
    part = as_region(x) if special == "support" else symbol(x)
    parts.append(part)
    return part.node


def _component(x: Any, parts: list[Symbol]) -> Any:
    if not isinstance(x, Dist):
        raise not_a_distribution(x)
    parts.append(x)
    return x.node


def _is_transform(x: Any) -> bool:
    return isinstance(x, Region) and isinstance(x.node, Transform)


def not_a_distribution(x: Any) -> SpecError:
    """The error of something else where a distribution is needed."""
    kind = type(x)
    theirs = "" if kind.__module__.startswith("jointbridge") else kind.__name__
    hint = (
        f"write jb.{theirs}(...)" if theirs in FAMILIES else "write jb.Normal(...), …"
    )
    message = f"expected a distribution of jointbridge, got {kind.__module__}."
    return SpecError(f"{message}{kind.__qualname__}", code="arguments", hint=hint)


@at_users_line
def region(name: str, *args: Any, **bounds: Any) -> Region:
    """A support, its bounds anything that is a value.

    Raises:
        SpecError: A bound or the size is missing.
    """
    parts = [symbol(x) for x in (*args, *bounds.values())]
    positional = [p.node for p in parts[: len(args)]]
    named = {n: p.node for n, p in zip(bounds, parts[len(args) :], strict=True)}
    return Region(make_support(name, positional, named), combined(parts))


@at_users_line
def transformation(name: str, *args: Any, **params: Any) -> Region:
    """A transform, its parameters anything that is a value.

    Raises:
        SpecError: A parameter is missing or unknown.
    """
    parts = [symbol(x) for x in (*args, *params.values())]
    positional = [p.node for p in parts[: len(args)]]
    named = {n: p.node for n, p in zip(params, parts[len(args) :], strict=True)}
    return Region(make_transform(name, positional, named), combined(parts))


def as_region(x: Any) -> Region:
    """A support from a support or its text.

    Raises:
        SpecError: It is neither.
    """
    if isinstance(x, str):
        return Region(parse_support(x), Origin())
    if isinstance(x, Region):
        symbol(x)
        return x
    row: SupportRow | None = SUPPORTS.get(getattr(x, "__name__", ""))
    needs = f"{row.name}({', '.join(row.bounds or ('3',))})" if row else "positive"
    message = f"expected a support, got {x!r}"
    raise SpecError(message, code="unknown-support", hint=f"write jb.supports.{needs}")


# -- signatures ---------------------------------------------------------------


def _dressed(
    make: partial[Any], name: str, parameters: list[inspect.Parameter], doc: str
) -> Callable[..., Any]:
    def word(*args: Any, **kwargs: Any) -> Any:
        return make(*args, **kwargs)

    word.__name__ = word.__qualname__ = name
    word.__doc__ = doc[0].upper() + doc[1:]
    word.__module__ = "jointbridge"
    word.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return word


def _parameter(
    name: str, default: Any = _NONE, kind: Any = _EITHER
) -> inspect.Parameter:
    return inspect.Parameter(name, kind, default=default)


def _family_parameters(row: Family) -> list[inspect.Parameter]:
    found: list[inspect.Parameter] = []
    kind: Any = _EITHER
    for p in row.parameters.values():
        default = _default(p)
        # Python wants what has no default, after what has one, given by name.
        if default is _NONE and found and found[-1].default is not _NONE:
            kind = inspect.Parameter.KEYWORD_ONLY
        found.append(_parameter(p.name, default, kind))
    return found


def _default(parameter: Parameter) -> Any:
    if parameter.default is not None:
        return parameter.default.value
    return None if parameter.choice else _NONE


def _domain(parameter: Parameter) -> str:
    axes = f"[{', '.join(parameter.axes)}]" if parameter.axes else ""
    choice = " (one of its group)" if parameter.choice else ""
    return f"{parameter.domain.name}{axes}{choice}"


def _function_parameters(row: Function) -> list[inspect.Parameter]:
    found = []
    for field in row.order:
        default = row.options.get(field, REQUIRED)
        default = _NONE if default is REQUIRED else default
        # einsum(subscripts, *xs)
        last = field == "xs" and field == row.order[-1]
        kind = inspect.Parameter.VAR_POSITIONAL if last else _EITHER
        found.append(_parameter(field, default, kind))
    return found
