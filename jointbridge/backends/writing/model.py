"""The model function of a spec, with what must stand around it."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jointbridge.backends.writing.copies import in_plates, names_in
from jointbridge.backends.writing.effects import Effects, Model
from jointbridge.backends.writing.expressions import Expressions, spec_sets
from jointbridge.backends.writing.names import Identifiers, identifier
from jointbridge.backends.writing.plates import Plates
from jointbridge.backends.writing.python import function
from jointbridge.backends.writing.sizes import Sizes
from jointbridge.expression import Name
from jointbridge.expression import names as names_of
from jointbridge.families import FAMILIES
from jointbridge.spec import Sample, Scan, Spec, nodes, references
from jointbridge.support import SUPPORTS
from jointbridge.validity import require


@dataclass(frozen=True)
class Written:
    """A model function with what stands around it.

    Attributes:
        code: The function.
        arguments: By data, the argument that takes it.
        constants: Sizes that no data has, by their names.
    """

    code: ast.FunctionDef
    arguments: dict[str, str]
    constants: dict[str, int]


def model_function(language: Effects, spec: Spec) -> Written:
    """The model function of a spec."""
    spec = in_plates(require(spec))
    analysis = require(spec)
    aliases = observed_only(spec)
    identifiers = identifiers_for(spec, [*language.imports, "DATA"], aliases)
    sizes = Sizes(analysis, identifiers, tuple(aliases))
    plain, foreign = spec_sets(spec, language.native_data)
    expressions = Expressions(
        language, analysis.scope, identifiers, sizes, plain, foreign
    )
    used = frozenset[str]().union(*(references(s) for s in spec.statements))
    plates = Plates(names_in(spec), language.plates_once)
    model = Model(language, analysis, expressions, used, plates)
    body = language.prepared(
        model.body(spec.statements, analysis.sites),
        [identifiers[d.name] for d in spec.data],
    )
    changed = _changed(body)
    optional = [
        d for d in aliases if d not in sizes.read and identifiers[d] not in changed
    ]
    needed = [d.name for d in spec.data if d.name not in optional]
    arguments = {d: identifiers[d] for d in (*needed, *optional)}
    title = identifiers[_TITLE]
    code = function(
        title, list(arguments.values()), body or [ast.Pass()], len(optional)
    )
    return Written(code, arguments, sizes.constants)


def _changed(body: list[ast.stmt]) -> set[str]:
    """The names that something is called of, as `y.double()`: None has no methods."""
    nodes = (node for statement in body for node in ast.walk(statement))
    return {
        node.value.id
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


#: Stands for the model's own name among those of its sites and data.
_TITLE = "`"

#: Variables of `__main__`.
_RUN = {"draws", "guide", "mcmc", "result", "svi"}


def identifiers_for(
    spec: Spec, taken: Sequence[str], aliases: Mapping[str, str]
) -> Identifiers:
    """What data and sites are called, and then the model itself."""
    identifiers = Identifiers(taken)
    for data in spec.data:
        identifiers[aliases.get(data.name, data.name)]
    for data_name, site in aliases.items():
        identifiers.same(data_name, site)
    for statement in spec.statements:
        if not isinstance(statement, Scan):
            identifiers[statement.name]
    wish = identifier(spec.name)
    title = identifiers.new(f"{wish}_model" if wish in _RUN else wish)
    identifiers.alias(_TITLE, title)
    return identifiers


def has_no_map(site: Sample) -> bool:
    """Whether no smooth map leads to its support, so that NUTS cannot move it."""
    support = SUPPORTS.get(FAMILIES[site.dist.family].support)
    return support is not None and support.free is None


def observed_only(spec: Spec) -> dict[str, str]:
    """Data that do nothing but give one site its observed value, with that site."""
    found: dict[str, str] = {}
    counts: dict[str, int] = {}
    for statement in spec.statements:
        for _, node in nodes(statement):
            for used in names_of(node):
                counts[used] = counts.get(used, 0) + 1
        if isinstance(statement, Sample) and isinstance(statement.observed, Name):
            found[statement.observed.name] = statement.name
    known = {d.name for d in spec.data}
    taken = {p.of[0] for p in spec.plates if p.of}
    return {
        d: site
        for d, site in found.items()
        if d in known and counts[d] == 1 and d not in taken and site not in known
    }
