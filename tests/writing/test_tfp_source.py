"""Written TFP modules, executed: they score like the joint that they say."""

import ast
import builtins
import inspect
import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jointbridge as jb
from jointbridge.analysis import analyse
from jointbridge.backends.arrays.jax import precision
from jointbridge.backends.tfp.library import tfd
from jointbridge.backends.tfp.quiet import quiet
from jointbridge.backends.tfp.spelling import IMPORTS
from jointbridge.backends.tfp.write_model import Parts
from jointbridge.errors import UnsupportedError
from jointbridge.expression import Call, Name, walk
from jointbridge.spec import Data, Factor, Sample, Spec
from jointbridge.syntax import parse
from tests.backends.arrays.test_expressions import _values
from tests.writing.models import (
    DENSITIES,
    EXPRESSIONS,
    HOSTILE,
    SCANS,
    hostile,
    is_said,
    scanned,
)
from tests.writing.models import MODELS as SHARED
from tests.writing.sources import GOLDEN, WRITTEN, calls, example, execute, objections

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
    parameters = inspect.signature(function).parameters.values()
    wanted = (p.name for p in parameters if p.default is p.empty or p.name in data)
    return function(**{n: data[n] for n in wanted})


def _built(spec, source):
    """The joint of a module, and the values of its observed parts."""
    parts, space = Parts(spec), execute(source)
    data = {parts.identifiers[d.name]: d.values for d in parts.spec.data}
    seen = _called(space["observed"], data) if "observed" in space else {}
    return _called(space[parts.title], data), seen, parts


def _components(parts, values):
    """Values by component; a site in a loop has one for each step."""
    for site, value in values.items():
        if site in parts.stems:
            for t, x in enumerate(value):
                yield f"{parts.stems[site]}_{t}", jnp.asarray(x)
        else:
            yield parts.identifiers[site], jnp.asarray(value)


def _score(built, values):
    joint, seen, parts = built
    given = dict(_components(parts, values))
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


#: Examples that are written as loops, and so as coroutines though nobody asks for them.
LOOPS = ("dynamic-occupancy", "hidden-markov-states", "nile")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "style"),
    [
        (name, style)
        for name in WRITTEN["tfp"]
        for style in ((None,) if name in LOOPS else STYLES)
    ],
)
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


@pytest.mark.parametrize("text", DENSITIES.values(), ids=DENSITIES)
def test_family_scores(text):
    if not is_said(text, "tfp", tfd):
        return
    spec = Spec((Sample("z", parse("Normal(loc=0.0)")), Factor("f", parse(text))))
    joint, point = jb.Joint(spec), {"z": np.zeros(())}
    source = joint.to_source("tfp")
    with precision("float64"):
        found = _score(_built(spec, source), point)
    # NumPyro, the reference, loses digits of some families.
    expected = float(joint.log_prob(point, backend="tfp"))
    np.testing.assert_allclose(found, expected, rtol=TOLERANCE, err_msg=source)


# -- statements ---------------------------------------------------------------


@jb.model
def broadcast():
    rows, columns = jb.plate("rows", 3, dim=-2), jb.plate("columns", 4, dim=-1)
    with rows:
        a = jb.sample("a", jb.Normal(0.0, 1.0), shape=(2,))
    with rows, columns:
        jb.sample("e", jb.Normal(a[..., :1, 1], 1.0))


@jb.model
def indexed():
    k = jb.sample("k", jb.Categorical(probs=[0.3, 0.7]))
    n = jb.sample("n", jb.Poisson(3.0))
    table = jb.let("table", [[1.0, 2.0, 3.0], [0.5, 1.5, 2.5]])
    jb.sample("z", jb.Normal(table[k, n], 1.0))


@jb.model
def imputed(x, seen):
    x, seen = jb.data("x", x), jb.data("seen", seen)
    there = jb.sample("there", jb.Normal(0.0, 1.0), shape=(2,))
    whole = jb.let("whole", jb.concatenate([x, there]))
    low = jb.param("low", -1.0)
    with jb.plate("row", len(seen)):
        jb.sample("w", jb.Normal(low, 2.0), obs=whole, mask=seen, scale=0.5)
    k = jb.sample("k", jb.Poisson(1.0), obs=jb.cast(jb.square(there[0]), kind="int"))
    jb.sample("y", jb.Normal(k, 1.0), obs=0.5)


