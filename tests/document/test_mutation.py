"""Damaged files: whatever is done to them, only our own errors come out."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import distributions, leaves, supports, trees

from jointbridge.document import Limits, loads, schema, validate
from jointbridge.document.lexical import walk
from jointbridge.errors import JointBridgeError
from jointbridge.syntax import show

SEED = {
    "jointbridge": "1.0",
    "name": "seed",
    "description": "a bit of everything",
    "plates": {"n": 3, "m": {"of": "y", "axis": -1}},
    "data": {
        "y": [1.5, 2.5, 3.5],
        "k": [[1, 2], [3, 4]],
        "b": True,
        "later": {"kind": "float", "shape": [3]},
        "odd": {"values": ["nan", 1.0], "kind": "float", "allow_nonfinite": True},
        "far": {
            "file": "far.safetensors",
            "key": "far",
            "kind": "float",
            "shape": [3],
            "sha256": "0" * 64,
        },
    },
    "sites": [
        {"sample": "mu", "dist": "Normal(loc=0, scale=5)", "hints": {"use": "nuts"}},
        {"param": "p", "init": 1.0, "support": "interval(low=0, high=2)"},
        {"let": "a", "value": "where(mu > 0, exp(mu), mu ** 2)[None]"},
        {"deterministic": "d", "value": "sum(k @ [1.0, 2.0], axis=-1)"},
        {"factor": "f", "value": "log_prob(Normal(0, p), mu)"},
        {
            "scan": "s",
            "carry": {"h": "mu"},
            "over": {"e": "y"},
            "body": [{"let": "g", "value": "h * 0.5 + e"}],
            "next": {"h": "g"},
            "collect": {"hs": "g"},
        },
        {
            "sample": "z",
            "dist": "Truncated(base=Normal(hs, 1), low=0)",
            "plates": ["n"],
            "shape": [],
            "observed": "y",
            "mask": "y > later",
            "scale": 2,
        },
    ],
    "x-more": {"a": [1, None]},
}

_texts = st.sampled_from(
    [
        "",
        "mu",
        "y",
        "n",
        "1",
        "nan",
        "real",
        "Normal(0, 1)",
        "mu[0]",
        "sum(y",
        "z",
        "\0",
    ]
)
_scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _texts
)
_scalars = _scalars.filter(lambda x: not isinstance(x, float) or abs(x) < 1e309)
_values = st.recursive(
    _scalars, lambda x: st.lists(x, max_size=3) | st.dictionaries(_texts, x, max_size=3)
)


def places(document):
    """Every container with a key in it, by path."""
    for path, item in walk(document):
        if isinstance(item, (dict, list)):
            keys = item if isinstance(item, dict) else range(len(item))
            yield from ((path, item, key) for key in keys)


@st.composite
def damaged(draw):
    document = copy.deepcopy(SEED)
    for _ in range(draw(st.integers(1, 3))):
        found = list(places(document))
        if not found:
            break
        _, container, key = found[draw(st.integers(0, len(found) - 1))]
        draw(st.sampled_from([_delete, _retype, _nest, _copy, _rename]))(
            draw, container, key, found
        )
    return document


def _delete(draw, container, key, found):
    del container[key]


def _retype(draw, container, key, found):
    container[key] = draw(_values)


def _nest(draw, container, key, found):
    value = container[key]
    container[key] = draw(st.sampled_from([[value], {"a": value}, [[value, value]]]))


def _copy(draw, container, key, found):
    _, other, place = found[draw(st.integers(0, len(found) - 1))]
    container[key] = copy.deepcopy(other[place])


def _rename(draw, container, key, found):
    if isinstance(container, dict):
        container[draw(_texts)] = container.pop(key)


def outcome(text):
    """The spec or None, having checked that both readers say the same."""
    problems = validate(text if isinstance(text, bytes) else text.encode())
    errors = [p for p in problems if p.severity == "error"]
    if not errors:
        return loads(text)
    with pytest.raises(JointBridgeError) as caught:
        loads(text)
    assert list(caught.value.problems) == errors
    return None


def without_far():
    document = copy.deepcopy(SEED)
    del document["data"]["far"]
    return document


def test_the_seed_is_valid():
    assert outcome(json.dumps(without_far()))


@given(damaged())
@settings(max_examples=400, deadline=None)
def test_damage_gives_our_own_errors(document):
    jsonschema_rs = pytest.importorskip("jsonschema_rs")
    spec = outcome(json.dumps(document))
    if spec is not None:
        jsonschema_rs.validate(schema(), document)


_known = st.sampled_from(["mu", "y", "k", "b", "later", "odd"])
_trees = trees(leaves(st.integers(-3, 9), _known), 6)


@given(_trees, distributions(_trees), supports(_trees))
@settings(max_examples=300, deadline=None)
def test_any_expression_has_a_type_or_a_problem(value, dist, support):
    document = without_far()
    document["sites"] += [
        {"deterministic": "one", "value": show(value)},
        {"sample": "two", "dist": show(dist)},
        {"param": "three", "init": 1.0, "support": show(support)},
        {"let": "four", "value": "sum(two) + three"},
    ]
    outcome(json.dumps(document))


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_damaged_bytes_give_our_own_errors(data):
    raw = bytearray(json.dumps(without_far()).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        size = data.draw(st.sampled_from([0, 1, 1, 40]))
        raw[at : at + size] = data.draw(st.binary(max_size=3) | st.just(b'"[{'))
    outcome(bytes(raw))


@given(st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_any_bytes_give_our_own_errors(raw):
    outcome(raw)


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_tight_limits_give_our_own_errors(data):
    small = st.integers(0, 8)
    names = ("max_depth", "max_sites", "max_nodes", "max_elements", "max_name")
    limits = Limits(**{name: data.draw(small) for name in names})
    assert validate(json.dumps(without_far()), limits=limits)
