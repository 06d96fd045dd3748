"""Joint distributions of TFP, of every form, are read as specs that score the same."""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jointbridge as jb
from jointbridge.backends.arrays.jax import precision
from jointbridge.backends.reading import ReadError
from jointbridge.backends.tfp.library import tfb, tfd
from jointbridge.backends.tfp.quiet import quiet
from jointbridge.syntax import show

EXAMPLES = sorted(Path(jb.__file__).parent.glob("examples/*.jb.json"))
RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(5, 3))
group = np.array([0, 1, 2, 0, 1])
sigma = np.array([15.0, 10.0, 16.0, 11.0, 9.0])
trials = np.array([5.0, 6.0, 7.0, 8.0, 9.0])
seen = X > 0

Root = tfd.JointDistributionCoroutine.Root


def f(x):
    """A float of the width that JAX is set to; TFP takes Python's for float32."""
    return jnp.asarray(x, jnp.zeros(()).dtype)


def sequential():
    return tfd.JointDistributionSequential(
        [
            tfd.Normal(f(0.0), f(5.0), name="mu"),
            tfd.HalfNormal(f(1.0)),
            lambda tau, mu: tfd.Sample(tfd.Normal(mu, tau), 5),
            lambda theta: tfd.Independent(tfd.Normal(theta, sigma), 1, name="y"),
        ]
    )


def named():
    return tfd.JointDistributionNamed(
        {
            "y": lambda mu, s: tfd.Sample(tfd.Normal(mu, s), 5),
            "s": tfd.HalfCauchy(f(0.0), f(5.0)),
            "mu": lambda s: tfd.Normal(f(0.0), s),
        }
    )


def auto_sequential():
    return tfd.JointDistributionSequentialAutoBatched(
        [
            tfd.Normal(f(0.0), f(5.0), name="mu"),
            lambda mu: tfd.Normal(mu * jnp.arange(4.0), f(1.0), name="y"),
        ]
    )


def auto_named():
    return tfd.JointDistributionNamedAutoBatched(
        {
            "rate": tfd.Gamma(f(2.0), f(1.0)),
            "y": lambda rate: tfd.Poisson(rate * jnp.ones(4)),
        }
    )


def coroutine():
    def regression():
        alpha = yield Root(tfd.Normal(f(0.0), f(10.0), name="alpha"))
        beta = yield Root(tfd.Sample(tfd.Normal(f(0.0), f(2.5)), 3, name="beta"))
        s = yield Root(tfd.HalfCauchy(f(0.0), f(5.0), name="s"))
        mean = alpha + f(X) @ beta
        yield tfd.Independent(tfd.Normal(mean, s), 1, name="y")

    return tfd.JointDistributionCoroutine(regression)


def varying_slopes():
    def model():
        L = yield tfd.CholeskyLKJ(2, f(2.0), name="L")
        tau = yield tfd.Sample(tfd.HalfNormal(f(1.0)), 2, name="tau")
        mu = yield tfd.Sample(tfd.Normal(f(0.0), f(5.0)), 2, name="mu")
        scale = tau[:, None] * L
        beta = yield tfd.Sample(
            tfd.MultivariateNormalTriL(mu, scale_tril=scale), 3, name="beta"
        )
        mean = beta[group, 0] + beta[group, 1] * f(X)[:, 0]
        yield tfd.Normal(mean, f(1.0), name="y")

    return tfd.JointDistributionCoroutineAutoBatched(model)


def mixture():
    def model():
        w = yield tfd.Dirichlet(jnp.ones(3), name="w")
        loc = yield tfd.Sample(tfd.Normal(f(0.0), f(3.0)), 3, name="loc")
        parts = tfd.Normal(loc, f(1.0))
        yield tfd.Sample(
            tfd.MixtureSameFamily(tfd.Categorical(probs=w), parts), 5, name="y"
        )

    return tfd.JointDistributionCoroutineAutoBatched(model)


