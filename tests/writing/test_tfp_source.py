"""Written TFP modules, executed: they score like the joint that they say."""

import ast
import builtins
import inspect
import itertools
import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jointbridge as jb
from conformance.cases import CASES, COMBINED
from jointbridge.analysis import analyse
from jointbridge.backends.arrays.jax import precision
from jointbridge.backends.tfp.library import tfd
from jointbridge.backends.tfp.quiet import quiet
from jointbridge.backends.tfp.spelling import IMPORTS
from jointbridge.backends.tfp.write_model import Parts
from jointbridge.errors import UnsupportedError
from jointbridge.expression import Distribution, Name, Number
from jointbridge.spec import Deterministic, Factor, Sample, Spec
from jointbridge.syntax import parse
from tests.writing.sources import WRITTEN, calls, example, execute, objections

POINTS = 3
TOLERANCE = 1e-10
STYLES = ("sequential", "coroutine")

each_style = pytest.mark.parametrize("style", STYLES)


def _points(joint, seed=0):
    """Points in the support of every latent site."""
    compiled = joint.compile("tfp")
    random = np.random.default_rng(seed)
    for _ in range(POINTS):
        free = {
            name: random.integers(0, 2, site.free)
            if site.discrete
            else random.normal(0.0, 0.3, site.free)
            for name, site in analyse(joint.spec).latent.items()
        }
        values = compiled.constrain(free)
        yield {n: compiled.numpy(x) for n, x in values.items() if n in free}


def _called(function, data):
    return function(**{n: data[n] for n in inspect.signature(function).parameters})


def _built(spec, source):
    """The joint of a module, and the values of its observed parts."""
    parts, space = Parts(spec), execute(source)
    data = {parts.identifiers[d.name]: d.values for d in parts.spec.data}
    seen = _called(space["observed"], data) if "observed" in space else {}
    return _called(space[parts.title], data), seen, parts.identifiers


def _score(built, values):
    joint, seen, identifiers = built
    given = {identifiers[n]: jnp.asarray(x) for n, x in values.items()}
    with quiet():
        return joint.log_prob(**given, **seen)


def _agrees(joint, style):
    source = joint.to_source("tfp", style=style)
    with precision("float64"):
        built = _built(joint.spec, source)
        for values in _points(joint):
            expected, found = float(joint.log_prob(values)), _score(built, values)
            assert np.isfinite(expected)
            assert found.dtype == "float64"
            assert found.shape == ()
            np.testing.assert_allclose(found, expected, rtol=TOLERANCE, err_msg=source)
    return source


@each_style
@pytest.mark.parametrize("name", WRITTEN["tfp"])
def test_example_scores_like_the_joint(name, style):
    _agrees(jb.load(str(example(name))), style)


def test_joint_is_a_sequential_one_and_draws():
    joint = jb.load(str(example("eight-schools")))
    with precision("float64"), quiet():
        built, seen, _ = _built(joint.spec, joint.to_source("tfp"))
        assert isinstance(built, tfd.JointDistributionSequential)
        draws = built.sample(5, seed=jax.random.PRNGKey(0))
        assert [x.shape for x in draws] == [(5,), (5,), (5, 8), (5, 8)]
        assert {str(x.dtype) for x in draws} == {"float64"}
        assert built.log_prob(draws).shape == (5,)
        pinned = built.experimental_pin(**seen)
        assert pinned.log_prob(draws[:3]).shape == (5,)


# -- families -----------------------------------------------------------------

#: What TFP lacks under any name; written modules refuse them.
LACKING = {
    *("AsymmetricLaplace", "AsymmetricLaplaceQuantile", "DiscreteUniform", "Gompertz"),
    *("GaussianRandomWalk", "ImproperUniform", "InverseWishart", "Levy", "LogUniform"),
    *("InverseWishartCholesky", "MatrixNormal", "MultivariateStudentT", "SoftLaplace"),
    *("Wishart", "WishartCholesky", "ZeroSumNormal"),
}


def _densities():
    """The distribution and the values of every case of the conformance suite."""
    for name, (params, values, _) in CASES.items():
        given = ", ".join(
            f"{n}={x if isinstance(x, str) else repr(x)}" for n, x in params.items()
        )
        yield f"{name.split()[0]}({given})", values
    for text, params, values, _ in COMBINED.values():
        for name, value in params.items():
            for end in (")", ","):
                text = text.replace(f"={name}{end}", f"={value!r}{end}")
        yield text, values


def _family_cases():
    for number, (text, values) in enumerate(_densities()):
        yield pytest.param(text, values, id=f"{number}-{text.split('(')[0]}")


@pytest.mark.parametrize(("text", "values"), [*_family_cases()])
def test_family_scores(text, values):
    value = f"log_prob({text}, {values[0]!r})"
    spec = Spec((Sample("z", parse("Normal(loc=0.0)")), Factor("f", parse(value))))
    joint, point = jb.Joint(spec), {"z": np.zeros(())}
    try:
        source = joint.to_source("tfp")
    except UnsupportedError as error:
        assert parse(text).family in LACKING | {"Truncated", "Delta"}
        assert error.problems[0].hint
        return
    assert parse(text).family not in LACKING
    with precision("float64"):
        found = _score(_built(spec, source), point)
    expected = float(joint.log_prob(point))
    np.testing.assert_allclose(found, expected, rtol=1e-9, err_msg=source)
