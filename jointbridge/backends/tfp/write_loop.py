"""A recurrence with sites as a loop in a coroutine: every step is a component.

level = []
year_carry = first
for t in range(len(flow)):
level_t = yield tfd.Normal(year_carry, sigma, name=f"level_{t}")
level.append(level_t)
year_carry = level_t
level = jnp.stack(level)
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from jointbridge.analysis import Analysis
from jointbridge.analysis.dependence import only, rests_on
from jointbridge.backends.tfp.write_language import TFPExpressions, holds_integers
from jointbridge.backends.tfp.write_sites import Sites
from jointbridge.backends.writing.names import Identifiers
from jointbridge.backends.writing.python import (
    Code,
    array_of,
    assign,
    call,
    method,
    name,
    packed,
)
from jointbridge.errors import UnsupportedError
from jointbridge.expression import Name, Node, names
from jointbridge.spec import Let, Sample, Scan, nodes, own_names

#: The most steps that are written; TFP traces each of them by itself.
MOST = 500


def drawn(scan: Scan, read: Iterable[str]) -> Scan:
    """What a joint needs of a scan: its sites, not observed, and of the rest what is read."""
    body = tuple(
        replace(s, observed=None) if isinstance(s, Sample) else s for s in scan.body
    )
    collect = tuple((key, node) for key, node in scan.collect if key in {*read})
    bare = replace(scan, body=body, collect=collect)
    collected = frozenset[str]().union(*(names(node) for _, node in collect))
    return only(bare, rests_on(bare, {s.name for s in scan.sites} | collected))


def seen(scan: Scan) -> Scan:
    """What the observed values of a scan's sites rest on.

    Raises:
        UnsupportedError: They rest on a site.
    """
    read = (names(s.observed) for s in scan.sites if s.observed is not None)
    found = rests_on(scan, frozenset[str]().union(*read))
    for site in scan.sites:
        if site.name in found:
            message = f"an observed value in {scan.name!r} rests on {site.name!r}"
            raise UnsupportedError(message, hint="observe what is known beforehand")
    return replace(only(scan, found), collect=())


def require_few(scan: Scan, length: int) -> None:
    """Refuse a recurrence of very many components."""
    if length > MOST:
        message = (
            f"{scan.name!r} has {length} steps, and each step of a recurrence with "
            f"sites is a component of its own in TFP"
        )
        hint = f"write at most {MOST} steps, or use joint.to_tfp()"
        raise UnsupportedError(message, hint=hint)


class Loop:
    """Writes the loop of one scan.

    Args:
        outer: The expressions around it.
        analysis: The whole spec and its types.
        scan: What is left of the scan.
        stems: By site, what its components are called before the number of the step.
        read: The names of all steps' values that are read after the loop.
    """

    def __init__(
        self,
        outer: TFPExpressions,
        analysis: Analysis,
        scan: Scan,
        stems: Mapping[str, str],
        read: Collection[str] = (),
    ) -> None:
        self.outer, self.scan, self.stems = outer, scan, stems
        self.sites = analysis.sites
        scope, length = analysis.scans[scan.name]
        self.length = outer.sizes.size(("steps", scan.name), length)
        self.kept: dict[str, Node] = dict(scan.collect)
        self.kept |= {s.name: Name(s.name) for s in scan.sites if s.name in read}
        # Taken first: inside, a step has another name.
        self.rows = {key: outer.identifiers[key] for key in self.kept}
        identifiers = self._identifiers()
        self.inner = outer.inside(scope, identifiers)
        self._count()
        self.writer = Sites(self.inner)
        self.counter = identifiers.new("t")
        self.arrays = {key: outer.array(node) for key, node in scan.over}

    def _identifiers(self) -> Identifiers:
        """The names inside the loop; `z_t` where `z` is the stacked value outside."""
        outer = self.outer.identifiers
        found = outer.inner(own_names(self.scan))
        for title in sorted(own_names(self.scan)):
            wish = f"{title}_t" if title in outer else title
            found.alias(title, found.new(wish))
        return found

    def _count(self) -> None:
        """Counts that TFP gives as floats; see `TFPExpressions`."""
        own = {s.name for s in self.scan.sites}
        counted = {k: kind for k, kind in self.outer.counted.items() if k in own}
        self.inner.counted = {**self.inner.counted, **counted}

    # -- the joint ------------------------------------------------------------

    def draws(self) -> list[ast.stmt]:
        """The loop that yields the components, and the stacked values that are read."""
        rows = self.rows.values()
        before = [assign(row, array_of([])) for row in rows]
        after = [assign(r, call("jnp.stack", [name(r)])) for r in rows]
        return [*before, *self._loop(self._step()), *after]

    def _step(self) -> Iterator[ast.stmt]:
        read = frozenset[str]().union(
            *(names(node) for _, node in nodes(self.scan)), {*self.kept}
        )
        for statement in self.scan.body:
            if isinstance(statement, Let):
                yield self._let(statement)
                continue
            code = ast.Yield(self._component(statement.name))
            title = self.inner.identifiers[statement.name]
            yield assign(title, code) if statement.name in read else ast.Expr(code)
        for key, node in self.kept.items():
            yield ast.Expr(method(name(self.rows[key]), "append", self._row(key, node)))

    def _row(self, key: str, node: Node) -> Code:
        """What a step adds; a count stays what TFP gives, and is cast where it is read."""
        is_site = key in self.stems
        return name(self.inner.identifiers[key]) if is_site else self.inner.array(node)

    def _component(self, site: str) -> Code:
        step = self.sites[site].step
        assert step is not None
        code = self.writer.site(step)
        assert isinstance(code, ast.Call)
        code.keywords.append(ast.keyword("name", self._label(site)))
        return code

    def _label(self, site: str) -> Code:
        step = ast.FormattedValue(name(self.counter), -1)
        return ast.JoinedStr([ast.Constant(f"{self.stems[site]}_"), step])

    # -- what is observed -----------------------------------------------------

    def pins(self, into: str, sites: Iterable[Sample]) -> list[ast.stmt]:
        """The loop that enters the observed values of sites in a dict."""
        return self._loop(self._entries(into, [*sites]))

    def _entries(self, into: str, sites: Iterable[Sample]) -> Iterator[ast.stmt]:
        for statement in self.scan.body:
            assert isinstance(statement, Let)
            yield self._let(statement)
        for site in sites:
            step = self.sites[site.name].step
            assert step is not None
            kind = "int" if holds_integers(site.dist) else "float"
            code = self.inner.as_shape(site.observed, step.type.shape, kind)
            yield assign(ast.Subscript(name(into), self._label(site.name)), code)

    # -- loops ----------------------------------------------------------------

    def _loop(self, step: Iterable[ast.stmt]) -> list[ast.stmt]:
        """The carries before the first step, and the loop around a step."""
        before: list[ast.stmt] = []
        given: list[ast.stmt] = []
        for key, array in self.arrays.items():
            if not isinstance(array, ast.Name):
                title = self.inner.identifiers.new(f"{key}_steps")
                before.append(assign(title, array))
                array = name(title)
            row = ast.Subscript(array, name(self.counter))
            given.append(assign(self.inner.identifiers[key], row))
        before += [self._carry(key, node, self.outer) for key, node in self.scan.carry]
        body = [*given, *step, *self._next()]
        steps = call("range", [self.length])
        return [*before, ast.For(name(self.counter), steps, body, [])]

    def _carry(self, key: str, node: Node, where: TFPExpressions) -> ast.stmt:
        return assign(self.inner.identifiers[key], self._typed(key, node, where))

    def _typed(self, key: str, node: Node, where: TFPExpressions) -> Code:
        """A value of a carry; an array, as Python's own numbers divide in another way."""
        type_, given = self.inner.scope.names[key], where.scope.type(node)
        code = where.as_shape(node, type_.shape, type_.kind)
        if where.is_array(node) or given.shape != type_.shape:
            return code
        return where.language.array(code, type_.kind)

    def _next(self) -> list[ast.stmt]:
        following = dict(self.scan.next)
        changed = [k for k, _ in self.scan.carry if following[k] != Name(k)]
        if not changed:
            return []
        values = [self._typed(k, following[k], self.inner) for k in changed]
        targets: list[Code] = [name(self.inner.identifiers[k]) for k in changed]
        return [assign(packed(targets), packed(values))]

    def _let(self, let: Let) -> ast.stmt:
        self.inner.define(let.name, let.value)
        return assign(self.inner.identifiers[let.name], self.inner(let.value))


def stems(
    wishes: Mapping[str, str], lengths: Mapping[str, int], taken: Iterable[str]
) -> dict[str, str]:
    """For sites in steps, names to which the number of a step is added, all unique.

    Args:
        wishes: By site, what it would be called.
        lengths: By site, its number of steps.
        taken: The names of all other components.
    """
    used = {*taken}
    found: dict[str, str] = {}
    for site, wish in wishes.items():
        stem = wish
        while used & (steps := {f"{stem}_{t}" for t in range(lengths[site])}):
            stem += "_"
        found[site] = stem
        used |= steps
    return found