def idioms():
    def model():
        p = yield tfd.Beta(f(1.0), f(1.0), name="p")
        r = yield tfd.Gamma(f(2.0), f(1.0), name="r")
        yield tfd.Binomial(total_count=trials, probs=p, name="binomial")
        yield tfd.NegativeBinomial(total_count=r, logits=jnp.log(r), name="nb")
        yield tfd.Poisson(log_rate=p, name="counts")
        yield tfd.Inflated(tfd.Poisson(r), inflated_loc_probs=p, name="inflated")
        yield tfd.TruncatedNormal(f(0.0), f(1.0), f(-1.0), r, name="truncated")
        normals = tfd.Sample(tfd.Normal(p, f(1.0)), 2)
        yield tfd.TransformedDistribution(normals, tfb.Exp(), name="lognormal")
        yield tfd.MultivariateNormalDiag(X[0], f([1.0, 2.0, 3.0]), name="diagonal")
        rows = tfd.Masked(tfd.Normal(f(X), r), seen)
        yield tfd.Independent(rows, 2, name="masked")

    return tfd.JointDistributionCoroutineAutoBatched(model)


def recurrence():
    def model():
        start = yield tfd.Normal(f(0.0), f(1.0), name="start")
        phi = yield tfd.Uniform(f(0.0), f(1.0), name="phi")

        def step(z, _):
            return phi * z, z

        path = jax.lax.scan(step, start, None, length=8)[1]
        yield tfd.Normal(path, f(1.0), name="y")

    return tfd.JointDistributionCoroutineAutoBatched(model)


def columns():
    rows = tfd.Sample(tfd.Normal(f([0.0, 1.0]), f(1.0)), 3, name="x")
    return tfd.JointDistributionSequentialAutoBatched([rows])


MODELS = {
    sequential: """
        mu ~ Normal(loc=0.0, scale=5.0) []
        tau ~ HalfNormal(scale=1.0) []
        theta ~ Normal(loc=mu, scale=tau) [5]
        y ~ Normal(loc=theta, scale=sigma) [5]""",
    named: """
        s ~ HalfCauchy(scale=5.0) []
        mu ~ Normal(loc=0.0, scale=s) []
        y ~ Normal(loc=mu, scale=s) [5]""",
    auto_sequential: """
        mu ~ Normal(loc=0.0, scale=5.0) []
        y ~ Normal(loc=mu * arange(0, 4), scale=1.0) [4]""",
    auto_named: """
        rate ~ Gamma(concentration=2.0, rate=1.0) []
        y ~ Poisson(rate=rate) [4]""",
    coroutine: """
        alpha ~ Normal(loc=0.0, scale=10.0) []
        beta ~ Normal(loc=0.0, scale=2.5) [3]
        s ~ HalfCauchy(scale=5.0) []
        mean = alpha + X @ beta
        y ~ Normal(loc=mean, scale=s) [5]""",
    varying_slopes: """
        L ~ LKJCholesky(dimension=2, concentration=2.0) []
        tau ~ HalfNormal(scale=1.0) [2]
        mu ~ Normal(loc=0.0, scale=5.0) [2]
        scale = tau[:, None] * L
        beta ~ MultivariateNormal(loc=mu, scale_tril=scale) [3]
        mean = beta[group, 0] + beta[group, 1] * X[:, 0]
        y ~ Normal(loc=mean, scale=1.0) [5]""",
    mixture: """
        w ~ Dirichlet(concentration=full((3,), 1.0)) []
        loc ~ Normal(loc=0.0, scale=3.0) [3]
        y ~ Mixture(probs=w, components=Normal(loc=loc, scale=1.0)) [5]""",
    idioms: """
        p ~ Beta(concentration1=1.0, concentration0=1.0) []
        r ~ Gamma(concentration=2.0, rate=1.0) []
        binomial ~ Binomial(total_count=trials, probs=p) [5]
        nb ~ NegativeBinomial(total_count=r, logits=log(r)) []
        counts ~ Poisson(rate=exp(p)) []
        inflated ~ ZeroInflated(base=Poisson(rate=r), gate=p) []
        truncated ~ Truncated(base=Normal(loc=0.0, scale=1.0), low=-1.0, high=r) []
        lognormal ~ LogNormal(loc=p, scale=1.0) [2]
        diagonal ~ MultivariateNormal(loc=X[0], scale_tril=diag([1.0, 2.0, 3.0])) []
        masked ~ Normal(loc=X, scale=r) [5, 3] mask seen""",
    recurrence: """
        start ~ Normal(loc=0.0, scale=1.0) []
        phi ~ Uniform(low=0.0, high=1.0) []
        scan
        y ~ Normal(loc=out, scale=1.0) [8]""",
    columns: """
        x ~ Normal(loc=[0.0, 1.0][:, None], scale=1.0) [2, 3]""",
}
MODELS = [pytest.param(m, text, id=m.__name__) for m, text in MODELS.items()]


