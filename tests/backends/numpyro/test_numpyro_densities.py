"""`dist.…().log_prob(…)` inside of a model is `log_prob(…)` of the language."""

import copy
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import pytest
from jax.scipy.special import logsumexp
from numpyro.infer.util import log_density

import jointbridge as jb
from jointbridge.backends.reading import ReadError
from jointbridge.expression import Distribution
from jointbridge.spec import Scan, nodes
from jointbridge.syntax import show

Y = np.array([1.0, 0.0, 3.0, 2.0])
HALVES = np.array([0.5, 1.5, 2.0, 0.0])
COUNTS = np.array([0, 1, 2, 1])


def latent():
    m = numpyro.sample("m", dist.Normal(0.0, 1.0).expand([4]).to_event(1))
    return m, numpyro.sample("s", dist.HalfNormal(1.0))


SAID = [
    pytest.param(
        lambda m, s, y, k: dist.Normal(m, s).log_prob(y),
        "log_prob(Normal(loc=m, scale=s), y)",
        id="plain",
    ),
    pytest.param(
        lambda m, s, y, k: dist.Normal(m, s).to_event(1).log_prob(y),
        "sum(log_prob(Normal(loc=m, scale=s), y))",
        id="event",
    ),
    pytest.param(
        lambda m, s, y, k: dist.Normal(0.0, s).expand([2, 4]).to_event(1).log_prob(y),
        "full((2,), sum(log_prob(Normal(loc=0.0, scale=s), y)))",
        id="expanded",
    ),
    pytest.param(
        lambda m, s, y, k: dist.Normal(0.0, 1.0).expand([4]).to_event(1).log_prob(s),
        "log_prob(Normal(loc=0.0, scale=1.0), s) * 4",
        id="one-value-for-all",
    ),
    pytest.param(
        lambda m, s, y, k: dist.Normal(m, s).mask(k > 0).to_event(1).log_prob(y),
        "sum(where(k > 0, log_prob(Normal(loc=m, scale=s), y), 0.0))",
        id="masked",
    ),
    pytest.param(
        lambda m, s, y, k: dist.Poisson(s).log_prob(k),
        "log_prob(Poisson(rate=s), k)",
        id="counts",
    ),
    pytest.param(
        lambda m, s, y, k: dist.Poisson(s).log_prob(y),
        'log_prob(Poisson(rate=s), cast(y, kind="int"))',
        id="counts-as-floats",
    ),
    pytest.param(
        lambda m, s, y, k: dist.MultivariateNormal(m, jnp.eye(4)).log_prob(
            jnp.stack([y, 2.0 * y])
        ),
        "log_prob(MultivariateNormal(loc=m, covariance_matrix=eye(4)), "
        "stack([y, 2.0 * y]))",
        id="vector",
    ),
    pytest.param(
        lambda m, s, y, k: dist.MixtureSameFamily(
            dist.Categorical(jnp.array([0.3, 0.7])), dist.Normal(m[:2], s)
        ).log_prob(y),
        "log_prob(Mixture(probs=[0.3, 0.7], components=Normal(loc=m[:2], scale=s)), y)",
        id="mixture",
    ),
    pytest.param(
        lambda m, s, y, k: dist.TransformedDistribution(
            dist.Normal(0.0, s), dist.transforms.ExpTransform()
        ).log_prob(jnp.exp(y)),
        "log_prob(LogNormal(loc=0.0, scale=s), exp(y))",
        id="transformed",
    ),
]


def model(density):
    def marginal(y, k):
        m, s = latent()
        numpyro.deterministic("term", density(m, s, y, k))
        numpyro.factor("total", jnp.sum(density(m, s, y, k)))

    return marginal


def same_numbers(model, *args):
    joint = jb.from_numpyro(model, *args)
    compiled, random = joint.compile(), np.random.default_rng(3)
    free = {
        n: random.normal(size=(3, *t.shape)) for n, t in compiled.free_types.items()
    }
    constrained = compiled.constrain(free)
    values = {n: np.asarray(constrained[n]) for n in free}
    with jax.enable_x64(True):
        points = [{n: jnp.asarray(x[i]) for n, x in values.items()} for i in range(3)]
        wanted = [float(log_density(model, args, {}, at)[0]) for at in points]
    np.testing.assert_allclose(joint.log_prob(values), wanted, rtol=1e-10)


@pytest.mark.parametrize(("density", "text"), SAID)
def test_it_stays_one_word(density, text):
    joint = jb.from_numpyro(model(density), Y, COUNTS)
    (term,) = (s for s in joint.spec.statements if s.name == "term")
    assert show(term.value) == text
    same_numbers(model(density), Y, COUNTS)


# -- where it cannot stay: the formula, and the same numbers --------------------


def halves(y, k):
    unchecked = dist.Poisson(latent()[1], validate_args=False)
    numpyro.factor("f", unchecked.log_prob(HALVES * y).sum())


