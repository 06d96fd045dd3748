"""Recurrences as loops: what a user of torch writes where JAX has `scan`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from jointbridge.backends.pyro.markov import history_of
from jointbridge.backends.writing.effects import Effects, Model
from jointbridge.backends.writing.names import Identifiers
from jointbridge.backends.writing.plates import is_last, keys
from jointbridge.backends.writing.python import (
    Code,
    array_of,
    assign,
    call,
    fill,
    literal,
    method,
    name,
    packed,
)
from jointbridge.expression import Name, Node, names
from jointbridge.spec import Scan, nodes, own_names


class Recurrence:
    """Writes one scan.

    h = first
    kept = []
    for x_t in x:
        …
        kept.append(h)
    kept = torch.stack(kept)
    """

    def __init__(self, language: Effects, writer: Model, scan: Scan) -> None:
        self.outer, self.spec = writer, scan
        scope, self.length = writer.analysis.scans[scan.name]
        kept = [s.name for s in scan.sites if s.name in writer.used]
        for title in kept:
            writer.identifiers[title]  # taken: inside, a step has another name
        self.before = self._plates()
        identifiers = self._identifiers()
        expressions = writer.expressions.inside(scope, identifiers)
        self.counter = identifiers.new("t")
        step = name(self.counter) if scan.sites else None
        self.collected: list[tuple[str, Node]] = [
            *((title, node) for title, node in scan.collect if title in writer.used),
            *((title, Name(title)) for title in kept),
        ]
        read = frozenset[str]().union(*(names(node) for _, node in nodes(scan)))
        used = read | {*kept}
        self.inner = Model(
            language, writer.analysis, expressions, used, writer.plates, step
        )

    def statements(self) -> list[ast.stmt]:
        """What stands before the loop, the loop, and what is made of its values."""
        before = [*self.before, *self._first()]
        rows = {title: self._row(title) for title, _ in self.collected}
        before += [assign(row, array_of([])) for row in rows.values()]
        after: list[ast.stmt] = [
            assign(self.outer.identifiers[title], call("torch.stack", [name(row)]))
            for title, row in rows.items()
        ]
        target, over, given = self._head()
        body = [*given, *self._body(rows)]
        loop = ast.For(target, over, body or [ast.Pass()], [])
        return [*before, loop, *after]

    def _row(self, title: str) -> str:
        """The list of what is collected."""
        return self.outer.identifiers[title]

    def _plates(self) -> list[ast.stmt]:
        """The plates of the body: Pyro makes a plate once."""
        found: list[ast.stmt] = []
        plates = self.outer.plates
        for site in self.spec.sites:
            for key in keys(site):
                if key not in plates.made:
                    code = self.outer.plate(key, is_last(keys(site)))
                    title = plates.make(key, self.outer.identifiers)
                    found.append(assign(title, code))
        return found

    def _identifiers(self) -> Identifiers:
        """The names inside the loop; `z_t` where `z` is the stacked value outside."""
        outer = self.outer.identifiers
        found = outer.inner(own_names(self.spec))
        for title in sorted(own_names(self.spec)):
            wish = f"{title}_t" if title in outer else title
            found.alias(title, found.new(wish))
        return found

    def _first(self) -> list[ast.stmt]:
        """The carries before the first step."""
        types = self.inner.expressions.scope.names
        return [
            assign(
                self.inner.identifiers[title],
                self.outer.expressions.as_shape(
                    node, types[title].shape, types[title].kind
                ),
            )
            for title, node in self.spec.carry
        ]

    def _head(self) -> tuple[Code, Code, list[ast.stmt]]:
        """The variables of the loop, what it runs over, and what a step is given."""
        slices = [name(self.inner.identifiers[title]) for title, _ in self.spec.over]
        arrays = [self.outer.expressions.array(node) for _, node in self.spec.over]
        if self.spec.sites or not arrays:
            target = name(self.counter if self.spec.sites else "_")
            given: list[ast.stmt] = [
                assign(s, ast.Subscript(x, name(self.counter)))
                for s, x in zip(slices, arrays, strict=True)
            ]
            return target, self._steps(arrays), given
        if len(arrays) == 1:
            return slices[0], arrays[0], []
        return ast.Tuple(list(slices)), call("zip", arrays), []

    def _steps(self, arrays: Sequence[Code]) -> Code:
        """`range(…)`, in `pyro.markov` where counted sites are enumerated."""
        plain = [x for x in arrays if isinstance(x, ast.Name)]
        length = call("len", [plain[0]]) if plain else literal(self.length)
        steps = call("range", [length])
        history = history_of(self.outer.analysis, self.spec)
        if history is None:
            return steps
        more = literal(history) if history > 1 else None
        return fill("pyro.markov(steps, history=more)", steps=steps, more=more)

    def _body(self, rows: dict[str, str]) -> Iterable[ast.stmt]:
        """The statements of a step."""
        sites = self.outer.analysis.sites
        steps = {s.name: step for s in self.spec.sites if (step := sites[s.name].step)}
        yield from self.inner.body(self.spec.body, steps)
        for title, node in self.collected:
            code = self.inner.full(node)
            yield ast.Expr(method(name(rows[title]), "append", code))
        types = self.inner.expressions.scope.names
        following = dict(self.spec.next)
        changed = [t for t, _ in self.spec.carry if following[t] != Name(t)]
        if changed:
            values = [
                self.inner.expressions.as_shape(
                    following[t], types[t].shape, types[t].kind
                )
                for t in changed
            ]
            targets = [name(self.inner.identifiers[t]) for t in changed]
            yield assign(packed(targets), packed(values))
