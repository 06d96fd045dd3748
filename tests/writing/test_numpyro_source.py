"""Written NumPyro modules, executed: they score like the joint that they say."""

import ast
import builtins
import itertools
import json
import warnings

import jax
import jax.numpy as jnp
import numpy as np
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
from jointbridge.conformance.cases import CASES
from jointbridge.errors import SpecError
from jointbridge.expression import Call, Distribution, Name, Number, walk
from jointbridge.functions import FUNCTIONS as VOCABULARY
from jointbridge.spec import Data, Deterministic, Sample, Spec
from jointbridge.syntax import parse
from tests.backends.arrays.test_expressions import TABLE, _values
from tests.strategies import meaningful_specs
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

#: Kinds, literals and shapes that NumPy's own rules would get wrong.
TREACHEROUS = """
c + c | c * c | -c | abs(c) | sign(c) | square(c) | minimum(c, c) | prod(c) | max(c)
~c | c & (v > 0) | v & c | i | k | i / 2 | i ** -1 | i ** i | 2 ** -1 | 1 / 2 | ~(1 < 2)
1 / 0.0 | exp(2) | sum(s) | mean(i) | any(i) | where(i, i, 1.5) | one_hot(1.0 * k, size=3)
s[None] | k[None] + 1 | [[1, 2], [3, 4]] | [v, p] | [v, s] | [c, c] | [1, 2.5] | [True, k]
stack([c, c]) | stack([v, s], axis=1) | concatenate([v, i]) | full((2, 3), 1.0) | full(3, 2)
full((2, 4), v) | diag(m) | diag(i) | diagonal(stack([a, a])) | tril(stack([a, a]))
solve_triangular(stack([L, L]), v) | solve_triangular(L, stack([a, a])) | transpose(i)
digamma(p) | i0e(v) | pi * s | -pi | inf * 1 | maximum(v, -inf) | cast(s, kind="int") + k
cast(k, kind="bool") | cast(k > 0, kind="float") | cast(2, kind="float") | floor(i)
i[:4] @ v | i @ i | einsum("i,i->", i, i) | cumsum(m) | cumsum(c) | sum(m, axis=(0, 1))
arange(0, 4) * v | arange(0, 3) | eye(4) @ v | 0.5 * log(2 * pi) | -(s ** 2) | (-s) ** 2
s - (v - s) | s / (v / s) | (2 ** s) ** 2 | 2 ** s ** 2 | s < (v + 1) | -(-s) | 1 - (s < v)
m[-1, 1:] | m[..., None] | m[:, ::2] | m[1:, i] | a[k, :, None] | m[i] | v[i][k]
m[cast(0 * z, kind="int")] | v[k + cast(0 * z, kind="int")] | cholesky(stack([a, a])) | log_softmax(m, axis=0) | clip(i, 0, 1.5) | clip(i, 0, 1)
log_prob(Normal(loc=v, scale=1), m) | log_prob(Dirichlet(concentration=p), softmax(v))
log_prob(MultivariateNormal(loc=m, scale_tril=L), v) | log_prob(Poisson(rate=p), k)
"""
EXPRESSIONS = [*TABLE, "c | (v > s)", "v | c"] + [
    e.strip() for row in TREACHEROUS.strip().splitlines() for e in row.split(" | ")
]


def _spec(texts, values):
    """A spec of data, and of a deterministic value for each expression."""
    statements = tuple(Deterministic(f"e{n}", parse(t)) for n, t in enumerate(texts))
    used = {n.name for s in statements for n in walk(s.value) if isinstance(n, Name)}
    data = tuple(Data.of(n, x) for n, x in values.items() if n in used)
    return Spec((Sample("z", parse("Normal(loc=0.0)")), *statements), "m", (), data)


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
    used = {
        node.function
        for text in EXPRESSIONS
        for node in walk(parse(text))
        if isinstance(node, Call)
    }
    assert used == set(VOCABULARY)


def test_every_row_is_a_function():
    operators = {row.name for row in VOCABULARY.values() if row.symbol}
    methods = {"cast", "log_prob"}
    assert set(FUNCTIONS) == set(VOCABULARY) - operators - methods


@pytest.mark.parametrize(
    "run", [_deterministic, _traced], ids=["NumPy's data", "traced data"]
)
def test_every_expression_has_its_value(run):
    values = _values(())
    spec = _spec(EXPRESSIONS, values)
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


def _densities():
    """`log_prob(family, value)` for every case of the conformance suite."""
    for case in CASES.values():
        yield f"log_prob({case.written()}, {case.values[0]!r})"


def test_every_family_scores():
    texts = list(_densities())
    spec = _spec(texts, {})
    joint = jb.Joint(spec)
    expected = joint.compile("numpyro").deterministic({"z": np.zeros(())})
    with precision("float64"):
        found = _deterministic(_model(spec, joint.to_source("numpyro")), {})
    for number, text in enumerate(texts):
        got = np.asarray(found[f"e{number}"])
        want = expected[f"e{number}"]
        np.testing.assert_allclose(got, want, rtol=1e-12, err_msg=text)


# -- statements ---------------------------------------------------------------


@jb.model
def masked_and_scaled(x, seen, y):
    x, seen = jb.data("x", x), jb.data("seen", seen)
    slope = jb.sample("slope", jb.Laplace(0.0, 1.0))
    with jb.plate("row", len(x)):
        jb.sample("y", jb.Normal(slope * x, 1.0), obs=y, mask=seen, scale=2.5)


