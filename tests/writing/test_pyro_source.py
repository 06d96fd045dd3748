"""Written Pyro modules, executed: they score like the joint that they say."""

import ast
import builtins
from contextlib import contextmanager

import numpy as np
import pyro
import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from pyro import poutine
from torch.distributions import biject_to

import jointbridge as jb
from jointbridge.analysis import analyse
from jointbridge.backends.arrays.jax_words import FUNCTIONS
from jointbridge.backends.pyro.spelling import IMPORTS
from jointbridge.backends.pyro.write_language import PyroLanguage
from jointbridge.backends.writing.model import model_function
from jointbridge.errors import SpecError
from jointbridge.functions import FUNCTIONS as VOCABULARY
from jointbridge.spec import Plate, Sample, Scan, Spec
from jointbridge.syntax import parse
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
from tests.writing.sources import EXAMPLES, calls, example, execute, objections

POINTS = 3
TOLERANCE = 1e-10


def _values_of(joint, seed=0):
    """Points in the support of every latent site: constrained from free coordinates."""
    compiled = joint.compile("pyro")
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
    """The data as the module makes tensors of them."""
    written = model_function(PyroLanguage(), spec).arguments
    return {written[d.name]: _tensor(d.values) for d in spec.data}


def _tensor(values):
    return torch.as_tensor(np.array(values))


def _model(spec, source):
    return execute(source)[model_function(PyroLanguage(), spec).code.name]


@contextmanager
def _double():
    """What the modules do in `__main__`, for the time of a `with`."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        with pyro.validation_enabled(True), pyro.get_param_store().scope():
            yield
    finally:
        torch.set_default_dtype(before)


def _trace(model, arguments, values):
    with _double(), torch.random.fork_rng(devices=[]):
        given = poutine.condition(model, {n: _tensor(x) for n, x in values.items()})
        return poutine.trace(given).get_trace(**arguments)


def _as_drawn(spec, values):
    """Values in Pyro's own kinds, those of sites in loops one for each step."""
    found = {}
    scans = [s for s in spec.statements if isinstance(s, Scan)]
    looped = {site.name for scan in scans for site in scan.sites}
    for name, value in values.items():
        family = analyse(spec).sites[name].sample.dist.family
        given = value if family == "Categorical" else np.asarray(value, float)
        steps = (
            {f"{name}_{t}": x for t, x in enumerate(given)} if name in looped else {}
        )
        found |= steps or {name: given}
    return found


def _score(model, arguments, values):
    with _double():
        return _trace(model, arguments, values).log_prob_sum().item()


def _agrees(joint):
    source = joint.to_source("pyro")
    model, arguments = _model(joint.spec, source), _arguments(joint.spec)
    for values in _values_of(joint):
        expected = float(joint.log_prob(values))
        assert np.isfinite(expected)
        np.testing.assert_allclose(
            _score(model, arguments, _as_drawn(joint.spec, values)),
            expected,
            rtol=TOLERANCE,
            err_msg=source,
        )
    return source


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_scores_like_the_joint(name):
    _agrees(jb.load(str(example(name))))


# -- every function and every family ------------------------------------------


def _deterministic(model, arguments):
    trace = _trace(model, arguments, {})
    return {
        n: s["value"]
        for n, s in trace.nodes.items()
        if s["type"] == "sample" and s["infer"].get("_deterministic")
    }


def test_every_function_has_an_expression():
    assert functions() == set(VOCABULARY)


def test_every_row_is_a_function():
    operators = {row.name for row in VOCABULARY.values() if row.symbol}
    methods = {"cast", "log_prob"}
    assert set(FUNCTIONS) == set(VOCABULARY) - operators - methods


def test_every_expression_has_its_value():
    values = _values(())
    spec = spec_of(EXPRESSIONS, values)
    joint, types = jb.Joint(spec), analyse(spec).scope.names
    expected = joint.compile("pyro").deterministic({"z": np.zeros(())})
    found = _deterministic(_model(spec, joint.to_source("pyro")), _arguments(spec))
    for number, text in enumerate(EXPRESSIONS):
        name = f"e{number}"
        got, want = found[name].numpy(), np.asarray(expected[name])
        assert got.shape == types[name].shape, text
        kind = {"f": "float", "i": "int", "b": "bool"}[got.dtype.kind]
        assert kind == types[name].kind, text
        np.testing.assert_allclose(got, want, rtol=1e-13, atol=1e-13, err_msg=text)


def test_every_family_scores():
    texts = [t for t in DENSITIES.values() if is_said(t, "pyro", pyro.distributions)]
    assert len(texts) > 70
    spec = spec_of(texts, {})
    joint = jb.Joint(spec)
    with _double():  # Pyro's SineBivariateVonMises rests on torch's default width
        expected = joint.compile("pyro").deterministic({"z": np.zeros(())})
        found = _deterministic(_model(spec, joint.to_source("pyro")), {})
    for number, text in enumerate(texts):
        got = found[f"e{number}"].numpy()
        want = expected[f"e{number}"]
        np.testing.assert_allclose(got, want, rtol=1e-10, err_msg=text)


