"""Processes, filters and matrices that were written when the readers were finished."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import lax, vmap
from numpyro.contrib.control_flow import scan

from tests.porting.corpus.cases import Case

rng = np.random.default_rng(92)
T = 18
series = 10 + np.cumsum(0.3 * rng.normal(size=T))
admissions = rng.poisson(8, size=T)
weeks = np.arange(T) / 52.0
new_cases = np.array([2, 3, 5, 9, 14, 20, 26, 30, 27, 22, 17, 11])
hare_lynx = np.exp(2.5 + 0.5 * rng.normal(size=(8, 2)))
grades = rng.normal(size=(11, 5))
group = rng.integers(0, 4, size=T)
U = np.stack([np.ones(T), rng.normal(size=T)], axis=-1)
capture_history = np.array(
    [[1, 1, 0, 0], [1, 0, 1, 1], [0, 1, 1, 0], [1, 0, 0, 0], [0, 1, 0, 1], [0, 0, 1, 0]]
)


def ark(y, K=3):
    """Stan's AR(K), with the lags as columns."""
    alpha = numpyro.sample("alpha", dist.Normal(0, 10))
    beta = numpyro.sample("beta", dist.Normal(0, 1).expand([K]))
    sigma = numpyro.sample("sigma", dist.HalfCauchy(2.5))
    mu = alpha
    for k in range(K):
        mu = mu + beta[k] * y[K - k - 1 : -(k + 1)]
    numpyro.sample("y", dist.Normal(mu, sigma), obs=y[K:])


def periodic_kernel(a, b, period, length):
    return jnp.exp(-2 * jnp.sin(jnp.pi * jnp.abs(a - b) / period) ** 2 / length**2)


def periodic_process(t, counts, jitter=1e-4):
    amplitude = numpyro.sample("amplitude", dist.HalfNormal(1))
    length = numpyro.sample("length", dist.InverseGamma(5, 5))
    period = numpyro.sample("period", dist.LogNormal(jnp.log(0.25), 0.1))
    base = numpyro.sample("base", dist.Normal(2.0, 1.0))
    kernel = partial(periodic_kernel, period=period, length=length)
    K = amplitude**2 * vmap(lambda s: vmap(lambda u: kernel(s, u))(t))(t)
    L = jnp.linalg.cholesky(K + jitter * jnp.eye(t.shape[0]))
    with numpyro.plate("times", t.shape[0]):
        z = numpyro.sample("z", dist.Normal(0, 1))
        numpyro.sample("counts", dist.Poisson(jnp.exp(base + L @ z)), obs=counts)


def student_process(t, y):
    df = numpyro.sample("df", dist.Gamma(2, 0.1))
    eta = numpyro.sample("eta", dist.HalfNormal(2))
    rho = numpyro.sample("rho", dist.InverseGamma(3, 1))
    noise = numpyro.sample("noise", dist.HalfNormal(1))
    d = jnp.abs(jnp.subtract.outer(t, t)) / rho
    K = jnp.square(eta) * (1 + jnp.sqrt(3) * d) * jnp.exp(-jnp.sqrt(3) * d)
    K = K.at[jnp.diag_indices(len(t))].add(noise**2)
    L = jax.scipy.linalg.cholesky(K, lower=True)
    numpyro.sample("y", dist.MultivariateStudentT(df, y.mean(), L), obs=y)


def sir(new_cases, population=500.0):
    beta = numpyro.sample("beta", dist.LogNormal(-0.5, 0.5))
    gamma = numpyro.sample("gamma", dist.Beta(4, 12))
    i0 = numpyro.sample("i0", dist.TruncatedNormal(3.0, 2.0, low=0.5))
    phi = numpyro.sample("inv_phi", dist.Exponential(5)) ** -1

    def step(state, _):
        s, i, r = state
        infect = s * (1 - jnp.exp(-beta * i / population))
        recover = gamma * i
        return (s - infect, i + infect - recover, r + recover), infect

    start = (population - i0, i0, jnp.zeros_like(i0))
    _, incidence = lax.scan(step, start, None, length=len(new_cases))
    numpyro.deterministic("incidence", incidence)
    numpyro.sample("obs", dist.NegativeBinomial2(incidence, phi), obs=new_cases)


def lotka_volterra(y, dt=0.25, substeps=4):
    theta = numpyro.sample(
        "theta",
        dist.TruncatedNormal(
            low=0.0,
            loc=jnp.array([1.0, 0.05, 1.0, 0.05]),
            scale=jnp.array([0.2, 0.02] * 2),
        ),
    )
    z0 = numpyro.sample("z0", dist.LogNormal(2.3, 1).expand([2]))
    sigma = numpyro.sample("sigma", dist.LogNormal(-1, 1).expand([2]))

    def dz_dt(z):
        u, v = z
        a, b, c, d = theta
        return jnp.stack([(a - b * v) * u, (-c + d * u) * v])

    def rk4(_, z):
        k1 = dz_dt(z)
        k2 = dz_dt(z + 0.5 * dt * k1)
        k3 = dz_dt(z + 0.5 * dt * k2)
        k4 = dz_dt(z + dt * k3)
        return z + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)

    def year(z, _):
        z = lax.fori_loop(0, substeps, rk4, z)
        return z, z

    _, z = lax.scan(year, z0, jnp.arange(y.shape[0]))
    numpyro.sample("y", dist.LogNormal(jnp.log(z), sigma), obs=y)


