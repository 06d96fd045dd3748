"""Classes of written modules, read again: by their names, if they compute what these say."""

import ast
import json
from typing import ClassVar

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
import pytest

import jointbridge as jb
from jointbridge.backends.reading import ReadError
from jointbridge.conformance.cases import CASES
from jointbridge.passes import normal
from tests.porting.native import LIBRARIES
from tests.writing.sources import execute
from tests.writing.test_law_classes import FORMS

#: What is read quickly: a density of numbers, one of counts, and one of vectors.
QUICK = {"JohnsonSU", "SkewLogistic", "OrderedProbit", "PowerSpherical"}

each_form = pytest.mark.parametrize(
    ("language", "name"),
    [
        pytest.param(language, name, marks=[] if name in QUICK else pytest.mark.slow)
        for language, name in FORMS
    ],
)


def _joint(name):
    site = {"sample": "z", "dist": CASES[name].written()}
    return jb.loads(json.dumps({"jointbridge": "1.0", "sites": [site]}))


def _read(language, source):
    """What the last function of a module says."""
    found = [n.name for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)]
    with LIBRARIES[language].float64():
        model = execute(source)[found[-1]]
        given = model() if language == "tfp" else model
        return getattr(jb, f"from_{language}")(given)


@each_form
def test_what_is_written_comes_back(language, name):
    joint = _joint(name)
    back = _read(language, joint.to_source(language))
    # A vector of many numbers has become data.
    literal = {d.name: d.values.tolist() for d in back.spec.data}
    (said,) = (s.dist for s in normal(back.spec).samples)
    (wanted,) = (s.dist for s in normal(joint.spec).samples)
    shown = jb.syntax.show(said)
    for title, numbers in literal.items():
        shown = shown.replace(title, str(numbers))
    assert shown == jb.syntax.show(wanted)


@pytest.mark.parametrize(
    ("language", "dist"),
    [
        ("numpyro", "JohnsonSU(0.5, 1.5, [0.0, 1.0], 2.0)"),
        ("pyro", "JohnsonSU(0.5, 1.5, [0.0, 1.0], 2.0)"),
        ("tfp", "SkewLogistic([0.0, 1.0], 2.0, 0.5)"),
    ],
)
def test_copies_come_back(language, dist):
    site = {"sample": "z", "dist": dist, "shape": [3, 2]}
    joint = jb.loads(json.dumps({"jointbridge": "1.0", "sites": [site]}))
    back = _read(language, joint.to_source(language))
    assert normal(back.spec).samples == normal(joint.spec).samples


def test_a_module_draws_what_no_sampler_moves():
    source = _joint("PowerSpherical").to_source("numpyro")
    assert "Predictive" in source
    assert "NUTS" not in source


# -- another density of that name ---------------------------------------------


class Moyal(dist.Distribution):
    """A name that the catalogue has, for another density."""

    arg_constraints: ClassVar = {}
    support = dist.constraints.real

    def __init__(self, loc, scale):
        self.loc, self.scale = loc, scale
        super().__init__()

    def log_prob(self, value):
        return -jnp.square((value - self.loc) / self.scale)

    def sample(self, key, sample_shape=()):
        return jnp.zeros(sample_shape)


def other():
    numpyro.sample("z", Moyal(0.5, 2.0))


def test_a_class_that_computes_something_else_is_refused():
    with pytest.raises(ReadError, match="model's own Moyal site 'z' has") as caught:
        jb.from_numpyro(other)
    assert "density" in caught.value.problems[0].hint


def test_its_density_can_be_had():
    joint = jb.from_numpyro(other, options={"density": True})
    assert [s.dist.family for s in joint.spec.samples] == ["ImproperUniform"]
    assert float(joint.log_prob({"z": 2.5})) == -1.0
