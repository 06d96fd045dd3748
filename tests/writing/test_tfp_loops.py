"""Written TFP modules of recurrences with sites: a loop whose steps are components."""

import ast
import builtins
import json

import jax
import pytest

import jointbridge as jb
from jointbridge.backends.arrays.jax import precision
from jointbridge.backends.tfp.library import tfd
from jointbridge.backends.tfp.quiet import quiet
from jointbridge.backends.tfp.spelling import IMPORTS
from jointbridge.errors import UnsupportedError
from tests.writing.sources import example
from tests.writing.test_tfp_source import LOOPS
from tests.writing.test_tfp_source import _agrees as agrees
from tests.writing.test_tfp_source import _built as built_of
from tests.writing.test_tfp_source import _stores as stores

pytestmark = pytest.mark.slow

LOOP_MODELS = {
    "values of all steps, read outside": {
        "carry": {"h": "u[0]"},
        "over": {"a": "x", "b": "2 * x"},
        "body": [
            {"let": "m", "value": "0.5 * h + a * b"},
            {"sample": "z", "dist": "Normal(loc=m, scale=exp(s))"},
        ],
        "next": {"h": "z"},
        "collect": {"hs": "z + m", "unread": "z - m"},
    },
    "counts that TFP gives as floats": {
        "carry": {"h": "1", "v": "0.0"},
        "length": 4,
        "body": [
            {"sample": "k", "dist": "Poisson(rate=exp(-h / v) + 1.0)"},
            {"sample": "z", "dist": "Normal(loc=[0.5, 1.5][minimum(k, 1)])"},
        ],
        "next": {"h": "k + 1", "v": "z * z"},
        "collect": {"hs": "k + z"},
    },
    "plates, shapes and masks": {
        "carry": {"h": "x"},
        "length": 4,
        "body": [
            {
                "sample": "z",
                "dist": "Normal(loc=h[0])",
                "plates": ["row"],
                "mask": "x > 0.0",
            },
            {"sample": "w", "dist": "Dirichlet([1.0, 2.0])", "shape": [3]},
        ],
        "next": {"h": "0.5 * z + w[0, 0]"},
        "collect": {"hs": "h[1]"},
    },
    "observed values that are computed": {
        "carry": {"h": "0.0", "n": "1"},
        "over": {"a": "x", "i": "y"},
        "body": [
            {"let": "seen", "value": "a / n + x[0]"},
            {"sample": "z", "dist": "Normal(loc=h)"},
            {"sample": "o", "dist": "Normal(loc=z)", "observed": "seen"},
            {"sample": "c", "dist": "Poisson(rate=exp(z))", "observed": "2 * i"},
            {"sample": "one", "dist": "Normal(loc=z)", "observed": "1"},
        ],
        "next": {"h": "z", "n": "n + 1"},
        "collect": {"hs": "h"},
    },
}


def _looping(scan, name="chain"):
    return jb.loads(json.dumps({
        "jointbridge": "1.0",
        "data": {"x": [0.1, -0.4, 1.2, 0.3], "y": [1, 0, 2, 1]},
        "plates": {"row": 4},
        "sites": [
            {"sample": "s", "dist": "Normal(loc=0.0, scale=1.0)"},
            {"sample": "u", "dist": "Normal(loc=x + y)", "plates": ["row"]},
            {"scan": name, **scan},
            {"factor": "f", "value": "-sum(square(hs - u)) + sum(z[0])"},
        ],
    }))  # fmt: skip


@pytest.mark.parametrize("name", LOOP_MODELS)
def test_loop_scores_like_the_joint(name):
    agrees(_looping(LOOP_MODELS[name]), None)


@pytest.mark.parametrize("name", LOOPS)
def test_loop_is_a_coroutine(name):
    joint = jb.load(str(example(name)))
    assert joint.to_source("tfp") == joint.to_source("tfp", style="coroutine")


def test_loop_draws_and_pins():
    joint = jb.load(str(example("nile")))
    with precision("float64"), quiet():
        built, seen, _ = built_of(joint.spec, joint.to_source("tfp"))
        assert isinstance(built, tfd.JointDistributionCoroutineAutoBatched)
        assert [*seen] == [f"flow_{t}" for t in range(100)]
        draws = built.sample(3, seed=jax.random.PRNGKey(0))
        assert draws.level_99.shape == (3,)
        latent = {n: x for n, x in draws._asdict().items() if n not in seen}
        pinned = built.experimental_pin(**seen)
        assert pinned.log_prob(**latent).shape == (3,)


def test_names_of_steps_are_nobody_elses():
    scan = {
        "carry": {"jnp": "0.0", "t": "0.0"},
        "length": 12,
        "body": [
            {"sample": "level", "dist": "Normal(loc=jnp)"},
            {"sample": "level_1", "dist": "Normal(loc=t)"},
            {"sample": "class", "dist": "Normal(loc=level)", "observed": "1.0"},
            {"sample": "a'{t}\\\"", "dist": "Normal(loc=0.0)"},
        ],
        "next": {"jnp": "level", "t": "level_1"},
    }
    sites = [
        {"sample": n, "dist": "Normal(loc=0.0)"}
        for n in ("level_1_1", "level_t", "pins")
    ]
    more = [{"sample": "level_3", "dist": "Normal(loc=level[2])"}]
    joint = jb.loads(json.dumps({
        "jointbridge": "1.0", "sites": [*sites, {"scan": "range", **scan}, *more],
    }))  # fmt: skip
    source = agrees(joint, None)
    tree = ast.parse(source)
    bound = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and stores(n)}
    assert not bound & {*IMPORTS, *dir(builtins)}


LOOPS_REFUSED = {
    "a list": ("sequential", {"length": 4}, "no loop over steps, as 'chain'"),
    "many steps": (None, {"length": 501}, "has 501 steps"),
}


@pytest.mark.parametrize(
    ("style", "scan", "reason"), LOOPS_REFUSED.values(), ids=LOOPS_REFUSED
)
def test_loop_is_refused(style, scan, reason):
    body = [{"sample": "z", "dist": "Normal(loc=0.0)"}]
    plain = {"carry": {}, "next": {}, "collect": {}, "body": body}
    sites = [{"scan": "chain", **plain, **scan}]
    joint = jb.loads(json.dumps({"jointbridge": "1.0", "sites": sites}))
    with pytest.raises(UnsupportedError, match=reason) as caught:
        joint.to_source("tfp", style=style)
    assert caught.value.problems[0].hint


def test_what_is_left_out_is_said():
    source = jb.load(str(example("nile"))).to_source("tfp")
    said = " ".join(ast.get_docstring(ast.parse(source)).split())
    assert said.endswith("Not in the joint: fall (deterministic).")