@jb.model
def learned(y):
    rate = jb.param("rate", 2, support=jb.supports.positive)
    low = jb.param("low", -1.0)
    with jb.plate("row", len(y)):
        jb.sample("y", jb.Normal(low, rate), obs=y)


@jb.model
def truncated(y):
    mu = jb.sample("mu", jb.Truncated(jb.Normal(0.0, 2.0), low=-1.0, high=3.0))
    tau = jb.sample("tau", jb.HalfStudentT(3.0, 2.0))
    with jb.plate("row", len(y)):
        jb.sample("y", jb.Truncated(jb.Normal(mu, tau), low=0.5), obs=y)


@jb.model
def nested_plates():
    rows, columns = jb.plate("rows", 3, dim=-2), jb.plate("columns", 4, dim=-1)
    with rows:
        a = jb.sample("a", jb.Normal(0.0, 1.0), shape=(2,))
    with columns:
        b = jb.sample("b", jb.Dirichlet([1.0, 2.0, 3.0]))
    with rows, columns:
        jb.sample("c", jb.Normal(jb.sum(b, axis=-1) + a[..., 0], 1.0))
        jb.sample("d", jb.Normal([0.0, 1.0], 1.0), shape=(2,))


@jb.model
def counted(y):
    k = jb.sample(
        "k", jb.Categorical(probs=[0.3, 0.7]), infer={"enumerate": "parallel"}
    )
    mu = jb.let("mu", jb.where(k > 0, 2.0, 0.5))
    jb.sample("flag", jb.Bernoulli(probs=0.4))
    jb.deterministic("doubled", 2 * k)
    jb.sample("y", jb.Poisson(mu), obs=y, shape=(3,))


MODELS = {
    "masked-and-scaled": lambda: masked_and_scaled(
        [1, 2, 3], [True, False, True], [0, 1, 2]
    ),
    "learned": lambda: learned([0.1, 0.7, 2.0]),
    "truncated": lambda: truncated([0.7, 2.0, 5.0]),
    "nested-plates": nested_plates,
    "counted": lambda: counted([1, 0, 2]),
}


@pytest.mark.parametrize("name", MODELS)
def test_statement_scores_like_the_joint(name):
    _agrees(MODELS[name]())


SCANS = {
    "one carry, many slices": {
        "carry": {"h": "0"},
        "over": {"a": "x", "b": "2 * x"},
        "body": [{"let": "t", "value": "0.5 * h + a * b"}],
        "next": {"h": "t"},
        "collect": {"hs": "t", "as": "a"},
    },
    "two carries, no slices": {
        "carry": {"h": "1.0", "k": "[1.0, 2.0]"},
        "length": 4,
        "next": {"h": "0.5 * h + k[0]", "k": "h"},
        "collect": {"hs": "h + sum(k)"},
    },
    "sites in the body": {
        "carry": {"h": "s"},
        "over": {"seen": "x"},
        "body": [
            {"sample": "state", "dist": "Normal(loc=0.9 * h, scale=0.5)"},
            {"sample": "seen_x", "dist": "Normal(loc=state)", "observed": "seen"},
        ],
        "next": {"h": "state"},
        "collect": {"hs": "2 * state"},
    },
}


@pytest.mark.parametrize("name", SCANS)
def test_scan_scores_like_the_joint(name):
    joint = jb.loads(json.dumps({
        "jointbridge": "1.0",
        "data": {"x": [0.1, -0.4, 1.2, 0.3]},
        "plates": {"row": 4},
        "sites": [
            {"sample": "s", "dist": "Normal(loc=0.0, scale=1.0)"},
            {"sample": "u", "dist": "Normal(loc=x)", "plates": ["row"]},
            {"scan": "chain", **SCANS[name]},
            {"factor": "f", "value": "-sum(square(hs - u))"},
        ],
    }))  # fmt: skip
    _agrees(joint)


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


HOSTILE = [
    *("'); import os; os.system('x'); ('", '"""', "a, b", "__import__", "jnp", "y y"),
    *("dist", "numpyro", "DATA", "len", "class", "lambda", "y_y", "ﬁt", "x\\", "y.y"),
    *("__name__", "é", "1", "_", "{}", "%s", "MCMC", "np", "а", "a", "x\\", "x"),
]
HOSTILE = list(dict.fromkeys(HOSTILE))


def test_hostile_names_score_alike():
    statements = [Sample(HOSTILE[0], parse("Normal(loc=0.5)"))]
    for before, name in itertools.pairwise(HOSTILE):
        normal = Distribution("Normal", (("loc", Name(before)), ("scale", Number(2.0))))
        statements.append(Sample(name, normal))
    text = '"""\n\nimport os  # \\'
    spec = Spec(tuple(statements), 'x"""; exit()', description=text)
    source = _agrees_at_zero(spec)
    module = ast.parse(source)
    assert len(module.body[-2].body) == len(HOSTILE)


def _agrees_at_zero(spec):
    joint = jb.Joint(spec)
    source = joint.to_source("numpyro")
    values = {s.name: np.zeros(()) for s in spec.samples}
    score = _score(_model(spec, source), {}, values)
    np.testing.assert_allclose(score, float(joint.log_prob(values)), rtol=TOLERANCE)
    return source
