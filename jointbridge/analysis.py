"""What a spec means, statically: the type of every name, and everything that is wrong.

All problems are collected in one pass; nothing is evaluated and no backend is needed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from jointbridge.errors import JointBridgeError, Problem, SpecError, did_you_mean
from jointbridge.expression import Support, names, walk
from jointbridge.expression import Distribution as DistributionNode
from jointbridge.shapes import DistributionType, Scope, broadcast, support_of
from jointbridge.spec import (
    Deterministic,
    Factor,
    Let,
    Param,
    Sample,
    Scan,
    Spec,
    Statement,
    Type,
    nodes,
    references,
)
from jointbridge.supports import SUPPORTS


@dataclass(frozen=True)
class Site:
    """A sample statement with everything that follows from its shapes.

    Attributes:
        batch: Plates, then the site's own shape.
        dist: Batch and event shape of the distribution as written.
        type: Shape and kind of one draw of its value.
        support: Its support, with bounds as expressions.
    """

    sample: Sample
    batch: tuple[int, ...]
    dist: DistributionType
    type: Type
    support: Support

    @property
    def name(self) -> str:
        """The site's name."""
        return self.sample.name

    @property
    def discrete(self) -> bool:
        """Whether its values are counted."""
        return SUPPORTS[self.support.name].discrete or self.type.kind != "float"

    @property
    def elementwise(self) -> int:
        """How many axes of a value its support takes one element at a time."""
        return self.type.rank - SUPPORTS[self.support.name].rank

    @property
    def free(self) -> tuple[int, ...]:
        """The shape of its unconstrained coordinates."""
        row = SUPPORTS[self.support.name]
        shape, split = self.type.shape, self.elementwise
        if row.free is None or row.discrete:
            return shape
        return (*shape[:split], *row.free(*shape[split:]))


