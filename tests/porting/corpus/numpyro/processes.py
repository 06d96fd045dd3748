"""Gaussian processes, spatial models, curves and neural networks."""

import jax
import jax.numpy as jnp
import jax.random as random
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import vmap

from tests.porting.corpus.cases import Case

rng = np.random.default_rng(15)
X = np.linspace(-2, 2, 14)
Y = np.sin(2 * X) + 0.1 * rng.normal(size=14)
tools = rng.poisson(20.0, size=10)
log_pop = rng.normal(8.0, 1.0, size=10)
where = rng.normal(size=(10, 2))
Dmat = np.sqrt(((where[:, None] - where[None]) ** 2).sum(-1))
node1 = np.array([0, 0, 1, 2, 3, 4, 5, 6, 7, 8])
node2 = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 9])
adjacency = np.zeros((10, 10))
adjacency[node1, node2] = adjacency[node2, node1] = 1.0
deaths = rng.poisson(4.0, size=10)
expected = rng.uniform(2.0, 6.0, size=10)
hour = np.array([0.5, 1.0, 2.0, 4.0, 6.0, 8.0, 12.0, 24.0])
concentration = 10 * np.exp(-0.2 * hour) * np.exp(0.1 * rng.normal(size=8))
dose = np.array([1.69, 1.72, 1.75, 1.78, 1.81, 1.83, 1.86, 1.88])
treated = np.array([59, 60, 62, 56, 63, 59, 62, 60])
killed = np.array([6, 13, 18, 28, 52, 53, 61, 60])


def kernel(X, Z, var, length, noise, jitter=1.0e-6, include_noise=True):
    deltaXsq = jnp.power((X[:, None] - Z) / length, 2.0)
    k = var * jnp.exp(-0.5 * deltaXsq)
    if include_noise:
        k += (noise + jitter) * jnp.eye(X.shape[0])
    return k


def gp_regression(X, Y):
    var = numpyro.sample("kernel_var", dist.LogNormal(0.0, 10.0))
    noise = numpyro.sample("kernel_noise", dist.LogNormal(0.0, 10.0))
    length = numpyro.sample("kernel_length", dist.LogNormal(0.0, 10.0))
    k = kernel(X, X, var, length, noise)
    numpyro.sample(
        "Y",
        dist.MultivariateNormal(loc=jnp.zeros(X.shape[0]), covariance_matrix=k),
        obs=Y,
    )


def islands(Dmat, P, T):
    """Statistical Rethinking, chapter 14: a process over distances."""
    a = numpyro.sample("a", dist.Exponential(1))
    b = numpyro.sample("b", dist.Exponential(1))
    g = numpyro.sample("g", dist.Exponential(1))
    etasq = numpyro.sample("etasq", dist.Exponential(2))
    rhosq = numpyro.sample("rhosq", dist.Exponential(0.5))
    z = numpyro.sample("z", dist.Normal(0, 1).expand([10]))
    SIGMA = etasq * jnp.exp(-rhosq * jnp.square(Dmat))
    SIGMA = SIGMA.at[jnp.diag_indices(Dmat.shape[0])].add(0.01)
    L_SIGMA = jnp.linalg.cholesky(SIGMA)
    k = numpyro.deterministic("k", (L_SIGMA @ z[..., None])[..., 0])
    lambda_ = a * P**b / g * jnp.exp(k)
    numpyro.sample("T", dist.Poisson(lambda_), obs=T)


