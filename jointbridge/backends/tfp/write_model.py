"""The parts of a written joint: its components, what they depend on, what is observed."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TypeAlias

import numpy as np

from jointbridge.analysis import Site
from jointbridge.backends.tfp.naming import RESERVED, component_names
from jointbridge.backends.tfp.write_language import (
    TFP,
    TFPExpressions,
    holds_integers,
)
from jointbridge.backends.tfp.write_scan import scan_statements
from jointbridge.backends.writing.distributions import Distributions
from jointbridge.backends.writing.expressions import Expressions, spec_sets
from jointbridge.backends.writing.model import observed_only
from jointbridge.backends.writing.names import Identifiers, identifier
from jointbridge.backends.writing.python import (
    Code,
    assign,
    call,
    fill,
    function,
    literal,
    method,
    name,
)
from jointbridge.backends.writing.sizes import Sizes
from jointbridge.errors import UnsupportedError
from jointbridge.expression import Distribution, Name, walk
from jointbridge.expression import names as names_of
from jointbridge.families import FAMILIES
from jointbridge.shapes import broadcast
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
)
from jointbridge.support import SUPPORTS
from jointbridge.validity import require

Component: TypeAlias = Sample | Factor

#: What the module calls its own things.
OWN = ("DATA", "Factor", "Flat", "draws", "joint", "observed")


class Parts:
    """What a spec's joint is made of, as code.

    Raises:
        UnsupportedError: TFP cannot say it.
    """

    def __init__(self, spec: Spec) -> None:
        require(spec)
        _refuse(spec)
        self.spec = in_floats(spec)
        self.analysis = require(self.spec)
        self.aliases = observed_only(spec)
        self._name()
        self.sizes = Sizes(self.analysis, self.identifiers, tuple(self.aliases))
        self.expressions = self._expressions(set(), set())
        self.distributions = Distributions(self.expressions)

    def _name(self) -> None:
        self.components = [
            s for s in self.spec.statements if isinstance(s, (Sample, Factor))
        ]
        taken = [*TFP.imports, *OWN, *RESERVED]
        self.identifiers = Identifiers(taken)
        wishes = component_names(c.name for c in self.components)
        for component, wish in wishes.items():
            self.identifiers.alias(component, self.identifiers.new(wish))
        for data, site in self.aliases.items():
            self.identifiers.same(data, site)
        for title in (d.name for d in self.spec.data):
            self.identifiers[title]
        self.title = self.identifiers.new(identifier(self.spec.name))

    def _expressions(self, plain: set[str], foreign: set[str]) -> TFPExpressions:
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
            if isinstance(statement, Sample):
                sites.add(statement.name)
            elif statement is not None and statement.name not in between:
                between.add(statement.name)
                stack += references(statement)
        order = [s for s in self.spec.statements if s.name in between]
        return sites, [s for s in order if not isinstance(s, (Sample, Factor))]

    def rests_on(self, component: Component) -> tuple[set[str], list[Statement]]:
        """What a component depends on; see `closure`."""
        return self.closure(read_by(component))

    @cached_property
    def fixed(self) -> list[Statement]:
        """Values that components read and that no site can change."""
        found = [s for c in self.components for s in self.rests_on(c)[1]]
        return [s for s in self.spec.statements if s in found and self.is_fixed(s)]

    def is_fixed(self, statement: Statement) -> bool:
        """Whether no site can change a value."""
        return not self.closure(references(statement))[0]

    # -- components -----------------------------------------------------------

    def component(self, component: Component) -> Code:
        """The distribution of a site or a factor, under its name."""
        if isinstance(component, Factor):
            code: Code = call("Factor", [self._term(component)])
        else:
            code = self._site(self.analysis.sites[component.name])
        assert isinstance(code, ast.Call)
        title = literal(self.identifiers[component.name])
        code.keywords.append(ast.keyword("name", title))
        return code

    # -- values in between ----------------------------------------------------

    def value(self, statement: Statement) -> list[ast.stmt]:
        """The statements that compute a value; arrays whatever they are."""
        if isinstance(statement, Scan):
            return scan_statements(self.expressions, self.analysis, statement)
        assert isinstance(statement, (Let, Deterministic))
        code = self.expressions.array(statement.value)
        return [assign(self.identifiers[statement.name], code)]

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
        values = [s for c in self.components for s in self.rests_on(c)[1]]
        found = frozenset[str]().union(*map(references, values))
        found = found.union(*map(read_by, self.components))
        return [d.name for d in self.spec.data if d.name in found]

    @property
    def arguments(self) -> list[str]:
        """The data that a function takes whose body has been written."""
        return [
            d.name
            for d in self.spec.data
            if d.name in self.read or d.name in self.sizes.read
        ]


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


def _refuse(spec: Spec) -> None:
    for statement in spec.statements:
        if isinstance(statement, Param):
            message = f"a joint of TFP has no learnable values, as {statement.name!r}"
            hint = "make it data, and optimise the joint's log density yourself"
            raise UnsupportedError(message, hint=hint)
