"""NumPyro models as specs: what a person would have written, and the same numbers."""

from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import pytest
from numpyro import handlers
from numpyro.contrib.control_flow import scan
from numpyro.infer.reparam import LocScaleReparam
from numpyro.infer.util import log_density

import jointbridge as jb
from jointbridge.passes import normal
from jointbridge.syntax import show

X = np.array([0.5, -1.0, 2.0, 0.1])
Y = np.array([1.0, 0.0, 3.0, 2.0])
GROUP = np.array([0, 1, 1, 0])
SEEN = np.array([True, False, True, True])
PRIOR = np.array([0.25, 0.5])


def mean(x):
    return numpyro.sample("b", dist.Normal(0, 1)) * x


def line(x, y):
    a = numpyro.sample("a", dist.Normal(0, 5))
    mu = a + mean(x)
    numpyro.sample("y", dist.Normal(mu, 1.0), obs=y)


def groups(group, y):
    with numpyro.plate("groups", 2):
        a = numpyro.sample("a", dist.Normal(0.0, 1.0))
    with numpyro.plate("rows", len(y)):
        numpyro.sample("y", dist.Normal(a[group], 1.0), obs=y)


def events():
    numpyro.sample("w", dist.Normal(0, 1).expand([3, 2]).to_event(1))
    numpyro.sample("m", dist.Dirichlet(jnp.ones(3)))


def handled(y, seen):
    a = numpyro.sample("a", dist.HalfNormal(2.0))
    with handlers.mask(mask=seen), handlers.scale(scale=0.5):
        numpyro.sample("y", dist.Normal(0.0, a), obs=y)


def reparametrised():
    m = numpyro.sample("m", dist.Normal(0, 1))
    with handlers.reparam(config={"t": LocScaleReparam(0)}):
        numpyro.sample("t", dist.Normal(m, 2.0))


def families(counts):
    g = numpyro.sample("g", dist.Beta(1, 1))
    numpyro.sample("t", dist.TruncatedNormal(0.0, 1.0, low=0.0))
    numpyro.sample("f", dist.FoldedDistribution(dist.Normal(0.0, 2.0)))
    log = dist.transforms.ExpTransform()
    numpyro.sample("l", dist.TransformedDistribution(dist.Normal(0.0, 1.0), log))
    numpyro.sample("c", dist.ZeroInflatedPoisson(g, 2.0), obs=counts)


def transformed(y):
    ordered = dist.transforms.OrderedTransform()
    base = dist.Normal(0.0, 1.0).expand([3]).to_event(1)
    with numpyro.plate("rows", 2), handlers.scale(scale=0.5):
        c = numpyro.sample("c", dist.TransformedDistribution(base, ordered))
    moved = [dist.transforms.AffineTransform(1.0, 2.0), dist.transforms.ExpTransform()]
    s = numpyro.sample("s", dist.TransformedDistribution(dist.Gumbel(0.0, 1.0), moved))
    bent = dist.transforms.SoftplusTransform()
    t = numpyro.sample("t", dist.TransformedDistribution(dist.Normal(0.0, 1.0), bent))
    numpyro.sample("y", dist.Normal(c.sum() + t, s), obs=y)


def walk(y):
    s = numpyro.sample("s", dist.HalfNormal(1.0))

    def step(z_prev, y_t):
        z = numpyro.sample("z", dist.Normal(z_prev, s))
        numpyro.sample("y", dist.Normal(z, 1.0), obs=y_t)
        return z, None

    scan(step, 0.0, y)


def around():
    p = numpyro.sample("p", dist.Beta(2, 2))
    numpyro.factor("f", jnp.sum(PRIOR * p))


def missing(y, obs_mask):
    s = numpyro.sample("s", dist.HalfNormal(1.0))
    with numpyro.plate("rows", 4):
        numpyro.sample("y", dist.Normal(0.0, s), obs=y, obs_mask=obs_mask)


