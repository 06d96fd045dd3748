"""Every family on every backend: all checks of the engine, judged with the registry."""

from jointbridge.conformance.cases import CASES
from jointbridge.conformance.suite import *  # noqa: F403
from jointbridge.families import FAMILIES


def test_every_family_has_a_case():
    used = {case.family for case in CASES.values()}
    assert set(FAMILIES) == used