def unsure(y, k):
    _, s = latent()
    numpyro.factor("f", dist.Poisson(s).log_prob(jnp.floor(y * s)).sum())


def vectorised(y, k):
    m, _ = latent()
    each = jax.vmap(lambda a: dist.Normal(a, 1.0).log_prob(y).sum())(m)
    numpyro.factor("f", logsumexp(each))


def derived(y, k):
    m, s = latent()
    slope = jax.grad(lambda a: dist.Normal(a, s).log_prob(y).sum())(m[0])
    numpyro.factor("f", -(slope**2))


class Squared(dist.Distribution):
    """A density that the catalogue does not have."""

    arg_constraints: ClassVar = {}
    support = dist.constraints.real

    def __init__(self, at):
        self.at = at
        super().__init__(jnp.shape(at))

    def log_prob(self, value):
        return -((value - self.at) ** 2)


def of_one_s_own(y, k):
    numpyro.factor("f", Squared(latent()[0]).log_prob(y).sum())


class Exponential(Squared):
    """A name that the catalogue has, for another density."""

    def __init__(self, rate):
        super().__init__(rate)


def of_the_same_name(y, k):
    numpyro.factor("f", Exponential(latent()[0]).log_prob(y).sum())


FORMULAS = [
    pytest.param(halves, id="no-whole-numbers"),
    pytest.param(unsure, id="perhaps-whole-numbers"),
    pytest.param(vectorised, id="vmap"),
    pytest.param(derived, id="grad"),
    pytest.param(of_one_s_own, id="own-class"),
    pytest.param(of_the_same_name, id="own-class-of-a-known-name"),
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_it_is_its_formula(formula):
    assert not densities(jb.from_numpyro(formula, Y, COUNTS).spec)
    same_numbers(formula, Y, COUNTS)


def densities(spec):
    """The families inside of expressions."""
    found, stack = [], [n for s in spec.statements for _, n in nodes(s)]
    while stack:
        top = stack.pop()
        inner = list(jb.expression.children(top))
        if getattr(top, "function", "") == "log_prob":
            found.append(top.args[0].family)
        stack += [n for n in inner if not isinstance(top, Distribution)]
    return found


def test_a_site_of_the_same_name_is_refused():
    def site():
        numpyro.sample("z", Exponential(1.0))

    with pytest.raises(ReadError, match="Exponential is a class of your own"):
        jb.from_numpyro(site)


# -- users' models --------------------------------------------------------------


def marginal_mixture(y, k):
    w = numpyro.sample("w", dist.Beta(2.0, 2.0))
    m, s = latent()
    first = jnp.log(w) + dist.Normal(m[0], s).log_prob(y)
    second = jnp.log1p(-w) + dist.StudentT(3.0, m[1], s).log_prob(y)
    numpyro.factor("f", jnp.logaddexp(first, second).sum())


def forward_algorithm(y, k):
    m, s = latent()
    theta = numpyro.sample("theta", dist.Dirichlet(jnp.ones(4)).expand([4]).to_event(1))

    def step(alpha, y_t):
        moved = logsumexp(alpha[:, None] + jnp.log(theta), axis=0)
        return moved + dist.Normal(m, s).log_prob(y_t), None

    alpha, _ = jax.lax.scan(step, jnp.zeros(4), jnp.tile(y, 3))
    numpyro.factor("f", logsumexp(alpha))


def inside_of_an_unknown_family(y, k):
    _, s = latent()
    base = dist.Normal(0.0, s).expand([4]).to_event(1)
    made = dist.TransformedDistribution(base, dist.transforms.OrderedTransform())
    numpyro.factor("f", made.log_prob(jnp.cumsum(y + 1.0)))


MODELS = [
    pytest.param(marginal_mixture, ["StudentT", "Normal"], id="mixture"),
    pytest.param(forward_algorithm, ["Normal"], id="loop"),
    pytest.param(inside_of_an_unknown_family, ["Normal"], id="base"),
]


@pytest.mark.parametrize(("user", "families"), MODELS)
def test_models_that_sum_out_by_hand(user, families):
    spec = jb.from_numpyro(user, Y, COUNTS).spec
    assert sorted(set(densities(spec))) == sorted(families)
    same_numbers(user, Y, COUNTS)


def test_it_stands_in_the_body_of_a_loop():
    spec = jb.from_numpyro(forward_algorithm, Y, COUNTS).spec
    (scan,) = (s for s in spec.statements if isinstance(s, Scan))
    assert "log_prob(Normal(loc=m, scale=s), x)" in show(scan.body[-1].value)


def test_distributions_are_as_before_when_the_model_was_read():
    kept = []

    def keeping(y, k):
        m, _ = latent()
        kept.append(dist.Normal(0.0, 1.0))
        numpyro.factor("f", kept[-1].log_prob(m[0]))

    jb.from_numpyro(keeping, Y, COUNTS)
    moved = copy.copy(kept[-1])
    moved.loc = 0.5
    assert float(moved.log_prob(0.5)) == pytest.approx(-0.9189385)
