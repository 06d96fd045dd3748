"""From the messages of a run to the statements of a spec."""

from __future__ import annotations

from typing import Any

import torch

from jointbridge.backends.pyro.tracing.families import Families, Layers, layers
from jointbridge.backends.pyro.tracing.nodes import Node
from jointbridge.backends.pyro.tracing.plates import Plates
from jointbridge.backends.pyro.tracing.raising import Raiser
from jointbridge.backends.pyro.tracing.sites import Statement
from jointbridge.backends.pyro.tracing.supports import support
from jointbridge.backends.reading import Notebook, ReadError
from jointbridge.errors import SpecError
from jointbridge.expression import Call, Expression, Index, Number, Support
from jointbridge.spec import Deterministic, Factor, Param, Sample, Type
from jointbridge.spec import Statement as SpecStatement
from jointbridge.support import SUPPORTS


class Statements:
    """The statements of a spec, one after another.

    Args:
        raiser: Gives expressions.
        families: Gives distributions.
        plates: Gives places in plates.
        notebook: For what a spec does not show.
    """

    def __init__(
        self, raiser: Raiser, families: Families, plates: Plates, notebook: Notebook
    ) -> None:
        self.raiser = raiser
        self.families = families
        self.plates = plates
        self.notebook = notebook

    def of(self, message: Statement) -> SpecStatement:
        """The statement that a message is.

        Raises:
            ReadError: It cannot be said.
        """
        self.raiser.site = message.name
        try:
            return self._of(message)
        except ReadError as error:
            raise _placed(error, message) from None
        except SpecError as error:
            problem = error.problems[0]
            text = f"site {message.name!r}: {problem.message}"
            raise ReadError(
                text, code="unreadable", path=message.where, hint=problem.hint
            ) from None

    def _of(self, message: Statement) -> SpecStatement:
        if message.kind == "param":
            return self._param(message)
        assert message.made is not None
        found = layers(message.made)
        if found.core.class_name == "Unit":
            return self._factor(message, found)
        if _is_deterministic(message, found):
            return Deterministic(message.name, self.raiser.full(message.value))
        return self._sample(message, found)

    # -- sample ---------------------------------------------------------------

    def _sample(self, message: Statement, found: Layers) -> Sample:
        dist = self.families.core(found.core)
        inferred = self.raiser.scope.distribution(dist)
        shape = (*message.fn.batch_shape, *message.fn.event_shape)
        batch = tuple(shape[: len(shape) - len(inferred.event)])
        own = len(batch) - len(message.fn.batch_shape)
        plates, rest = self.plates.place(message.name, message.frames, batch, own)
        type_ = Type((*batch, *inferred.event), inferred.kind)
        self.raiser.scope.names[message.name] = type_
        return Sample(
            message.name,
            dist,
            plates,
            rest,
            observed=self._observed(message, inferred.kind),
            mask=self._mask(message, found, own),
            scale=self._scale(message.scale, own),
            hints=self._hints(message),
        )

    def _observed(self, message: Statement, kind: str) -> Expression | None:
        if not message.observed:
            return None
        found = self.raiser(message.value)
        return self.raiser.constants.whole(found) if kind == "int" else found

    def _mask(self, message: Statement, found: Layers, own: int) -> Expression | None:
        masks = [(message.mask, own), *found.masks]
        result: Expression | None = None
        for mask, axes in masks:
            node = Number(True) if mask is None else self.raiser(mask)
            if node != Number(True):
                node = self._widened(node, axes)
                result = node if result is None else Call("logical_and", (result, node))
        return result

    def _scale(self, scale: Any, own: int) -> Expression | None:
        if not isinstance(scale, Node):
            return None if scale == 1 else Number(float(scale))
        found = self.raiser(scale)
        return None if found == Number(1.0) else self._widened(found, own)

    def _widened(self, node: Expression, axes: int) -> Expression:
        """An expression over the batch, with axes of 1 for a draw's own copies."""
        if not axes or not self.raiser.shape(node):
            return node
        return Index(node, (..., *[None] * axes))

    def _hints(self, message: Statement) -> tuple[tuple[str, Any], ...]:
        found = []
        for word, value in message.infer.items():
            if word.startswith("_") or word in _PYROS_OWN:
                continue
            if isinstance(value, (str, int, float, bool)):
                found.append((word, value))
            else:
                text = f"the hint {word!r} is {type(value).__name__}, no plain value"
                self.notebook.note("dropped", message.name, text)
        return tuple(found)

    # -- others ---------------------------------------------------------------

    def _factor(self, message: Statement, found: Layers) -> Factor:
        """A term; in plates it counts once for each element."""
        value = self.raiser(found.core.arguments["log_factor"])
        shape = tuple(message.fn.batch_shape)
        if (mask := self._mask(message, found, 0)) is not None:
            value = Call("where", (mask, value, Number(0.0)))
        if (scale := self._scale(message.scale, 0)) is not None:
            value = Call("multiply", (scale, value))
        own = self.raiser.shape(value)
        if own != shape:
            spread = "broadcast_to" if own else "full"
            value = self.raiser.call(spread, value, shape=shape)
        return Factor(message.name, value)

    def _param(self, message: Statement) -> Param:
        value = message.value.value
        if message.frames and any(f.size != f.full_size for f in message.frames):
            text = f"parameter {message.name!r} stands in a plate that is subsampled"
            raise ReadError(text, code="unreadable", hint="read it without subsampling")
        self.raiser.scope.names[message.name] = Type(tuple(value.shape), "float")
        init = message.init
        plain = init is not None and not isinstance(init.value, torch.nn.Parameter)
        same = plain and _is_close(init.value, value)
        init_node = init if same else _leaf(message)
        return Param(
            message.name, self.raiser.full(init_node), self._support(message, value)
        )

    def _support(self, message: Statement, value: Any) -> Support:
        found = support(message.constraint, self.raiser)
        rank = SUPPORTS[found.name].rank
        if not rank:
            return found
        return support(message.constraint, self.raiser, tuple(value.shape[-rank:]))


#: Words that Pyro itself puts among the hints.
_PYROS_OWN = {"is_auxiliary", "was_observed", "is_observed"}


def _is_close(init: Any, value: Any) -> bool:
    """Whether a parameter is what it was at first, up to the way there and back."""
    within = 1e-12 if value.dtype == torch.float64 else 1e-5
    return init.shape == value.shape and torch.allclose(
        init.to(value), value, rtol=within, atol=within
    )


def _leaf(message: Statement) -> Node:
    """The value that a parameter has now, as a constant."""
    node = message.value
    return Node(-1 - node.number, node.value.detach(), label=f"{message.name}_init")


def _is_deterministic(message: Statement, found: Layers) -> bool:
    """Whether a site only reports a value: `deterministic`, or what a reparam leaves."""
    if message.infer.get("_deterministic"):
        return True
    masked = any(mask is False for mask, _ in found.masks)
    return masked and found.core.class_name == "Delta" and message.observed


def _placed(error: ReadError, message: Statement) -> ReadError:
    """A refusal that names the site and the place."""
    problem = error.problems[0]
    named = repr(message.name) in problem.message
    text = problem.message if named else f"site {message.name!r}: {problem.message}"
    path = problem.path or message.where
    return ReadError(text, code=problem.code, path=path, hint=problem.hint)
