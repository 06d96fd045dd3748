"""`jb.scan` gives recurrences that satisfy the analysis."""

from __future__ import annotations

import numpy as np
import pytest

import jointbridge.author as jb
from jointbridge.spec import Let, Scan
from jointbridge.syntax import parse, show
from jointbridge.validity import require


def scan_of(spec) -> Scan:
    require(spec)
    (found,) = [s for s in spec.statements if isinstance(s, Scan)]
    return found


def pairs(rows):
    return tuple((name, parse(text)) for name, text in rows.items())


def test_ar1():
    @jb.model
    def ar1(n):
        rho = jb.sample("rho", jb.Uniform(-1.0, 1.0))
        sigma = jb.sample("sigma", jb.HalfNormal(1.0))
        with jb.plate("time", n):
            noise = jb.sample("noise", jb.Normal(0.0, 1.0))

        def step(level, shock):
            level = rho * level + sigma * shock
            return level, level

        x = jb.scan("x", step, 0.0, noise)
        assert x.shape == (5,)
        jb.sample("y", jb.Normal(x, 0.1), obs=np.zeros(5))

    assert scan_of(ar1(5)) == Scan(
        "x",
        carry=pairs({"x_carry": "0.0"}),
        over=pairs({"x_slice": "noise"}),
        body=(),
        next=pairs({"x_carry": "rho * x_carry + sigma * x_slice"}),
        collect=pairs({"x": "rho * x_carry + sigma * x_slice"}),
    )


def test_garch():
    @jb.model
    def garch(y):
        y = jb.data("returns", y)
        mu = jb.sample("mu", jb.Normal(0.0, 1.0))
        omega = jb.sample("omega", jb.HalfNormal(1.0))
        alpha = jb.sample("alpha", jb.Uniform(0.0, 1.0))
        beta = jb.sample("beta", jb.Uniform(0.0, 1.0 - alpha))

        def step(carry, slices):
            shock = jb.let("shock", slices["before"] - mu)
            variance = omega + alpha * shock**2 + beta * carry["sigma"] ** 2
            sigma = jb.let("next_sigma", jb.sqrt(variance))
            return {"sigma": sigma}, {"sigma": sigma}

        out = jb.scan("volatility", step, {"sigma": 1}, {"before": y[:-1]})
        jb.sample("y", jb.Normal(mu, out["sigma"]), obs=y[1:])

    variance = "omega + alpha * shock ** 2 + beta * sigma ** 2"
    spec = garch([0.1, 0.3, -0.2, 0.4])
    assert scan_of(spec) == Scan(
        "volatility",
        # The carry starts as an integer and goes on as a float.
        carry=pairs({"sigma": "1"}),
        over=pairs({"before": "returns[:-1]"}),
        body=(
            Let("shock", parse("before - mu")),
            Let("next_sigma", parse(f"sqrt({variance})")),
        ),
        next=pairs({"sigma": "next_sigma"}),
        collect=pairs({"sigma": "next_sigma"}),
    )
    assert require(spec).scope.names["sigma"].shape == (3,)
    assert show(spec.samples[-1].dist) == "Normal(loc=mu, scale=sigma)"


FORMS = {
    "one value": (lambda out: out, (4,)),
    "tuple": (lambda out: (out, 2 * out), ((4,), (4,))),
    "dict": (lambda out: {"a": out, "b": [out, out]}, {"a": (4,), "b": (4, 2)}),
}


@pytest.mark.parametrize("name", FORMS)
def test_outputs_come_back_in_their_form(name):
    form, shapes = FORMS[name]
    found = {}

    @jb.model
    def model():
        x = jb.data("x", [1.0, 2.0, 3.0, 4.0])
        found["out"] = jb.scan("s", lambda c, v: (c + v, form(c)), 0.0, x)
        found["shapes"] = _shapes(found["out"])

    scan_of(model())
    assert found["shapes"] == shapes


def _shapes(out):
    if isinstance(out, dict):
        return {name: x.shape for name, x in out.items()}
    return tuple(x.shape for x in out) if isinstance(out, tuple) else out.shape


def test_tuples_of_carries_and_slices():
    @jb.model
    def model():
        x = jb.data("x", np.zeros((4, 2)))

        def step(carry, slices):
            (a, b), (row, number) = carry, slices
            assert (a.shape, row.shape, number.kind) == ((2,), (2,), "int")
            return (a + row, b * number), {"total": a.sum() + b}

        jb.scan("s", step, (jb.full((2,), 0.0), 1.0), (x, [1, 2, 3, 4]))

    found = scan_of(model())
    assert dict(found.next) == dict(
        pairs(
            {"s_carry_0": "s_carry_0 + s_slice_0", "s_carry_1": "s_carry_1 * s_slice_1"}
        )
    )


def test_a_length_instead_of_arrays():
    @jb.model
    def model():
        rate = jb.sample("rate", jb.Beta(1.0, 1.0))
        powers = jb.scan("powers", lambda c, _: (c * rate, c), 1.0, length=6)
        assert powers.shape == (6,)

    assert scan_of(model()).length == 6


def test_names_inside_give_way_to_names_outside():
    @jb.model
    def model():
        x = jb.sample("x", jb.Normal(0.0, 1.0))
        data = jb.data("data", [1.0, 2.0])
        jb.scan("s", lambda c, v: ({"x": c["x"] + v["data"]}, c["x"] * x), {"x": 0.0}, {"data": data})  # fmt: skip

    found = scan_of(model())
    assert dict(found.carry) == dict(pairs({"x_2": "0.0"}))
    assert dict(found.collect) == dict(pairs({"s": "x_2 * x"}))


def test_names_inside_may_be_used_again():
    @jb.model
    def model():
        for name in ("one", "two"):
            jb.scan(name, lambda c, v: (c + jb.let("twice", 2 * v), c), 0.0, [1.0, 2.0])

    assert len(model().statements) == 2


def test_raw_arrays_inside_are_data():
    @jb.model
    def model(weights):
        jb.scan("s", lambda c, v: (c + jb.sum(weights), c), 0.0, length=2)
        jb.deterministic("out", jb.sum(weights))

    assert [d.name for d in model(np.arange(40.0)).data] == ["weights"]