def _line(statement):
    if isinstance(statement, jb.spec.Let):
        return f"{statement.name} = {show(statement.value)}"
    if isinstance(statement, jb.spec.Scan):
        return statement.name
    mask = f" mask {show(statement.mask)}" if statement.mask is not None else ""
    shape = list(statement.shape)
    return f"{statement.name} ~ {show(statement.dist)} {shape}{mask}"


def _draw(made):
    """A draw by name of the component."""
    with quiet():
        value = made.sample(seed=jax.random.PRNGKey(1))
        names = made._flat_resolve_names()
        flat = made._model_flatten(value)
    return value, dict(zip(names, map(np.asarray, flat), strict=True))


@pytest.mark.parametrize(("make", "text"), MODELS)
def test_reads_as_one_would_write_it(make, text):
    with precision("float64"):
        joint = jb.from_tfp(make())
        assert [_line(s) for s in joint.spec.statements] == [
            line.strip() for line in text.strip().splitlines()
        ]


@pytest.mark.parametrize("make", [pytest.param(m.values[0], id=m.id) for m in MODELS])
def test_scores_are_tfps(make):
    with precision("float64"):
        made = make()
        joint = jb.from_tfp(made)
        value, values = _draw(made)
        with quiet():
            expected = np.asarray(made.log_prob(value))
    np.testing.assert_allclose(joint.log_prob(values), expected, rtol=1e-12)


def test_pins_are_observations():
    y = np.arange(5.0)
    with precision("float64"):
        joint = jb.from_tfp(sequential().experimental_pin(y=y))
        site = joint.spec.samples[-1]
        assert show(site.observed) == "y_obs"
        assert jb.from_tfp(sequential(), y=y) == joint
        np.testing.assert_array_equal(joint.bind().spec.data[-1].values, y)


def test_float32_numbers_are_what_was_typed():
    with precision("float32"):
        joint = jb.from_tfp(
            tfd.JointDistributionSequential(
                [
                    tfd.Normal(0.1, 0.3, name="a"),
                    lambda a: tfd.Normal(a * 0.7, jnp.float32(0.2), name="b"),
                ]
            )
        )
    first, second = joint.spec.samples
    assert show(first.dist) == "Normal(loc=0.1, scale=0.3)"
    assert show(second.dist) == "Normal(loc=a * 0.7, scale=0.2)"
    assert "float32" in joint.reading.notes[0].text


def test_a_single_distribution_is_a_joint_of_one_site():
    with precision("float64"):
        joint = jb.from_tfp(tfd.Gamma(f(2.0), f([1.0, 3.0]), name="g"))
    (site,) = joint.spec.samples
    assert site.name == "g"
    assert site.shape == (2,)
    assert joint.reading.notes[0].kind == "assumed"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.name.split(".")[0])
