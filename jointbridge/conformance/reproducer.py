"""A finding as a script that anyone can paste: both numbers and how far they are apart.

Three kinds, by what the check asks:

    the library's own object    its distribution, mpmath, and nothing of jointbridge
    a number of jointbridge     a joint with the parameters as sites, and the textbook
    anything else               the check itself, once more
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

from jointbridge import backends
from jointbridge.backends.base import Backend
from jointbridge.conformance.case import Case
from jointbridge.conformance.cases import CASES
from jointbridge.conformance.finding import Finding
from jointbridge.conformance.registry import Divergence
from jointbridge.conformance.snippets import array, literal, snippet
from jointbridge.errors import JointBridgeError
from jointbridge.joint import Joint
from jointbridge.spec import Sample, Spec
from jointbridge.syntax import parse

BOTH = ("float64", "float32")

_HEAD = '"""{case} on {backend}, check {check!r} in {dtype}: {verdict}."""\n'

_APART = """\
print({backend!r}, got)
print("exact", mp.nstr(exact, 25))
print("relative error", mp.nstr(abs(mp.mpf(got) - exact) / max(1, abs(exact)), 3))
"""

_LIBRARY = """
import mpmath
{head}

mp = mpmath.MPContext()
mp.dps = 50
{wide}
distribution = {expression}
value = {value}
got = float(distribution.log_prob(value))
exact = mp.mpf({exact!r})  # {source}
{apart}"""

_SCORED = """
import jointbridge as jb
from jointbridge.conformance.cases import CASES
from jointbridge.conformance.oracles.arithmetic import MPMATH, mp

joint = jb.loads({text})
params = {params}
value = {value}
values = {{**params, "x": value}}
got = {got}
exact = {exact}
{apart}"""

_AGAIN = """
from jointbridge import backends
from jointbridge.conformance.cases import CASES
from jointbridge.conformance.checks import CHECKS
from jointbridge.conformance.judge import judge
from jointbridge.conformance.subject import PROFILES, Subject

backend = backends.get({backend!r})
subject = Subject(backend, CASES[{case!r}], {dtype!r}, PROFILES["quick"])
found = judge(CHECKS[{check!r}], subject)
print(found.verdict, found.detail)
print(found.worst)
"""

_ORACLE = """(
    CASES[{case!r}].exact(
        MPMATH.read(value), {{n: MPMATH.read(x) for n, x in params.items()}}
    )
)  # {source}"""


def script(finding: Finding) -> str:
    """A script that shows a finding.

    Args:
        finding: What a check found; its worst point is what the script looks at.

    Returns:
        Python that stands alone; empty where the case is not in this version.
    """
    if finding.case not in CASES:
        return ""
    head = _HEAD.format(**vars(finding))
    return head + (_at_worst(finding, CASES[finding.case]) or _again(finding))


def _again(finding: Finding) -> str:
    return _AGAIN.format(**vars(finding))


def _at_worst(finding: Finding, case: Case) -> str:
    """The script of the worst point, where it has one that can be said."""
    worst = finding.worst or {}
    if "params" not in worst or "value" not in worst:
        return ""
    return next(filter(None, _tried(finding, case, worst)), "")


def _tried(finding: Finding, case: Case, worst: Mapping[str, Any]) -> Iterator[str]:
    """The scripts of the kinds that suit the check, the plainest first."""
    for make in _KINDS.get(finding.check, ()):
        try:
            yield make(finding, case, worst)
        except (JointBridgeError, ValueError):
            continue  # the library refuses it, or the writer does


# -- the library's own object -------------------------------------------------


def _library(finding: Finding, case: Case, worst: Mapping[str, Any]) -> str:
    backend = backends.get(finding.backend)
    given = {n: _numbers(x) for n, x in worst["params"].items()}
    made = snippet(case.at(given), backend)
    if made.classes:
        return ""  # it is not the library's own
    whole = backend.count_kind == "int" and _discrete(case.name)
    value = array(_whole(worst["value"]) if whole else worst["value"], backend)
    return _LIBRARY.format(
        head="\n".join(dict.fromkeys((*value.imports, *made.head.splitlines()))),
        wide=_fresh(made.wide, made.imports) if finding.dtype == "float64" else "",
        expression=_without_validation(made.expression, backend),
        value=value.expression,
        exact=str(worst["exact"]),
        source=_source(finding),
        apart=_APART.format(backend=finding.backend),
    )


def _fresh(wide: str, imports: Sequence[str]) -> str:
    """The lines that ask for float64, without imports that stand above."""
    lines = (line for line in wide.splitlines() if line not in imports)
    return "\n".join((*lines, ""))


def _without_validation(expression: str, backend: Backend) -> str:
    """The constructor as the checks call it: an answer, not an exception."""
    name = expression.partition("(")[0].rpartition(".")[2]
    try:
        known = inspect.signature(backend.constructor(name)).parameters
    except (JointBridgeError, AttributeError, TypeError, ValueError):
        return expression
    if "validate_args" not in known or not expression.endswith(")"):
        return expression
    return f"{expression[:-1]}, validate_args=False)"