def subsampled(x):
    m = numpyro.sample("m", dist.Normal(0, 1))
    with numpyro.plate("rows", 4, subsample_size=2) as rows:
        numpyro.sample("x", dist.Normal(m, 1.0), obs=x[rows])


def learnt():
    numpyro.sample("x", dist.Normal(numpyro.param("loc", 0.5), 1.0))


def records(data):
    numpyro.sample("y", dist.Normal(data["x"], 1.0), obs=data["seen"])


def series(turn, y):
    start = numpyro.sample("start", dist.Normal(0.0, 1.0).expand([2]).to_event(1))
    states = dist.GaussianStateSpace(3, turn, jnp.eye(2), initial_value=start)
    numpyro.sample("y", states, obs=y)


def tied(tie, y):
    waits = dist.Exponential(2.0).expand([2])
    numpyro.sample("y", dist.GaussianCopula(waits, tie), obs=y)


LINES = [
    pytest.param(
        line,
        (X, Y),
        [
            "a ~ Normal(loc=0, scale=5)",
            "b ~ Normal(loc=0, scale=1)",
            "let mu = a + b * x",
            "y ~ Normal(loc=mu, scale=1.0) [4] = y_obs",
        ],
        id="line",
    ),
    pytest.param(
        groups,
        (GROUP, Y),
        [
            "a ~ Normal(loc=0.0, scale=1.0) groups",
            "y ~ Normal(loc=a[group], scale=1.0) rows = y_obs",
        ],
        id="groups",
    ),
    pytest.param(
        events,
        (),
        [
            "w ~ Normal(loc=0, scale=1) [3, 2]",
            "m ~ Dirichlet(concentration=full(shape=(3,), 1.0))",
        ],
        id="events",
    ),
    pytest.param(
        families,
        (Y,),
        [
            "g ~ Beta(concentration1=1, concentration0=1)",
            "t ~ Truncated(base=Normal(loc=0.0, scale=1.0), low=0.0)",
            "f ~ HalfNormal(scale=2.0)",
            "l ~ LogNormal(loc=0.0, scale=1.0)",
            "c ~ ZeroInflated(base=Poisson(rate=2.0), gate=g) [4] = counts",
        ],
        id="families",
    ),
    pytest.param(
        around,
        (),
        ["p ~ Beta(concentration1=2, concentration0=2)", "f = sum(PRIOR * p)"],
        id="arrays-around",
    ),
    pytest.param(
        records,
        ({"x": X, "seen": Y},),
        ["y ~ Normal(loc=x, scale=1.0) [4] = seen"],
        id="named-by-key",
    ),
    pytest.param(
        series,
        (np.array([[0.5, -0.25], [0.0, 0.75]]), np.zeros((3, 2))),
        [
            "start ~ Normal(loc=0.0, scale=1.0) [2]",
            (
                "y ~ GaussianStateSpace(num_steps=3, transition_matrix=turn,"
                " covariance_matrix=eye(2), initial_value=start) = y_obs"
            ),
        ],
        id="series",
    ),
    pytest.param(
        tied,
        (np.array([[1.0, 0.5], [0.5, 1.0]]), np.ones(2)),
        [
            (
                "y ~ GaussianCopula(marginal_dist=Exponential(rate=full((2,), 2.0)),"
                " correlation_matrix=tie) = y_obs"
            )
        ],
        id="tied",
    ),
]


def said(statement):
    match statement:
        case jb.spec.Let(name, value):
            return f"let {name} = {show(value)}"
        case jb.spec.Sample(name, made, plates, shape, observed):
            words = [f"{name} ~ {show(made)}", *plates]
            words += [str(list(shape))] if shape else []
            words += [f"= {show(observed)}"] if observed is not None else []
            return " ".join(words)
    return f"{statement.name} = {show(statement.value)}"


