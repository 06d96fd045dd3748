"""Changes inside of the expressions of a joint, one at a time.

theta[idx]     theta[idx + 1], theta[idx - 1]
x @ w          transpose(x) @ w, x @ transpose(w)
exp(s)         s
a + b          a - b
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from jointbridge.backends.program import Program
from jointbridge.comparison.confusions import Confusion
from jointbridge.comparison.textbook import TEXTBOOK
from jointbridge.errors import JointBridgeError
from jointbridge.expression import (
    EXPRESSIONS,
    Call,
    Distribution,
    Index,
    Name,
    Number,
    Slice,
    children,
    rebuild,
)
from jointbridge.spec import (
    Deterministic,
    Factor,
    Let,
    Sample,
    Spec,
    Statement,
    references,
)
from jointbridge.syntax import show

#: More changes than this are not tried.
_MANY = 400

Said = tuple[Confusion, dict[str, str], float]

_INDEX = "check the index: Python counts from 0, other languages from 1"


def edited(
    spec: Spec,
    site: str,
    values: Sequence[dict[str, Any]],
    wanted: Sequence[float],
    tolerance: float,
) -> Said | None:
    """A change of one expression with which a site has the wanted log densities."""
    for number, (confusion, changed) in enumerate(_edits(spec, site)):
        if number >= _MANY:
            return None
        error = _error(changed, site, values, wanted, tolerance)
        if error <= tolerance:
            return confusion, {}, error
    return None


def _error(
    spec: Spec,
    site: str,
    values: Sequence[dict[str, Any]],
    wanted: Sequence[float],
    tolerance: float,
) -> float:
    worst = 0.0
    try:
        program = Program(spec, TEXTBOOK)
        known = program.analysis.sites
        for point, number in zip(values, wanted, strict=True):
            given = {
                n: program.arrays.array(x, known[n].type.kind)
                for n, x in point.items()
                if n in known
            }
            with np.errstate(all="ignore"):
                parts, _ = program.score(given)
            error = abs(float(parts[site]) - number) / max(1.0, abs(number))
            if not error <= tolerance:
                return np.inf
            worst = max(worst, error)
    except (JointBridgeError, NotImplementedError, ValueError, IndexError, KeyError):
        return np.inf
    return worst


def _edits(spec: Spec, site: str) -> Iterator[tuple[Confusion, Spec]]:
    """The joint with one change in an expression that a site depends on."""
    for number in _relevant(spec, site):
        statement = spec.statements[number]
        for confusion, made in _of_statement(statement):
            statements = list(spec.statements)
            statements[number] = made
            yield confusion, replace(spec, statements=tuple(statements))


def _relevant(spec: Spec, site: str) -> list[int]:
    """The statement of a site and the computed ones that it reads, the nearest first."""
    wanted, found = {site}, []
    for number in range(len(spec.statements) - 1, -1, -1):
        statement = spec.statements[number]
        computed = isinstance(statement, (Let, Deterministic))
        if statement.name in wanted and (computed or statement.name == site):
            found.append(number)
            wanted |= references(statement)
    return found


def _of_statement(statement: Statement) -> Iterator[tuple[Confusion, Statement]]:
    if not isinstance(statement, (Let, Deterministic, Factor, Sample)):
        return
    for field in fields(statement):
        node = getattr(statement, field.name)
        if isinstance(node, (*EXPRESSIONS, Distribution)) and field.name != "observed":
            for confusion, made in _variations(node):
                yield confusion, replace(statement, **{field.name: made})


def _variations(node: Any) -> Iterator[tuple[Confusion, Any]]:
    """The tree with one node changed."""
    yield from _of_node(node)
    for place, child in enumerate(children(node)):
        for confusion, made in _variations(child):
            yield confusion, _with_child(node, place, made)


def _with_child(node: Any, place: int, made: Any) -> Any:
    count = iter(range(len(children(node))))
    return rebuild(node, lambda child: made if next(count) == place else child)


#: Functions that are left out, with the confusion and what to check.
_LEFT_OUT = {
    "exp": ("natural or log scale", "check which scale it is on"),
    "log": ("natural or log scale", "check which scale it is on"),
    "softplus": ("natural or log scale", "check which scale it is on"),
    "sqrt": ("variance or standard deviation", "check which of the two it is"),
    "square": ("variance or standard deviation", "check which of the two it is"),
    "transpose": ("transposed matrix", "transpose it"),
}
#: Functions that are taken for another one.
_TAKEN_FOR = {
    "add": ("subtract", "sign"),
    "subtract": ("add", "sign"),
    "sum": ("mean", "mean instead of sum"),
    "mean": ("sum", "mean instead of sum"),
    "divide": ("multiply", "rate or scale"),
    "multiply": ("divide", "rate or scale"),
}


def _of_node(node: Any) -> Iterator[tuple[Confusion, Any]]:
    if isinstance(node, Index):
        yield from _of_index(node)
    elif isinstance(node, Call):
        yield from _of_call(node)


def _of_call(node: Call) -> Iterator[tuple[Confusion, Any]]:
    here = show(node)
    if node.function == "matmul":
        yield from _of_matmul(node)
    if node.function in _LEFT_OUT:
        name, fix = _LEFT_OUT[node.function]
        says = f"{{b}} leaves {node.function} out of {here}"
        yield Confusion(name, _plain(says), fix), node.args[0]
    if node.function in _TAKEN_FOR:
        onto, name = _TAKEN_FOR[node.function]
        says = f"{{b}} has {onto} for {node.function} in {here}"
        row = Confusion(name, _plain(says), f"it is {node.function}")
        yield row, Call(onto, node.args, node.options)
    if node.function in ("add", "subtract", "multiply"):
        for kept, left in (node.args, node.args[::-1]):
            says = f"{{b}} leaves {show(left)} out of {here}"
            yield Confusion("dropped term", _plain(says), "put it back"), kept


def _of_matmul(node: Call) -> Iterator[tuple[Confusion, Any]]:
    x, y = node.args
    says = f"{{b}} has a transposed matrix in {show(node)}"
    row = Confusion("transposed matrix", _plain(says), "transpose it back")
    for args in ((_turned(x), y), (x, _turned(y)), (_turned(x), _turned(y))):
        yield row, Call("matmul", args, node.options)


def _plain(says: str) -> str:
    """A text in which only `{b}` is to be filled in."""
    head, _, tail = says.partition("{b}")
    return head + "{b}" + tail.replace("{", "{{").replace("}", "}}")


def _turned(node: Any) -> Any:
    return Call("transpose", (node,))


def _of_index(node: Index) -> Iterator[tuple[Confusion, Any]]:
    for place, item in enumerate(node.items):
        for word, made in _moved(item):
            says = f"{{b}} has an index one too {word} in {show(node)}"
            items = (*node.items[:place], made, *node.items[place + 1 :])
            row = Confusion("off by one", _plain(says), _INDEX)
            yield row, Index(node.base, items)


def _moved(item: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(item, Number):
        yield "large", Number(item.value + 1)
        yield "small", Number(item.value - 1)
    elif isinstance(item, Slice):
        for word, step in (("large", 1), ("small", -1)):
            start, stop = item.start, item.stop
            yield word, Slice((start or 0) + step, stop, item.step)
            if stop is not None:
                yield word, Slice(start, stop + step, item.step)
    elif isinstance(item, (Name, Call, Index)):
        yield "large", Call("add", (item, Number(1)))
        yield "small", Call("subtract", (item, Number(1)))