@dataclass
class Analysis:
    """A spec with the types of its names, its sites and its problems."""

    spec: Spec
    scope: Scope = field(default_factory=Scope)
    sites: dict[str, Site] = field(default_factory=dict)
    scans: dict[str, tuple[Scope, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        """The problems that are not mere warnings."""
        return [p for p in self.problems if p.severity == "error"]

    @property
    def observed(self) -> dict[str, Site]:
        """The sites with an observed value."""
        return {n: s for n, s in self.sites.items() if s.sample.observed is not None}

    @property
    def latent(self) -> dict[str, Site]:
        """The sites without an observed value."""
        return {n: s for n, s in self.sites.items() if s.sample.observed is None}

    def report(self, code: str, path: str, message: str, hint: str = "") -> None:
        """Add an error."""
        self.problems.append(Problem(code, path, message, hint))

    def warn(self, code: str, path: str, message: str, hint: str = "") -> None:
        """Add a warning."""
        self.problems.append(Problem(code, path, message, hint, "warning"))


def analyse(spec: Spec) -> Analysis:
    """The types and problems of `spec`; never raises for what is wrong in it."""
    found = Analysis(spec)
    _declarations(found)
    for number, statement in enumerate(spec.statements):
        path = f"$.sites[{number}]"
        try:
            _RULES[type(statement)](found, statement, path)
        except JointBridgeError as error:
            found.problems += error.at(_where(statement, path)).problems
            # What comes later may still refer to it.
            _forgive(found, statement)
    _unused(found)
    return found


def require(spec: Spec) -> Analysis:
    """The analysis of a spec without errors.

    Raises:
        SpecError: It has errors; all of them are listed.
    """
    found = analyse(spec)
    if found.errors:
        raise SpecError(found.errors)
    return found


def _where(statement: Statement, path: str) -> str:
    return f"{path} ({statement.name})"


def _forgive(found: Analysis, statement: Statement) -> None:
    defined = [statement.name]
    if isinstance(statement, Scan):
        defined = [n for n, _ in statement.collect]
    for name in defined:
        found.scope.names.setdefault(name, _UNKNOWN)


_UNKNOWN = Type((), "float")


# -- names --------------------------------------------------------------------


def _declarations(found: Analysis) -> None:
    spec = found.spec
    taken: dict[str, str] = {}
    for place, name in _defined(spec):
        _check_name(found, place, name)
        if name in taken:
            hint = "names of sites, data and plates must all differ"
            message = f"{name!r} is already the name of {taken[name]}"
            found.report("duplicate-name", place, message, hint)
        taken.setdefault(name, place)
    _check_similar(found, taken)
    found.scope.names.update({d.name: d.type for d in spec.data})


def _defined(spec: Spec) -> Iterator[tuple[str, str]]:
    for plate in spec.plates:
        yield f"$.plates.{plate.name}", plate.name
    for data in spec.data:
        yield f"$.data.{data.name}", data.name
    for number, statement in enumerate(spec.statements):
        yield f"$.sites[{number}]", statement.name
        if isinstance(statement, Scan):
            for name, _ in statement.collect:
                if name != statement.name:
                    yield f"$.sites[{number}].collect", name


def _check_name(found: Analysis, place: str, name: str) -> None:
    if not name or len(name) > 128:
        found.report("name", place, f"a name has 1 to 128 characters, got {len(name)}")
    bad = [c for c in name if unicodedata.category(c)[0] == "C" or c == "`"]
    if bad:
        shown = name.encode("unicode_escape").decode()[:80]
        message = f"{shown!r} has a character that cannot be seen or quoted"
        found.report("name", place, message, "use letters, digits, spaces and marks")
    if name != name.strip():
        found.report("name", place, f"{name!r} starts or ends with a space")


def _check_similar(found: Analysis, taken: dict[str, str]) -> None:
    seen: dict[str, str] = {}
    for name, place in taken.items():
        same = unicodedata.normalize("NFKC", name)
        if seen.setdefault(same, name) != name:
            message = f"{name!r} and {seen[same]!r} are one name after normalisation"
            found.report("similar-name", place, message, "rename one of them")
    folded: dict[str, str] = {}
    for name, place in taken.items():
        if folded.setdefault(name.casefold(), name) != name:
            message = f"{name!r} and {folded[name.casefold()]!r} differ only in case"
            found.warn("similar-name", place, message)


def _check_references(found: Analysis, statement: Statement, path: str) -> None:
    known = found.scope.names
    later = {s.name for s in found.spec.statements} - set(known)
    later |= {
        n for s in found.spec.statements if isinstance(s, Scan) for n, _ in s.collect
    } - set(known)
    plates = {p.name for p in found.spec.plates}
    problems = []
    for name in sorted(references(statement) - set(known)):
        if name == statement.name:
            problem = Problem("later-name", path, f"{name!r} refers to itself")
        elif name in later:
            message = f"{name!r} is defined later"
            problem = Problem("later-name", path, message, "move it up")
        elif name in plates:
            message = f"{name!r} is a plate, not a value"
            hint = "write its size as a number"
            problem = Problem("unknown-name", path, message, hint)
        else:
            hint = _number_hint(name) or did_you_mean(name, known)
            problem = Problem("unknown-name", path, f"no site or data {name!r}", hint)
        problems.append(problem)
    if problems:
        raise SpecError(problems)


def _number_hint(name: str) -> str:
    try:
        return f"did you mean the number {float(name)}?"
    except ValueError:
        return ""


def _unused(found: Analysis) -> None:
    used = frozenset[str]().union(*map(references, found.spec.statements))
    for data in found.spec.data:
        sized = any(p.of and p.of[0] == data.name for p in found.spec.plates)
        if data.name not in used and not sized:
            found.warn("unused", f"$.data.{data.name}", f"{data.name!r} is never used")
    plates = {p for s in found.spec.samples for p in s.plates}
    for plate in found.spec.plates:
        if plate.name not in plates:
            message = f"{plate.name!r} is never used"
            found.warn("unused", f"$.plates.{plate.name}", message)


# -- statements ---------------------------------------------------------------


def _sample(found: Analysis, sample: Sample, path: str) -> None:
    where = _where(sample, path)
    sizes = found.spec.plate_sizes
    for plate in sample.plates:
        if plate not in sizes:
            hint = did_you_mean(str(plate), [p.name for p in found.spec.plates])
            raise SpecError(f"no plate {plate!r}", code="unknown-plate", hint=hint)
    named = [p for p in sample.plates if p is not None]
    if len(named) != len(set(named)):
        raise SpecError(f"plates {named} repeat", code="unknown-plate")
    _check_references(found, sample, where)
    scope = found.scope
    dist = scope.distribution(sample.dist)
    batch = found.spec.batch_shape(sample)
    _check_batch(dist, batch)
    value = Type((*batch, *dist.event), dist.kind)
    site = Site(sample, batch, dist, value, support_of(sample.dist, scope))
    found.sites[sample.name] = site
    scope.names[sample.name] = value
    if sample.observed is not None:
        _check_observed(site, scope.type(sample.observed))
    for field_name in ("mask", "scale"):
        node = getattr(sample, field_name)
        if node is not None:
            shape = scope.type(node).shape
            if broadcast(shape, batch) != batch:
                message = f"{field_name} {list(shape)} does not fit {list(batch)}"
                raise SpecError(message, code="shape")


def _check_batch(dist: DistributionType, batch: tuple[int, ...]) -> None:
    if broadcast(dist.batch, batch) != batch:
        raise SpecError(
            f"the parameters broadcast to {list(dist.batch)}, but plates and shape say "
            f"{list(batch)}",
            code="shape",
            hint=f'declare the axes: "shape": {list(dist.batch)}, or plates of that size',
        )


def _check_observed(site: Site, observed: Type) -> None:
    if broadcast(observed.shape, site.type.shape) != site.type.shape:
        message = f"observed {observed} does not fit the site's {site.type}"
        raise SpecError(message, code="shape")
    if site.type.kind == "int" and observed.kind == "float":
        raise SpecError(
            f"{site.sample.dist.family} counts: its observed value must be int, "
            f"got {observed}",
            code="kind",
            hint="write whole numbers without a point",
        )


def _value(found: Analysis, statement: Deterministic | Let | Factor, path: str) -> None:
    _check_references(found, statement, _where(statement, path))
    type_ = found.scope.type(statement.value)
    if not isinstance(statement, Factor):
        found.scope.names[statement.name] = type_


def _param(found: Analysis, param: Param, path: str) -> None:
    _check_references(found, param, _where(param, path))
    type_ = found.scope.type(param.init)
    found.scope.names[param.name] = Type(type_.shape, "float")


def _scan(found: Analysis, scan: Scan, path: str) -> None:
    _check_references(found, scan, _where(scan, path))
    inner, length = scan_scope(scan, found.scope)
    found.scans[scan.name] = (inner, length)
    for name, node in scan.collect:
        one = inner.type(node)
        found.scope.names[name] = Type((length, *one.shape), one.kind)


def scan_scope(scan: Scan, scope: Scope) -> tuple[Scope, int]:
    """The scope inside a recurrence, and its number of steps.

    Raises:
        SpecError: Lengths differ, or a carry changes its shape.
    """
    lengths = set() if scan.length is None else {scan.length}
    slices: dict[str, Type] = {}
    for name, node in scan.over:
        type_ = scope.type(node)
        if not type_.shape:
            raise SpecError(f"{name!r} has no axis to walk along", code="shape")
        lengths.add(type_.shape[0])
        slices[name] = Type(type_.shape[1:], type_.kind)
    if len(lengths) != 1:
        message = f"the lengths of a scan must agree, got {sorted(lengths)}"
        raise SpecError(message, code="shape", hint="give arrays of one length")
    following = dict(scan.next)
    if set(following) != {n for n, _ in scan.carry}:
        message = f"next has {sorted(following)}, carry {sorted(dict(scan.carry))}"
        raise SpecError(message, code="arguments")
    # A carry that starts as an integer and goes on as a float is a float.
    carry = {n: scope.type(node) for n, node in scan.carry}
    for _ in range(2):
        inner = _body(scan, scope, {**carry, **slices})
        after = {n: inner.type(node) for n, node in following.items()}
        carry = {
            n: Type(t.shape, "float" if after[n].kind == "float" else t.kind)
            for n, t in carry.items()
        }
    for name, type_ in after.items():
        if broadcast(type_.shape, carry[name].shape) != carry[name].shape:
            message = f"{name!r} starts as {carry[name]} and goes on as {type_}"
            hint = "start it with the full shape, as full((3,), 0.0)"
            raise SpecError(message, code="shape", hint=hint)
    return inner, lengths.pop()


def _body(scan: Scan, scope: Scope, names_: dict[str, Type]) -> Scope:
    inner = scope.child(names_)
    for let in scan.body:
        inner.names[let.name] = inner.type(let.value)
    return inner


_RULES: dict[type, Any] = {
    Sample: _sample,
    Deterministic: _value,
    Let: _value,
    Factor: _value,
    Param: _param,
    Scan: _scan,
}


# -- can it be sampled --------------------------------------------------------


def why_not_samplable(found: Analysis) -> str | None:
    """The reason why a spec has no forward sampler, or None where it has one."""
    data_of = {
        s.name: names(s.sample.observed)
        for s in found.observed.values()
        if s.sample.observed is not None
    }
    for statement in found.spec.statements:
        if isinstance(statement, Factor):
            return f"factor {statement.name!r} adds to the density, no draw follows it"
        if not isinstance(statement, Sample):
            used = references(statement)
        else:
            used = _inputs(statement)
            for node in walk(statement.dist):
                improper = isinstance(node, DistributionNode)
                if improper and node.family == "ImproperUniform":
                    return f"site {statement.name!r} is improper"
        for site, data in data_of.items():
            if used & data:
                name = sorted(used & data)[0]
                return (
                    f"{name!r}, observed at site {site!r}, is also an input of "
                    f"{statement.name!r}"
                )
    return None


def _inputs(sample: Sample) -> frozenset[str]:
    inputs = (node for name, node in nodes(sample) if name not in ("observed", "mask"))
    return frozenset[str]().union(*map(names, inputs))


