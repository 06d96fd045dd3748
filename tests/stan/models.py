"""Models of posteriordb in jointbridge's words, checked against Stan's own numbers.

Each is written from the model's definition: arguments are Stan's data, sites are Stan's
parameters, and `1` in Stan is `0` here.  `real<lower=0> sigma` without a prior is an
`ImproperUniform`; `sigma ~ cauchy(0, 2.5)` on it is a `HalfCauchy`, normalised, so that
the log densities differ by a constant.

    POSTERIORS    name of the data ──► the models that posteriordb fits to it
"""

import numpy as np

import jointbridge as jb
from tests.stan.regressions import (
    blr,
    earn_height,
    flat,
    kidscore_interaction,
    kidscore_interaction_c,
    kidscore_interaction_c2,
    kidscore_interaction_z,
    kidscore_mom_work,
    kidscore_momhs,
    kidscore_momhsiq,
    kidscore_momiq,
    kilpisjarvi,
    log10earn_height,
    logearn_height,
    logearn_height_male,
    logearn_interaction,
    logearn_interaction_z,
    logearn_logheight_male,
    logmesquite,
    logmesquite_logva,
    logmesquite_logvas,
    logmesquite_logvash,
    logmesquite_logvolume,
    mesquite,
    nes,
)

# -- hierarchies and mixtures -------------------------------------------------


@jb.model
def eight_schools_centered(J, y, sigma):
    mu = jb.sample("mu", jb.Normal(0.0, 5.0))
    tau = jb.sample("tau", jb.HalfCauchy(5.0))
    with jb.plate("school", J):
        theta = jb.sample("theta", jb.Normal(mu, tau))
        jb.sample("y", jb.Normal(theta, sigma), obs=y)


@jb.model
def eight_schools_noncentered(J, y, sigma):
    mu = jb.sample("mu", jb.Normal(0.0, 5.0))
    tau = jb.sample("tau", jb.HalfCauchy(5.0))
    with jb.plate("school", J):
        theta_trans = jb.sample("theta_trans", jb.Normal(0.0, 1.0))
        theta = jb.deterministic("theta", mu + tau * theta_trans)
        jb.sample("y", jb.Normal(theta, sigma), obs=y)


@jb.model
def low_dim_gauss_mix(N, y):
    mu = flat("mu", jb.supports.ordered(2))
    jb.factor("mu_prior", jb.log_prob(jb.Normal(0.0, 2.0), mu))
    sigma = jb.sample("sigma", jb.HalfNormal(2.0), shape=2)
    theta = jb.sample("theta", jb.Beta(5.0, 5.0))
    mixture = jb.Mixture(probs=[theta, 1 - theta], components=jb.Normal(mu, sigma))
    with jb.plate("n", N):
        jb.sample("y", mixture, obs=y)


# -- Gaussian processes -------------------------------------------------------


def _covariance(x, alpha, rho, diagonal):
    # In Stan's order of operations: 1e-10 on the diagonal leaves a matrix whose Cholesky
    # factor shows every last bit.
    distance = x[:, None] - x[None, :]
    return alpha**2 * jb.exp(-0.5 / rho**2 * distance**2) + diagonal * jb.eye(len(x))


@jb.model
def gp_regr(x, y):
    rho = jb.sample("rho", jb.Gamma(25.0, 4.0))
    alpha = jb.sample("alpha", jb.HalfNormal(2.0))
    sigma = jb.sample("sigma", jb.HalfNormal(1.0))
    factor = jb.cholesky(_covariance(x, alpha, rho, sigma))
    jb.sample("y", jb.MultivariateNormal(0.0, scale_tril=factor), obs=y)


@jb.model
def gp_pois_regr(N, x, k):
    rho = jb.sample("rho", jb.Gamma(25.0, 4.0))
    alpha = jb.sample("alpha", jb.HalfNormal(2.0))
    f_tilde = jb.sample("f_tilde", jb.Normal(0.0, 1.0), shape=N)
    factor = jb.cholesky(_covariance(x, alpha, rho, 1e-10))
    f = jb.deterministic("f", factor @ f_tilde)
    jb.sample("k", jb.Poisson(jb.exp(f)), obs=k)


# -- time series --------------------------------------------------------------


@jb.model
def arK(K, T, y):
    alpha = jb.sample("alpha", jb.Normal(0.0, 10.0))
    beta = jb.sample("beta", jb.Normal(0.0, 10.0), shape=K)
    sigma = jb.sample("sigma", jb.HalfCauchy(2.5))
    lags = np.stack([y[K - k : T - k] for k in range(1, K + 1)], axis=1)
    jb.sample("y", jb.Normal(alpha + lags @ beta, sigma), obs=y[K:])


