"""`numpyro.contrib.control_flow.scan`: its body is recorded once, as one step.

    carry, slices of xs ──► body ──► next carry, ys        sites of the body are inputs,
                                                           stacked outside of it

What the body takes from outside becomes inputs of the step's own jaxpr.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
from numpyro import handlers
from numpyro.contrib.control_flow import scan as numpyro_scan

from jointbridge.backends.arrays.raising.calls import opened
from jointbridge.backends.arrays.raising.tracing import place_here
from jointbridge.backends.reading import ReadError
from jointbridge.expression import Node

if TYPE_CHECKING:
    from jointbridge.backends.numpyro.read_messages import Recorder

# Its module hides behind the function of the same name.
_module: Any = inspect.getmodule(numpyro_scan)
_at_step = _module._subs_wrapper  # noqa: SLF001 - conditions reach a body by it alone


@dataclass
class ScanRecord:
    """A recurrence with what happens in one step.

    Attributes:
        name: The name of the body's function.
        key: What marks its results among the inputs of the outer function.
        init: The first values of the carries.
        over: The arrays walked along.
        wanted: Names for carries and slices as the body has them.
        recorder: What the body's messages said.
        sites: The sites and marks of the body, in the order of the jaxpr's inputs.
        closed: One step as a jaxpr: outer values, carries, slices, sites.
        outer: What it takes from outside.
    """

    name: str
    key: str
    init: list[Node]
    over: list[Node]
    length: int
    wanted: tuple[list[str], list[str]]
    where: str
    recorder: Recorder
    sites: list[str] = field(default_factory=list)
    closed: Any = None
    outer: list[Node] = field(default_factory=list)

    def result(self, sort: str, number: int) -> str:
        """The key of a last carry or of a stacked output."""
        return f"{self.key}{sort}{number}"


def record(recorder: Recorder, msg: Any) -> None:
    """Records a scan and answers with its results as inputs.

    Raises:
        ReadError: It is another kind of control flow, or runs backwards, or is inside
            of another one.
    """
    where = place_here()
    if msg["fn"] is not _module.scan_wrapper:
        message = "numpyro.contrib.control_flow.cond holds sites in its branches"
        hint = "sample in both cases and choose with jnp.where"
        raise ReadError(message, code="branch", path=where, hint=hint)
    f, init, xs, length, reverse = msg["args"]
    if reverse:
        hint = "reverse the arrays, and scan forwards"
        raise ReadError("a scan with sites runs backwards", path=where, hint=hint)
    if recorder.depth:
        hint = "unroll the inner one, or write it with lax.scan where it has no sites"
        raise ReadError("a scan with sites is inside of another", path=where, hint=hint)
    step = _Step(recorder, f, init, xs, length, msg["kwargs"]["substitute_stack"])
    carry, ys = step.run(where)
    last = (jnp.asarray(step.length), None, carry)
    msg["value"] = (last, (_module.PytreeTrace({}), ys))


class _Step:
    """One step of a scan, traced by itself."""

    def __init__(
        self,
        outer: Recorder,
        body: Any,
        init: Any,
        xs: Any,
        length: int | None,
        conditions: Any,
    ) -> None:
        self.outer, self.body, self.conditions = outer, body, conditions
        self.init, self.carry_tree = jax.tree_util.tree_flatten(init)
        self.xs, self.xs_tree = jax.tree_util.tree_flatten(xs)
        self.init = [jnp.asarray(x) for x in self.init]
        self.xs = [jnp.asarray(x) for x in self.xs]
        self.length = int(self.xs[0].shape[0] if length is None else length)
        if conditions:
            self.xs.append(jnp.arange(self.length))
        self.recorder = outer.inner({})
        self.ys_tree: Any = None

    # -- tracing --------------------------------------------------------------

    def _function(self, sites: list[str] | None) -> Any:
        """The step as a function of carries, slices and sites, that gives leaves."""

        def function(carry: Any, xs: Any, values: Any) -> Any:
            given = None if sites is None else dict(zip(sites, values, strict=True))
            self.recorder = self.outer.inner(given)
            body = self._conditioned(xs[-1] if self.conditions else None)
            slices = xs[:-1] if self.conditions else xs
            with handlers.block(), self.recorder:
                carry_out, ys = body(
                    jax.tree_util.tree_unflatten(self.carry_tree, carry),
                    jax.tree_util.tree_unflatten(self.xs_tree, slices),
                )
            steps, _ = jax.tree_util.tree_flatten(carry_out)
            outputs, self.ys_tree = jax.tree_util.tree_flatten(ys)
            arrays = (self.recorder.leaves.arrays, steps, outputs)
            return [[jnp.asarray(x) for x in part] for part in arrays]

        return function

    def _conditioned(self, step: Any) -> Any:
        body = self.body
        for sort, values in self.conditions:
            if sort not in ("condition", "substitute"):
                raise ReadError(f"a scan under the handler {sort!r}")
            at_step = partial(_at_step, _as_jax(values), step, self.length)
            handler = getattr(handlers, sort)
            body = handler(body, **{f"{sort}_fn": at_step})
        return body

    def _types(self) -> tuple[Any, Any]:
        slices = [jax.ShapeDtypeStruct(x.shape[1:], x.dtype) for x in self.xs]
        return [jax.ShapeDtypeStruct(x.shape, x.dtype) for x in self.init], slices

    def _settled(self) -> Any:
        """The types of a step's outputs, once a carry keeps its type."""
        for _ in range(3):
            _, steps, ys = jax.eval_shape(self._function(None), *self._types(), [])
            if all(_same(a, b) for a, b in zip(self.init, steps, strict=True)):
                break
            self.init = [
                jnp.broadcast_to(a, b.shape).astype(b.dtype)
                for a, b in zip(self.init, steps, strict=True)
            ]
        return steps, ys

    def run(self, where: str) -> tuple[Any, Any]:
        """The last carry and the stacked outputs."""
        steps, ys = self._settled()
        sites = self.recorder.inputs.types
        leaves, inputs = self.outer.leaves, self.outer.inputs
        made = ScanRecord(
            getattr(self.body, "__name__", "scan"),
            self.outer.scan_key(),
            [leaves.add(x) for x in self.init],
            [leaves.add(x) for x in self.xs],
            self.length,
            parameter_names(self.body, len(self.init), len(self.xs)),
            where,
            self.recorder,
            list(sites),
        )
        if inputs.given is not None:
            self._trace(made, sites)
        for name in self.recorder.names:
            self.outer.claim(name)
        for name, one in sites.items():
            inputs.take(name, self._stacked(one))
        carry = [inputs.take(made.result("carry", k), x) for k, x in enumerate(steps)]
        collected = [
            self._collected(made, k, self._stacked(x)) for k, x in enumerate(ys)
        ]
        self.outer.records.append(made)
        return (
            jax.tree_util.tree_unflatten(self.carry_tree, carry),
            jax.tree_util.tree_unflatten(self.ys_tree, collected),
        )

    def _collected(self, made: ScanRecord, number: int, wanted: Any) -> Any:
        return self.outer.inputs.take(made.result("ys", number), wanted)

    def _stacked(self, one: Any) -> Any:
        return jax.ShapeDtypeStruct((self.length, *one.shape), one.dtype)

    def _trace(self, made: ScanRecord, sites: Any) -> None:
        function = self._function(made.sites)
        closed = jax.make_jaxpr(function)(*self._types(), list(sites.values()))
        made.recorder = self.recorder
        made.closed, outer = opened(closed)
        made.outer = [self.outer.leaves.add(x) for x in outer]


