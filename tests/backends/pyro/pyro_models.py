"""Pyro models of a few lines, each with what a reader makes of it."""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
import torch.nn.functional as F
from pyro import poutine
from pyro.distributions import constraints, transforms
from pyro.infer.reparam import LocScaleReparam, TransformReparam
from pyro.nn import PyroModule, PyroParam, PyroSample
from pyro.ops.indexing import Vindex

_RANDOM = np.random.default_rng(5)
y = torch.tensor(_RANDOM.normal(size=6).round(2))
x = torch.tensor(_RANDOM.normal(size=6).round(2))
X = torch.tensor(_RANDOM.normal(size=(6, 3)).round(2))
g = torch.tensor([0, 1, 2, 0, 1, 2])
flags = torch.tensor([True, False, True, True, False, True])
counts = torch.tensor([0.0, 1.0, 4.0], dtype=torch.float64)

#: By name: the model, its arguments, and the statements that were read.
READ = {}


def reads(*lines, args=(), kwargs=None):
    """Keeps a model with the statements that are expected."""

    def keep(model):
        READ[model.__name__] = (model, args, kwargs or {}, list(lines))
        return model

    return keep


def normal(name="mu"):
    return pyro.sample(name, dist.Normal(0.0, 1.0))


def vector(name="v", size=3):
    return pyro.sample(name, dist.Normal(0.0, 1.0).expand([size]).to_event(1))


def see(loc, scale=1.0):
    with pyro.plate("N", 6):
        pyro.sample("y", dist.Normal(loc, scale), obs=y)


MU = "mu ~ Normal(loc=0.0, scale=1.0)"
V = "v ~ Normal(loc=0.0, scale=1.0) shape=(3,)"
SEEN = "y ~ Normal(loc={}, scale=1.0) plates=N observed=y_obs"


# -- plates and shapes --------------------------------------------------------


@reads(
    "g_ ~ Normal(loc=0.0, scale=5.0) shape=(2,)",
    "sigma ~ HalfNormal(scale=1.0)",
    "let mean_a = g_[0] + g_[1] * u",
    "a ~ Normal(loc=mean_a, scale=sigma) plates=county",
    "b ~ Normal(loc=0.0, scale=1.0)",
    "let mean = a[county_obs] + b * floor",
    "z ~ Normal(loc=mean, scale=1.0) plates=house",
    args=(
        torch.tensor([0, 1, 1]),
        torch.tensor([1.0, 0.0, 1.0], dtype=torch.float64),
        torch.tensor([0.1, 0.4], dtype=torch.float64),
    ),
)
def radon(county, floor, u):
    g_ = pyro.sample("g_", dist.Normal(0.0, 5.0).expand([2]).to_event(1))
    sigma = pyro.sample("sigma", dist.HalfNormal(1.0))
    with pyro.plate("county", len(u)):
        mean_a = g_[0] + g_[1] * u
        a = pyro.sample("a", dist.Normal(mean_a, sigma))
    b = pyro.sample("b", dist.Normal(torch.tensor(0.0), torch.tensor(1.0)))
    mean = a[county] + b * floor
    with pyro.plate("house", len(county)):
        pyro.sample("z", dist.Normal(mean, 1.0))


@reads(
    "a ~ Normal(loc=0.0, scale=1.0) plates=row,None",
    "b ~ Normal(loc=0.0, scale=1.0) plates=column",
    "t ~ Normal(loc=a + b, scale=1.0) plates=row,column",
)
def two_plates():
    row, column = pyro.plate("row", 2, dim=-2), pyro.plate("column", 3, dim=-1)
    with row:
        a = normal("a")
    with column:
        b = normal("b")
    with row, column:
        pyro.sample("t", dist.Normal(a + b, 1.0))


@reads(
    "a ~ Normal(loc=0.0, scale=1.0) plates=G",
    "y ~ Normal(loc=a[g], scale=1.0) plates=N observed=y_obs",
)
def plate_as_index():
    with pyro.plate("G", 3):
        a = normal("a")
    with pyro.plate("N", 6) as places:
        pyro.sample("y", dist.Normal(a[g[places]], 1.0), obs=y[places])


@reads(
    MU,
    "z_0 ~ Normal(loc=mu, scale=1.0) observed=y[0]",
    "z_1 ~ Normal(loc=mu, scale=1.0) observed=y[1]",
)
def sequential_plate():
    mu = normal()
    for i in pyro.plate("p", 2):
        pyro.sample(f"z_{i}", dist.Normal(mu, 1.0), obs=y[i])