@jb.model
def transformed(y):
    y = jb.data("y", y)
    mu = jb.sample("mu", jb.Normal(0.0, 1.0))
    logged = jb.let("logged", jb.log(y))
    with jb.plate("row", len(y)):
        jb.sample("z", jb.Normal(mu, 1.0), obs=2 * logged)


MODELS = {
    **SHARED,
    "broadcast": broadcast,
    "indexed": indexed,
    "imputed": lambda: imputed([1.0, 2.0], [True, False, True, True]),
    "transformed": lambda: transformed([1, 2, 4]),
}


@each_style
@pytest.mark.parametrize("name", MODELS)
def test_statement_scores_like_the_joint(name, style):
    _agrees(MODELS[name](), style)


@each_style
@pytest.mark.parametrize("name", [n for n in SCANS if n != "sites in the body"])
def test_scan_scores_like_the_joint(name, style):
    _agrees(scanned(name), style)


FLAT = "ImproperUniform(support=real)"
NORMAL = "Normal(loc=0.0)"
REFUSED = {
    "a family": ([{"factor": "f", "value": f"log_prob({FLAT}, 1.0)"}], "improper"),
    "a support": (
        [{"sample": "s", "dist": "ImproperUniform(support=corr_cholesky(3))"}],
        "bijector",
    ),
    "a param that begins with a draw": (
        [
            {"sample": "z", "dist": NORMAL},
            {"param": "p", "init": "2.0 * z"},
            {"sample": "y", "dist": "Normal(loc=p)"},
        ],
        "'p' begins",
    ),
}


@each_style
@pytest.mark.parametrize(("sites", "reason"), REFUSED.values(), ids=REFUSED)
def test_refusal_says_why_and_what_to_do(sites, reason, style):
    joint = jb.loads(json.dumps({"jointbridge": "1.0", "sites": sites}))
    with pytest.raises(UnsupportedError, match=reason) as caught:
        joint.to_source("tfp", style=style)
    assert caught.value.problems[0].hint


def test_style_must_be_known():
    with pytest.raises(UnsupportedError, match="no style 'named'"):
        jb.load(str(example("funnel"))).to_source("tfp", style="named")


# -- expressions --------------------------------------------------------------


def test_every_expression_has_its_value():
    values = _values(())
    parsed = {f"f{n}": parse(text) for n, text in enumerate(EXPRESSIONS)}
    used = {n.name for e in parsed.values() for n in walk(e) if isinstance(n, Name)}
    factors = [
        Factor(name, Call("cast", (node,), (("kind", "float"),)))
        for name, node in parsed.items()
    ]
    data = tuple(Data.of(n, x) for n, x in values.items() if n in used - {"z"})
    spec = Spec((Sample("z", parse("Normal(loc=0.0)")), *factors), "m", (), data)
    joint, point = jb.Joint(spec), {"z": np.zeros(())}
    expected = joint.log_prob_parts(point)
    with precision("float64"):
        built, seen, _ = _built(spec, joint.to_source("tfp"))
        found = built.log_prob_parts(z=jnp.zeros(()), **seen)
    for text, name, got in zip(EXPRESSIONS, parsed, found[1:], strict=True):
        np.testing.assert_allclose(got, expected[name], rtol=1e-12, err_msg=text)


# -- names are data -----------------------------------------------------------


@each_style
def test_hostile_names_score_alike(style):
    spec = hostile()
    source = jb.Joint(spec).to_source("tfp", style=style)
    tree = ast.parse(source)
    assert calls(tree) <= {*IMPORTS, "len", "joint", "print", Parts(spec).title, "x"}
    bound = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and _stores(n)}
    assert not bound & {*IMPORTS, *dir(builtins)}
    values = {name: np.full((), n / 7) for n, name in enumerate(HOSTILE)}
    with precision("float64"):
        found = _score(_built(spec, source), values)
    expected = float(jb.Joint(spec).log_prob(values))
    np.testing.assert_allclose(found, expected, rtol=TOLERANCE)


def _stores(node):
    return isinstance(node.ctx, ast.Store)


# -- the second style ---------------------------------------------------------


@pytest.mark.parametrize("name", ["ar1", "eight-schools", "hidden-markov"])
def test_coroutine_is_the_golden_one(name):
    source = jb.load(str(example(name))).to_source("tfp", style="coroutine")
    golden = GOLDEN / "tfp_coroutine" / f"{name.replace('-', '_')}.py"
    assert source == golden.read_text(encoding="utf-8")


def test_formatter_and_linter_leave_coroutines_as_they_are():
    assert objections(GOLDEN / "tfp_coroutine") == ""