def test_what_to_tfp_gives_is_read_back(path):
    joint = jb.load(str(path))
    with precision("float64"):
        assert jb.from_tfp(joint.to_tfp(dtype="float64")) == joint


def branch():
    z = yield tfd.Normal(f(0.0), f(1.0), name="z")
    yield tfd.Normal(z, f(1.0 if z > 0 else 2.0), name="y")


def numpy_on_site():
    z = yield tfd.Normal(f(0.0), f(1.0), name="z")
    yield tfd.Normal(np.exp(z), f(1.0), name="y")


def python_float():
    z = yield tfd.Normal(f(0.0), f(1.0), name="z")
    yield tfd.Normal(f(0.0), f(float(z)), name="y")


def count():
    z = yield tfd.Poisson(f(3.0), name="z")
    yield tfd.Normal(f([0.0] * int(z)), f(1.0), name="y")


def boolean_index():
    z = yield tfd.Sample(tfd.Normal(f(0.0), f(1.0)), 3, name="z")
    yield tfd.Normal(z[z > 0], f(1.0), name="y")


def loop():
    z = yield tfd.Normal(f(0.0), f(1.0), name="z")
    z = jax.lax.while_loop(lambda x: x < 9.0, lambda x: x + 1.0, z)
    yield tfd.Normal(z, f(1.0), name="y")


def eigenvalues():
    z = yield tfd.Normal(f(0.0), f(1.0), name="z")
    matrix = jnp.linalg.eigvalsh(jnp.exp(z) * jnp.eye(2) + 1.0)
    yield tfd.Normal(matrix, f(1.0), name="y")


def unknown_family():
    yield tfd.BetaQuotient(f(1.0), f(2.0), f(3.0), f(4.0), name="z")


def two_families():
    parts = [tfd.Normal(f(0.0), f(1.0)), tfd.Cauchy(f(0.0), f(1.0))]
    yield tfd.Mixture(tfd.Categorical(probs=f([0.4, 0.6])), parts, name="z")


def vector_transform():
    base = tfd.Sample(tfd.Normal(f(0.0), f(1.0)), 3)
    yield tfd.TransformedDistribution(base, tfb.FillTriangular(), name="z")


def nested():
    yield tfd.JointDistributionSequential([tfd.Normal(f(0.0), f(1.0))], name="z")


REFUSALS = {
    branch: "branch",
    numpy_on_site: "numpy-on-site",
    python_float: "numpy-on-site",
    count: "dynamic",
    boolean_index: "dynamic",
    loop: "loop",
    eigenvalues: "unknown-operation",
    unknown_family: "unknown-family",
    vector_transform: "unreadable",
    nested: "unreadable",
}


@pytest.mark.parametrize(
    ("model", "code"), REFUSALS.items(), ids=[m.__name__ for m in REFUSALS]
)
def test_refusals_name_the_place_and_a_way_out(model, code):
    with precision("float64"), pytest.raises(ReadError) as caught:
        jb.from_tfp(tfd.JointDistributionCoroutineAutoBatched(model))
    (problem,) = caught.value.problems
    assert problem.code == code
    assert problem.path.startswith("test_tfp_read.py:") or problem.path == "z"
    assert problem.hint


def test_mixture_of_two_families_is_read():
    native = tfd.JointDistributionCoroutineAutoBatched(two_families)
    with precision("float64"):
        joint = jb.from_tfp(native)
        expected = float(native.log_prob(z=f(0.7)))
    assert joint.spec.samples[0].dist.family == "MixtureGeneral"
    found = joint.log_prob({"z": 0.7}, backend="tfp")
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_only_distributions_are_read():
    with pytest.raises(ReadError, match="no TFP distribution"):
        jb.from_tfp(3)
    with precision("float64"), pytest.raises(ReadError, match="no component 'z'"):
        jb.from_tfp(sequential(), z=1.0)