@reads(
    MU,
    "let i = [0, 2, 4]",
    "y ~ Normal(loc=mu, scale=1.0) plates=N observed=y_obs[i] scale=2.0",
)
def subsample_that_is_given():
    mu = normal()
    with pyro.plate("N", 6, subsample=torch.tensor([0, 2, 4])) as i:
        pyro.sample("y", dist.Normal(mu, 1.0), obs=y[i])


@reads("v ~ Normal(loc=0.0, scale=1.0) shape=(4, 2, 3)")
def nested_events():
    d = dist.Normal(torch.zeros(2, 3), 1.0).to_event(1)
    pyro.sample("v", d.expand([4, 2]).to_event(1))


@reads("z ~ Normal(loc=0.0, scale=1.0) plates=z_axis_0,K")
def axis_without_a_plate():
    with pyro.plate("K", 6):
        pyro.sample("z", dist.Normal(torch.zeros(2, 1), 1.0))


@reads("z ~ Normal(loc=0.0, scale=1.0) plates=ps_1,ps_0")
def stack_of_plates():
    with pyro.plate_stack("ps", (2, 3)):
        normal("z")


# -- handlers -----------------------------------------------------------------


@reads(MU, "y ~ Normal(loc=mu, scale=1.0) plates=N observed=y_obs scale=2.5")
def scaled():
    mu = normal()
    with poutine.scale(scale=2.5):
        see(mu)


@reads(
    MU,
    "y ~ Normal(loc=mu, scale=1.0) shape=(2, 6) observed=[y_obs, y_obs] mask=flags",
)
def masked_inside_an_event():
    mu = normal()
    d = dist.Normal(mu, 1.0).expand([2, 6]).mask(flags).to_event(2)
    pyro.sample("y", d, obs=torch.stack([y, y]))


@reads(
    "let kept = [True, False]",
    "v ~ Normal(loc=0.0, scale=1.0) plates=N shape=(3,) mask=kept[..., None]",
)
def mask_beside_an_event():
    kept = torch.tensor([True, False])
    with pyro.plate("N", 2), poutine.mask(mask=kept):
        vector()


@reads(
    MU,
    "y_observed ~ Normal(loc=mu, scale=1.0) plates=N observed=y_obs mask=flags",
    "y_unobserved ~ Normal(loc=mu, scale=1.0) plates=N mask=~flags",
    "y = where(flags, y_obs, y_unobserved)",
    "t ~ Normal(loc=sum(y), scale=1.0)",
)
def partly_observed():
    mu = normal()
    with pyro.plate("N", 6):
        z = pyro.sample("y", dist.Normal(mu, 1.0), obs=y, obs_mask=flags)
    pyro.sample("t", dist.Normal(z.sum(), 1.0))


@reads(
    "mu_decentered ~ Normal(loc=0.0, scale=1.0)",
    "mu = 3.0 + 2.0 * (mu_decentered - 0.0)",
    SEEN.format("mu"),
)
def decentered():
    with poutine.reparam(config={"mu": LocScaleReparam(0.0)}):
        mu = pyro.sample("mu", dist.Normal(3.0, 2.0))
    see(mu)


@reads(
    "mu_base ~ Normal(loc=0.0, scale=1.0)",
    "mu = 2.0 * mu_base + 1.0",
    SEEN.format("mu"),
)
def transformed_by_a_handler():
    affine = transforms.AffineTransform(1.0, 2.0)
    d = dist.TransformedDistribution(dist.Normal(0.0, 1.0), affine)
    with poutine.reparam(config={"mu": TransformReparam()}):
        mu = pyro.sample("mu", d)
    see(mu)


@reads("mu ~ Normal(loc=0.0, scale=1.0) observed=1.0", SEEN.format("1.0"))
def conditioned():
    poutine.condition(lambda: see(normal()), data={"mu": torch.tensor(1.0)})()


@reads(
    "let probs = [0.25, 0.75]",
    "z ~ Categorical(probs=probs) hints=enumerate:parallel",
    SEEN.format("z"),
)
def enumerated():
    probs = torch.tensor([0.25, 0.75])
    z = pyro.sample("z", dist.Categorical(probs), infer={"enumerate": "parallel"})
    see(z)


# -- terms and parameters -----------------------------------------------------


@reads(MU, "f: full((6,), -mu ** 2)", "h: -(x - mu) ** 2")
def factors_in_a_plate():
    mu = normal()
    with pyro.plate("N", 6):
        pyro.factor("f", -(mu**2))
        pyro.factor("h", -((x - mu) ** 2))


