"""Models become specs: statements, plates, the names of data, declared data."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

import jointbridge.author as jb
from jointbridge.document import dumps, loads
from jointbridge.errors import SpecError
from jointbridge.spec import (
    Data,
    Deterministic,
    Factor,
    Param,
    Plate,
    Sample,
    Spec,
    Type,
)
from jointbridge.syntax import parse, parse_support, show
from jointbridge.validity import require

SIGMA = [15, 10, 16, 11, 9, 11, 10, 18]
SCHOOLS = [28, 8, -3, 7, -1, 1, 18, 12]


@jb.model
def eight_schools(sigma, y):
    sigma = jb.data("sigma", sigma)
    mu = jb.sample("mu", jb.Normal(0.0, 5.0))
    tau = jb.sample("tau", jb.HalfCauchy(5.0))
    with jb.plate("school", 8):
        theta = jb.sample("theta", jb.Normal(mu, tau))
        jb.sample("y", jb.Normal(theta, sigma), obs=y)


def test_eight_schools_is_the_spec_of_the_design():
    school = ("school",)
    assert eight_schools(SIGMA, SCHOOLS) == Spec(
        name="eight_schools",
        plates=(Plate("school", 8),),
        data=(Data.of("sigma", SIGMA), Data.of("y_obs", SCHOOLS)),
        statements=(
            Sample("mu", parse("Normal(loc=0.0, scale=5.0)")),
            Sample("tau", parse("HalfCauchy(scale=5.0)")),
            Sample("theta", parse("Normal(loc=mu, scale=tau)"), school),
            Sample(
                "y",
                parse("Normal(loc=theta, scale=sigma)"),
                school,
                observed=parse("y_obs"),
            ),
        ),
    )


def test_every_statement():
    @jb.model
    def everything(weights):
        """Says one of each."""
        w = jb.param("w", [1.0, 2.0], support=jb.supports.positive)
        x = jb.sample("x", jb.Normal(w, 1.0), infer={"enumerate": "parallel"})
        z = jb.let("z", x**2)
        jb.deterministic("total", z.sum())
        jb.factor("penalty", -z)
        mask, scale = jb.data("seen", [True, False]), jb.data("weights", weights)
        jb.sample("y", jb.Normal(z, 1.0), obs=[1.0, 2.0], mask=mask, scale=scale)

    spec = everything([0.5, 2.0])
    w, x, _, total, penalty, y = spec.statements
    assert spec.description == "Says one of each."
    assert w == Param("w", parse("[1.0, 2.0]"), parse_support("positive"))
    assert x.hints == (("enumerate", "parallel"),)
    assert total == Deterministic("total", parse("sum(z)"))
    assert penalty == Factor("penalty", parse("-z"))
    assert (show(y.mask), show(y.scale)) == ("seen", "weights")
    assert [s.shape for s in spec.samples] == [(2,), (2,)]


# -- plates -------------------------------------------------------------------

PLATES = {
    "one": ([("a", 3, None)], ("a",), (3,)),
    "two: the outer one is last": (
        [("a", 3, None), ("b", 4, None)],
        ("b", "a"),
        (4, 3),
    ),
    "three": (
        [("a", 3, None), ("b", 4, None), ("c", 5, None)],
        ("c", "b", "a"),
        (5, 4, 3),
    ),
    "a hole": ([("a", 3, -2)], ("a", None), (3, 1)),
    "explicit, outer first": ([("a", 3, -2), ("b", 4, None)], ("a", "b"), (3, 4)),
    "explicit, inner": ([("a", 3, None), ("b", 4, -3)], ("b", None, "a"), (4, 1, 3)),
    "around a hole": ([("a", 3, -3), ("b", 4, -1)], ("a", None, "b"), (3, 1, 4)),
}


def in_plates(rows, draw):
    """`draw()` inside nested plates, outermost first."""
    if not rows:
        return draw()
    (name, size, dim), *rest = rows
    with jb.plate(name, size, dim=dim):
        return in_plates(rest, draw)


@pytest.mark.parametrize("name", PLATES)
def test_plates_stand_in_the_shape(name):
    rows, plates, shape = PLATES[name]

    @jb.model
    def model():
        x = in_plates(rows, lambda: jb.sample("x", jb.Normal(0.0, 1.0)))
        assert x.shape == shape
        v = in_plates(rows, lambda: jb.sample("v", jb.Dirichlet([1.0, 2.0])))
        assert v.shape == (*shape, 2)

    assert [s.plates for s in model().samples] == [plates, plates]


@pytest.mark.parametrize("name", PLATES)
def test_plates_are_numpyros(name):
    numpyro = pytest.importorskip("numpyro")
    rows, _, shape = PLATES[name]

    def model(rows=rows):
        if not rows:
            return numpyro.sample("x", numpyro.distributions.Normal(0.0, 1.0))
        (plate, size, dim), *rest = rows
        with numpyro.plate(plate, size, dim=dim):
            return model(rest)

    with numpyro.handlers.seed(rng_seed=0):
        assert model().shape == shape


def test_a_plate_is_entered_as_often_as_needed():
    @jb.model
    def crossed():
        rows, columns = jb.plate("rows", 3, dim=-2), jb.plate("columns", 4)
        with rows as same:
            r = jb.sample("r", jb.Normal(0.0, 1.0))
        with columns:
            c = jb.sample("c", jb.Normal(0.0, 1.0))
        with rows, columns:
            jb.sample("cell", jb.Normal(r + c, 1.0))
        assert same is rows
        assert len(rows) == 3

    spec = crossed()
    shapes = {n: s.type.shape for n, s in require(spec).sites.items()}
    assert shapes == {"r": (3, 1), "c": (4,), "cell": (3, 4)}
    assert spec.plates == (Plate("rows", 3), Plate("columns", 4))


SHAPES = {
    "scalar": (lambda: jb.Normal(0.0, 1.0), {}, (), ()),
    "parameters": (lambda: jb.Normal([1.0, 2.0], 1.0), {}, (2,), (2,)),
    "observations": (lambda: jb.Normal(0.0, 1.0), {"obs": [1.0, 2.0]}, (2,), (2,)),
    "both": (
        lambda: jb.Normal([[1.0], [2.0]], 1.0),
        {"obs": [1.0, 2.0, 3.0]},
        (2, 3),
        (2, 3),
    ),
    "copies": (lambda: jb.Normal(0.0, [1.0, 2.0]), {"shape": (3, 2)}, (3, 2), (3, 2)),
    "one number": (lambda: jb.Normal(0.0, 1.0), {"shape": 3}, (3,), (3,)),
    "vectors": (
        lambda: jb.Dirichlet([1.0, 2.0]),
        {"obs": [[0.5, 0.5], [0.1, 0.9], [1.0, 0.0]]},
        (3,),
        (3, 2),
    ),
    "one vector seen by all": (
        lambda: jb.Dirichlet([[1.0, 2.0], [2.0, 1.0]]),
        {"obs": [0.5, 0.5]},
        (2,),
        (2, 2),
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_without_plates_the_shape_is_inferred(name):
    dist, options, shape, full = SHAPES[name]

    @jb.model
    def model():
        assert jb.sample("x", dist(), **options).shape == full

    assert model().samples[0].shape == shape


def test_shape_stands_right_of_the_plates():
    @jb.model
    def model():
        with jb.plate("n", 5):
            assert jb.sample("x", jb.Normal(0.0, 1.0), shape=2).shape == (5, 2)

    assert model().samples[0].plates == ("n",)


def test_parameters_may_fill_the_hole_of_a_plate():
    @jb.model
    def model():
        with jb.plate("n", 2, dim=-2):
            assert jb.sample("x", jb.Normal([1.0, 2.0, 3.0], 1.0)).shape == (2, 3)

    (site,) = model().samples
    assert (site.plates, site.shape) == (("n",), (3,))


def test_a_factor_counts_once_for_each_copy():
    @jb.model
    def model():
        x = jb.sample("x", jb.Normal(0.0, 1.0))
        with jb.plate("n", 3):
            jb.factor("inside", x)
            jb.factor("full", x * [1.0, 2.0, 3.0])
        jb.factor("outside", x)

    values = [show(s.value) for s in model().statements if isinstance(s, Factor)]
    assert values == ["broadcast_to(x, shape=(3,))", "x * [1.0, 2.0, 3.0]", "x"]


# -- the names of data --------------------------------------------------------

LONG = np.arange(30.0)


def named(**arguments):
    """A decorator: the names of the data and the sites of a model called so."""

    def run(function):
        spec = jb.model(function)(**arguments)
        require(spec)
        return [d.name for d in spec.data], {
            s.name: show(s.observed) for s in spec.samples if s.observed is not None
        }

    return run


def observed_under_its_own_name(y):
    jb.sample("y", jb.Normal(0.0, 1.0), obs=y)


def observed_under_another_name(target):
    jb.sample("y", jb.Normal(0.0, 1.0), obs=target)


def parameter(x):
    jb.sample("y", jb.Normal(x, 1.0), obs=x + 1)


def small_argument(x):
    jb.sample("y", jb.Normal(x, 1.0), obs=[1.0, 2.0, 3.0])


def used_and_then_a_site(x):
    jb.sample("z", jb.Normal(jb.exp(x), 1.0))
    x = jb.sample("x", jb.Normal(0.0, 1.0))
    jb.sample("y", jb.Normal(x, 1.0), obs=2.5)


def used_and_then_the_observed_site(y):
    level = jb.sample("level", jb.Normal(jb.mean(y), 1.0))
    jb.sample("y", jb.Normal(level, 1.0), obs=y)


def used_and_then_a_plate(n):
    jb.sample("z", jb.Normal(n, 1.0))
    with jb.plate("n", 3):
        jb.sample("y", jb.Normal(0.0, 1.0), obs=[1, 2, 3])


def fallback_taken(x):
    jb.sample("x_data", jb.Normal(0.0, 1.0))
    jb.sample("z", jb.Normal(x, 1.0))
    jb.sample("x", jb.Normal(0.0, 1.0))


def fallback_taken_by_data(y):
    jb.data("y_obs", [1, 2])
    jb.sample("y", jb.Normal(0.0, 1.0), obs=y)


def named_first(y):
    jb.data("outcome", y)
    jb.sample("y", jb.Normal(0.0, 1.0), obs=y)


def named_later(y):
    jb.sample("z", jb.Normal(y, 1.0))
    jb.data("y", y)


def a_dict_of_data(data):
    jb.sample("z", jb.Normal(data["x"], 1.0), obs=data["y"])


def one_object_twice(a, b):
    jb.sample("z", jb.Normal(a, 1.0), obs=b)


def changed_in_place(x):
    x = np.array(x)
    jb.sample("z", jb.Normal(x, 1.0))
    x += 1
    jb.sample("y", jb.Normal(x, 1.0))


NAMES = {
    "obs of its own name": (observed_under_its_own_name, {"y": LONG}, ["y_obs"]),
    "obs of another name": (observed_under_another_name, {"target": LONG}, ["target"]),
    "obs scalar": (observed_under_another_name, {"target": 3.0}, ["y_obs"]),
    "obs small": (observed_under_another_name, {"target": [1, 2]}, ["target"]),
    "parameter": (parameter, {"x": LONG}, ["x", "y_obs"]),
    "small argument": (small_argument, {"x": [1.0, 2.0, 3.0]}, ["x", "y_obs"]),
    "later a site": (used_and_then_a_site, {"x": LONG}, ["x_data", "y_obs"]),
    "later the observed site": (used_and_then_the_observed_site, {"y": LONG}, ["y_data"]),
    "later a plate": (used_and_then_a_plate, {"n": LONG}, ["n_data", "y_obs"]),
    "fallback taken": (fallback_taken, {"x": LONG}, ["x_data_2"]),
    "fallback taken by data": (fallback_taken_by_data, {"y": LONG}, ["y_obs", "y_obs_2"]),
    "named first": (named_first, {"y": LONG}, ["outcome"]),
    "named later": (named_later, {"y": LONG}, ["y"]),
    "a dict of data": (a_dict_of_data, {"data": {"x": LONG, "y": LONG + 1}}, ["x", "y"]),
    "one object twice": (one_object_twice, {"a": LONG, "b": LONG}, ["a"]),
    "changed in place": (changed_in_place, {"x": LONG}, ["data_1", "data_2"]),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_data_without_a_name_is_given_one(name):
    function, arguments, names = NAMES[name]
    assert named(**arguments)(function)[0] == names


def test_a_site_that_takes_the_name_of_data_keeps_it():
    spec = jb.model(used_and_then_a_site)(LONG)
    assert [s.name for s in spec.samples] == ["z", "x", "y"]
    assert show(spec.samples[0].dist) == "Normal(loc=exp(x_data), scale=1.0)"
    assert show(spec.samples[2].dist) == "Normal(loc=x, scale=1.0)"


def test_observed_expressions_of_data():
    @jb.model
    def model(y):
        y = jb.data("height", y)
        jb.sample("y", jb.Normal(0.0, 1.0), obs=jb.log(y))

    (site,) = model([1.0, 2.0]).samples
    assert (show(site.observed), site.shape) == ("log(height)", (2,))


def test_none_stays_latent():
    spec = eight_schools(SIGMA, None)
    assert spec.samples[-1].observed is None
    assert [d.name for d in spec.data] == ["sigma"]


def test_declared_data():
    spec = eight_schools(jb.array(8), jb.array((8,), int))
    floats, ints = Type((8,), "float"), Type((8,), "int")
    assert spec.data == (Data("sigma", floats), Data("y_obs", ints))
    bound = eight_schools(np.array(SIGMA, dtype=float), SCHOOLS)
    assert replace(bound, data=spec.data) == spec


def test_the_same_data_twice():
    @jb.model
    def model():
        one, two = jb.data("x", [1, 2]), jb.data("x", np.array([1, 2]))
        jb.deterministic("sum", one + two)

    assert len(model().data) == 1


# -- calls --------------------------------------------------------------------


def test_models_in_threads_never_meet():
    started, specs = threading.Barrier(2), {}

    @jb.model
    def model(name):
        jb.sample(name, jb.Normal(0.0, 1.0))
        started.wait(timeout=10)
        jb.sample("last", jb.Normal(0.0, 1.0))

    def run(name):
        specs[name] = [s.name for s in model(name).samples]

    threads = [threading.Thread(target=run, args=(n,)) for n in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert specs == {"a": ["a", "last"], "b": ["b", "last"]}


def test_models_inside_models_never_meet():
    @jb.model
    def outer():
        jb.sample("x", jb.Normal(0.0, 1.0))
        assert eight_schools(SIGMA, SCHOOLS).samples[0].name == "mu"
        jb.sample("y", jb.Normal(0.0, 1.0))

    assert [s.name for s in outer().samples] == ["x", "y"]


def test_an_error_in_the_body_leaves_nothing_behind():
    @jb.model
    def broken():
        with jb.plate("n", 3):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    with pytest.raises(SpecError, match="outside a model"):
        jb.sample("x", jb.Normal(0.0, 1.0))


def test_a_model_keeps_the_face_of_its_function():
    assert eight_schools.__name__ == "eight_schools"
    assert repr(eight_schools) == "<model eight_schools(sigma, y)>"


def test_a_deep_expression_can_be_analysed_and_written():
    @jb.model
    def model():
        x = total = jb.sample("x", jb.Normal(0.0, 1.0))
        for _ in range(61):
            total = total + x
        jb.sample("y", jb.Normal(jb.exp(total), 1.0))

    spec = model()
    assert loads(dumps(spec)) == spec
