"""From a distribution as it was constructed to the catalogue's spelling of it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pyro.distributions as dist
import torch

from jointbridge.backends.foreign import to_catalogue
from jointbridge.backends.pyro.table import READING
from jointbridge.backends.pyro.tracing.constants import number
from jointbridge.backends.pyro.tracing.constructions import Made
from jointbridge.backends.pyro.tracing.nodes import Node
from jointbridge.backends.pyro.tracing.raising import Raiser
from jointbridge.backends.pyro.tracing.supports import support
from jointbridge.backends.reading import ReadError
from jointbridge.expression import (
    Call,
    Distribution,
    Number,
    Sequence,
    Support,
    is_many,
)
from jointbridge.families import FAMILIES
from jointbridge.support import SUPPORTS


@dataclass
class Layers:
    """What stands around a distribution.

    Attributes:
        core: The distribution itself.
        own: How many batch axes are one draw's own.
        masks: Each with the number of own axes that stand to the right of it.
    """

    core: Made
    own: int = 0
    masks: list[tuple[Any, int]] = field(default_factory=list)


def layers(made: Made) -> Layers:
    """A distribution without `Independent`, `Masked` and `expand` around it."""
    own, masks = 0, []
    while True:
        match made.class_name:
            case "Independent":
                own += int(made.arguments["reinterpreted_batch_ndims"])
                made = made.arguments["base_distribution"]
            case "MaskedDistribution":
                masks.append((made.arguments["mask"], own))
                made = made.arguments["base_dist"]
            case "ExpandedDistribution":
                made = made.arguments["base_dist"]
            case _:
                inner = [(mask, own - outer) for mask, outer in masks]
                return Layers(made, own, inner)


#: Vectors of one number are written out up to this length.
_SHORT = 4

#: Parameters that are lists, of a class that says nothing of its parameters: Empirical.
_LISTS = {"samples", "log_weights"}

#: Parameters that only say how large a value is.
_SHAPES = {"event_dim", "cache_size"}


class Families:
    """Distributions of the catalogue from constructed ones.

    Args:
        raiser: Gives the expressions of parameters.
    """

    def __init__(self, raiser: Raiser) -> None:
        self.raiser = raiser

    def __call__(self, made: Made) -> tuple[Distribution, int]:
        """The distribution, and how many batch axes are one draw's own."""
        found = layers(made)
        if any(mask is not True for mask, _ in found.masks):
            message = f"{found.core.class_name} has a mask inside another distribution"
            raise ReadError(message, code="unreadable", hint="mask the site instead")
        return self.core(found.core), found.own

    def core(self, made: Made) -> Distribution:
        """The catalogue's spelling of a distribution without layers."""
        if isinstance(made.built, dist.Empirical):
            _require_outcomes(made.built)
        tree = self.tree(made)
        try:
            found = to_catalogue(READING, tree, defaults)
        except ReadError as error:
            raise self._explained(made, error) from None
        return self.settled(found)

    def tree(self, made: Made, axes: int = 0) -> Distribution:
        """The distribution in Pyro's own words; parameters have `axes` axes at least."""
        if made.class_name == "ImproperUniform":
            return self._improper(made)
        params = []
        for name, value in made.arguments.items():
            if name not in _SHAPES:
                params.append((name, self._parameter(made, name, value, axes)))
        return Distribution(made.class_name, tuple(params))

    def _parameter(self, made: Made, name: str, value: Any, axes: int) -> Any:
        found = self._argument(name, value, _event_axes(made.built, name))
        if axes and not (isinstance(found, (Distribution, Support)) or is_many(found)):
            shape = (*made.built.batch_shape, *made.built.event_shape)
            found = self.raiser.ending(found, tuple(shape[-axes:]))
        return found

    def _improper(self, made: Made) -> Distribution:
        """Scalar supports say no size: the site's own shape does."""
        found = support(made.arguments["support"], self.raiser)
        rank = SUPPORTS[found.name].rank
        event = tuple(made.arguments["event_shape"])
        sizes = event[len(event) - rank :]
        params = (("support", replace(found, sizes=sizes)),)
        return Distribution("ImproperUniform", params)

    def settled(self, tree: Distribution) -> Distribution:
        """Counts as whole numbers; `10.0` trials are 10."""
        row = FAMILIES[tree.family]
        params = []
        for name, value in tree.params:
            domain = row.parameters[name].domain
            if isinstance(value, Distribution):
                value = self.settled(value)
            elif is_many(value):
                value = Sequence(tuple(map(self.settled, value.items)))
            elif row.parameters[name].default is not None and row.parameters[name].axes:
                value = _one(value)
            elif domain.name in SUPPORTS and SUPPORTS[domain.name].discrete:
                value = self.raiser.constants.whole(value)
            params.append((name, value))
        return Distribution(tree.family, tuple(params))

    def _argument(self, name: str, value: Any, axes: int) -> Any:
        match value:
            case Made() if value.is_transform:
                return self._transforms([value])
            case Made():
                return self._inner(name, value)
            case [Made(), *_] if all(v.is_transform for v in value):
                return self._transforms(list(value))
            case [Made(), *_]:
                return Sequence(tuple(self._inner(name, made) for made in value))
            case Node():
                return self._with_axes(value, axes)
            case bool() | int() | float():
                return number(value)
        return self.raiser(value)

    def _inner(self, name: str, made: Made) -> Distribution:
        """A distribution inside another one."""
        found = layers(made)
        if found.own:
            tree = self.tree(found.core, found.own)
            params = (("base_distribution", tree), ("own", Number(found.own)))
            return Distribution("Independent", params)
        if any(mask is not True for mask, _ in found.masks):
            message = f"{found.core.class_name} has a mask inside another distribution"
            raise ReadError(message, code="unreadable", hint="mask the site instead")
        tree = self.tree(found.core)
        if name == "component_distribution":
            tree = self._counted(tree, made)
        return tree

    def _counted(self, tree: Distribution, made: Made) -> Distribution:
        """Components with the axis that counts them, where none of the parameters has it."""
        batch = tuple(made.built.batch_shape)
        for name, value in tree.params:
            if not isinstance(value, (Distribution, Support)):
                shape = self.raiser.shape(value)
                if shape[-1:] == batch[-1:] and not _event_axes(made.built, name):
                    return tree
        if not tree.params or not batch:
            return tree
        (name, value), *rest = tree.params
        if _event_axes(made.built, name) or isinstance(value, (Distribution, Support)):
            return tree
        value = self.raiser.ending(value, batch[-1:])
        return Distribution(tree.family, ((name, value), *rest))

    def _with_axes(self, node: Node, axes: int) -> Any:
        """A parameter with at least its event axes."""
        found = self.raiser(node)
        if not axes:
            return found
        wanted = tuple(node.value.shape[-axes:])
        if axes == 1 and isinstance(found, Number) and wanted[0] <= _SHORT:
            return Sequence((found,) * wanted[0])
        return self.raiser.ending(found, wanted)

    def _transforms(self, given: list[Made]) -> Distribution:
        parts = [p for t in given for p in _parts(t)]
        if len(parts) == 1:
            return self.tree(parts[0])
        named = ((f"part{n}", self.tree(part)) for n, part in enumerate(parts))
        return Distribution("ComposeTransform", tuple(named))

    def _explained(self, made: Made, error: ReadError) -> ReadError:
        """Says of a user's own class that it is one."""
        module = type(made.built).__module__
        if module.startswith(("pyro.", "torch.", "jointbridge.")):
            return error
        return ReadError(
            f"{made.class_name} is a class of your own (in {module})",
            code="unknown-family",
            hint="say its log density with pyro.factor, or build it from known families",
        )


