"""Loops whose steps are components are read as recurrences."""

import numpy as np
import pytest
from tfp_lines import f, lines

import jointbridge as jb
from jointbridge.backends.arrays.jax import precision
from jointbridge.backends.tfp.library import tfd
from jointbridge.backends.tfp.quiet import quiet

flow = np.array([0.3, -0.2, 0.5, 1.1, 0.4])
counts = np.array([[1, 0], [2, 3], [0, 1], [4, 1]])


def level():
    def model():
        s = yield tfd.HalfNormal(f(1.0), name="s")
        x = f(0.0)
        for t in range(5):
            x = yield tfd.Normal(x, s, name=f"x_{t}")
            yield tfd.Normal(x, f(0.2), name=f"y_{t}")

    return model, {f"y_{t}": y for t, y in enumerate(flow)}


def rows():
    def model():
        x = yield tfd.Normal(f(0.0), f(1.0), name="x0")
        for t in range(1, 5):
            x = yield tfd.Normal(0.9 * x, f(1.0), name=f"x{t}")
            yield tfd.Poisson(np.exp(0.0) * f([1.0, 2.0]) * x**2, name=f"n{t}")

    return model, {f"n{t + 1}": f(row) for t, row in enumerate(counts)}


def states():
    def model():
        p = yield tfd.Sample(tfd.Dirichlet(f([1.0, 1.0])), 2, name="p")
        z = yield tfd.Categorical(probs=f([0.4, 0.6]), name="start")
        for t in range(4):
            z = yield tfd.Categorical(probs=p[z], name=f"z_{t}")
            yield tfd.Normal(f([0.0, 3.0])[z], f(1.0), name=f"y_{t}")

    return model, {f"y_{t}": y for t, y in enumerate(flow[:4])}


def copies():
    def model():
        for t in range(4):
            yield tfd.Normal(f(0.0), f(1.0), name=f"x_{t}")

    return model, {"x_0": f(0.5)}


READ = {
    level: """
        s ~ HalfNormal(scale=1.0)
        scan x_steps
          x ~ Normal(loc=x_steps_carry, scale=s)
          y ~ Normal(loc=x, scale=0.2) = x_steps_slice
          carry x_steps_carry=0.0
          over x_steps_slice=y_obs
          next x_steps_carry=x""",
    states: """
        p ~ Dirichlet(concentration=full((2,), 1.0)) [2]
        start ~ Categorical(probs=[0.4, 0.6])
        scan z_steps
          z ~ Categorical(probs=p[z_steps_carry])
          y ~ Normal(loc=[0.0, 3.0][z], scale=1.0) = z_steps_slice
          carry z_steps_carry=start
          over z_steps_slice=y_obs
          next z_steps_carry=z""",
    copies: """
        x_0 ~ Normal(loc=0.0, scale=1.0) = 0.5
        x_1 ~ Normal(loc=0.0, scale=1.0)
        x_2 ~ Normal(loc=0.0, scale=1.0)
        x_3 ~ Normal(loc=0.0, scale=1.0)""",
}


def made(case):
    model, pins = case()
    return tfd.JointDistributionCoroutineAutoBatched(model), pins


@pytest.mark.parametrize(
    ("case", "text"), READ.items(), ids=[case.__name__ for case in READ]
)
def test_what_is_read(case, text):
    with precision("float64"):
        joint, pins = made(case)
        found = lines(jb.from_tfp(joint, **pins))
    assert [x.strip() for x in found] == [x.strip() for x in text.strip().splitlines()]


def test_steps_are_named_in_the_report():
    with precision("float64"):
        joint, pins = made(level)
        notes = [str(n) for n in jb.from_tfp(joint, **pins).reading.notes]
    assert "named x: 'x_0' to 'x_4' are the 5 steps of 'x'" in notes


@pytest.mark.parametrize("case", [level, rows], ids=lambda case: case.__name__)
def test_it_scores_as_the_model(case):
    with precision("float64"), quiet():
        joint, pins = made(case)
        found = jb.from_tfp(joint, **pins)
        compiled, random = found.compile("tfp"), np.random.default_rng(0)
        free = {n: random.normal(size=t.shape) for n, t in compiled.free_types.items()}
        values = {n: np.asarray(x) for n, x in compiled.constrain(free).items()}
        steps = {n: x for n, x in values.items() if np.ndim(x)}
        given = {n: x for n, x in values.items() if n not in steps} | pins
        names = joint._flat_resolve_names()
        for name, rows_ in steps.items():
            own = [n for n in names if n.rstrip("0123456789").rstrip("_") == name]
            own = [n for n in own if n not in given]
            given |= dict(zip(own, rows_, strict=True))
        wanted = float(joint.log_prob(**given))
    np.testing.assert_allclose(float(found.log_prob(values)), wanted, rtol=1e-12)
