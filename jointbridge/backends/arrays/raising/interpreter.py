"""The walk over the equations of a jaxpr."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jax.extend import core

from jointbridge.backends.arrays.raising import sources
from jointbridge.backends.arrays.raising.constants import Constants
from jointbridge.backends.arrays.raising.equations import evaluate, live
from jointbridge.backends.arrays.raising.matching import Match, matches
from jointbridge.backends.arrays.raising.refusals import refuse
from jointbridge.backends.arrays.raising.regions import inner
from jointbridge.backends.arrays.raising.values import (
    Operand,
    Shape,
    Value,
    constant,
    is_plain,
    kind_of,
)
from jointbridge.backends.arrays.raising.views import view
from jointbridge.backends.reading import Note, Notebook
from jointbridge.backends.sharing import Label
from jointbridge.expression import Call, Expression, Name, Number
from jointbridge.shapes import Scope
from jointbridge.spec import Scan, Type

#: Expressions that stand for themselves and need no name.
_ATOMS = (Name, Number)


@dataclass(frozen=True)
class Raised:
    """What came out of a jaxpr.

    Attributes:
        outputs: One expression for each output, up to broadcasting. An equation that is
            used twice is the same object twice.
        labels: By the id of an expression, what its author called it and where.
        scans: Recurrences to be stated before anything that reads them.
        scope: The types of all names, and of every expression.
        constants: What constants are called; `added` holds new data.
        notes: What was computed from known data, and what was left out.
    """

    outputs: tuple[Expression, ...]
    labels: Mapping[int, Label]
    scans: tuple[Scan, ...]
    scope: Scope
    constants: Constants
    notes: tuple[Note, ...] = ()

    def types(self) -> tuple[Type, ...]:
        """The shape and kind of each output by itself."""
        return tuple(self.scope.type(e) for e in self.outputs)


def raise_jaxpr(
    closed: Any,
    inputs: Sequence[Expression],
    *,
    names: Constants | None = None,
    types: Mapping[str, Type] | None = None,
) -> Raised:
    """The outputs of a closed jaxpr as expressions over its inputs.

    Args:
        closed: What `jax.make_jaxpr` gives.
        inputs: An expression for each input; the shape of a name is its input's.
        names: What constants are called.
        types: The types of names, where they differ from those of the inputs.

    Raises:
        ReadError: An operation has no counterpart; names the file and the line.
    """
    names = names if names is not None else Constants()
    known = {
        n.name: Type(tuple(v.aval.shape), kind_of(v.aval))
        for n, v in zip(inputs, closed.jaxpr.invars, strict=True)
        if isinstance(n, Name)
    }
    raiser = Raiser(Scope({**names.types(), **known, **(types or {})}), names)
    values = [raiser.named(node) for node in inputs]
    outputs = raiser.run(closed, values)
    nodes = tuple(
        raiser.operand(value, var.aval).node
        for value, var in zip(outputs, closed.jaxpr.outvars, strict=True)
    )
    return Raised(
        nodes,
        raiser.labels,
        tuple(raiser.scans),
        raiser.scope,
        names,
        tuple(raiser.notebook.notes),
    )


@dataclass
class Raiser:
    """The state of a walk."""

    scope: Scope
    constants: Constants
    labels: dict[int, Label] = field(default_factory=dict)
    scans: list[Scan] = field(default_factory=list)
    notebook: Notebook = field(default_factory=Notebook)
    place: Label = field(default_factory=Label)
    needed: frozenset[Any] = frozenset()
    _names: Counter[str] = field(default_factory=Counter)

    # -- expressions ----------------------------------------------------------

    def type(self, node: Any) -> Type:
        """The type of an expression."""
        return self.scope.type(node)

    def named(self, node: Expression) -> Value:
        """The value behind an expression that was given."""
        values = self.constants.values(node.name) if isinstance(node, Name) else None
        return Value(node, None if values is None else lambda: values)

    def written(self, value: Value) -> Expression:
        """The expression of a value; a constant becomes text now."""
        if value.node is not None:
            return value.node
        array = np.asarray(value.array)
        node = self.constants.expression(array, value.hint or self.place.name)
        if isinstance(node, Name):
            self.scope.names.update(self.constants.types())
        return node

    def constant(self, array: Any) -> Value:
        """Numbers as what a variable holds."""
        return constant(array)

    def text(self, array: Any) -> Expression:
        """The expression of an array of numbers."""
        return self.written(constant(array))

    def operand(self, value: Value, aval: Any) -> Operand:
        """A value as an argument."""
        return Operand(self, value, aval)

    def operand_of(self, node: Expression, aval: Any) -> Operand:
        """An expression as an argument."""
        return Operand(self, Value(node), aval)

    def value_of(self, node: Expression) -> Value:
        """An expression as what a variable holds."""
        return Value(node)

    def fresh(self, stem: str) -> str:
        """A name that nothing has."""
        name = stem
        while name in self.scope.names or name in self.constants.taken:
            self._names[stem] += 1
            name = f"{stem}_{self._names[stem] + 1}"
        self.constants.taken.add(name)
        return name

    def declare(self, stem: str, aval: Any, *lead: int) -> Name:
        """A new name for values of a JAX type, behind leading axes."""
        name = self.fresh(stem)
        self.scope.names[name] = Type((*lead, *aval.shape), kind_of(aval))
        return Name(name)

    def refusal(self, equation: Any, detail: str = "", hint: str = "") -> Exception:
        """The error for an equation that cannot be said, to be raised."""
        return refuse(equation, self.place.where, detail, hint)

    def note_folded(self, equation: Any) -> None:
        """Notes that an equation was computed from data."""
        where = f"{equation.primitive.name} {self.place.where}".strip()
        self.notebook.note("folded", where, "it was computed from known data")

    def view(self, node: Expression, items: Sequence[Any]) -> Expression:
        """`node[items]` with integers, slices and `None`."""
        found: Expression = view(self.scope, node, items)
        return found

    def broadcast(self, node: Expression, shape: Shape) -> Expression:
        """The expression in a shape."""
        own = self.type(node).shape
        if own == shape:
            return node
        function = "broadcast_to" if own else "full"
        return Call(function, (node,), (("shape", shape),))

    def cast(self, node: Expression, kind: str) -> Expression:
        """The expression as another kind; numbers are rewritten."""
        if isinstance(node, Number):
            return Number({"float": float, "int": int, "bool": bool}[kind](node.value))
        return Call("cast", (node,), (("kind", kind),))

    # -- equations ------------------------------------------------------------

    def run(self, closed: Any, inputs: Sequence[Value], *, label: bool = True) -> Any:
        """The values of the outputs of a closed jaxpr."""
        from jointbridge.backends.arrays.raising.rows import apply

        env: dict[Any, Value] = dict(zip(closed.jaxpr.invars, inputs, strict=True))
        for var, array in zip(closed.jaxpr.constvars, closed.consts, strict=True):
            env[var] = self._captured(array)
        found = matches(closed.jaxpr.eqns)
        kept, needed = live(closed.jaxpr, found)
        marks = sources.labels(kept) if label else [self.place] * len(kept)
        for equation, mark in zip(kept, marks, strict=True):
            self.place, self.needed = mark, needed
            self._equation(equation, found.get(id(equation)), env, apply)
        return [self._read(env, atom) for atom in closed.jaxpr.outvars]

    def _captured(self, array: Any) -> Value:
        """An array that the function closed over: data, where it is known as that."""
        if not is_plain(array):
            return constant(array)
        name = self.constants.same(array)
        return constant(array) if name is None else self.named(name)

    def _read(self, env: Mapping[Any, Value], atom: Any) -> Value:
        if isinstance(atom, core.Literal):
            return self._captured(atom.val) if np.ndim(atom.val) else constant(atom.val)
        return env[atom]

    def _equation(
        self, equation: Any, match: Match | None, env: dict[Any, Value], apply: Any
    ) -> None:
        atoms = equation.invars if match is None else match.arguments
        values = [self._read(env, atom) for atom in atoms]
        if all(v.is_constant for v in values):
            numbers = _numbers(equation, match, values)
            results = [constant(x, self.place.name) for x in numbers]
        else:
            operands = [
                self.operand(v, a.aval) for v, a in zip(values, atoms, strict=True)
            ]
            if match is not None:
                node = match.build(self, operands)
                results = [self._result(equation, match, 0, values, node)]
            else:
                results = self._applied(equation, operands, apply)
        for var, value in zip(equation.outvars, results, strict=True):
            env[var] = value
            self._mark(value)

    def _applied(self, equation: Any, operands: list[Operand], apply: Any) -> Any:
        values = [o.value for o in operands]
        if (region := inner(equation)) is not None:
            closed, chosen = region(values)
            return self.run(closed, chosen, label=False)
        found = apply(self, equation, operands)
        if found is None:
            return self._folded(equation, values)
        nodes = found if isinstance(found, list) else [found]
        return [self._result(equation, None, k, values, n) for k, n in enumerate(nodes)]

    def _result(
        self,
        equation: Any,
        match: Match | None,
        k: int,
        values: list[Value],
        node: Any,
    ) -> Value:
        if isinstance(node, Value):
            return node
        if any(v.numbers is None for v in values):
            return Value(node)
        return Value(node, lambda: _numbers(equation, match, values)[k])

    def _folded(self, equation: Any, values: list[Value]) -> list[Value]:
        """What an operation without a counterpart gives for known data.

        Raises:
            ReadError: It depends on more than known data.
        """
        if any(v.numbers is None for v in values):
            raise self.refusal(equation)
        self.note_folded(equation)
        return [constant(x, self.place.name) for x in evaluate(equation, values)]

    def _mark(self, value: Value) -> None:
        node = value.node
        if node is None:
            value.hint = value.hint or self.place.name
        elif not isinstance(node, _ATOMS):
            old = self.labels.get(id(node), Label())
            if old.name is None:
                where = old.where or self.place.where
                self.labels[id(node)] = Label(self.place.name, where)
            self.scope.type(node)  # keeps the node, and so its id


def _numbers(equation: Any, match: Match | None, values: list[Value]) -> list[Any]:
    """What an equation, or the function that it ends, gives for known arguments."""
    if match is None:
        return evaluate(equation, values)
    return [match.numbers([v.array for v in values])]