def hilbert_space(x, y, M=6, L=3.0):
    """A process by basis functions; a helper is vmapped over lengths."""
    alpha = numpyro.sample("alpha", dist.HalfNormal(1))
    ell = numpyro.sample("ell", dist.InverseGamma(3, 2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    sqrt_lambda = jnp.arange(1, M + 1) * jnp.pi / (2 * L)
    phi = jnp.sin(sqrt_lambda * (x[:, None] + L)) / jnp.sqrt(L)

    def spd(w):
        return alpha**2 * jnp.sqrt(2 * jnp.pi) * ell * jnp.exp(-0.5 * (ell * w) ** 2)

    diag_spd = jnp.sqrt(vmap(spd)(sqrt_lambda))
    with numpyro.plate("basis", M):
        beta = numpyro.sample("beta", dist.Normal(0, 1))
    f = numpyro.deterministic("f", phi @ (diag_spd * beta))
    numpyro.sample("y", dist.Normal(f, sigma), obs=y)


def icar(y, E, node1, node2):
    N = len(y)
    beta0 = numpyro.sample("beta0", dist.Normal(0, 1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    phi = numpyro.sample(
        "phi", dist.ImproperUniform(dist.constraints.real, (), event_shape=(N,))
    )
    numpyro.factor("icar", -0.5 * jnp.sum((phi[node1] - phi[node2]) ** 2))
    numpyro.factor("sum_to_zero", dist.Normal(0, 0.001 * N).log_prob(jnp.sum(phi)))
    numpyro.sample("y", dist.Poisson(E * jnp.exp(beta0 + sigma * phi)), obs=y)


def proper_car(y, E, adj):
    a = numpyro.sample("a", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.Gamma(2, 2))
    rho = numpyro.sample("rho", dist.Uniform(0, 1))
    phi = numpyro.sample("phi", dist.CAR(jnp.zeros(len(y)), rho, tau, adj))
    with numpyro.plate("areas", len(y)):
        numpyro.sample("y", dist.Poisson(E * jnp.exp(a + phi)), obs=y)


def one_compartment(t, conc, dose=100.0):
    k_e = numpyro.sample("k_e", dist.LogNormal(-1.5, 0.5))
    k_a = numpyro.sample("k_a", dist.LogNormal(0.0, 0.5))
    V = numpyro.sample("V", dist.LogNormal(2.0, 0.3))
    sigma = numpyro.sample("sigma", dist.HalfNormal(0.5))
    c = dose * k_a / (V * (k_a - k_e)) * (jnp.exp(-k_e * t) - jnp.exp(-k_a * t))
    numpyro.sample("conc", dist.LogNormal(jnp.log(jnp.clip(c, 1e-6)), sigma), obs=conc)


def beetles(dose, treated, killed):
    a, b = (numpyro.sample(n, dist.Normal(0, 10)) for n in ("alpha", "beta"))
    x = (dose - dose.mean()) / dose.std()
    p = jnp.clip(1 - jnp.exp(-jnp.exp(a + b * x)), 1e-12, 1 - 1e-12)
    numpyro.deterministic("ld50", (jnp.log(jnp.log(2.0)) - a) / b)
    numpyro.sample("killed", dist.Binomial(total_count=treated, probs=p), obs=killed)


def growth(t, size):
    asymptote = numpyro.sample("asymptote", dist.TruncatedNormal(10.0, 3.0, low=0.0))
    rate = numpyro.sample("rate", dist.HalfNormal(1.0))
    mid = numpyro.sample("mid", dist.TruncatedCauchy(0.0, 2.0, low=-5.0, high=5.0))
    mu = asymptote / (1 + jnp.exp(-rate * (t - mid)))
    sd = numpyro.sample("sd", dist.Weibull(1.0, 2.0))
    numpyro.sample("size", dist.Normal(mu, sd), obs=size)


def nonlin(x):
    return jnp.tanh(x)


def bnn(X, Y, D_H=3, D_Y=1):
    """The Bayesian neural network of NumPyro's gallery."""
    N, D_X = X.shape
    w1 = numpyro.sample("w1", dist.Normal(jnp.zeros((D_X, D_H)), jnp.ones((D_X, D_H))))
    z1 = nonlin(jnp.matmul(X, w1))
    w2 = numpyro.sample("w2", dist.Normal(jnp.zeros((D_H, D_H)), jnp.ones((D_H, D_H))))
    z2 = nonlin(jnp.matmul(z1, w2))
    w3 = numpyro.sample("w3", dist.Normal(jnp.zeros((D_H, D_Y)), jnp.ones((D_H, D_Y))))
    z3 = jnp.matmul(z2, w3)
    if Y is not None:
        assert z3.shape == Y.shape
    prec_obs = numpyro.sample("prec_obs", dist.Gamma(3.0, 1.0))
    sigma_obs = 1.0 / jnp.sqrt(prec_obs)
    with numpyro.plate("data", N):
        numpyro.sample("Y", dist.Normal(z3, sigma_obs).to_event(1), obs=Y)


class Layers:
    """A classifier with its sizes in an object; the method is the model."""

    def __init__(self, sizes):
        self.sizes = sizes

    def __call__(self, x, labels=None):
        h = x
        for i, (n, m) in enumerate(zip(self.sizes[:-1], self.sizes[1:], strict=True)):
            W = numpyro.sample(f"W{i}", dist.Normal(0, 1 / n**0.5).expand([n, m]))
            b = numpyro.sample(f"b{i}", dist.Normal(0, 1).expand([m]).to_event(1))
            h = h @ W + b
            if i < len(self.sizes) - 2:
                h = jax.nn.relu(h)
        with numpyro.plate("data", x.shape[0]):
            numpyro.sample("labels", dist.Categorical(logits=h), obs=labels)


def factor_model(Y, K=2):
    N, P = Y.shape
    lower = numpyro.sample("lower", dist.Normal(0, 1).expand([P * K]).to_event(1))
    W = lower.reshape((P, K))
    psi = numpyro.sample("psi", dist.InverseGamma(2, 1).expand([P]).to_event(1))
    with numpyro.plate("N", N):
        y = dist.LowRankMultivariateNormal(jnp.zeros(P), W, psi)
        numpyro.sample("Y", y, obs=Y)


def copula(u, v):
    """A Gaussian copula's density by hand."""
    rho = numpyro.sample("rho", dist.Uniform(-1.0, 1.0))
    a, b = jax.scipy.special.ndtri(u), jax.scipy.special.ndtri(v)
    det = 1 - rho**2
    log_c = -0.5 * jnp.log(det)
    log_c = log_c - (rho**2 * (a**2 + b**2) - 2 * rho * a * b) / (2 * det)
    numpyro.factor("copula", log_c)


labels = rng.integers(0, 3, size=14)
features = np.asarray(random.normal(random.PRNGKey(0), (14, 2)))
uniform = rng.uniform(0.05, 0.95, size=(2, 12))

CASES = (
    Case("gp-regression", gp_regression, (X, Y)),
    Case("islands", islands, (Dmat, log_pop, tools)),
    Case("hilbert-space", hilbert_space, (X, Y)),
    Case("icar", icar, (deaths, expected, node1, node2)),
    Case("proper-car", proper_car, (deaths, expected, adjacency)),
    Case("one-compartment", one_compartment, (hour, concentration)),
    Case("beetles", beetles, (dose, treated, killed)),
    Case("growth", growth, (X, Y)),
    Case("bnn", bnn, (features, Y[:, None])),
    Case("layers", Layers((2, 4, 3)), (features,), {"labels": labels}),
    Case("factor-model", factor_model, (rng.normal(size=(12, 4)),)),
    Case("copula", copula, tuple(uniform)),
)