@reads(
    MU,
    "a: log(1 - normal_cdf(mu))",
    "b: sum(log_prob(Normal(loc=mu, scale=1.0), x[:3]))",
    "c: log_prob(Normal(loc=mu, scale=2.0), 0.5)",
)
def densities_as_terms():
    mu = normal()
    pyro.factor("a", (1 - torch.special.ndtr(mu)).log())
    d = dist.Normal(mu, 1.0).expand([3]).to_event(1)
    pyro.factor("b", d.log_prob(x[:3]))
    pyro.factor("c", dist.Normal(mu, 2.0).log_prob(torch.tensor(0.5)))


@reads(
    "param a = 1.5 in real",
    "param b = full((3,), 2.0) in positive",
    "param p = full((3,), 0.3333333333333333) in simplex(3)",
    "param q = 0.5 in interval(low=0.0, high=2.0)",
    "let mu = a + X @ b + p[0]",
    "y ~ Normal(loc=mu, scale=q) plates=N observed=y_obs",
)
def learnable():
    a = pyro.param("a", torch.tensor(1.5))
    b = pyro.param("b", lambda: 2.0 * torch.ones(3), constraint=constraints.positive)
    p = pyro.param("p", torch.ones(3) / 3, constraint=constraints.simplex)
    q = pyro.param("q", torch.tensor(0.5), constraint=constraints.interval(0.0, 2.0))
    mu = a + X @ b + p[0]
    with pyro.plate("N", 6):
        pyro.sample("y", dist.Normal(mu, q), obs=y)


WIDE = dist.Normal(torch.tensor(0.0, dtype=torch.float64), 1.0)


class Regression(PyroModule):
    def __init__(self):
        super().__init__()
        self.w = PyroSample(WIDE.expand([3]).to_event(1))
        self.b = PyroParam(torch.tensor(1.0, dtype=torch.float64), constraints.positive)
        self.c = torch.nn.Parameter(torch.tensor(0.25, dtype=torch.float64))

    def forward(self, X, y=None):
        mean = X @ self.w + self.b + self.c
        with pyro.plate("n", X.shape[0]):
            return pyro.sample("obs", dist.Normal(mean, 1.0), obs=y)


READ["module"] = (
    Regression(),
    (X, y),
    {},
    [
        "w ~ Normal(loc=0.0, scale=1.0) shape=(3,)",
        "param b = 1.0 in positive",
        "param c = 0.25 in real",
        "let mean = X @ w + b + c",
        "obs ~ Normal(loc=mean, scale=1.0) plates=n observed=y",
    ],
)


# -- families -----------------------------------------------------------------


@reads(
    "a ~ LogNormal(loc=1.0, scale=2.0)",
    "b ~ LogNormal(loc=1.0, scale=2.0)",
    "c ~ HalfNormal(scale=2.0)",
    "d ~ Normal(loc=a, scale=b)",
)
def transformed():
    d, affine = dist.Normal(0.0, 1.0), transforms.AffineTransform(1.0, 2.0)
    exp = transforms.ExpTransform()
    a = pyro.sample("a", dist.TransformedDistribution(d, [affine, exp]))
    b = pyro.sample("b", dist.TransformedDistribution(dist.Normal(1.0, 2.0), exp))
    pyro.sample("c", dist.FoldedDistribution(dist.Normal(0.0, 2.0)))
    between = transforms.AffineTransform(a, b)
    pyro.sample("d", dist.TransformedDistribution(d, between))


@reads(
    "w ~ Dirichlet(concentration=[1.0, 1.0])",
    "l ~ Normal(loc=0.0, scale=1.0) shape=(2, 3)",
    "s ~ HalfNormal(scale=1.0)",
    "z ~ Mixture(probs=w, components=MultivariateNormal(loc=l,"
    " scale_tril=diag(full((3,), s)))) plates=N",
    "u ~ Mixture(probs=w, components=Normal(loc=full((2,), s), scale=1.0))",
)
def mixtures():
    w = pyro.sample("w", dist.Dirichlet(torch.ones(2)))
    loc = pyro.sample("l", dist.Normal(0.0, 1.0).expand([2, 3]).to_event(2))
    s = pyro.sample("s", dist.HalfNormal(1.0))
    parts = dist.Normal(loc, s).to_event(1)
    with pyro.plate("N", 6):
        pyro.sample("z", dist.MixtureSameFamily(dist.Categorical(w), parts))
    parts = dist.Normal(s, 1.0).expand([2])
    pyro.sample("u", dist.MixtureSameFamily(dist.Categorical(w), parts))