def _numbers(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_numbers(x) for x in value]
    return float(value) if isinstance(value, str) else value


def _whole(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_whole(x) for x in value]
    number = float(value)
    return int(number) if number.is_integer() else number


@cache
def _discrete(name: str) -> bool:
    """Whether the values of a case are counted."""
    case = CASES[name]
    spec = Spec((Sample("x", case.at(case.free)),))
    return Joint(spec).shapes()["x"].kind != "float"


def _source(finding: Finding) -> str:
    return f"of the textbook, from the golden file of {finding.case!r}"


# -- a number of jointbridge --------------------------------------------------


def _scored(finding: Finding, case: Case, worst: Mapping[str, Any], of: str) -> str:
    what = str(worst.get("what", "")).removeprefix("d/d")
    settings = f"values, backend={finding.backend!r}, dtype={finding.dtype!r}"
    got = of.format(settings=settings, what=what)
    params = ", ".join(f"{n!r}: {literal(x)}" for n, x in worst["params"].items())
    value = _whole(worst["value"]) if _discrete(case.name) else worst["value"]
    return _SCORED.format(
        text=f"'''{_with_sites(case.name)}'''",
        params=f"{{{params}}}",
        value=literal(value),
        got=got,
        exact=_exact(finding, worst),
        apart=_APART.format(backend=finding.backend),
    )


def _gradient(finding: Finding, case: Case, worst: Mapping[str, Any]) -> str:
    """For what is one number; of a vector the check itself finds the worst element."""
    what = str(worst.get("what", "")).removeprefix("d/d")
    moved = {**worst["params"], "x": worst["value"]}.get(what, ())
    if isinstance(moved, (list, tuple)):
        return ""
    return _scored(finding, case, worst, _GRADIENT)


@cache
def _with_sites(name: str) -> str:
    """The case as a file: flat priors for its parameters, so that values are given."""
    case = CASES[name]
    flat = parse("ImproperUniform(real)")
    sites = [Sample(n, flat, shape=_shape(x)) for n, x in case.free.items()]
    spec = Spec((*sites, Sample("x", case.distribution)), name="case")
    return Joint(spec).dumps()


def _shape(value: Any) -> tuple[int, ...]:
    found: tuple[int, ...] = ()
    while isinstance(value, (list, tuple)):
        found, value = (*found, len(value)), value[0]
    return found


def _exact(finding: Finding, worst: Mapping[str, Any]) -> str:
    """The oracle's own call where it is asked for a density; else its digits."""
    exact = str(worst["exact"])
    inside = exact.lstrip("-") not in ("inf", "nan")
    if inside and finding.check in _INSIDE:
        return _ORACLE.format(case=finding.case, source="50 digits and more")
    return f"mp.mpf({exact!r})  # {_source(finding)}"


_LOG_PROB = "float(joint.log_prob({settings}))"
_GRADIENT = "float(joint.grad_log_prob({settings})[{what!r}])"

#: Checks inside the support, whose exact number is the oracle's.
_INSIDE = ("density", "tails", "extremes")

#: Checks that ask for a density of the library's own object.
_LIBRARY_ALONE = ("library edges", "library outside", "library parameters")

_Make = Callable[[Finding, Case, Mapping[str, Any]], str]
_density = partial(_scored, of=_LOG_PROB)

#: By check, the kinds of scripts that suit it.
_KINDS: dict[str, tuple[_Make, ...]] = {
    **dict.fromkeys(_INSIDE, (_library, _density)),
    **dict.fromkeys(("edges", "outside", "bad parameters"), (_density,)),
    **dict.fromkeys(("gradients", "edge gradients"), (_gradient,)),
    **dict.fromkeys(_LIBRARY_ALONE, (_library,)),
}


# -- a row of the registry ----------------------------------------------------


def reproducer(row: Divergence) -> str:
    """The script of a known divergence, at the point where it is worst now.

    Raises:
        JointBridgeError: Nothing shows it any more.
    """
    found = [f for f in _findings(row) if row.explains(f)]
    if not found:
        message = f"nothing shows {row.id!r} any more"
        hint = (
            f"it was seen in {row.versions}; take its row away, or narrow its versions"
        )
        raise JointBridgeError(message, code="usage", hint=hint)
    return script(max(found, key=lambda f: f.badness))


def _findings(row: Divergence) -> Iterator[Finding]:
    """What the checks of a row find now, until one of them shows it."""
    from jointbridge.conformance.checks import CHECKS
    from jointbridge.conformance.judge import judge
    from jointbridge.conformance.subject import PROFILES, Subject

    backend = backends.get(row.backend)
    for case in CASES.values():
        if not _concerned(row, case):
            continue
        for dtype in row.dtypes or BOTH:
            subject = Subject(backend, case, dtype, PROFILES["quick"])
            found = [
                judge(CHECKS[n], subject)
                for n in row.checks
                if dtype in CHECKS[n].dtypes
            ]
            yield from found
            if any(map(row.explains, found)):
                return


def _concerned(row: Divergence, case: Case) -> bool:
    families = {case.family, "*"} & set(row.families)
    return bool(families) and (not row.cases or case.name in row.cases)