def _require_outcomes(built: dist.Empirical) -> None:
    """Samples of vectors, or in another order, are no outcomes.

    Raises:
        ReadError: They are such.
    """
    samples = built.enumerate_support()
    if built.event_shape or not (samples[..., 1:] > samples[..., :-1]).all():
        message = "the samples of Empirical are not numbers that rise"
        hint = "sort them with their weights, and join those that are equal"
        raise ReadError(message, code="unreadable", hint=hint)


def _one(value: Any) -> Any:
    """The number that a vector repeats: where there is a default, it is spread anyway."""
    match value:
        case Call("full", (Number() as one,)):
            return one
        case Sequence((Number() as one, *rest)) if all(r == one for r in rest):
            return one
    return value


def _event_axes(built: Any, name: str) -> int:
    """How many trailing axes of a parameter belong to one draw."""
    try:
        return int(built.arg_constraints[name].event_dim)
    except (NotImplementedError, AttributeError, KeyError):
        return int(name in _LISTS)


@cache
def defaults(class_name: str) -> Mapping[str, Any]:
    """The defaults of a constructor's parameters that are numbers."""
    found = getattr(dist, class_name, None)
    if found is None:
        found = getattr(torch.distributions, class_name, None)
    if found is None:
        return {}
    return {
        name: number(parameter.default)
        for name, parameter in inspect.signature(found).parameters.items()
        if isinstance(parameter.default, (bool, int, float)) and name != "validate_args"
    }


def _parts(transform: Made) -> list[Made]:
    """The transforms that a composition applies, in order."""
    if transform.class_name != "ComposeTransform":
        return [transform]
    return [p for part in transform.arguments["parts"] for p in _parts(part)]