def _as_jax(values: Any) -> Any:
    """Conditions whose arrays take a traced index."""
    if not callable(values):
        return {name: jnp.asarray(value) for name, value in values.items()}

    def converted(site: Any) -> Any:
        value = values(site)
        return None if value is None else jnp.asarray(value)

    return converted


def _same(one: Any, other: Any) -> bool:
    return (one.shape, one.dtype) == (other.shape, other.dtype)


# -- names --------------------------------------------------------------------


def parameter_names(
    body: Any, carries: int, slices: int
) -> tuple[list[str], list[str]]:
    """What the body calls its carries and slices; numbered where it does not say."""
    function = inspect.unwrap(getattr(body, "func", body))
    try:
        first, second = list(inspect.signature(function).parameters)[:2]
    except (TypeError, ValueError):
        first, second = "carry", "slice"
    unpacked = _unpacked(function)
    return _spread(first, carries, unpacked), _spread(second, slices, unpacked)


def _spread(name: str, number: int, unpacked: dict[str, list[str]]) -> list[str]:
    if number == 1:
        return [name]
    names = unpacked.get(name, [])
    if len(names) == number and len(set(names)) == number:
        return names
    return [f"{name}_{k}" for k in range(number)]


def _unpacked(function: Any) -> dict[str, list[str]]:
    """The lines `a, b = carry` of a function: `{"carry": ["a", "b"]}`."""
    try:
        parsed = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return {}
    found: dict[str, list[str]] = {}
    for node in ast.walk(parsed):
        match node:
            case ast.Assign(targets=[ast.Tuple(elts)], value=ast.Name(name)):
                names = [e.id for e in elts if isinstance(e, ast.Name)]
                if len(names) == len(elts):
                    found.setdefault(name, names)
    return found
