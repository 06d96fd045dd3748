"""From the graph of a run to expressions: one node after another, in the run's order.

An expression may have fewer axes than its tensor: whatever was only spread over further
axes is not written. `full` writes it where a function looks at the axes themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from jointbridge.backends.graphs import below
from jointbridge.backends.pyro.torch_calls import canonical, matching
from jointbridge.backends.pyro.tracing.constants import Constants, number
from jointbridge.backends.pyro.tracing.nodes import (
    CHANGED,
    NOTHING,
    Node,
    hidden_randomness,
    nodes_in,
    refusal,
)
from jointbridge.backends.reading import Notebook, ReadError
from jointbridge.backends.sharing import Label
from jointbridge.errors import SpecError
from jointbridge.expression import (
    Call,
    Distribution,
    Expression,
    Index,
    Name,
    Number,
    Sequence,
    substitute,
)
from jointbridge.functions import FUNCTIONS
from jointbridge.shapes import Scope, fits
from jointbridge.spec import Type

#: Gives the distribution of the catalogue that a constructed one is.
Families = Callable[[Any], tuple[Distribution, int]]


class Raiser:
    """Expressions for the nodes of one run.

    Args:
        scope: The types of all names.
        constants: Where data is found and kept.
        notebook: Where it is noted what was folded.
        rules: What cannot be said as a row, by torch's name.
    """

    def __init__(
        self,
        scope: Scope,
        constants: Constants,
        notebook: Notebook,
        rules: dict[str, Callable[..., Any]],
    ) -> None:
        self.scope = scope
        self.constants = constants
        self.notebook = notebook
        self.rules = rules
        self.labels: dict[int, Label] = {}
        #: The site whose parameters are being raised.
        self.site = ""
        self.families: Families
        self._done: dict[int, Expression] = {}
        self._full: dict[int, Expression] = {}

    def __call__(self, value: Any) -> Expression:
        """The expression of a node, a number or a list of them."""
        if isinstance(value, Node):
            for node in self._plan(value):
                self._done[node.number] = self._raise(node)
            return self._done[value.number]
        if isinstance(value, (list, tuple)):
            return Sequence(tuple(map(self, value)))
        if isinstance(value, (bool, int, float)) or hasattr(value, "dtype"):
            return number(value)
        message = f"{type(value).__name__} is no value, on the way to {self.site!r}"
        raise ReadError(message, code="unknown-operation")

    def full(self, node: Any) -> Expression:
        """The expression with all the axes of its tensor."""
        found = self(node)
        if not isinstance(node, Node):
            return found
        shape = tuple(node.value.shape)
        if self.shape(found) == shape:
            return found
        if node.number not in self._full:
            spread = "full" if not self.shape(found) else "broadcast_to"
            self._full[node.number] = Call(spread, (found,), (("shape", shape),))
        return self._full[node.number]

    def ending(self, found: Expression, axes: tuple[int, ...]) -> Expression:
        """The expression with these sizes for its last axes."""
        own = self.shape(found)
        if own[len(own) - len(axes) :] == axes and len(own) >= len(axes):
            return found
        lead = own[: max(0, len(own) - len(axes))]
        spread = "broadcast_to" if own else "full"
        return self.call(spread, found, shape=(*lead, *axes))

    def shape(self, expression: Expression) -> tuple[int, ...]:
        """The shape of an expression, as it is written."""
        return self.scope.type(expression).shape

    def kind(self, expression: Any) -> str:
        """The kind of an expression: float, int or bool."""
        return self.scope.type(expression).kind

    def refuse(self, node: Node, why: str = "") -> ReadError:
        """The refusal of a call that cannot be said."""
        name = canonical(node.call)
        message = f"torch's {name} has no counterpart here{why and ': '}{why}"
        if self.site:
            message += f" (on the way to {self.site!r})"
        hint = (
            "write it with other functions, or compute it before and hand it in as data"
        )
        return refusal(message, "unknown-operation", node.where, hint)

    # -- nodes ----------------------------------------------------------------

    def _plan(self, wanted: Node) -> list[Node]:
        """What must be raised for a node, in the run's order."""
        found: dict[int, Node] = {}
        stack = [wanted]
        while stack:
            node = stack.pop()
            if node.number in found or node.number in self._done:
                continue
            found[node.number] = node
            if node.origin != NOTHING:
                stack.extend(nodes_in((node.args, node.kwargs)))
        return [
            found[n] for n in sorted(found) if isinstance(found[n].value, torch.Tensor)
        ]

    def _raise(self, node: Node) -> Expression:
        if node.origin.random:
            raise hidden_randomness(node)
        if node.call == CHANGED:
            raise self._changed(node)
        if node.name:
            known = node.name in self.scope.names and node.origin.sites
            return Name(node.name) if known else self.constants.data(node.name)
        if isinstance(node.value, torch.nn.Parameter):
            raise self._stray(node)
        if not node.origin.free and not node.origin.data:
            return self._labelled(node, self._constant(node))
        return self._labelled(node, self._checked(node))

    def _constant(self, node: Node) -> Expression:
        return self.constants.value(node.value, node.label, node.where)

    def _checked(self, node: Node) -> Expression:
        """A call in our words; what rests on data alone is folded where there are none."""
        try:
            found = self._call(node)
            own = self.scope.type(found)
            if not fits(own.shape, tuple(node.value.shape)):
                raise self.refuse(node, f"{own} for shape {list(node.value.shape)}")
        except (SpecError, ReadError, *_FAULTS) as error:
            if not node.origin.free:
                return self._folded(node)
            if isinstance(error, ReadError):
                raise
            problems = getattr(error, "problems", None)
            why = problems[0].message if problems else str(error)
            raise self.refuse(node, why) from None
        return found

    def _folded(self, node: Node) -> Expression:
        data = ", ".join(sorted(node.origin.data))
        text = f"{canonical(node.call)} of {data} was computed once"
        self.notebook.note("folded", node.where, text)
        return self._constant(node)

    def _call(self, node: Node) -> Expression:
        name = canonical(node.call)
        kwargs = node.kwargs or {}
        if name in self.rules:
            return self.rules[name](self, node, *node.args, **kwargs)
        found = matching(name, node.args, kwargs)
        if found is None:
            raise self.refuse(node)
        template, given = found
        raised = self if _is_elementwise(template) else self.full
        values = {k: raised(v) for k, v in given.items()}
        return self._without_identity(folded(substitute(template, values)))

    def _without_identity(self, node: Any) -> Any:
        """`x` for `x + 0.0` and for `1.0 * x`, where `x` is a float anyway."""
        match node:
            case Call("add", (x, Number(0.0) as y)) | Call(
                "add", (Number(0.0) as y, x)
            ):
                pass
            case Call("multiply", (Number(1.0) as y, x)):
                pass
            case _:
                return node
        is_float = isinstance(y.value, float) and self.kind(x) == "float"
        return x if is_float else node

    def _labelled(self, node: Node, found: Expression) -> Expression:
        if node.label and not isinstance(found, (Name, Number)):
            self.labels.setdefault(id(found), Label(node.label, node.where))
        return found

    def _changed(self, node: Node) -> ReadError:
        named = repr(node.label) if node.label else "a tensor"
        return refusal(
            f"{named} was changed in place through a view of it"
            + (f" (on the way to {self.site!r})" if self.site else ""),
            "unknown-operation",
            node.where,
            "write into the tensor itself, or build it with torch.cat or torch.stack",
        )

    def _stray(self, node: Node) -> ReadError:
        return refusal(
            "a parameter of a torch module is no parameter of the Pyro model"
            + (f" (on the way to {self.site!r})" if self.site else ""),
            "unreadable",
            node.where,
            "call pyro.module('name', module) in the model, or use a PyroModule",
        )

    def call(self, function: str, *args: Expression, **options: Any) -> Call:
        """A call of the vocabulary, its options in the order of the row."""
        row = FUNCTIONS[function]
        axis = options.get("axis")
        if isinstance(axis, tuple) and len(axis) == 1:
            options["axis"] = axis[0]
        given = tuple(
            (name, options[name])
            for name, usual in row.options.items()
            if name in options and options[name] != usual
        )
        return Call(function, args, given)

    def type(self, expression: Expression) -> Type:
        """The type of an expression."""
        return self.scope.type(expression)


#: What a rule raises where a call has arguments that it does not expect.
_FAULTS = (TypeError, ValueError, IndexError, KeyError, AttributeError, RuntimeError)


def _is_elementwise(template: Any) -> bool:
    """Whether a row's arguments may have fewer axes than their tensors."""
    return all(
        FUNCTIONS[n.function].shape == "map"
        for n in below([template], set())
        if isinstance(n, Call)
    ) and not any(isinstance(n, Index) for n in below([template], set()))


def folded(node: Any) -> Any:
    """The expression without what says nothing: `-(1)`, `where(False, x, y)`."""
    match node:
        case Call("negative", (Number(value),)) if not isinstance(value, bool):
            return Number(-value)
        case Call("multiply", (x, Number() as y)) if not isinstance(x, Number):
            return Call("multiply", (y, x))  # torch does not tell 2 * x from x * 2
        case Call("where", (Number(value), yes, no)):
            return yes if value else no
        case Call("logaddexp", (x, Number(value))) if value == 0:
            return Call("softplus", (x,))
        case Call("greater", (Number(x), Number(y))):
            return Number(x > y)
        case Call("divide", (Number(x), Number(y))) if y:
            return Number(x / y)
    return node
