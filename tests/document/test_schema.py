"""The JSON Schema says what the reader says, as far as a schema can."""

import json

import pytest

from jointbridge.document import loads, schema
from jointbridge.document.fields import DEFINITIONS, STATEMENTS
from jointbridge.errors import SpecError

jsonschema_rs = pytest.importorskip("jsonschema_rs")

SITE = {"sample": "a", "dist": "Normal(0, 1)"}


def document(**fields):
    return {"jointbridge": "1.0", "sites": [SITE], **fields}


def test_it_is_a_json_schema():
    jsonschema_rs.meta.validate(schema())
    assert json.loads(json.dumps(schema())) == schema()
    assert STATEMENTS.keys() < DEFINITIONS.keys()


def test_it_is_fresh_every_time():
    schema()["properties"].clear()
    assert "sites" in schema()["properties"]


FACTOR = {"factor": "f", "value": 1.0}

REFUSED = {
    "no version": {"sites": []},
    "a newer version": document(jointbridge="1.1"),
    "version of a number": document(jointbridge=1.0),
    "no sites": {"jointbridge": "1.0"},
    "unknown key": document(site=[]),
    "name of a number": document(name=1),
    "empty name": document(name=""),
    "plate of a text": document(plates={"n": "3"}),
    "negative plate": document(plates={"n": -1}),
    "plate of nothing": document(plates={"n": {"axis": 0}}),
    "unknown kind": document(data={"x": {"kind": "f4", "shape": []}}),
    "kind alone": document(data={"x": {"kind": "int"}}),
    "data of null": document(data={"x": None}),
    "data of a text": document(data={"x": "1"}),
    "file above": document(
        data={
            "x": {
                "file": "../a.safetensors",
                "key": "a",
                "kind": "int",
                "shape": [],
                "sha256": "0" * 64,
            }
        }
    ),
    "site of a text": document(sites=["a"]),
    "site of nothing": document(sites=[{}]),
    "two tags": document(sites=[{**SITE, "let": "b"}]),
    "unknown field": document(sites=[{**SITE, "obs": 1}]),
    "missing field": document(sites=[{"sample": "a"}]),
    "null observed": document(sites=[{**SITE, "observed": None}]),
    "shape of a number": document(sites=[{**SITE, "shape": 3}]),
    "factor in a scan": document(
        sites=[{"scan": "s", "carry": {}, "next": {}, "body": [FACTOR]}]
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_both_refuse(name):
    assert not jsonschema_rs.is_valid(schema(), REFUSED[name])
    with pytest.raises(SpecError):
        loads(json.dumps(REFUSED[name]))


TAKEN = {
    "little": document(),
    "extensions": document(**{"x-a": {"b": None}, "$schema": "urn:x"}),
    "plates": document(data={"y": [1, 2]}, plates={"n": 3, "m": {"of": "y"}}),
    "data": document(
        data={
            "x": 1,
            "b": [[True], [False]],
            "c": {"values": ["nan"], "allow_nonfinite": True},
            "d": {"kind": "int", "shape": [2, 0]},
        }
    ),
    "literals": document(sites=[{**SITE, "observed": 1.5, "mask": True, "scale": 2}]),
}


@pytest.mark.parametrize("name", TAKEN)
def test_both_take(name):
    jsonschema_rs.validate(schema(), TAKEN[name])
    loads(json.dumps(TAKEN[name]))
