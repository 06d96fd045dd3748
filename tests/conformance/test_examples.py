"""The examples kept beside each backend are what its writer writes now."""

import pytest

from jointbridge import backends
from jointbridge.conformance import examples
from jointbridge.conformance.cases import CASES


@pytest.mark.parametrize("name", backends.names())
def test_examples_are_fresh(name):
    """Else: python -m jointbridge.conformance.examples"""
    assert examples.path(name).read_text(encoding="utf-8") == examples.text(name)


@pytest.mark.parametrize("name", backends.names())
def test_every_family_with_a_case_has_one_or_a_reason(name):
    rows = examples.examples(backends.get(name))
    assert set(rows) == {case.family for case in CASES.values()}
    for row in rows.values():
        assert row.get("none") or row["imports"]
