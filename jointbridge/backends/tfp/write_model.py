"""The parts of a written joint: its components, what they depend on, what is observed."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import TypeAlias, TypeGuard

import numpy as np

from jointbridge.backends.tfp.helpers import HELPERS
from jointbridge.backends.tfp.naming import RESERVED, component_names
from jointbridge.backends.tfp.write_language import (
    TFP,
    TFPExpressions,
    holds_integers,
)
from jointbridge.backends.tfp.write_laws import CLASSES
from jointbridge.backends.tfp.write_loop import Loop, drawn, require_few, stems
from jointbridge.backends.tfp.write_scan import scan_statements
from jointbridge.backends.tfp.write_seen import in_factors
from jointbridge.backends.tfp.write_sites import Sites
from jointbridge.backends.writing.model import observed_only
from jointbridge.backends.writing.names import Identifiers, identifier
from jointbridge.backends.writing.python import (
    Code,
    assign,
    fill,
    literal,
    name,
)
from jointbridge.backends.writing.sizes import Sizes
from jointbridge.errors import UnsupportedError
from jointbridge.expression import Distribution, Name, walk
from jointbridge.expression import names as names_of
from jointbridge.families import FAMILIES
from jointbridge.spec import (
    Data,
    Deterministic,
    Factor,
    Let,
    Param,
    Sample,
    Scan,
    Spec,
    Statement,
    Type,
    defined,
    nodes,
    references,
    samples,
)
from jointbridge.support import SUPPORTS
from jointbridge.validity import require

Component: TypeAlias = Sample | Factor

#: What the module calls its own things.
OWN = ("DATA", *HELPERS, *CLASSES.families, "draws", "joint", "observed")


class Parts:
    """What a spec's joint is made of, as code.

    Raises:
        UnsupportedError: TFP cannot say it.
    """

    def __init__(self, spec: Spec) -> None:
        self.spec = in_floats(in_factors(require(spec)))
        self.analysis = require(self.spec)
        self.aliases = observed_only(spec)
        self._name()
        for scan in self.loops:
            require_few(scan, self.analysis.scans[scan.name][1])
        self.sizes = Sizes(self.analysis, self.identifiers, tuple(self.aliases))
        self.expressions = self.expressions_of(set(), set())
        self.sites = Sites(self.expressions)

    def _name(self) -> None:
        self.components = [
            s for s in self.spec.statements if isinstance(s, (Sample, Factor))
        ]
        self.loops = [s for s in self.spec.statements if is_loop(s)]
        taken = [*TFP.imports, *OWN, *RESERVED]
        self.identifiers = Identifiers(taken)
        for component, wish in component_names(c.name for c in self.components).items():
            self.identifiers.alias(component, self.identifiers.new(wish))
        self.stems = self._stems()
        for data, site in self.aliases.items():
            self.identifiers.same(data, site)
        for title in (d.name for d in self.spec.data):
            self.identifiers[title]
        self.title = self.identifiers.new(identifier(self.spec.name))

    def _stems(self) -> dict[str, str]:
        """What the components of a site in a loop are called before their number."""
        lengths = {
            site.name: self.analysis.scans[scan.name][1]
            for scan in self.loops
            for site in scan.sites
        }
        taken = (self.identifiers[c.name] for c in self.components)
        return stems(component_names(lengths), lengths, taken)

    def expressions_of(self, plain: set[str], foreign: set[str]) -> TFPExpressions:
        """A writer of expressions outside of loops; see `RunTime`."""
        scope = self.analysis.scope
        found = TFPExpressions(
            TFP(), scope, self.identifiers, self.sizes, plain, foreign
        )
        found.counted = {
            n: site.type.kind
            for n, site in self.analysis.sites.items()
            if site.type.kind
            != ("int" if holds_integers(site.sample.dist) else "float")
        }
        return found

    # -- what depends on what -------------------------------------------------

    @cached_property
    def _definitions(self) -> dict[str, Statement]:
        return {n: s for s in self.spec.statements for n in defined(s)}

    def closure(self, read: Iterable[str]) -> tuple[set[str], list[Statement]]:
        """The components that names rest on, and the values in between, in order."""
        sites: set[str] = set()
        between: set[str] = set()
        stack = list(read)
        while stack:
            statement = self._definitions.get(stack.pop())
            if isinstance(statement, Sample) or is_loop(statement):
                sites.update(s.name for s in samples(statement))
            elif statement is not None and statement.name not in between:
                between.add(statement.name)
                stack += references(statement)
        order = [s for s in self.spec.statements if s.name in between]
        return sites, [s for s in order if not isinstance(s, (Sample, Factor))]

    def rests_on(self, component: Component) -> tuple[set[str], list[Statement]]:
        """What a component depends on; see `closure`."""
        return self.closure(read_by(component))

    @cached_property
    def needed(self) -> tuple[frozenset[str], list[Statement]]:
        """The names that components rest on, and the statements that give them.

        A loop is among them with what is needed of it.
        """
        read = frozenset[str]()
        found: list[Statement] = []
        for statement in reversed(self.spec.statements):
            if isinstance(statement, (Sample, Factor)):
                read |= read_by(statement)
            elif is_loop(statement):
                found.append(drawn(statement, read))
                read |= references(found[-1])
            elif read.intersection(defined(statement)):
                found.append(statement)
                read |= references(statement)
        return read, found[::-1]

    @cached_property
    def fixed(self) -> list[Statement]:
        """Values that components read and that no site can change."""
        return [s for s in self.needed[1] if self.is_fixed(s)]

    @cached_property
    def learned(self) -> list[str]:
        """The learnable values that components rest on."""
        return [s.name for s in self.needed[1] if isinstance(s, Param)]

    def is_fixed(self, statement: Statement) -> bool:
        """Whether no site can change a value."""
        return not is_loop(statement) and not self.closure(references(statement))[0]

    # -- components -----------------------------------------------------------

    def component(self, component: Component) -> Code:
        """The distribution of a site or a factor, under its name."""
        if isinstance(component, Factor):
            code = self.sites.factor(component)
        else:
            code = self.sites.site(self.analysis.sites[component.name])
        assert isinstance(code, ast.Call)
        title = literal(self.identifiers[component.name])
        code.keywords.append(ast.keyword("name", title))
        return code

    # -- values in between ----------------------------------------------------

    def value(self, statement: Statement) -> list[ast.stmt]:
        """The statements that compute a value; arrays whatever they are."""
        if is_loop(statement):
            given = (self.expressions, self.analysis, statement, self.stems)
            return Loop(*given, self.needed[0]).draws()
        if isinstance(statement, Scan):
            return scan_statements(self.expressions, self.analysis, statement)
        if isinstance(statement, Param):
            return [self.learnable(statement)]
        assert isinstance(statement, (Let, Deterministic))
        code = self.expressions.array(statement.value)
        return [assign(self.identifiers[statement.name], code)]

    def learnable(self, statement: Param) -> ast.stmt:
        """A learnable value: what is given for it, or what it begins with."""
        if not self.is_fixed(statement):
            message = f"the learnable {statement.name!r} begins with what is drawn"
            raise UnsupportedError(message, hint="let it begin with a number or data")
        title = self.identifiers[statement.name]
        first = self.expressions.as_kind(statement.init, "float")
        text = "jnp.asarray(first if given is None else given)"
        return assign(title, fill(text, first=first, given=name(title)))

    def arrays(self) -> list[ast.stmt]:
        """Data as JAX's arrays, and what depends on them alone."""
        given = [
            assign(title, fill("jnp.asarray(x)", x=name(title)))
            for title in (self.identifiers[d] for d in self.read)
        ]
        return given + [line for s in self.fixed for line in self.value(s)]

    @cached_property
    def read(self) -> list[str]:
        """The data whose values components rest on."""
        return [d.name for d in self.spec.data if d.name in self.needed[0]]

    @property
    def arguments(self) -> list[str]:
        """The data that a function takes whose body has been written."""
        return [
            d.name
            for d in self.spec.data
            if d.name in self.read or d.name in self.sizes.read
        ]