#: Distributions that Pyro lacks, with the classes that stand in the module for them.
LACKING = {
    "zero-sum": "ZeroSumNormal(scale=2.0, event_shape=3)",
    "matrix-normal": (
        "MatrixNormal(loc=[[0.0, 1.0]], scale_tril_row=[[2.0]],"
        " scale_tril_column=[[1.0, 0.0], [0.5, 1.5]])"
    ),
    "state-space": (
        "GaussianStateSpace(num_steps=3, transition_matrix=[[0.75, 0.5], [0.0, 0.25]],"
        " precision_matrix=[[2.0, 0.5], [0.5, 1.0]], initial_value=[0.5, 1.0])"
    ),
    "wishart": "Wishart(concentration=4.5, scale_matrix=[[2.0, 0.5], [0.5, 1.0]])",
    "inverse-wishart": (
        "InverseWishart(concentration=4.5, rate_matrix=[[2.0, 0.5], [0.5, 1.0]])"
    ),
    "wishart-factor": "WishartCholesky(concentration=4, scale_tril=[[1.5]])",
    "inverse-wishart-factor": (
        "InverseWishartCholesky(concentration=4, scale_tril=[[1.5]])"
    ),
    "truncated-cauchy": "Truncated(base=Cauchy(loc=0.0, scale=1.0), low=8.0, high=9.0)",
    "truncated-laplace": "Truncated(base=Laplace(loc=0.0, scale=1.0), low=-1.0)",
    "left-censored": "LeftCensored(base=Normal(loc=0.0, scale=1.0), censored=1)",
    "right-censored": "RightCensored(base=Exponential(rate=2.0), censored=0)",
    "hurdle": "Hurdle(base=Gamma(concentration=2.0, rate=1.0), gate=0.25)",
    "circulant": "CirculantNormal(loc=[0.0, 1.0, 2.0], covariance_row=[2.0, 0.5, 0.5])",
    "copula": (
        "GaussianCopula(marginal_dist=Exponential(rate=[0.5, 2.0]),"
        " correlation_matrix=[[1.0, 0.5], [0.5, 1.0]])"
    ),
    "truncated-logistic": "Truncated(base=Logistic(loc=0.0, scale=1.0), high=0.5)",
}


@pytest.mark.parametrize("dist", LACKING.values(), ids=LACKING)
def test_class_of_the_module_is_whole(dist, tmp_path):
    spec = Spec((Sample("z", parse(dist), ("row",)),), plates=(Plate("row", 4),))
    source = _agrees(jb.Joint(spec))
    with _double(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        trace = poutine.trace(_model(spec, source)).get_trace()
        drawn = trace.nodes["z"]
        assert drawn["fn"].support.check(drawn["value"]).all()
        assert trace.log_prob_sum().isfinite()
        there = biject_to(drawn["fn"].support)
        back = there(there.inv(drawn["value"]))
        np.testing.assert_allclose(back, drawn["value"], rtol=1e-9, atol=1e-9)
    (tmp_path / "module.py").write_text(source)
    assert objections(tmp_path) == ""


def test_data_are_cast_once():
    source = jb.load(str(example("item-response"))).to_source("pyro")
    assert "    y = y.double()\n" in source
    assert "obs=y)" in source


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
    *("tensor", "double", "clamp", "logaddexp", "maximum", "mask", "long", "sum"),
    *("array", "nan", "bool", "float64", "int64", "minimum", "where"),
}


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(meaningful_specs())
def test_names_and_texts_are_no_code(spec):
    try:
        source = jb.Joint(spec).to_source("pyro")
    except SpecError:
        assume(False)  # a parameter outside its domain
    *module, main = ast.parse(source).body
    tree = ast.Module(module, [])
    title = model_function(PyroLanguage(), spec).code.name
    nodes = list(ast.walk(tree))
    assert [n.name for n in nodes if isinstance(n, ast.FunctionDef)] == [title]
    assert isinstance(main, ast.If)
    assert ast.unparse(main.test) == "__name__ == '__main__'"
    given = {n.arg for n in nodes if isinstance(n, ast.arg)}
    bound = {n.id for n in nodes if isinstance(n, ast.Name) and _stores(n)}
    assert calls(tree) <= {*IMPORTS, "len", *given, *bound}
    imported = {
        ast.unparse(n) for n in nodes if isinstance(n, ast.Import | ast.ImportFrom)
    }
    assert {text.split()[1].split(".")[0] for text in imported} <= {
        *("torch", "numpy", "pyro", "pathlib")
    }
    assert not (bound | given) & {*IMPORTS, *dir(builtins)}
    assert {n.attr for n in nodes if isinstance(n, ast.Attribute)} <= ATTRIBUTES


def _stores(node):
    return isinstance(node.ctx, ast.Store)


def test_hostile_names_score_alike():
    module = ast.parse(_agrees_at_zero(hostile()))
    assert len(module.body[-2].body) == len(HOSTILE)


def _agrees_at_zero(spec):
    joint = jb.Joint(spec)
    source = joint.to_source("pyro")
    values = {s.name: np.zeros(()) for s in spec.samples}
    score = _score(_model(spec, source), {}, values)
    np.testing.assert_allclose(score, float(joint.log_prob(values)), rtol=TOLERANCE)
    return source
