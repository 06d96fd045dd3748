"""Distributions in a library's words: its classes, its idioms, positions and keywords."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from jointbridge.backends.lower import Argument, Native, Table, lower
from jointbridge.backends.matching import Match
from jointbridge.backends.writing.expressions import Expressions
from jointbridge.backends.writing.python import Code, call, literal
from jointbridge.expression import (
    Call,
    Distribution,
    Name,
    Number,
    Support,
    Transform,
    inner,
)
from jointbridge.families import FAMILIES
from jointbridge.shapes import broadcast, support_of
from jointbridge.syntax import parse_template


class Distributions:
    """Writes the distributions of one scope."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self.language = expressions.language
        self.table = expressions.language.table
        self.scope = expressions.scope
        expressions.distribution = self

    def __call__(self, node: Distribution) -> Code:
        """The code that builds a distribution."""
        found = idiom(node, self.table)
        if found is not None:
            return self._construct(found.family, self._idiom_arguments(found))
        return self._native(lower(node, self.table, self.scope), node)

    def _idiom_arguments(self, node: Distribution) -> dict[str, Code]:
        given = {}
        for key, value in node.params:
            if isinstance(value, Distribution):
                given[key] = self(value)
            else:
                given[key] = self._parameter(value, "float")
        return given

    def _native(self, native: Native, node: Distribution) -> Code:
        arguments: dict[str, Code] = {}
        for key, value in native.arguments.items():
            if isinstance(value, Transform):
                arguments[key] = self._transform(value, node)
            elif isinstance(value, Support):
                return self._improper(value)
            elif isinstance(value, Native):
                arguments[key] = self._nested(value, node)
            elif isinstance(value, tuple):
                arguments[key] = ast.List(self._components(node))
            elif not isinstance(value, Argument):
                arguments[key] = literal(value)
            elif not self._is_default(key, node):
                self._measure(key, value.node, node)
                arguments[key] = self._parameter(value.node, value.kind)
        if node is _NOTHING:
            return self._construct(native.constructor, arguments)
        known = self.scope.distribution(node)
        self.language.check(native.constructor, known.batch, known.event)
        brought = self.language.brings(native.constructor, known.event)
        return self._construct(native.constructor, arguments, brought)

    def _measure(self, key: str, made: Any, node: Distribution) -> None:
        """Say of what dimension a number is that was repeated for every element."""
        given = FAMILIES[node.family].parameters if node is not _NOTHING else {}
        is_number = isinstance(node.param(key), Number) or node.param(key) is None
        if key in given and is_number and isinstance(made, Call):
            axes = [("axis", id(node), letter) for letter in given[key].axes]
            self.expressions.sizes.same(made, axes)

    def _nested(self, native: Native, node: Distribution) -> Code:
        """A distribution inside one: as it was written, where it was."""
        for _, value in node.params:
            if isinstance(value, Distribution):
                written = lower(value, self.table, self.scope, native.extra)
                if written == native:
                    return self(value)
        return self._native(native, _NOTHING)

    def _components(self, node: Distribution) -> list[Code]:
        """The distributions of a list, each with its batch shape."""
        batch = self.scope.distribution(node).batch
        parts = [(self(d), self.scope.distribution(d).batch) for _, d in inner(node)]
        return [
            code if own == batch else self.language.widened(code, literal(batch))
            for code, own in parts
        ]

    def _transform(self, transform: Transform, node: Distribution) -> Code:
        """A transform, with the support that it is applied to where that is not real."""
        base = node.param("base")
        assert isinstance(base, Distribution)
        support = support_of(base, self.scope)
        domain = None if support.name == "real" else self.support(support)
        params = {n: self._parameter(x, "float") for n, x in transform.params}
        return self.language.transform(transform.name, params, domain)

    def _is_default(self, parameter: str, node: Distribution) -> bool:
        """Whether nobody wrote it and the class has it anyway."""
        if not self.language.defaults or node.family in self.table.different:
            return False
        known = FAMILIES[node.family].parameters if node is not _NOTHING else {}
        default = known[parameter].default if parameter in known else None
        return default is not None and node.param(parameter) is None

    def _parameter(self, node: Any, wanted: str) -> Code:
        if wanted == "float" and isinstance(node, Number):
            return self.language.number(float(node.value))
        kind = self.scope.type(node).kind
        match node:
            case Call("full", (Number(),)) if wanted != kind:
                return self.expressions.as_kind(node, wanted)
        return self.language.parameter(self.expressions(node), kind, wanted)

    def _construct(
        self, constructor: str, arguments: Mapping[str, Code], brought: bool = False
    ) -> Code:
        keywords = dict(arguments)
        positional = []
        for key in self.language.places(constructor):
            if key not in keywords:
                break
            positional.append(keywords.pop(key))
        if brought:
            return call(constructor, positional, **keywords)
        return self.language.construct(constructor, positional, keywords)

    def _improper(self, support: Support) -> Code:
        shapes = [self.scope.type(bound).shape for _, bound in support.params]
        batch, event = literal(broadcast(*shapes)), literal(tuple(support.sizes))
        return self.language.improper(self.support(support), batch, event)

    def support(self, support: Support) -> Code:
        """The code of a support."""
        bounds = [self.expressions(bound) for _, bound in support.params]
        return self.language.support(support, bounds)


#: Stands for a distribution of which nothing is known.
_NOTHING = Distribution("", ())


def idiom(node: Distribution, table: Table) -> Distribution | None:
    """A class that the library has for a distribution of several, if it has one."""
    for native, ours in _idioms(table):
        found = Match(_usual)
        if found.matches(ours, node):
            params = ((k, _bound(v, found.bound)) for k, v in native.params)
            return Distribution(
                native.family, tuple((k, v) for k, v in params if v is not None)
            )
    return None


def _idioms(table: Table) -> Iterator[tuple[Distribution, Distribution]]:
    for native, ours in table.idioms.items():
        theirs = parse_template(native)
        if all(isinstance(value, Name) for _, value in theirs.params):
            yield theirs, parse_template(ours)


def _bound(value: Any, bound: Mapping[str, Any]) -> Any:
    found = bound.get(value.name)
    infinite = isinstance(found, Number) and abs(found.value) == float("inf")
    return None if infinite else found


def _usual(family: str) -> dict[str, Any]:
    """The catalogue's defaults."""
    parameters = FAMILIES[family].parameters.values()
    return {p.name: p.default for p in parameters if p.default is not None}
