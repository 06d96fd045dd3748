"""`loads(dumps(spec)) == spec`, bit for bit, whatever the spec says."""

import json
import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import EDGES, arrays, meaningful_specs, specs

from jointbridge.document import digest, dumps, loads, schema
from jointbridge.document.limits import DEFAULT
from jointbridge.document.reader import _examine
from jointbridge.spec import Data, Deterministic, Spec
from jointbridge.syntax import parse


def check_same(found, spec):
    assert found == spec
    # 1 == 1.0 == True, but not here
    assert repr(found.statements) == repr(spec.statements)
    assert json.dumps(found.extensions) == json.dumps(spec.extensions)
    for one, other in zip(found.data, spec.data, strict=True):
        assert (one.values is None) == (other.values is None)
        if one.values is not None:
            assert one.values.tobytes() == other.values.tobytes()


@given(specs())
@settings(max_examples=200, deadline=None)
def test_every_structure_round_trips(spec):
    text = dumps(spec)
    found, _ = _examine(text, DEFAULT, None)
    assert found is not None, text
    check_same(found, spec)
    assert dumps(found) == text


@given(meaningful_specs())
@settings(max_examples=100, deadline=None)
def test_meaningful_specs_round_trip(spec):
    found = loads(dumps(spec))
    check_same(found, spec)
    assert digest(found) == digest(spec)


@given(arrays())
@example(np.array(EDGES))
@example(np.array([math.nan, -0.0, 5e-324, 1.7976931348623157e308]))
@settings(max_examples=200, deadline=None)
def test_data_keeps_its_bits(array):
    spec = Spec((), data=(Data.of("x", array),))
    values = loads(dumps(spec)).data[0].values
    assert values.dtype == array.dtype
    assert values.shape == array.shape
    assert values.tobytes() == array.tobytes()


@given(st.integers(0, 2**64 - 1).map(lambda n: np.uint64(n).view(np.float64)))
@settings(max_examples=300, deadline=None)
def test_every_finite_float_keeps_its_bits(value):
    if np.isfinite(value):
        spec = Spec((Deterministic("a", parse(repr(float(value)))),))
        found = loads(dumps(spec)).statements[0].value.value
        assert np.float64(found).tobytes() == value.tobytes()


@given(specs())
@settings(max_examples=100, deadline=None)
def test_what_is_written_satisfies_the_schema(spec):
    jsonschema_rs = pytest.importorskip("jsonschema_rs")
    jsonschema_rs.validate(schema(), json.loads(dumps(spec)))