@reads(
    "p ~ Beta(concentration1=1.0, concentration0=1.0)",
    "a ~ ZeroInflated(base=Poisson(rate=2.0), gate=p) plates=N observed=counts",
    "b ~ ZeroInflated(base=NegativeBinomial(total_count=3.0, logits=p),"
    " gate_logits=p) plates=N observed=counts",
    "c ~ GammaPoisson(concentration=2.0, rate=p) plates=N observed=counts",
    "d ~ Binomial(total_count=10, probs=p) plates=N observed=counts",
)
def counted():
    p = pyro.sample("p", dist.Beta(1.0, 1.0))
    with pyro.plate("N", 3):
        pyro.sample("a", dist.ZeroInflatedPoisson(2.0, gate=p), obs=counts)
        d = dist.ZeroInflatedNegativeBinomial(3.0, logits=p, gate_logits=p)
        pyro.sample("b", d, obs=counts)
        pyro.sample("c", dist.GammaPoisson(2.0, p), obs=counts)
        pyro.sample("d", dist.Binomial(torch.tensor(10.0), p), obs=counts)


@reads(
    "a ~ ImproperUniform(support=positive)",
    "b ~ ImproperUniform(support=real) shape=(3,)",
    "c ~ ImproperUniform(support=ordered(3)) shape=(2,)",
)
def improper():
    pyro.sample("a", dist.ImproperUniform(constraints.positive, (), ()))
    pyro.sample("b", dist.ImproperUniform(constraints.real, (), (3,)))
    pyro.sample("c", dist.ImproperUniform(constraints.ordered_vector, (2,), (3,)))


@reads(
    "v ~ MultivariateNormal(loc=0.0, precision_matrix=2.0 * eye(2))",
    "L ~ LKJCholesky(dimension=3, concentration=2.0)",
    "d = v[0] + L[1, 0]",
)
def matrices():
    v = pyro.sample(
        "v", dist.MultivariateNormal(torch.zeros(2), precision_matrix=2 * torch.eye(2))
    )
    L = pyro.sample("L", dist.LKJCholesky(3, torch.tensor(2.0)))
    pyro.deterministic("d", v[0] + L[1, 0])


BEFORE = dist.Normal(torch.zeros(3, dtype=torch.float64), 1.0).to_event(1)


@reads("v ~ Normal(loc=0.0, scale=1.0) shape=(3,)")
def constructed_before():
    pyro.sample("v", BEFORE)


# -- functions ----------------------------------------------------------------


@reads(
    "b ~ Beta(concentration1=1.0, concentration0=2.0) plates=k",
    "let rest = prod(where(arange(0, 3)[:, None] >= arange(0, 3),"
    " (1 - b)[..., None, :], 1.0), axis=-1)",
    "let w = concatenate([b, full((1,), 1.0)], axis=-1)"
    " * concatenate([full((1,), 1.0), rest], axis=-1)",
    "z ~ Categorical(probs=w) plates=N",
)
def stick_breaking():
    with pyro.plate("k", 3):
        b = pyro.sample("b", dist.Beta(1.0, 2.0))
    rest = (1 - b).cumprod(-1)
    w = F.pad(b, (0, 1), value=1.0) * F.pad(rest, (1, 0), value=1.0)
    with pyro.plate("N", 6):
        pyro.sample("z", dist.Categorical(w))


@reads(
    "n ~ Poisson(rate=3.0)",
    "k ~ Categorical(probs=full((5,), 0.2))",
    "v ~ Normal(loc=0.0, scale=1.0) shape=(5,)",
    'let loc = n / 2 + v[k] + cast(k == 1, kind="float") + 2 * k',
    SEEN.format("loc"),
)
def kinds():
    n = pyro.sample("n", dist.Poisson(3.0))
    k = pyro.sample("k", dist.Categorical(torch.ones(5) / 5))
    v = vector(size=5)
    loc = n / 2 + v[k.long()] + (k == 1).double() + k.float() * 2
    see(loc)


@reads(
    MU,
    "let a = concatenate([full((1,), mu), full((5,), 0.0)])",
    "let a_2 = concatenate([a[:2], full((2,), 2 * mu), a[4:]])",
    "y ~ Normal(loc=a_2, scale=1.0) plates=N observed=y_obs",
)
def written_in_place():
    mu = normal()
    a = torch.zeros(6)
    a[0] = mu
    a[2:4] = mu * 2
    with pyro.plate("N", 6):
        pyro.sample("y", dist.Normal(a, 1.0), obs=y)


