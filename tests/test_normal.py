"""Two specs that say the same in other words have one normal form."""

import pytest

import jointbridge as jb
from jointbridge.passes import normal

HEAD = '{"jointbridge": "1.0", "name": "m", "data": {"x": [1.0, 2.0], "k": [[1.0]]}, '
TWO = '"sites": [{"sample": "a", "dist": "Normal(0, 1)"}, '


def spec(*statements, head=HEAD):
    return jb.loads(head + TWO + ", ".join(statements) + "]}").spec


def factor(value):
    return f'{{"factor": "f", "value": "{value}"}}'


SAME = [
    pytest.param([factor("2 * a")], [factor("2.0 * a")], id="literal-kind"),
    pytest.param(
        ['{"let": "m", "value": "a * x"}', factor("m + 1")],
        [factor("a * x + 1.0")],
        id="let",
    ),
    pytest.param(
        ['{"deterministic": "m", "value": "a * x"}', factor("exp(m)")],
        ['{"deterministic": "m", "value": "a * x"}', factor("exp(a * x)")],
        id="deterministic",
    ),
    pytest.param([factor("sum(a * x)")], [factor("a * x")], id="factor-is-summed"),
    pytest.param(
        ['{"sample": "b", "dist": "Normal(loc=0.0, scale=1)"}'],
        ['{"sample": "b", "dist": "Normal()"}'],
        id="defaults",
    ),
    pytest.param(
        ['{"sample": "b", "dist": "Dirichlet([1.0, 1.0])"}'],
        ['{"sample": "b", "dist": "Dirichlet(full((2,), 1))"}'],
        id="filled",
    ),
    pytest.param(
        [factor("sum(k * a, axis=0)")], [factor("sum(k * a, axis=-2)")], id="axis"
    ),
    pytest.param(
        [factor("stack([a, 2 * a])")], [factor("[a, 2.0 * a]")], id="stacked-scalars"
    ),
    pytest.param(
        [factor("a - log(112)")], [factor("a - 4.718498871295094")], id="of-a-number"
    ),
    pytest.param(
        ['{"let": "n", "value": "4"}', factor("a / sqrt(2 * n + 1)")],
        [factor("a / 3.0")],
        id="of-named-numbers",
    ),
    pytest.param([factor("a * x[-1]")], [factor("a * x[1]")], id="from-the-end"),
    pytest.param([factor("a * k[..., -1]")], [factor("a * k[:, 0]")], id="last-axis"),
    pytest.param([factor("a * x[0:2]")], [factor("a * x")], id="all-of-it"),
    pytest.param([factor("a * x[-2:-1]")], [factor("a * x[:1]")], id="slice"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_same(one, other):
    assert spec(*one) != spec(*other)
    assert normal(spec(*one)) == normal(spec(*other))


OTHER = [
    pytest.param([factor("2 * a")], [factor("3 * a")], id="literal"),
    pytest.param([factor("x[0] * a")], [factor("x[1] * a")], id="index"),
    pytest.param([factor("x[-1] * a")], [factor("x[-2] * a")], id="from-the-end"),
    pytest.param([factor("x[:-1] * a")], [factor("x[1:] * a")], id="slice"),
    pytest.param([factor("a / 2")], [factor("a * 0.5")], id="no-algebra"),
    pytest.param(
        ['{"sample": "b", "dist": "Normal(0, 2)"}'],
        ['{"sample": "b", "dist": "Normal(2, 1)"}'],
        id="parameter",
    ),
    pytest.param([factor("sum(x * a)")], [factor("sum(x * a, axis=0) * 2")], id="term"),
]


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_different(one, other):
    assert normal(spec(*one)) != normal(spec(*other))


def test_scans_are_named_alike():
    joint = jb.load("jointbridge/examples/ar1.jb.json")
    renamed = joint.rename({"level": "state"})
    assert normal(renamed.spec) == normal(joint.spec)


def test_once_is_enough():
    joint = jb.load("jointbridge/examples/ar1.jb.json")
    once = normal(joint.spec)
    assert normal(once) == once
