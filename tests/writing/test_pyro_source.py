"""Written Pyro modules, executed: they score like the joint that they say."""

import ast
import builtins
import itertools
import json
from contextlib import contextmanager

import numpy as np
import pyro
import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from pyro import poutine

import jointbridge as jb
from jointbridge.analysis import analyse
from jointbridge.backends.arrays.jax_words import FUNCTIONS
from jointbridge.backends.pyro.spelling import IMPORTS
from jointbridge.backends.pyro.write import PyroLanguage
from jointbridge.backends.writing.model import model_function
from jointbridge.conformance.cases import CASES
from jointbridge.errors import SpecError, UnsupportedError
from jointbridge.expression import Call, Distribution, Name, Number, walk
from jointbridge.functions import FUNCTIONS as VOCABULARY
from jointbridge.spec import Data, Deterministic, Sample, Scan, Spec
from jointbridge.syntax import parse
from tests.backends.arrays.test_expressions import TABLE, _values
from tests.strategies import meaningful_specs
from tests.writing.sources import EXAMPLES, calls, example, execute

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
    trace = _trace(model, arguments, {})
    return {
        n: s["value"]
        for n, s in trace.nodes.items()
        if s["type"] == "sample" and s["infer"].get("_deterministic")
    }


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


def test_every_expression_has_its_value():
    values = _values(())
    spec = _spec(EXPRESSIONS, values)
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


def _densities():
    """`log_prob(family, value)` for every case of the conformance suite."""
    for case in CASES.values():
        yield f"log_prob({case.written()}, {case.values[0]!r})"


#: Families that the writer refuses.
ABSENT = {
    *("MatrixNormal", "ZeroSumNormal", "Wishart", "WishartCholesky"),
    *("InverseWishart", "InverseWishartCholesky"),
}


def _families(text):
    return {n.family for n in walk(parse(text)) if isinstance(n, Distribution)}


def test_every_family_scores():
    texts = [t for t in _densities() if not _families(t) & ABSENT]
    spec = _spec(texts, {})
    joint = jb.Joint(spec)
    expected = joint.compile("pyro").deterministic({"z": np.zeros(())})
    found = _deterministic(_model(spec, joint.to_source("pyro")), {})
    for number, text in enumerate(texts):
        got = found[f"e{number}"].numpy()
        want = expected[f"e{number}"]
        np.testing.assert_allclose(got, want, rtol=1e-10, err_msg=text)


@pytest.mark.parametrize("family", sorted(ABSENT))
def test_absent_family_is_refused(family):
    text = next(t for t in _densities() if family in _families(t))
    with pytest.raises(UnsupportedError, match=f"Pyro has no {family}"):
        jb.Joint(_spec([text], {})).to_source("pyro")


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


HOSTILE = [
    *("'); import os; os.system('x'); ('", '"""', "a, b", "__import__", "torch", "y y"),
    *("dist", "pyro", "DATA", "len", "class", "lambda", "y_y", "ﬁt", "x\\", "y.y"),
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
    source = joint.to_source("pyro")
    values = {s.name: np.zeros(()) for s in spec.samples}
    score = _score(_model(spec, source), {}, values)
    np.testing.assert_allclose(score, float(joint.log_prob(values)), rtol=TOLERANCE)
    return source
