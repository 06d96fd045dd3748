"""A recurrence that is written out step by step is found, and says the same."""

import math
from operator import add, mul, sub

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jointbridge.backends.rerolling import Rerolling, bases
from jointbridge.backends.sharing import share
from jointbridge.expression import (
    Call,
    Distribution,
    Index,
    Name,
    Number,
    Sequence,
    names,
    substitute,
)
from jointbridge.shapes import Scope
from jointbridge.spec import Let, Sample, Scan, Type

V = [0.3, -1.0, 0.5, 2.0, 0.25, 0.75]
X = [1.5, -0.5, 0.125, 3.0, -2.0, 0.625]
FUNCTIONS = {"add": add, "subtract": sub, "multiply": mul, "tanh": math.tanh}


def normal(loc):
    return Distribution("Normal", (("loc", loc), ("scale", Number(1.0))))


def expressions(*words):
    def larger(inner):
        two = st.sampled_from(["add", "subtract", "multiply"])
        pairs = st.builds(lambda f, a, b: Call(f, (a, b)), two, inner, inner)
        return pairs | st.builds(lambda a: Call("tanh", (a,)), inner)

    return st.recursive(st.sampled_from(words).map(Name), larger, max_leaves=6)


def written_out(loc, step, length):
    """The sites `x_0`, `x_1` and so on of a recurrence."""
    before, found = Name("mu"), []
    for t in range(length):
        now = {"before": before, "now": Index(Name("v"), (Number(t),)), "t": Number(t)}
        found.append(Sample(f"x_{t}", normal(substitute(loc, now))))
        before = substitute(step, now | {"x": Name(f"x_{t}")})
    return found


def rerolled(sites):
    given_ = [Sample("mu", normal(Number(0.0))), *sites]
    known = {s.name for s in given_}
    scope = Scope({n: Type() for n in known} | {"v": Type((len(V),))})
    taken = {*known, *bases(known), "v"}

    def constants(numbers):
        return Sequence(tuple(map(Number, numbers)))

    rerolling = Rerolling(scope, {}, taken, bases(known), tuple, constants)
    return share(rerolling(given_).statements)


def value(node, env):
    """An expression of plain numbers."""
    match node:
        case Number(number):
            return number
        case Name(name):
            return env[name]
        case Sequence(items):
            return [value(item, env) for item in items]
        case Index(base, (Number(place),)):
            return value(base, env)[place]
        case Index(base, (part,)):
            return value(base, env)[part.start : part.stop]
        case Call("arange", (), options):
            return range(dict(options)["start"], dict(options)["stop"])
        case Call(function, args):
            return FUNCTIONS[function](*(value(a, env) for a in args))


def locations(statements):
    """The location of each `x`, step by step, where their values are `X`."""
    env, found = {"mu": 0.7, "v": V}, []
    for statement in statements:
        match statement:
            case Sample("mu"):
                pass
            case Sample() | Let():
                one(statement, env, found)
            case Scan():
                env["x"] = scanned(statement, env, found)
    return found


def one(statement, env, found):
    if isinstance(statement, Let):
        env[statement.name] = value(statement.value, env)
    else:
        env[statement.name] = X[len(found)]
        found.append(value(statement.dist.param("loc"), env))


def scanned(scan, env, found):
    start = len(found)
    carry = {n: value(x, env) for n, x in scan.carry}
    over = {n: value(x, env) for n, x in scan.over}
    length = scan.length or len(next(iter(over.values())))
    for t in range(length):
        inner = env | carry | {n: x[t] for n, x in over.items()}
        for statement in scan.body:
            one(statement, inner, found)
        carry = {n: value(x, inner) for n, x in scan.next}
    return X[start : len(found)]


@settings(max_examples=300, deadline=None)
@given(
    expressions("before", "now", "mu", "t"),
    expressions("before", "x", "now", "mu", "t"),
    st.integers(3, 6),
)
def test_what_is_found_says_the_same(loc, step, length):
    sites = written_out(loc, step, length)
    np.testing.assert_allclose(
        locations(rerolled(sites)), locations(sites), rtol=1e-12, atol=1e-12
    )


@settings(max_examples=200, deadline=None)
@given(
    expressions("before", "now", "mu").filter(lambda node: "before" in names(node)),
    st.integers(3, 6),
)
def test_a_walk_is_found(loc, length):
    statements = rerolled(written_out(loc, Name("x"), length))
    (scan,) = (s for s in statements if isinstance(s, Scan))
    assert [site.name for site in scan.sites] == ["x"]


NUMBERED = [
    pytest.param({"x_0", "x_1", "x_2"}, {"x"}, id="underscore"),
    pytest.param({"x0", "x1", "x2"}, {"x"}, id="nothing"),
    pytest.param({"x[0]", "x[1]", "x[2]"}, {"x"}, id="brackets"),
    pytest.param({"z_1_0", "z_1_1", "z_1_2"}, {"z_1"}, id="two numbers"),
    pytest.param({"x_0", "x_1", "y_2"}, set(), id="too few"),
    pytest.param({"0", "1", "2"}, set(), id="numbers alone"),
]


@pytest.mark.parametrize(("given_", "expected"), NUMBERED)
def test_numbered_names(given_, expected):
    assert bases(given_) == expected