@reads(
    V,
    "m ~ Normal(loc=0, scale=1) shape=(3, 3)",
    "i = inv(m)",
    "s = solve(m, v)",
)
def inverses():
    v, m = vector(), pyro.sample("m", dist.Normal(0, 1).expand([3, 3]).to_event(2))
    pyro.deterministic("i", torch.linalg.inv(m))
    pyro.deterministic("s", torch.linalg.solve(m, v))


@reads(
    V,
    "m ~ Normal(loc=0, scale=1) shape=(3, 3)",
    "let t = tril(m) + eye(3)",
    "let solved = solve_triangular(t, v[:, None])",
    "s = squeeze(solved, axis=-1)",
    "a = max(m, axis=-1)",
    "b = sqrt(sum(square(v)))",
    "c = mean(reshape(v[[0, 1, 2, 0, 1, 2]], shape=(2, 3)), axis=-2)",
    'd = einsum("nd,d->n", X, v)',
    "e = v[[2, 1, 0]]",
    "f = sum(v[..., None] * v, axis=-1)",
    "h = sum(square(v - mean(v, axis=-1, keepdims=True)), axis=-1) / 2",
)
def functions():
    v, m = vector(), pyro.sample("m", dist.Normal(0, 1).expand([3, 3]).to_event(2))
    t = torch.tril(m) + torch.eye(3)
    solved = torch.linalg.solve_triangular(t, v[:, None], upper=False)
    pyro.deterministic("s", solved.squeeze(-1))
    pyro.deterministic("a", m.max(-1)[0])
    pyro.deterministic("b", v.norm())
    pyro.deterministic("c", v.repeat(2).view(2, 3).mean(0))
    pyro.deterministic("d", torch.einsum("nd,d", X, v))
    pyro.deterministic("e", v.flip(0))
    pyro.deterministic("f", torch.outer(v, v).sum(-1))
    pyro.deterministic("h", v.var(-1))


@reads(
    "B ~ Normal(loc=0.0, scale=1.0) shape=(4, 3, 2)",
    "c ~ Categorical(probs=[0.25, 0.5, 0.25]) plates=items,None",
    "p = B[arange(0, 4), c]",
)
def vindex():
    B = pyro.sample("B", dist.Normal(0.0, 1.0).expand([4, 3, 2]).to_event(3))
    with pyro.plate("items", 5, dim=-2):
        c = pyro.sample("c", dist.Categorical(torch.tensor([0.25, 0.5, 0.25])))
    pyro.deterministic("p", Vindex(B)[torch.arange(4), c, :])


# -- data ---------------------------------------------------------------------


@reads(
    MU,
    "y ~ Normal(loc=mu * x, scale=1.0) shape=(6,) observed=y_obs",
    kwargs={"data": {"y": y, "x": x}},
)
def dictionary(data):
    d = dist.Normal(normal() * data["x"], 1.0).to_event(1)
    pyro.sample("y", d, obs=data["y"])


@reads(
    "mu ~ Normal(loc=0.0, scale=tau)",
    "a ~ Normal(loc=mu * v, scale=1.0) shape=(3,) observed=v",
    "b ~ Normal(loc=4 * mu, scale=1.0) shape=(6,) observed=ys_1",
    args=(torch.tensor(3.0, dtype=torch.float64), 4, [x, y], np.array([1.0, 2.0, 4.0])),
)
def arguments(tau, k, ys, v):
    mu = pyro.sample("mu", dist.Normal(0.0, tau))
    v = torch.as_tensor(v)
    pyro.sample("a", dist.Normal(mu * v, 1.0).to_event(1), obs=v)
    pyro.sample("b", dist.Normal(mu * k, 1.0).expand([6]).to_event(1), obs=ys[1])


@reads(
    MU,
    "let seen = y[[0, 2, 3, 5]]",
    "o ~ Normal(loc=mu, scale=1.0) shape=(4,) observed=seen",
)
def chosen_by_flags():
    mu = normal()
    seen = y[flags]
    pyro.sample("o", dist.Normal(mu, 1.0).expand([4]).to_event(1), obs=seen)


@reads(
    MU,
    "let xs = (x - mean(x)) / sqrt(sum(square(x - mean(x))) / 5)",
    "let loc = mu * xs",
    SEEN.format("loc"),
)
def standardised():
    xs = (x - x.mean()) / x.std()
    see(normal() * xs)


@reads(
    "`a b'\"` ~ Normal(loc=0.0, scale=1.0)",
    "lambda ~ Normal(loc=`a b'\"`, scale=1.0)",
)
def odd_names():
    a = normal("a b'\"")
    pyro.sample("lambda", dist.Normal(a, 1.0))