@jb.model
def arma11(y):
    mu = jb.sample("mu", jb.Normal(0.0, 10.0))
    phi = jb.sample("phi", jb.Normal(0.0, 2.0))
    theta = jb.sample("theta", jb.Normal(0.0, 2.0))
    sigma = jb.sample("sigma", jb.HalfCauchy(2.5))

    def step(error, y_slice):
        before, now = y_slice
        nu = mu + phi * before + theta * error
        return now - nu, nu

    first = mu + phi * mu
    later = jb.scan("nu", step, init=y[0] - first, over=(y[:-1], y[1:]))
    jb.sample("y", jb.Normal(jb.concatenate([first[None], later]), sigma), obs=y)


@jb.model
def garch11(y, sigma1):
    mu = flat("mu", jb.supports.real)
    alpha0 = flat("alpha0", jb.supports.positive)
    alpha1 = jb.sample("alpha1", jb.Uniform(0.0, 1.0))
    beta1 = flat("beta1", jb.supports.interval(0.0, 1 - alpha1))

    def step(sigma, before):
        square = alpha0 + alpha1 * (before - mu) ** 2 + beta1 * sigma**2
        return jb.sqrt(square), jb.sqrt(square)

    later = jb.scan("sigma", step, init=sigma1, over=y[:-1])
    jb.sample("y", jb.Normal(mu, jb.concatenate([[sigma1], later])), obs=y)


# -- hidden Markov models -----------------------------------------------------


def _forward(thetas, emission):
    """The forward algorithm; emission[t, k] is the log density at t in state k."""
    log_theta = jb.let("log_theta", jb.log(thetas))

    def step(gamma, now):
        following = jb.logsumexp(gamma[:, None] + log_theta, axis=0) + now
        return following, following

    gamma = jb.scan("gamma", step, init=emission[0], over=emission[1:])
    jb.factor("forward", jb.logsumexp(gamma[-1]))


def _ordered_pair(name, support, loc):
    pair = flat(name, support(2))
    jb.factor(f"{name}_prior", jb.log_prob(jb.Normal(loc, 1.0), pair))
    return pair


@jb.model
def hmm_example(y):
    thetas = [jb.sample(f"theta{k}", jb.Dirichlet(np.ones(2))) for k in (1, 2)]
    mu = _ordered_pair("mu", jb.supports.positive_ordered, [3.0, 10.0])
    emission = jb.log_prob(jb.Normal(mu, 1.0), y[:, None])
    _forward(thetas, jb.let("emission", emission))


@jb.model
def hmm_drive_0(u, v, alpha):
    thetas = [jb.sample(f"theta{k + 1}", jb.Dirichlet(alpha[k])) for k in (0, 1)]
    phi = _ordered_pair("phi", jb.supports.positive_ordered, [0.0, 3.0])
    lambda_ = _ordered_pair("lambda", jb.supports.positive_ordered, [0.0, 3.0])
    speed = jb.log_prob(jb.Exponential(phi), u[:, None])
    distance = jb.log_prob(jb.Exponential(lambda_), v[:, None])
    _forward(thetas, jb.let("emission", speed + distance))


@jb.model
def hmm_drive_1(u, v, alpha, tau, rho):
    thetas = [jb.sample(f"theta{k + 1}", jb.Dirichlet(alpha[k])) for k in (0, 1)]
    phi = _ordered_pair("phi", jb.supports.ordered, [0.0, 3.0])
    lambda_ = _ordered_pair("lambda", jb.supports.ordered, [0.0, 3.0])
    speed = jb.log_prob(jb.Normal(phi, tau), u[:, None])
    distance = jb.log_prob(jb.Normal(lambda_, rho), v[:, None])
    _forward(thetas, jb.let("emission", speed + distance))


# Left out: lotka_volterra and one_comp_mm_elim_abs solve differential equations, which
# the language cannot say; the data of diamonds does not come with Stan's numbers.
POSTERIORS = {
    "arK": [arK],
    "arma": [arma11],
    "bball_drive_event_0": [hmm_drive_0],
    "bball_drive_event_1": [hmm_drive_1],
    "earnings": [
        earn_height,
        log10earn_height,
        logearn_height,
        logearn_height_male,
        logearn_interaction,
        logearn_interaction_z,
        logearn_logheight_male,
    ],
    "eight_schools": [eight_schools_centered, eight_schools_noncentered],
    "garch": [garch11],
    "gp_pois_regr": [gp_pois_regr, gp_regr],
    "hmm_example": [hmm_example],
    "kidiq": [
        kidscore_momhs,
        kidscore_momiq,
        kidscore_momhsiq,
        kidscore_interaction,
    ],
    "kidiq_with_mom_work": [
        kidscore_interaction_c,
        kidscore_interaction_c2,
        kidscore_interaction_z,
        kidscore_mom_work,
    ],
    "kilpisjarvi_mod": [kilpisjarvi],
    "low_dim_gauss_mix": [low_dim_gauss_mix],
    "mesquite": [
        mesquite,
        logmesquite,
        logmesquite_logva,
        logmesquite_logvas,
        logmesquite_logvash,
        logmesquite_logvolume,
    ],
    **{f"nes{year}": [nes] for year in range(1972, 2004, 4)},
    "sblrc": [blr],
    "sblri": [blr],
}
