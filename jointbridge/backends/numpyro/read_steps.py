"""A recorded scan as a `Scan` statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jointbridge.analysis import free_name
from jointbridge.backends.arrays.raising import Constants, Raised, raise_jaxpr
from jointbridge.backends.numpyro.read_records import (
    DeterministicRecord,
    FactorRecord,
    ParamRecord,
)
from jointbridge.backends.numpyro.read_scan import ScanRecord
from jointbridge.backends.numpyro.read_statements import Builder
from jointbridge.backends.reading import ReadError
from jointbridge.backends.sharing import identifier
from jointbridge.expression import Call, Expression, Index, Name, Number
from jointbridge.spec import Factor, Let, Sample, Scan, Statement, Type

Pairs = list[tuple[str, Expression]]


@dataclass
class Step:
    """The names of a scan, and how what comes out of it is written outside.

    Attributes:
        record: What was recorded.
        name: The scan's name.
        carry: Names of the carries.
        over: Names of the slices.
        marks: Names inside of the body of deterministic sites.
        results: Expressions of the scan's results outside of it, by key.
        wanted: Names that collect the outputs of the jaxpr with that number.
    """

    record: ScanRecord
    name: str
    carry: list[str]
    over: list[str]
    marks: dict[str, str]
    results: dict[str, Expression] = field(default_factory=dict)
    wanted: dict[int, str] = field(default_factory=dict)

    # -- inputs and outputs of the jaxpr --------------------------------------

    @property
    def _outputs(self) -> tuple[range, range]:
        """The numbers of the next carries and of the stacked outputs."""
        total = len(self.record.closed.jaxpr.outvars)
        first = len(self.record.recorder.leaves.arrays)
        middle = first + len(self.carry)
        return range(first, middle), range(middle, total)

    def inputs(self, outer: list[Expression]) -> list[Expression]:
        """An expression for each input of the jaxpr."""
        sites = [self.marks.get(s, s) for s in self.record.sites]
        return [*outer, *map(Name, (*self.carry, *self.over, *sites))]

    def raised(
        self, outer: list[Expression], constants: Constants, types: Mapping[str, Type]
    ) -> Raised:
        """The step's outputs as expressions.

        Raises:
            ReadError: There is another scan in the body.
        """
        found = raise_jaxpr(
            self.record.closed, self.inputs(outer), names=constants, types=types
        )
        if found.scans:
            message = f"the scan {self.name!r} has another scan in its body"
            hint = "unroll the inner one, or compute it before"
            raise ReadError(message, path=self.record.where, hint=hint)
        return found

    def settle(self, constants: Constants, taken: set[str]) -> None:
        """Finds names for what the scan gives."""
        mocks: list[Expression] = [
            Name(f"\0outer{k}") for k in range(len(self.record.outer))
        ]
        raised = self.raised(mocks, constants, {})
        steps, stacked = self._outputs
        for sort, numbers in (("ys", stacked), ("carry", steps)):
            for place, number in enumerate(numbers):
                name = self._name_of(number, raised, taken)
                node: Expression = Name(name)
                if sort == "carry":
                    node = Index(node, (Number(-1),))
                self.results[self.record.result(sort, place)] = node

    def _name_of(self, number: int, raised: Raised, taken: set[str]) -> str:
        """The name of what an output is, stacked: a site's own, or a new one."""
        jaxpr = self.record.closed.jaxpr
        sites = dict(
            zip(jaxpr.invars[-len(self.record.sites) :], self.record.sites, strict=True)
        )
        var = jaxpr.outvars[number]
        if not hasattr(var, "val") and var in sites:
            return sites[var]
        for other, name in self.wanted.items():
            if jaxpr.outvars[other] is var:
                return name
        label = raised.labels.get(id(raised.outputs[number]))
        wanted = identifier((label and label.name) or "") or f"{self.name}_output"
        self.wanted[number] = free_name(wanted, taken)
        return self.wanted[number]

    # -- the statement --------------------------------------------------------

    def statements(
        self, outer: Builder, constants: Constants, used: frozenset[str]
    ) -> tuple[list[Statement], Raised]:
        """The scan, and the factors that its steps add."""
        given = [outer.expression(node) for node in self.record.outer]
        # A site of the body is one step inside of it, and all steps outside.
        own = {n.name for n in self.inputs([]) if isinstance(n, Name)}
        types = {n: t for n, t in outer.scope.names.items() if n not in own}
        raised = self.raised(given, constants, types)
        shapes = [tuple(v.aval.shape) for v in self.record.closed.jaxpr.outvars]
        inner = Builder(raised, shapes, outer.notes, outer.plates)
        body, collect, factors = self._body(inner)
        for number, name in self.wanted.items():
            if name in used:
                collect.append((name, inner.output(number)))
        record = self.record
        steps = [inner.output(number) for number in self._outputs[0]]
        carry = [outer.expression(node, -1) for node in record.init]
        over = [outer.expression(node, -1) for node in record.over]
        scan = Scan(
            self.name,
            tuple(zip(self.carry, carry, strict=True)),
            tuple(zip(self.over, over, strict=True)),
            tuple(body),
            tuple(zip(self.carry, steps, strict=True)),
            tuple(collect),
            None if over else record.length,
        )
        outer.kept.append(inner)
        return [scan, *factors], raised

    def _body(self, inner: Builder) -> tuple[list[Let | Sample], Pairs, list[Factor]]:
        body: list[Let | Sample] = []
        collect: Pairs = []
        factors = []
        for record in self.record.recorder.records:
            match record:
                case ParamRecord(name):
                    message = f"the param {name!r} is inside of a scan"
                    raise ReadError(message, path=record.where, hint="move it out")
                case DeterministicRecord(name):
                    let = Let(self.marks[name], inner.statement(record).value)  # type: ignore[union-attr]
                    body.append(let)
                    collect.append((name, Name(let.name)))
                case FactorRecord(name):
                    term = Let(self.marks[name], inner.statement(record).value)  # type: ignore[union-attr]
                    body.append(term)
                    collect.append((f"{name}_terms", Name(term.name)))
                    total = Call("sum", (Name(f"{name}_terms"),))
                    factors.append(Factor(name, total))
                case _:
                    body.append(inner.statement(record))  # type: ignore[arg-type]
        return body, collect, factors


def step_of(record: ScanRecord, taken: set[str]) -> Step:
    """The names of a recorded scan."""
    carry, over = record.wanted
    marked = [
        r.name
        for r in record.recorder.records
        if isinstance(r, (DeterministicRecord, FactorRecord))
    ]
    step = Step(
        record,
        free_name(identifier(record.name) or "scan", taken),
        [free_name(_before(n, taken), taken) for n in carry],
        [free_name(n, taken) for n in over],
        {n: free_name(f"{n}_t", taken) for n in marked},
    )
    taken |= {f"{n}_terms" for n in marked}
    return step


def _before(name: str, taken: set[str]) -> str:
    """A carry that has the name of a site is that site, one step before."""
    return f"{name}_prev" if name in taken else name
