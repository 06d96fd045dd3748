"""What the tests of written modules say in every language: expressions and statements."""

import itertools
import json
import re

import jointbridge as jb
from jointbridge.conformance.cases import CASES
from jointbridge.errors import UnsupportedError
from jointbridge.expression import Call, Distribution, Name, Number, walk
from jointbridge.spec import Data, Deterministic, Factor, Sample, Spec
from jointbridge.syntax import parse
from tests.backends.arrays.test_expressions import TABLE

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


def functions():
    """The functions that the expressions use."""
    nodes = (node for text in EXPRESSIONS for node in walk(parse(text)))
    return {node.function for node in nodes if isinstance(node, Call)}


def spec_of(texts, values):
    """A spec of data, and of a deterministic value for each expression."""
    statements = tuple(Deterministic(f"e{n}", parse(t)) for n, t in enumerate(texts))
    used = {n.name for s in statements for n in walk(s.value) if isinstance(n, Name)}
    data = tuple(Data.of(n, x) for n, x in values.items() if n in used)
    return Spec((Sample("z", parse("Normal(loc=0.0)")), *statements), "m", (), data)


# -- families -----------------------------------------------------------------


#: By case of the suite, a density at its first value.
DENSITIES = {
    name: f"log_prob({case.written()}, {case.values[0]!r})"
    for name, case in CASES.items()
}


#: What a language refuses of a family that its library has: case, and the words for it.
REFUSED = {
    "numpyro": {},
    "pyro": {
        "Transformed affine": "AffineTransform takes all reals for its domain",
        "Transformed exp": "ExpTransform takes all reals for its domain",
        "Transformed twice": "AffineTransform takes all reals for its domain",
    },
    "tfp": {},
}


def is_said(text, language, library):
    """Whether a language says a density.

    It refuses families that the library has not under their name, and those of a table.
    """
    refusal = _refusal(text, language)
    name = next(name for name, known in DENSITIES.items() if known == text)
    reason = REFUSED[language].get(name)
    if reason is not None:
        assert reason in refusal.message
    elif refusal is not None:
        family = re.search(r" no (\w+)", refusal.message)[1]
        assert not hasattr(library, family), text
    return refusal is None


def _refusal(text, language):
    """What is wrong with a factor, which no language leaves out, or None."""
    prior = Sample("z", parse("Normal(loc=0.0)"))
    try:
        jb.Joint(Spec((prior, Factor("f", parse(text))))).to_source(language)
    except UnsupportedError as error:
        [problem] = error.problems
    else:
        return None
    assert problem.hint, text
    return problem


@jb.model
def lacking(income, grade):
    """Incomes with a heavy tail, and grades."""
    scale = jb.sample("scale", jb.Dagum(2.0, 3.0, 1.0))
    level = jb.sample("level", jb.SkewLogistic(0.0, scale, 0.5))
    with jb.plate("person", len(income)):
        jb.sample("income", jb.JohnsonSU(-1.0, 2.0, level, scale), obs=income)
        jb.sample("grade", jb.OrderedProbit(level, [-0.5, 0.75]), obs=grade)


def lacking_joint():
    """A joint of families that libraries lack, each some of them."""
    return lacking([0.25, 1.5, 0.75], [0, 2, 1])


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


@jb.model
def masked_inside(seen, y):
    seen = jb.data("seen", seen)
    mu = jb.sample("mu", jb.Normal([0.0, 1.0], 1.0), shape=(2,), mask=[True, False])
    with jb.plate("row", len(y)):
        jb.sample("y", jb.Normal(mu, 1.0), obs=y, mask=seen, shape=(2,))


@jb.model
def scaled_inside(weight, y):
    weight = jb.data("weight", weight)
    mu = jb.sample("mu", jb.Normal(0.0, 1.0), shape=(2, 3), scale=[[0.5], [2.0]])
    jb.sample("whole", jb.Normal(0.0, 1.0), shape=(2,), scale=3.0, mask=True)
    jb.sample("y", jb.Normal(mu[0], 1.0), obs=y, scale=weight, shape=(3,))


@jb.model
def plate_at_two_axes():
    p, q = jb.plate("p", 3, dim=-1), jb.plate("q", 2, dim=-1)
    with p:
        a = jb.sample("a", jb.Normal(0.0, 1.0))
    with jb.plate("p", 3, dim=-2), q:
        b = jb.sample("b", jb.Normal(a[:, None], 1.0))
    with jb.plate("q", 2, dim=-2), p:
        jb.sample("c", jb.Normal(a, 1.0))
    with jb.plate("p", 3, dim=-2), q:
        jb.sample("d", jb.Normal(b, 1.0))


MODELS = {
    "masked-and-scaled": lambda: masked_and_scaled(
        [1, 2, 3], [True, False, True], [0, 1, 2]
    ),
    "learned": lambda: learned([0.1, 0.7, 2.0]),
    "truncated": lambda: truncated([0.7, 2.0, 5.0]),
    "nested-plates": nested_plates,
    "counted": lambda: counted([1, 0, 2]),
    "masked-inside": lambda: masked_inside([True, False], [[0.1, 0.7], [2.0, 0.3]]),
    "scaled-inside": lambda: scaled_inside([0.5, 1.0, 2.0], [0.1, 0.7, 2.0]),
    "plate-at-two-axes": plate_at_two_axes,
}


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


def scanned(name):
    """A joint with a recurrence."""
    return jb.loads(json.dumps({
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


# -- names are data -----------------------------------------------------------

#: Names that mean something to Python, to a library or to nobody.
HOSTILE = [
    *("'); import os; os.system('x'); ('", '"""', "a, b", "__import__", "jnp", "y y"),
    *("dist", "numpyro", "DATA", "len", "class", "lambda", "y_y", "ﬁt", "x\\", "y.y"),
    *("__name__", "é", "1", "_", "{}", "%s", "MCMC", "np", "а", "a", "x", "torch"),
    *("pyro", "tfd", "tfp", "seed", "value", "observed", "joint", "draws", "model"),
    *("name", "self", "Factor", "sample_shape", "make_x", "start", "Wishart"),
]


def hostile():
    """A spec whose names and texts would like to be code."""
    statements = [Sample(HOSTILE[0], parse("Normal(loc=0.5)"))]
    for before, name in itertools.pairwise(HOSTILE):
        normal = Distribution("Normal", (("loc", Name(before)), ("scale", Number(2.0))))
        statements.append(Sample(name, normal))
    text = '"""\n\nimport os  # \\'
    return Spec(tuple(statements), 'x"""; exit()', description=text)
