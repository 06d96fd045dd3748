"""What people mix up inside of expressions, one node at a time.

theta[idx]       theta[idx + 1], theta[idx - 1]
x @ w            transpose(x) @ w, x @ transpose(w)
exp(s)           s, exp(-s)
a + b            a - b, a, b
a * (b - c)      a * b - c
tau[:, None]     tau
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jointbridge.comparison.confusions import Confusion
from jointbridge.expression import Call, Index, Name, Number, Slice, children, rebuild
from jointbridge.syntax import show

#: What is mixed up, and the node as it is then.
Variation = tuple[Confusion, Any]

_INDEX = "check the index: Python counts from 0, other languages from 1"


def variations(node: Any) -> Iterator[Variation]:
    """The tree with one node changed, in each way that is known."""
    yield from _of_node(node)
    for place, child in enumerate(children(node)):
        for confusion, made in variations(child):
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
    "negative": ("sign", "check the sign"),
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


#: Functions whose argument is often given with the other sign.
_SIGNED = ("exp", "expit", "log_sigmoid", "tanh", "softplus", "normal_cdf")
#: Functions that a number may be taken into, or left out of.
_SUMS = ("add", "subtract")
_PRODUCTS = ("multiply", "divide")


def _of_node(node: Any) -> Iterator[Variation]:
    if isinstance(node, Index):
        yield from _of_index(node)
        yield from _of_axes(node)
    elif isinstance(node, Call):
        for way in (_of_matmul, _left_out, _taken_for, _dropped, *_LATER):
            yield from way(node)


def _left_out(node: Call) -> Iterator[Variation]:
    if node.function in _LEFT_OUT:
        name, fix = _LEFT_OUT[node.function]
        says = f"{{b}} leaves {node.function} out of {show(node)}"
        yield Confusion(name, _plain(says), fix), node.args[0]


def _taken_for(node: Call) -> Iterator[Variation]:
    if node.function in _TAKEN_FOR:
        onto, name = _TAKEN_FOR[node.function]
        says = f"{{b}} has {onto} for {node.function} in {show(node)}"
        row = Confusion(name, _plain(says), f"it is {node.function}")
        yield row, Call(onto, node.args, node.options)


def _dropped(node: Call) -> Iterator[Variation]:
    if node.function in (*_SUMS, "multiply"):
        for kept, left in (node.args, node.args[::-1]):
            says = f"{{b}} leaves {show(left)} out of {show(node)}"
            yield Confusion("dropped term", _plain(says), "put it back"), kept


def _negated(node: Call) -> Iterator[Variation]:
    if node.function in _SIGNED:
        made = Call(node.function, (Call("negative", node.args),), node.options)
        says = f"{{b}} has {show(made)} for {show(node)}"
        yield Confusion("sign", _plain(says), "check the sign inside"), made


def _bracket(node: Call) -> Iterator[Variation]:
    """`a * (b - c)` as `a * b - c`."""
    if node.function not in _PRODUCTS:
        return
    for place, inner in enumerate(node.args):
        if not (isinstance(inner, Call) and inner.function in _SUMS):
            continue
        for kept in (0, 1):
            terms = list(inner.args)
            terms[kept] = _with_child(node, place, terms[kept])
            made = Call(inner.function, tuple(terms), inner.options)
            says = f"{{b}} has {show(made)} for {show(node)}"
            fix = "check the brackets: the factor is of the whole sum"
            yield Confusion("misplaced bracket", _plain(says), fix), made


def _other_axis(node: Call) -> Iterator[Variation]:
    axis = node.option("axis")
    if isinstance(axis, int):
        onto = {-1: -2, -2: -1, 0: 1, 1: 0}.get(axis, axis - 1)
        made = Call(node.function, node.args, _with_axis(node.options, onto))
        yield _axis_row(node, made), made


def _with_axis(options: Any, axis: int) -> Any:
    return tuple((n, axis if n == "axis" else x) for n, x in options)


def _rows_for_columns(node: Call) -> Iterator[Variation]:
    """`tau * L` as `tau[:, None] * L`."""
    if node.function not in _PRODUCTS:
        return
    for place, arg in enumerate(node.args):
        if isinstance(arg, Name):
            made = _with_child(node, place, Index(arg, (Slice(), None)))
            yield _axis_row(node, made), made


def _of_axes(node: Index) -> Iterator[Variation]:
    """`tau[:, None]` as `tau`, which is `tau[None, :]` where it meets a matrix."""
    if None in node.items and all(i in (None, Slice()) for i in node.items):
        yield _axis_row(node, node.base), node.base


def _axis_row(node: Any, made: Any) -> Confusion:
    says = f"{{b}} has {show(made)} for {show(node)}"
    fix = "check along which axis: rows are not columns"
    return Confusion("wrong axis", _plain(says), fix)


_LATER = (_negated, _bracket, _other_axis, _rows_for_columns)


def _of_matmul(node: Call) -> Iterator[Variation]:
    if node.function != "matmul":
        return
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


def _of_index(node: Index) -> Iterator[Variation]:
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