def is_loop(statement: Statement | None) -> TypeGuard[Scan]:
    """Whether it is a recurrence with sites inside."""
    return isinstance(statement, Scan) and bool(statement.sites)


def read_by(component: Component) -> frozenset[str]:
    """The names that the distribution of a component reads."""
    found = (names_of(n) for k, n in nodes(component) if k != "observed")
    return frozenset[str]().union(*found)


def in_floats(spec: Spec) -> Spec:
    """A spec whose integer data are floats where nothing but floats is asked for."""
    counts: Counter[str] = Counter()
    for statement in spec.statements:
        for _, node in nodes(statement):
            counts.update(n.name for n in walk(node) if isinstance(n, Name))
            for dist in walk(node):
                if isinstance(dist, Distribution):
                    counts.subtract(_given_as_floats(dist))
    keep = {p.of[0] for p in spec.plates if p.of}
    data = tuple(
        Data(d.name, Type(d.type.shape), _floats(d.values))
        if d.type.kind == "int" and not counts[d.name] and d.name not in keep
        else d
        for d in spec.data
    )
    return replace(spec, data=data)


def _given_as_floats(dist: Distribution) -> list[str]:
    rows = FAMILIES[dist.family].parameters
    return [
        value.name
        for key, value in dist.params
        if isinstance(value, Name) and not SUPPORTS[rows[key].domain.name].discrete
    ]


def _floats(values: np.ndarray | None) -> np.ndarray | None:
    return None if values is None else values.astype(float)
