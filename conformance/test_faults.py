"""Mutation proof: the suite catches every seeded fault of `faults.py`.

A fault is caught when some check finds what no row of the registry explains.  The check
that should see it is tried first, then all others: what survives them is printed as a
failure here.
"""

import pytest

from conformance.faults import FAULTS
from jointbridge import backends
from jointbridge.conformance.cases import CASES
from jointbridge.conformance.checks import CHECKS
from jointbridge.conformance.judge import judge
from jointbridge.conformance.registry import explain
from jointbridge.conformance.subject import PROFILES, Subject

pytestmark = pytest.mark.slow

#: By the kind of a fault, the check that should see it.
FIRST = {
    "swapped parameters": "density",
    "reparameterised": "density",
    "density": "density",
    "support": "density",
    "stale gradient": "gradients",
    "draws": "draws",
    "unconstrained": "unconstrained",
    "source": "source",
}

#: Kinds that take more than the quick profile to see.
PROFILE = {"draws": "full"}


def _faults():
    """Each fault in one of the backends, in turn."""
    names = backends.names()
    for number, fault in enumerate(FAULTS):
        name = names[number % len(names)]
        yield pytest.param(name, fault, id=f"{name}-{fault.name}")


def test_there_are_at_least_a_hundred():
    assert len({f.name for f in FAULTS}) == len(FAULTS) >= 100


@pytest.mark.parametrize(("name", "fault"), [*_faults()])
def test_fault_is_caught(name, fault):
    wrong, case = fault.apply(backend=backends.get(name)), CASES[fault.case]
    subject = Subject(
        wrong, case, "float64", PROFILES[PROFILE.get(fault.kind, "quick")]
    )
    first = CHECKS[FIRST[fault.kind]]
    rest = (check for check in CHECKS.values() if check is not first)
    for check in (first, *rest):
        (found,) = explain([judge(check, subject)]).findings
        if found.unlisted:
            return
    pytest.fail(f"{fault.name} survives on {name}")
