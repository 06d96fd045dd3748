"""Components without a family, and log densities inside of models, are read."""

import threading

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tfp_lines import Everywhere, Half, Own, Tent, Term, f, lines, normal

import jointbridge as jb
from jointbridge.backends.arrays.jax import precision
from jointbridge.backends.reading import ReadError
from jointbridge.backends.tfp.library import tfb, tfd
from jointbridge.backends.tfp.quiet import quiet

x = np.array([0.3, -1.0, 4.0, 2.0, 0.1])
square = np.arange(6.0).reshape(2, 3) ** 2
counts = np.array([3, 0, 1])
seen = np.array([True, False, True, True, False])


def term():
    mu = yield tfd.Normal(f(0.0), f(1.0), name="mu")
    yield Term(-0.5 * mu**2, name="prior")


def term_of_many():
    mu = yield tfd.Normal(f(0.0), f(1.0), name="mu")
    yield Term(jnp.broadcast_to(-(mu**2), (4,)), name="four")
    yield tfd.Independent(Term(mu * f(x), name="rows"), 1, name="rows")
    yield tfd.Sample(Term(mu, name="copies"), 3, name="copies")


def everywhere():
    yield Everywhere(tfb.Identity(), name="a")
    yield Everywhere(tfb.Softplus(), (3,), name="b")
    low = yield Everywhere(tfb.Sigmoid(f(-1.0), f(1.0)), name="low")
    yield Everywhere(tfb.Sigmoid(low, f(2.0)), name="c")
    yield Everywhere(tfb.Chain([tfb.Shift(low), tfb.Exp()]), name="d")
    down = [tfb.Shift(low), tfb.Scale(f(-1.0)), tfb.Exp()]
    yield Everywhere(tfb.Chain(down), name="e")
    yield Everywhere(tfb.Shift(low * f(x)), (5,), name="moved")


def everywhere_in_vectors():
    yield Everywhere(tfb.Ascending(), (2, 4), name="a")
    yield Everywhere(tfb.Chain([tfb.Exp(), tfb.Ascending()]), (3,), name="b")
    yield Everywhere(tfb.IteratedSigmoidCentered(), (3,), name="c")
    yield Everywhere(tfb.CorrelationCholesky(), (3, 3), name="d")
    yield tfd.Sample(Everywhere(tfb.Ascending(), (4,)), 2, name="e")


def flat_at_another_height():
    yield Half(name="z")


def ordered():
    base = tfd.MultivariateNormalDiag(jnp.zeros(3), jnp.ones(3))
    cuts = yield tfd.TransformedDistribution(base, tfb.Ascending(), name="cuts")
    yield tfd.Normal(cuts[0], f(1.0), name="y")


def logit_normal():
    inner = tfd.Normal(f(0.0), f(2.0))
    yield tfd.TransformedDistribution(inner, tfb.Sigmoid(), name="p")


def softmax_normal():
    inner = tfd.Sample(tfd.Normal(f(0.0), f(1.0)), 3)
    yield tfd.TransformedDistribution(inner, tfb.SoftmaxCentered(), name="p")


def marginal():
    w = yield tfd.Beta(f(1.0), f(1.0), name="w")
    mu = yield tfd.Sample(tfd.Normal(f(0.0), f(5.0)), 2, name="mu")
    one = tfd.Normal(mu[0], f(1.0)).log_prob(f(x))
    two = tfd.Cauchy(mu[1], f(2.0)).log_prob(f(x))
    mixed = jnp.logaddexp(jnp.log(w) + one, jnp.log1p(-w) + two)
    yield Term(jnp.sum(mixed), name="mixture")


def wrapped():
    mu = yield tfd.Normal(f(0.0), f(1.0), name="mu")
    rows = tfd.Sample(tfd.Normal(mu, f(1.0)), 5)
    yield Term(rows.log_prob(f(x)), name="sample")
    own = tfd.Independent(tfd.Normal(mu * jnp.arange(5.0), f(1.0)), 1)
    yield Term(own.log_prob(f(x)), name="independent")
    some = tfd.Independent(tfd.Masked(tfd.Normal(mu, f(1.0) * f(x) ** 2), seen), 1)
    yield Term(some.log_prob(f(x)), name="masked")
    two = mu * f([1.0, 2.0])
    rows = tfd.Sample(tfd.Normal(two, f(1.0)), 3)
    yield Term(rows.log_prob(f(square)), name="columns")


def counted():
    rate = yield tfd.Gamma(f(2.0), f(1.0), name="rate")
    yield Term(tfd.Poisson(rate).log_prob(f(counts)).sum(), name="data")
    yield Term(tfd.Poisson(rate).log_prob(jnp.floor(rate)), name="unknown")


