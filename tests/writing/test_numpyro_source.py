"""Written NumPyro modules, executed: they score like the joint that they say."""

import ast
import builtins
import warnings

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import pytest
from hypothesis import HealthCheck, assume, given, settings
from numpyro import handlers
from numpyro.infer.util import log_density

import jointbridge as jb
from jointbridge.analysis import analyse
from jointbridge.backends.arrays.jax import precision
from jointbridge.backends.arrays.jax_words import FUNCTIONS
from jointbridge.backends.numpyro.spelling import IMPORTS
from jointbridge.backends.numpyro.write import NumPyro
from jointbridge.backends.writing.model import model_function
from jointbridge.errors import SpecError
from jointbridge.functions import FUNCTIONS as VOCABULARY
from tests.backends.arrays.test_expressions import _values
from tests.strategies import meaningful_specs
from tests.writing.models import (
    DENSITIES,
    EXPRESSIONS,
    HOSTILE,
    MODELS,
    SCANS,
    functions,
    hostile,
    is_said,
    scanned,
    spec_of,
)
from tests.writing.sources import EXAMPLES, calls, example, execute

POINTS = 3
TOLERANCE = 1e-10


def _values_of(joint, seed=0):
    """Points in the support of every latent site: constrained from free coordinates."""
    compiled = joint.compile("numpyro")
    random = np.random.default_rng(seed)
    found = []
    for _ in range(POINTS):
        free = {
            name: random.integers(0, 2, site.free)
            if site.discrete
            else random.normal(0.0, 0.3, site.free)
            for name, site in analyse(joint.spec).latent.items()
        }
        values = compiled.constrain(free)
        found.append({n: compiled.numpy(x) for n, x in values.items() if n in free})
    return found


def _arguments(spec):
    written = model_function(NumPyro(), spec).arguments
    return {written[d.name]: d.values for d in spec.data}


def _model(spec, source):
    return execute(source)[model_function(NumPyro(), spec).code.name]


def _score(model, arguments, values):
    with precision("float64"):
        values = {n: jnp.asarray(x) for n, x in values.items()}
        density, _ = log_density(model, (), arguments, values)
    return float(density)


def _agrees(joint):
    source = joint.to_source("numpyro")
    model, arguments = _model(joint.spec, source), _arguments(joint.spec)
    for values in _values_of(joint):
        expected = float(joint.log_prob(values))
        assert np.isfinite(expected)
        np.testing.assert_allclose(
            _score(model, arguments, values), expected, rtol=TOLERANCE, err_msg=source
        )
    return source


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_scores_like_the_joint(name):
    _agrees(jb.load(str(example(name))))


# -- every function and every family ------------------------------------------


def _deterministic(model, arguments):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "divide by zero", RuntimeWarning)
        trace = handlers.trace(handlers.seed(model, 0)).get_trace(**arguments)
    return {n: s["value"] for n, s in trace.items() if s["type"] == "deterministic"}


def _plain(values):
    """Scalars as numbers of Python, as a person passes them."""
    return {n: x if x.shape else x.item() for n, x in values.items()}


def _traced(model, arguments):
    arrays = {n: jnp.asarray(x) for n, x in arguments.items()}
    return jax.jit(lambda **given: _deterministic(model, given))(**arrays)


def test_every_function_has_an_expression():
    assert functions() == set(VOCABULARY)


def test_every_row_is_a_function():
    operators = {row.name for row in VOCABULARY.values() if row.symbol}
    methods = {"cast", "log_prob"}
    assert set(FUNCTIONS) == set(VOCABULARY) - operators - methods


@pytest.mark.parametrize(
    "run", [_deterministic, _traced], ids=["NumPy's data", "traced data"]
)
def test_every_expression_has_its_value(run):
    values = _values(())
    spec = spec_of(EXPRESSIONS, values)
    joint, types = jb.Joint(spec), analyse(spec).scope.names
    expected = joint.compile("numpyro").deterministic({"z": np.zeros(())})
    source = joint.to_source("numpyro")
    with precision("float64"):
        arguments = {n: x for n, x in _plain(values).items() if n in types}
        found = run(_model(spec, source), arguments)
    for number, text in enumerate(EXPRESSIONS):
        name = f"e{number}"
        got, want = np.asarray(found[name]), np.asarray(expected[name])
        assert got.shape == types[name].shape, text
        kind = {"f": "float", "i": "int", "b": "bool"}[got.dtype.kind]
        assert kind == types[name].kind, text
        np.testing.assert_allclose(got, want, rtol=1e-13, atol=1e-13, err_msg=text)


@pytest.mark.slow
def test_every_family_scores():
    texts = [
        t for t in DENSITIES.values() if is_said(t, "numpyro", numpyro.distributions)
    ]
    assert len(texts) > 70
    spec = spec_of(texts, {})
    joint = jb.Joint(spec)
    expected = joint.compile("numpyro").deterministic({"z": np.zeros(())})
    with precision("float64"):
        found = _deterministic(_model(spec, joint.to_source("numpyro")), {})
    for number, text in enumerate(texts):
        got = np.asarray(found[f"e{number}"])
        want = expected[f"e{number}"]
        np.testing.assert_allclose(got, want, rtol=1e-12, err_msg=text)


# -- statements ---------------------------------------------------------------


@pytest.mark.parametrize("name", MODELS)
def test_statement_scores_like_the_joint(name):
    _agrees(MODELS[name]())


@pytest.mark.parametrize("name", SCANS)
def test_scan_scores_like_the_joint(name):
    _agrees(scanned(name))


# -- names are data -----------------------------------------------------------

#: The attributes that code for scalars is written with.
ATTRIBUTES = {
    *("sample", "deterministic", "factor", "param", "Normal", "positive", "inf", "pi"),
    *("array", "asarray", "nan", "logaddexp", "maximum", "mask", "astype", "sum"),
}


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(meaningful_specs())
def test_names_and_texts_are_no_code(spec):
    try:
        source = jb.Joint(spec).to_source("numpyro")
    except SpecError:
        assume(False)  # a parameter outside its domain
    *module, main = ast.parse(source).body
    tree = ast.Module(module, [])
    title = model_function(NumPyro(), spec).code.name
    nodes = list(ast.walk(tree))
    assert [n.name for n in nodes if isinstance(n, ast.FunctionDef)] == [title]
    assert isinstance(main, ast.If)
    assert ast.unparse(main.test) == "__name__ == '__main__'"
    assert calls(tree) <= {*IMPORTS, "len"}
    imported = {
        ast.unparse(n) for n in nodes if isinstance(n, ast.Import | ast.ImportFrom)
    }
    assert {text.split()[1].split(".")[0] for text in imported} <= {
        *("jax", "numpy", "numpyro", "pathlib")
    }
    bound = {n.id for n in nodes if isinstance(n, ast.Name) and _stores(n)}
    assert not bound & {*IMPORTS, *dir(builtins)}
    assert {n.attr for n in nodes if isinstance(n, ast.Attribute)} <= ATTRIBUTES


def _stores(node):
    return isinstance(node.ctx, ast.Store)


def test_hostile_names_score_alike():
    module = ast.parse(_agrees_at_zero(hostile()))
    assert len(module.body[-2].body) == len(HOSTILE)


def _agrees_at_zero(spec):
    joint = jb.Joint(spec)
    source = joint.to_source("numpyro")
    values = {s.name: np.zeros(()) for s in spec.samples}
    score = _score(_model(spec, source), {}, values)
    np.testing.assert_allclose(score, float(joint.log_prob(values)), rtol=TOLERANCE)
    return source
