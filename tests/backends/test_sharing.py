"""What is computed once has one name, and what the author named keeps its name."""

import pytest

from jointbridge.analysis import analyse
from jointbridge.backends.sharing import Label, identifier, share
from jointbridge.expression import Call, Distribution, Index, Name, Number
from jointbridge.spec import Deterministic, Factor, Let, Sample, Scan, Spec
from jointbridge.syntax import parse, show

A, X, S = Name("a"), Name("x"), Name("s")


def call(function, *args):
    return Call(function, args)


ONE = Number(1.0)


def normal(loc, scale=ONE):
    return Distribution("Normal", (("loc", loc), ("scale", scale)))


def lines(statements, labels=None, taken=()):
    """The statements as short text."""
    return [line(s) for s in share(statements, labels, taken)]


def line(statement):
    match statement:
        case Sample(name, dist):
            return f"{name} ~ {show(dist)}".replace("loc=", "").replace("scale=", "")
        case Scan(name, body=body):
            return f"{name}: {'; '.join(map(line, body))}"
        case Let(name, value):
            return f"let {name} = {show(value)}"
    return f"{statement.name} = {show(statement.value)}"


MEAN = call("add", A, call("multiply", X, S))
ROOT = call("exp", A)

SHARED = [
    pytest.param(
        [Sample("y", normal(MEAN)), Sample("z", normal(MEAN))],
        {},
        [
            "let y_term = a + x * s",
            "y ~ Normal(y_term, 1.0)",
            "z ~ Normal(y_term, 1.0)",
        ],
        id="shared",
    ),
    pytest.param(
        [Sample("y", normal(MEAN))],
        {id(MEAN): Label("mu", "m.py:3")},
        ["let mu = a + x * s", "y ~ Normal(mu, 1.0)"],
        id="named-once",
    ),
    pytest.param(
        [Sample("y", normal(ROOT)), Sample("z", normal(ROOT))],
        {},
        ["y ~ Normal(exp(a), 1.0)", "z ~ Normal(exp(a), 1.0)"],
        id="small-is-repeated",
    ),
    pytest.param(
        [Sample("y", normal(A))],
        {id(A): Label("b")},
        ["y ~ Normal(a, 1.0)"],
        id="a-name-needs-no-name",
    ),
    pytest.param(
        [Deterministic("m", MEAN), Sample("y", normal(MEAN))],
        {id(MEAN): Label("m")},
        ["m = a + x * s", "y ~ Normal(m, 1.0)"],
        id="deterministic-is-the-name",
    ),
    pytest.param(
        [Sample("y", normal(MEAN)), Deterministic("m", MEAN)],
        {id(MEAN): Label("m")},
        ["m = a + x * s", "y ~ Normal(m, 1.0)"],
        id="deterministic-moves-up",
    ),
    pytest.param(
        [Deterministic("m", MEAN), Deterministic("n", MEAN), Factor("f", MEAN)],
        {},
        ["m = a + x * s", "n = m", "f = m"],
        id="two-deterministics",
    ),
    pytest.param(
        [Factor("f", MEAN)],
        {id(MEAN): Label("total")},
        ["f = a + x * s"],
        id="whole-value-needs-no-let",
    ),
    pytest.param(
        [Sample("mu", normal(A)), Sample("y", normal(MEAN))],
        {id(MEAN): Label("mu")},
        ["mu ~ Normal(a, 1.0)", "let mu_2 = a + x * s", "y ~ Normal(mu_2, 1.0)"],
        id="taken-name",
    ),
]


@pytest.mark.parametrize(("statements", "labels", "wanted"), SHARED)
def test_shared(statements, labels, wanted):
    assert lines(statements, labels) == wanted


def test_names_given_by_the_caller_are_left_alone():
    labels = {id(MEAN): Label("mu")}
    made = lines([Sample("y", normal(MEAN))], labels, taken={"mu", "mu_2"})
    assert made[0] == "let mu_3 = a + x * s"


def test_shared_below_shared():
    inner = call("add", call("exp", A), X)
    outer = call("multiply", call("log", inner), inner)
    made = lines([Sample("y", normal(outer, inner)), Sample("z", normal(outer))])
    assert made == [
        "let y_term = exp(a) + x",
        "let y_term_2 = log(y_term) * y_term",
        "y ~ Normal(y_term_2, y_term)",
        "z ~ Normal(y_term_2, 1.0)",
    ]


def test_a_graph_that_is_no_tree_stays_small():
    node = A
    for _ in range(200):  # as a tree, 2 ** 200 nodes
        node = call("add", node, node)
    made = share([Factor("f", node)])
    assert len(made) < 210
    assert not analyse(Spec((Let("a", Number(1.0)), *made))).errors


def test_deep_chains_are_cut():
    node = A
    for _ in range(5000):
        node = call("exp", node)
    made = share([Deterministic("d", node)])
    assert len(made) > 100
    assert not analyse(Spec((Let("a", Number(1.0)), *made))).errors


def test_a_scan_keeps_its_own_names_inside():
    outside = call("log", call("exp", A))
    step = call("add", call("multiply", Name("c"), outside), X)
    scan = Scan(
        "walk",
        (("c", Number(0.0)),),
        (),
        (Sample("z", normal(step)),),
        (("c", step),),
        (("cs", step),),
        length=3,
    )
    labels = {id(outside): Label("rate"), id(step): Label("level")}
    made = lines([scan, Factor("f", call("sum", outside))], labels)
    assert made == [
        "let rate = log(exp(a))",
        "walk: let level = c * rate + x; z ~ Normal(level, 1.0)",
        "f = sum(rate)",
    ]


def test_indexing_and_sequences():
    base = Index(call("exp", A), (Name("i"),))
    made = lines([Sample("y", normal(base)), Sample("z", normal(base))])
    assert made[0].startswith("let y_term = exp(a)[i]")


WORDS = [
    pytest.param("a.b/c", "a_b_c", id="marks"),
    pytest.param("1x", "x1x", id="digit"),
    pytest.param("__x__", "x", id="underscores"),
]


@pytest.mark.parametrize(("text", "word"), WORDS)
def test_identifiers(text, word):
    assert identifier(text) == word


def test_text_round_trip():
    for statement in share([Sample("y", normal(MEAN)), Sample("z", normal(MEAN))]):
        if isinstance(statement, Let):
            assert parse(show(statement.value)) == statement.value