def vectors():
    mu = yield tfd.Sample(tfd.Normal(f(0.0), f(1.0)), 2, name="mu")
    tril = f([[1.0, 0.0], [0.5, 2.0]])
    normal = tfd.MultivariateNormalTriL(mu, tril)
    yield Term(normal.log_prob(f([0.1, 0.2])), name="normal")
    parts = tfd.MixtureSameFamily(
        tfd.Categorical(probs=f([0.3, 0.7])), tfd.Normal(mu, f(1.0))
    )
    yield Term(parts.log_prob(f(x)).sum(), name="mixture")


def recurrence():
    mu = yield tfd.Sample(tfd.Normal(f(0.0), f(1.0)), 2, name="mu")

    def step(alpha, now):
        alpha = jax.nn.logsumexp(alpha) + tfd.Normal(mu, f(1.0)).log_prob(now)
        return alpha, None

    alpha, _ = jax.lax.scan(step, jnp.zeros(2), f(x))
    yield Term(jax.nn.logsumexp(alpha), name="forward")


def named_scalar():
    first = f(1.0)

    def model():
        yield tfd.Normal(first, f(1.0), name="a")
        b = yield tfd.Normal(2.0 * first, f(1.0), name="b")
        yield Term(tfd.Normal(first, f(1.0)).log_prob(b), name="term")

    return model


def helper():
    mine = normal("Normal", lambda z, s: -0.5 * (z + jnp.log(2 * jnp.pi)) - s)
    a = yield mine(f(0.0), f(3.0), name="a")
    yield mine(a, f(2.0), name="b")


READ = {
    term: """
        mu ~ Normal(loc=0.0, scale=1.0)
        prior: -0.5 * mu ** 2""",
    term_of_many: """
        mu ~ Normal(loc=0.0, scale=1.0)
        four: full((4,), -mu ** 2)
        rows: sum(mu * x)
        copies: mu * 3""",
    everywhere: """
        a ~ ImproperUniform(support=real)
        b ~ ImproperUniform(support=positive) [3]
        low ~ ImproperUniform(support=interval(low=-1.0, high=1.0))
        c ~ ImproperUniform(support=interval(low=low, high=2.0))
        d ~ ImproperUniform(support=greater_than(low=low))
        e ~ ImproperUniform(support=less_than(high=low))
        moved ~ ImproperUniform(support=real) [5]""",
    everywhere_in_vectors: """
        a ~ ImproperUniform(support=ordered(4)) [2]
        b ~ ImproperUniform(support=positive_ordered(3))
        c ~ ImproperUniform(support=simplex(3))
        d ~ ImproperUniform(support=corr_cholesky(3))
        e ~ ImproperUniform(support=ordered(4)) [2]""",
    flat_at_another_height: """
        z ~ ImproperUniform(support=real)
        z_log_density: -0.5""",
    ordered: None,
    logit_normal: None,
    softmax_normal: None,
    marginal: """
        w ~ Beta(concentration1=1.0, concentration0=1.0)
        mu ~ Normal(loc=0.0, scale=5.0) [2]
        one = log_prob(Normal(loc=mu[0], scale=1.0), x)
        two = log_prob(Cauchy(loc=mu[1], scale=2.0), x)
        mixed = logaddexp(log(w) + one, log1p(-w) + two)
        mixture: sum(mixed)""",
    wrapped: """
        mu ~ Normal(loc=0.0, scale=1.0)
        sample: sum(log_prob(Normal(loc=mu, scale=1.0), x))
        own = mu * arange(0, 5)
        independent: sum(log_prob(Normal(loc=own, scale=1.0), x))
        some = x ** 2
        masked: sum(where(seen, log_prob(Normal(loc=mu, scale=some), x), 0.0))
        two = mu * [1.0, 2.0]
        columns: sum(log_prob(Normal(loc=two[:, None], scale=1.0), square), axis=-1)""",
    counted: None,
    vectors: None,
    recurrence: None,
    helper: """
        a ~ Normal(loc=0.0, scale=3.0)
        b ~ Normal(loc=a, scale=2.0)""",
}
READ = [pytest.param(m, text, id=m.__name__) for m, text in READ.items()]


def joint_of(model):
    return tfd.JointDistributionCoroutineAutoBatched(model)


@pytest.mark.parametrize(("model", "text"), [p for p in READ if p.values[1]])
def test_what_is_read(model, text):
    with precision("float64"):
        assert lines(jb.from_tfp(joint_of(model))) == [
            line.strip() for line in text.strip().splitlines()
        ]


def values_of(joint, seed=0):
    """Values of the latent sites, in their supports."""
    compiled, random = joint.compile("tfp"), np.random.default_rng(seed)
    free = {n: random.normal(size=t.shape) for n, t in compiled.free_types.items()}
    return {n: np.asarray(v) for n, v in compiled.constrain(free).items()}