@pytest.mark.parametrize(("model", "args", "wanted"), LINES)
def test_said(model, args, wanted):
    spec = jb.from_numpyro(model, *args).spec
    assert [said(s).replace("full((3,), 1.0)", "full(shape=(3,), 1.0)")
            for s in spec.statements] == wanted  # fmt: skip


SCORED = [
    pytest.param(line, (X, Y), id="line"),
    pytest.param(groups, (GROUP, Y), id="groups"),
    pytest.param(events, (), id="events"),
    pytest.param(handled, (Y, SEEN), id="handlers"),
    pytest.param(reparametrised, (), id="reparam"),
    pytest.param(families, (Y,), id="families"),
    pytest.param(walk, (Y,), id="scan"),
    pytest.param(around, (), id="arrays-around"),
    pytest.param(missing, (Y, SEEN), id="obs-mask"),
    pytest.param(
        handlers.condition(walk, {"y": jnp.asarray(Y)}), (X,), id="condition-in-scan"
    ),
    pytest.param(partial(line, X), (Y,), id="partial"),
    pytest.param(transformed, (Y,), id="transformed"),
]


@pytest.mark.parametrize(("model", "args"), SCORED)
def test_scored(model, args):
    joint = jb.from_numpyro(model, *args)
    compiled = joint.compile()
    random = np.random.default_rng(3)
    free = {
        n: random.normal(size=(3, *t.shape)) for n, t in compiled.free_types.items()
    }
    constrained = compiled.constrain(free)
    values = {n: np.asarray(constrained[n]) for n in free}
    with jax.enable_x64(True):
        theirs = [
            float(
                log_density(
                    model, args, {}, {n: jnp.asarray(x[i]) for n, x in values.items()}
                )[0]
            )
            for i in range(3)
        ]
    np.testing.assert_allclose(joint.log_prob(values), theirs, rtol=1e-10)


EXAMPLES = sorted(Path(jb.__file__).parent.glob("examples/*.jb.json"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.name.split(".")[0])
def test_our_own_come_back(path):
    joint = jb.load(str(path))
    back = jb.from_numpyro(joint.to_numpyro(dtype="float64"))
    assert normal(back.spec) == normal(joint.spec)


def test_notes():
    reading = jb.from_numpyro(subsampled, X).reading
    assert [n.kind for n in reading.notes] == ["assumed", "named"]
    assert reading.source == "test_numpyro_read.py:subsampled"


def test_a_transformed_site_is_its_density_and_that_is_said():
    reading = jb.from_numpyro(transformed, Y).reading
    found = [(n.kind, n.where) for n in reading.notes]
    assert [w for k, w in found if k == "assumed"] == ["c"]
    assert "nothing draws it" in reading.notes[0].text


def test_a_stopped_gradient_is_noted():
    def stopped():
        m = numpyro.sample("m", dist.Normal(0, 1))
        numpyro.sample("x", dist.Normal(jax.lax.stop_gradient(m), 1.0))

    (note,) = jb.from_numpyro(stopped).reading.notes
    assert note.kind == "dropped"
    assert note.where.startswith("test_numpyro_read.py:")


def test_params_keep_their_first_values():
    (param, _) = jb.from_numpyro(learnt).spec.statements
    assert (param.name, show(param.init)) == ("loc", "0.5")


def test_frozen_arguments():
    def counted(group, y):
        n = int(np.max(group)) + 1
        with numpyro.plate("groups", n):
            a = numpyro.sample("a", dist.Normal(0.0, 1.0))
        numpyro.sample("y", dist.Normal(a[group], 1.0), obs=y)

    joint = jb.from_numpyro(counted, GROUP, Y)
    assert [n.where for n in joint.reading.frozen] == ["group"]
    assert said(joint.spec.statements[1]).startswith("y ~ Normal(loc=a[group]")


def test_a_distribution():
    joint = jb.from_numpyro(dist.Gamma(2.0, 3.0))
    assert said(joint.spec.statements[0]) == "x ~ Gamma(concentration=2.0, rate=3.0)"