def local_linear_trend(y):
    """A Kalman filter; only the scales are sampled."""
    s = numpyro.sample(
        "scales", dist.HalfNormal(jnp.array([0.5, 0.1, 0.5])).to_event(1)
    )
    F = jnp.array([[1.0, 1.0], [0.0, 1.0]])
    Q, R, H = jnp.diag(s[:2] ** 2), s[2] ** 2, jnp.array([1.0, 0.0])

    def filter_one(carry, obs):
        m, P = carry
        m, P = F @ m, F @ P @ F.T + Q
        v, S = obs - H @ m, H @ P @ H + R
        gain = P @ H / S
        m, P = m + gain * v, P - jnp.outer(gain, gain) * S
        return (m, P), -0.5 * (jnp.log(2 * jnp.pi * S) + v**2 / S)

    start = (jnp.array([y[0], 0.0]), 10.0 * jnp.eye(2))
    _, terms = lax.scan(filter_one, start, y)
    numpyro.factor("loglik", terms.sum())


def damped_trend(y):
    """Exponential smoothing whose level has its own shocks."""
    smooth = numpyro.sample("smooth", dist.Beta(2, 2))
    damp = numpyro.sample("damp", dist.Uniform(0.8, 1.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    nu = numpyro.sample("nu", dist.Uniform(2, 20))

    def transition(carry, y_t):
        level, trend = carry
        shock = numpyro.sample("shock", dist.Normal(0, 0.1))
        mu = level + damp * trend + shock
        numpyro.sample("y", dist.StudentT(nu, mu, sigma), obs=y_t)
        new = smooth * y_t + (1 - smooth) * mu
        return (new, 0.5 * (new - level) + 0.5 * damp * trend), mu

    first = numpyro.sample("first", dist.Normal(y[0], 1))
    _, mu = scan(transition, (first, 0.0), y[1:])
    numpyro.deterministic("fitted", mu)


def lower_loadings(y, Q=2):
    """Factor analysis that is identified by zeros above a positive diagonal."""
    N, D = y.shape
    rows, cols = np.tril_indices(D, -1, Q)
    diag = numpyro.sample("diag", dist.HalfNormal(1.0).expand([Q]).to_event(1))
    low = numpyro.sample("low", dist.Normal(0, 1).expand([rows.size]).to_event(1))
    W = jnp.zeros((D, Q)).at[rows, cols].set(low)
    W = W.at[jnp.arange(Q), jnp.arange(Q)].set(diag)
    psi = numpyro.sample("psi", dist.InverseGamma(3.0, 2.0).expand([D]).to_event(1))
    with numpyro.plate("students", N):
        numpyro.sample("y", dist.LowRankMultivariateNormal(jnp.zeros(D), W, psi), obs=y)


def correlated_slopes(group, U, y):
    """Predictors by group, one group at a time under vmap."""
    J = int(group.max()) + 1
    gamma = numpyro.sample("gamma", dist.Normal(0, 5).expand([2]).to_event(1))
    tau = numpyro.sample("tau", dist.HalfCauchy(2.5).expand([2]).to_event(1))
    L_omega = numpyro.sample("L_omega", dist.LKJCholesky(2, concentration=2.0))
    with numpyro.plate("J", J):
        z = numpyro.sample("z", dist.Normal(0, 1).expand([2]).to_event(1))
    L = tau[..., None] * L_omega
    beta = numpyro.deterministic("beta", gamma + vmap(lambda z_j: L @ z_j)(z))
    numpyro.deterministic("Omega", L_omega @ L_omega.T)
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    mu = vmap(jnp.dot)(U, beta[group])
    with numpyro.plate("N", len(y)):
        numpyro.sample("y", dist.Normal(mu, sigma), obs=y)


def mark_recapture(history):
    """Cormack-Jolly-Seber, with the chance never to be seen again summed by hand."""
    n, occasions = history.shape
    first = history.argmax(1)
    last = occasions - 1 - history[:, ::-1].argmax(1)
    phi = numpyro.sample("phi", dist.Uniform(0, 1).expand([occasions - 1]))
    p = numpyro.sample("p", dist.Beta(2, 2))
    chi = [jnp.ones(())]
    for t in reversed(range(occasions - 1)):
        chi.insert(0, 1 - phi[t] + phi[t] * (1 - p) * chi[0])
    chi = jnp.stack(chi)
    time = np.arange(1, occasions)
    between = (time > first[:, None]) & (time <= last[:, None])
    alive = dist.Bernoulli(p).log_prob(history[:, 1:]) + jnp.log(phi)
    loglik = jnp.where(between, alive, 0.0).sum(-1) + jnp.log(chi[last])
    with numpyro.plate("animals", n):
        numpyro.factor("loglik", loglik)


CASES = (
    Case("ark", ark, (series,), late=True),
    Case("periodic-process", periodic_process, (weeks, admissions), late=True),
    Case("student-process", student_process, (weeks, series), late=True),
    Case("sir", sir, (new_cases,), late=True),
    Case("lotka-volterra", lotka_volterra, (hare_lynx,), late=True),
    Case("local-linear-trend", local_linear_trend, (series,), late=True),
    Case("damped-trend", damped_trend, (series,), late=True),
    Case("lower-loadings", lower_loadings, (grades,), late=True),
    Case("correlated-slopes", correlated_slopes, (group, U, series), late=True),
    Case("mark-recapture", mark_recapture, (capture_history,), late=True),
)
