"""Time series: scans with and without sites, random walks, recurrences."""

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import lax
from numpyro.contrib.control_flow import scan

from tests.porting.corpus.cases import Case

rng = np.random.default_rng(14)
T = 24
walk = np.cumsum(rng.normal(size=T)) * 0.3
returns = 0.02 * rng.normal(size=T)
two = rng.normal(size=(T, 2))
symbols = rng.integers(0, 3, size=T)
months = np.arange(T) % 12
sales = 10 + 0.2 * np.arange(T) + np.sin(np.arange(T)) + 0.3 * rng.normal(size=T)
infected = np.array([3, 8, 26, 76, 225, 298, 258, 233, 189, 128])


def ar1_lagged(y):
    alpha = numpyro.sample("alpha", dist.Normal(0, 1))
    phi = numpyro.sample("phi", dist.Uniform(-1, 1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    numpyro.sample("y", dist.Normal(alpha + phi * y[:-1], sigma), obs=y[1:])


def ar2(y):
    """The observed series is carried by the scan."""
    const = numpyro.sample("const", dist.Normal(0, 1))
    alpha_1 = numpyro.sample("alpha_1", dist.Normal(0, 1))
    alpha_2 = numpyro.sample("alpha_2", dist.Normal(0, 1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))

    def transition(carry, y_t):
        y_1, y_2 = carry
        pred = const + alpha_1 * y_1 + alpha_2 * y_2
        numpyro.sample("y", dist.Normal(pred, sigma), obs=y_t)
        return (y_t, y_1), None

    scan(transition, (y[1], y[0]), y[2:])


def local_level(y):
    q = numpyro.sample("q", dist.HalfNormal(0.5))
    r = numpyro.sample("r", dist.HalfNormal(0.5))
    x0 = numpyro.sample("x0", dist.Normal(0, 1))

    def step(x_prev, y_t):
        x = numpyro.sample("x", dist.Normal(x_prev, q))
        numpyro.sample("y", dist.Normal(x, r), obs=y_t)
        return x, x

    _, level = scan(step, x0, y)
    numpyro.deterministic("last", level[-1])


def hidden_markov(y):
    num_states, num_symbols = 2, 3
    with numpyro.plate("states", num_states):
        A = numpyro.sample("A", dist.Dirichlet(jnp.ones(num_states)))
        B = numpyro.sample("B", dist.Dirichlet(jnp.ones(num_symbols)))

    def transition(z_prev, y_t):
        z = numpyro.sample(
            "z", dist.Categorical(A[z_prev]), infer={"enumerate": "parallel"}
        )
        numpyro.sample("y", dist.Categorical(B[z]), obs=y_t)
        return z, None

    scan(transition, 0, y)


def forward_algorithm(y):
    """The states are summed out by `lax.scan`."""
    theta = numpyro.sample("theta", dist.Dirichlet(jnp.ones((2, 2))).to_event(1))
    mu = numpyro.sample("mu", dist.Normal(jnp.array([-1.0, 1.0]), 1.0))
    log_theta = jnp.log(theta)

    def emit(y_t):
        return dist.Normal(mu, 0.7).log_prob(y_t)

    def forward(log_alpha, y_t):
        log_alpha = jax.nn.logsumexp(log_alpha[:, None] + log_theta, axis=0)
        return log_alpha + emit(y_t), None

    log_alpha, _ = lax.scan(forward, emit(y[0]) - jnp.log(2.0), y[1:])
    numpyro.factor("forward", jax.nn.logsumexp(log_alpha))


def arma(y):
    mu = numpyro.sample("mu", dist.Normal(0, 10))
    phi = numpyro.sample("phi", dist.Normal(0, 2))
    theta = numpyro.sample("theta", dist.Normal(0, 2))
    sigma = numpyro.sample("sigma", dist.HalfCauchy(2.5))
    err = y[0] - (mu + phi * mu)

    def body(carry, y_t):
        y_prev, err_prev = carry
        err_t = y_t - (mu + phi * y_prev + theta * err_prev)
        return (y_t, err_t), err_t

    _, errors = lax.scan(body, (y[0], err), y[1:])
    all_errors = jnp.concatenate([jnp.array([err]), errors])
    numpyro.sample("err", dist.Normal(0, sigma), obs=all_errors)


def garch(r):
    omega = numpyro.sample("omega", dist.HalfNormal(0.1))
    a = numpyro.sample("a", dist.Beta(1, 4))
    b = numpyro.sample("b", dist.Uniform(0, 1 - a))

    def volatility(h, r_t):
        h_next = omega + a * r_t**2 + b * h
        return h_next, h

    _, h = lax.scan(volatility, jnp.var(r), r)
    numpyro.sample("r", dist.Normal(0.0, jnp.sqrt(h)), obs=r)


def stochastic_volatility(returns):
    step_size = numpyro.sample("sigma", dist.Exponential(50.0))
    s = numpyro.sample(
        "s", dist.GaussianRandomWalk(scale=step_size, num_steps=len(returns))
    )
    nu = numpyro.sample("nu", dist.Exponential(0.1))
    numpyro.sample("r", dist.StudentT(df=nu, loc=0.0, scale=jnp.exp(s)), obs=returns)


def random_walk_by_hand(y):
    sd = numpyro.sample("sd", dist.HalfNormal(1.0))
    with numpyro.plate("steps", len(y)):
        eps = numpyro.sample("eps", dist.Normal(0, 1))
    level = jnp.cumsum(sd * eps)
    numpyro.sample("y", dist.Normal(level, 0.1).to_event(1), obs=y)


def vector_autoregression(y):
    K = y.shape[1]
    Phi = numpyro.sample("Phi", dist.Normal(0, 0.5).expand([K, K]).to_event(2))
    c = numpyro.sample("c", dist.Normal(0, 1).expand([K]).to_event(1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0).expand([K]).to_event(1))
    L_corr = numpyro.sample("L_corr", dist.LKJCholesky(K, 1.0))
    L = jnp.matmul(jnp.diag(sigma), L_corr)
    mu = c + y[:-1] @ Phi.T
    with numpyro.plate("time", y.shape[0] - 1):
        numpyro.sample("y", dist.MultivariateNormal(mu, scale_tril=L), obs=y[1:])


def seasonal_trend(month, t, y):
    slope = numpyro.sample("slope", dist.Normal(0, 1))
    level = numpyro.sample("level", dist.Normal(10, 5))
    with numpyro.plate("month", 11):
        s = numpyro.sample("s", dist.Normal(0, 1))
    season = jnp.append(s, -jnp.sum(s))
    week = 2 * jnp.pi * t / 7
    amplitude = numpyro.sample("amplitude", dist.Normal(0, 1).expand([2]))
    wave = amplitude[0] * jnp.sin(week) + amplitude[1] * jnp.cos(week)
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    mu = level + slope * t + season[month] + wave
    numpyro.sample("y", dist.Normal(mu, sigma), obs=y)


def epidemic(cases, N=763.0):
    """Euler steps of an SIR model."""
    beta = numpyro.sample("beta", dist.LogNormal(0.4, 0.3))
    gamma = numpyro.sample("gamma", dist.LogNormal(-0.7, 0.3))
    phi = numpyro.sample("phi", dist.Exponential(5.0))

    def day(state, _):
        S, I, R = state
        new = beta * S * I / N
        gone = gamma * I
        return (S - new, I + new - gone, R + gone), I

    start = (N - 3.0, 3.0, 0.0)
    _, I = lax.scan(day, start, None, length=len(cases))
    numpyro.sample("cases", dist.NegativeBinomial2(I + 1e-5, 1 / phi), obs=cases)


CASES = (
    Case("ar1-lagged", ar1_lagged, (walk,)),
    Case("ar2", ar2, (walk,)),
    Case("local-level", local_level, (walk,)),
    Case("hidden-markov", hidden_markov, (symbols,)),
    Case("forward-algorithm", forward_algorithm, (walk,)),
    Case("arma", arma, (walk,)),
    Case("garch", garch, (returns,)),
    Case("stochastic-volatility", stochastic_volatility, (returns,)),
    Case("random-walk-by-hand", random_walk_by_hand, (walk,)),
    Case("vector-autoregression", vector_autoregression, (two,)),
    Case("seasonal-trend", seasonal_trend, (months, np.arange(T), sales)),
    Case("epidemic", epidemic, (infected,)),
)