def of_the_model(made, values):
    """TFP's density, the values of terms being empty."""
    names = made._flat_resolve_names()
    shapes = made._model_flatten(made.event_shape_tensor())
    given = {
        n: values[n] if n in values else jnp.zeros(tuple(map(int, s)))
        for n, s in zip(names, shapes, strict=True)
    }
    return float(made.log_prob(**given))


@pytest.mark.parametrize("model", [pytest.param(p.values[0], id=p.id) for p in READ])
@pytest.mark.parametrize("seed", [0, 1])
def test_it_scores_as_the_model(model, seed):
    with precision("float64"), quiet():
        made = joint_of(model)
        joint = jb.from_tfp(made)
        values = values_of(joint, seed)
        wanted = of_the_model(made, values)
    assert np.isfinite(wanted)
    np.testing.assert_allclose(joint.log_prob(values), wanted, rtol=1e-11)


def test_log_densities_are_kept_in_loops_and_of_vectors():
    with precision("float64"):
        said = [
            jb.from_tfp(joint_of(m)).dumps() for m in (vectors, recurrence, counted)
        ]
    assert "log_prob(MultivariateNormal(loc=mu, scale_tril=" in said[0]
    assert "log_prob(Mixture(probs=" in said[0]
    assert "log_prob(Normal(loc=mu, scale=1.0), x" in said[1]
    assert "log_prob(Poisson(rate=rate), counts)" in said[2]
    assert said[2].count("log_prob") == 1  # a floor may be no whole number


def test_a_scalar_with_a_name_is_data():
    with precision("float64"):
        joint = jb.from_tfp(joint_of(named_scalar()))
    assert lines(joint) == [
        "a ~ Normal(loc=first, scale=1.0)",
        "b ~ Normal(loc=2.0 * first, scale=1.0)",
        "term: log_prob(Normal(loc=first, scale=1.0), b)",
    ]
    assert joint.spec.data[0].type.shape == ()


def test_a_term_may_be_pinned():
    with precision("float64"):
        joint = joint_of(term)
        pinned = joint.experimental_pin(prior=jnp.zeros(0), mu=f(0.5))
        assert lines(jb.from_tfp(pinned))[1:] == lines(jb.from_tfp(joint))[1:]


def tent():
    yield Tent(f(0.0), name="z")


def nearly_normal():
    mine = normal("Normal", lambda z, s: -0.5 * z - s)
    yield mine(f(0.0), f(3.0), name="z")


def without_bijector():
    class Somewhere(Half):
        def _default_event_space_bijector(self):
            return None

    yield Somewhere(name="z")


def unnamed_support():
    class Somewhere(Half):
        bijector = tfb.Tanh()

    yield Somewhere(name="z")


def broken():
    class Broken(Own):
        def _log_prob(self, value):
            return float(value)

    yield Broken(name="z")


REFUSED = {
    tent: ("unknown-family", r"Tent\(.*\) is no family"),
    nearly_normal: ("unknown-family", "class Normal of the model has log density"),
    without_bijector: ("unreadable", "no default event space bijector"),
    unnamed_support: ("unreadable", r"bijector Tanh\(\) leads to no support"),
    broken: ("numpy-on-site", "Python number"),
}


@pytest.mark.parametrize(
    ("model", "reason"), REFUSED.items(), ids=[m.__name__ for m in REFUSED]
)
def test_what_is_refused(model, reason):
    code, text = reason
    with precision("float64"), pytest.raises(ReadError, match=text) as caught:
        jb.from_tfp(joint_of(model))
    (problem,) = caught.value.problems
    assert problem.code == code
    assert problem.hint


@pytest.mark.parametrize("model", [tent, nearly_normal], ids=lambda m: m.__name__)
def test_an_own_family_is_kept_as_its_density_on_request(model):
    options = {"density": True}
    with precision("float64"), quiet():
        if model is nearly_normal:
            with pytest.raises(ReadError, match="another name"):
                jb.from_tfp(joint_of(model), options=options)
            return
        made = joint_of(model)
        joint = jb.from_tfp(made, options=options)
        wanted = of_the_model(made, {"z": np.float64(0.3)})
    assert "nothing draws it from its prior" in joint.reading.notes[0].text
    np.testing.assert_allclose(joint.log_prob({"z": 0.3}), wanted, rtol=1e-12)


def test_reading_leaves_no_trace():
    before = dict(vars(tfd.Distribution))
    during = []

    def spying():
        yield tfd.Normal(f(0.0), f(1.0), name="z")
        thread = threading.Thread(target=lambda: during.append(other()))
        thread.start()
        thread.join()

    def other():
        with precision("float64"):
            return jax.make_jaxpr(tfd.Normal(f(0.0), f(1.0)).log_prob)(f(0.0))

    with precision("float64"):
        jb.from_tfp(joint_of(spying))
        with pytest.raises(ReadError):
            jb.from_tfp(joint_of(broken))
    assert dict(vars(tfd.Distribution)) == before
    assert "kept_call" not in "".join(map(str, during))
