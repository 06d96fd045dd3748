"""The parameters of a class of a family: how they are taken, kept and measured."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from jointbridge.backends.writing.python import (
    Code,
    assign,
    call,
    dotted,
    fill,
    literal,
    name,
)
from jointbridge.families import Family


@dataclass(frozen=True)
class Arrays:
    """How a library makes arrays of parameters.

    Attributes:
        one: A template of an array from `a`.
        several: What makes arrays of several that have one shape.
        shapes: What gives the shape of several shapes together.
    """

    one: str
    several: str
    shapes: str


class Parameters:
    """Writes the parameters of one class.

    Args:
        spelled: How the library makes arrays.
        family: Whose class it is.
    """

    def __init__(self, spelled: Arrays, family: Family) -> None:
        self.spelled, self.family = spelled, family
        self.own: dict[str, Code] = {n: dotted(f"self.{n}") for n in family.parameters}

    def signature(self) -> tuple[list[ast.arg], list[Code]]:
        """The parameters of the constructor, and the defaults of the last ones."""
        rows = self.family.parameters.values()
        defaults: list[Code] = []
        for row in rows:
            if row.choice:
                defaults.append(literal(None))
            elif row.default is not None:
                defaults.append(literal(float(row.default.value)))
        return [ast.arg(row.name) for row in rows], defaults

    def arrays(self) -> tuple[list[ast.stmt], Code, Code]:
        """The statements that keep the parameters, and the shapes."""
        rows = self.family.parameters
        nothing: Code = ast.Tuple([])
        if not rows:
            return [], nothing, nothing
        if len(rows) > 1 and not any(r.choice or r.axes for r in rows.values()):
            targets = ast.Tuple(list(self.own.values()))
            together = call(self.spelled.several, map(name, rows))
            shape = fill("a.shape", a=next(iter(self.own.values())))
            return [assign(targets, together)], shape, nothing
        made = [assign(self.own[n], self._array(n)) for n in rows]
        return [*made, *self._given()], self._batch(), self._event()

    def _array(self, title: str) -> Code:
        code = fill(self.spelled.one, a=name(title))
        if not self.family.parameters[title].choice:
            return code
        return fill("None if a is None else made", a=name(title), made=code)

    def _given(self) -> list[ast.stmt]:
        """The one of alternatives that is there."""
        if not self._choices():
            return []
        first, second = self._choices()
        either = fill(
            "b if first is None else a",
            first=name(first),
            a=self.own[first],
            b=self.own[second],
        )
        return [assign("weights", either)]

    def _choices(self) -> list[str]:
        return [n for n, row in self.family.parameters.items() if row.choice]

    def _measured(self) -> dict[str, Code]:
        """The parameters that have shapes, alternatives as one."""
        rows = self.family.parameters
        return {
            n: name("weights") if row.choice else self.own[n]
            for n, row in rows.items()
            if not row.choice or n == self._choices()[0]
        }

    def _batch(self) -> Code:
        rows = self.family.parameters
        shapes = [
            fill("a.shape[:-1]" if rows[n].axes else "a.shape", a=code)
            for n, code in self._measured().items()
        ]
        return shapes[0] if len(shapes) == 1 else call(self.spelled.shapes, shapes)

    def _event(self) -> Code:
        if not self.family.axes:
            return ast.Tuple([])
        return fill("a.shape[-1:]", a=self.with_axes())

    def dtype(self) -> Code:
        """The width of all of them; the library's own where there are none."""
        plain = fill(self.spelled.one, a=literal(0.0))
        return fill("a.dtype", a=next(iter(self.own.values()), plain))

    def sizes(self) -> dict[str, Code]:
        """By axis of the family, how long it is."""
        return {
            axis: fill("a.shape[-1]", a=self.own[n])
            for n, row in self.family.parameters.items()
            for axis in row.axes
        }

    def with_axes(self) -> Code:
        """The parameter whose last axis is that of a value."""
        rows = self.family.parameters
        return next(code for n, code in self._measured().items() if rows[n].axes)
