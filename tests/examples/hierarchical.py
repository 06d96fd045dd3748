"""Groups that learn from each other."""

import numpy as np

import jointbridge as jb


@jb.model
def eight_schools(sigma, y):
    """Eight parallel experiments on coaching for the SAT, centred parametrisation.

    Data typed in: estimated effects and their standard errors, Rubin (1981), Estimation
    in parallel randomized experiments.
    """
    sigma = jb.data("sigma", sigma)
    mu = jb.sample("mu", jb.Normal(0.0, 5.0))
    tau = jb.sample("tau", jb.HalfCauchy(5.0))
    with jb.plate("school", len(sigma)):
        theta = jb.sample("theta", jb.Normal(mu, tau))
        jb.sample("y", jb.Normal(theta, sigma), obs=y)


@jb.model
def eight_schools_noncentered(sigma, y):
    """Eight parallel experiments on coaching for the SAT, non-centred parametrisation.

    Data typed in: estimated effects and their standard errors, Rubin (1981), Estimation
    in parallel randomized experiments.
    """
    sigma = jb.data("sigma", sigma)
    mu = jb.sample("mu", jb.Normal(0.0, 5.0))
    tau = jb.sample("tau", jb.HalfCauchy(5.0))
    with jb.plate("school", len(sigma)):
        theta_trans = jb.sample("theta_trans", jb.Normal(0.0, 1.0))
        theta = jb.deterministic("theta", mu + tau * theta_trans)
        jb.sample("y", jb.Normal(theta, sigma), obs=y)


SCHOOLS_SIGMA = [15, 10, 16, 11, 9, 11, 10, 18]
SCHOOLS_Y = [28, 8, -3, 7, -1, 1, 18, 12]


@jb.model
def radon(county_idx, floor, log_uranium, log_radon):
    """Radon in houses: intercepts that vary by county and follow its uranium.

    After Gelman and Hill (2007), Data Analysis Using Regression, chapter 12. Data
    simulated with numpy.random.default_rng(12): 60 houses in 12 counties.
    """
    county_idx = jb.data("county_idx", county_idx)
    floor = jb.data("floor", floor)
    log_uranium = jb.data("log_uranium", log_uranium)
    gamma_0 = jb.sample("gamma_0", jb.Normal(0.0, 5.0))
    gamma_1 = jb.sample("gamma_1", jb.Normal(0.0, 5.0))
    sigma_alpha = jb.sample("sigma_alpha", jb.HalfNormal(1.0))
    with jb.plate("county", len(log_uranium)):
        mean = gamma_0 + gamma_1 * log_uranium
        alpha = jb.sample("alpha", jb.Normal(mean, sigma_alpha))
    beta = jb.sample("beta", jb.Normal(0.0, 5.0))
    sigma_y = jb.sample("sigma_y", jb.HalfNormal(1.0))
    with jb.plate("house", len(floor)):
        mean = alpha[county_idx] + beta * floor
        jb.sample("log_radon", jb.Normal(mean, sigma_y), obs=log_radon)


def simulated_radon(houses=60, counties=12):
    random = np.random.default_rng(12)
    log_uranium = random.normal(0.0, 0.4, counties).round(2)
    alpha = 1.5 + 0.7 * log_uranium + random.normal(0.0, 0.2, counties)
    county = np.sort(random.integers(0, counties, houses))
    floor = random.binomial(1, 0.2, houses)
    log_radon = alpha[county] - 0.65 * floor + random.normal(0.0, 0.75, houses)
    return county, floor, log_uranium, log_radon.round(2)


@jb.model
def varying_slopes(cafe_idx, afternoon, wait):
    """Waiting times in cafés: intercepts and slopes that vary together.

    After McElreath (2020), Statistical Rethinking, chapter 14. Data simulated with
    numpy.random.default_rng(14): 8 cafés, 6 visits each, mornings and afternoons.
    """
    cafe_idx = jb.data("cafe_idx", cafe_idx)
    afternoon = jb.data("afternoon", afternoon)
    mu = jb.sample("mu", jb.Normal([5.0, -1.0], [2.0, 0.5]))
    tau = jb.sample("tau", jb.Exponential(1.0), shape=2)
    L_Omega = jb.sample("L_Omega", jb.LKJCholesky(2, 2.0))
    sigma = jb.sample("sigma", jb.Exponential(1.0))
    with jb.plate("cafe", 8):
        scale_tril = tau[:, None] * L_Omega
        ab = jb.sample("ab", jb.MultivariateNormal(mu, scale_tril=scale_tril))
    with jb.plate("visit", len(afternoon)):
        mean = ab[:, 0][cafe_idx] + ab[:, 1][cafe_idx] * afternoon
        jb.sample("wait", jb.Normal(mean, sigma), obs=wait)


def simulated_cafes(cafes=8, visits=6):
    random = np.random.default_rng(14)
    covariance = [[1.0, -0.35], [-0.35, 0.25]]
    a, b = random.multivariate_normal([3.5, -1.0], covariance, cafes).T
    cafe = np.repeat(np.arange(cafes), visits)
    afternoon = np.tile([0, 1], cafes * visits // 2)
    wait = a[cafe] + b[cafe] * afternoon + random.normal(0.0, 0.5, len(cafe))
    return cafe, afternoon, wait.round(1)


@jb.model
def rat_tumors(n, y):
    """Tumours in 71 groups of rats: a Beta population of binomial rates.

    The prior is flat in the mean and in the inverse root of the sample size, Gelman et
    al. (2013), Bayesian Data Analysis, section 5.3. Data typed in: Tarone (1982), as in
    Table 5.1 there.
    """
    n = jb.data("n", n)
    alpha = jb.sample("alpha", jb.ImproperUniform(jb.supports.positive))
    beta = jb.sample("beta", jb.ImproperUniform(jb.supports.positive))
    jb.factor("hyperprior", -2.5 * jb.log(alpha + beta))
    with jb.plate("group", len(n)):
        theta = jb.sample("theta", jb.Beta(alpha, beta))
        jb.sample("y", jb.Binomial(n, probs=theta), obs=y)


RATS_Y = [0] * 14 + [1] * 8 + [2] * 9 + [1, 5, 2, 5, 3, 2, 7, 7, 3, 3, 2, 9, 10]
RATS_Y += [4] * 7 + [10, 4, 4, 4, 5, 11, 12, 5, 5, 6, 5, 6, 6, 6, 6, 16, 15, 15, 9, 4]
RATS_N = [20] * 7 + [19] * 4 + [18, 18, 17, 20, 20, 20, 20, 19, 19, 18, 18, 25, 24, 23]
RATS_N += [20] * 6 + [10, 49, 19, 46, 27, 17, 49, 47, 20, 20, 13, 48, 50]
RATS_N += [20] * 7 + [48, 19, 19, 19, 22, 46, 49, 20, 20, 23, 19, 22, 20, 20, 20]
RATS_N += [52, 46, 47, 24, 14]


@jb.model
def seeds(n, x1, x2, r):
    """Germination on 21 plates by seed and root extract, with a random effect of plate.

    Data typed in: Crowder (1978), Beta-binomial Anova for proportions, Table 3; the
    example Seeds of BUGS.
    """
    n, x1, x2 = jb.data("n", n), jb.data("x1", x1), jb.data("x2", x2)
    alpha0 = jb.sample("alpha0", jb.Normal(0.0, 1.0))
    alpha1 = jb.sample("alpha1", jb.Normal(0.0, 1.0))
    alpha2 = jb.sample("alpha2", jb.Normal(0.0, 1.0))
    alpha12 = jb.sample("alpha12", jb.Normal(0.0, 1.0))
    sigma = jb.sample("sigma", jb.HalfNormal(1.0))
    fixed = alpha0 + alpha1 * x1 + alpha2 * x2 + alpha12 * x1 * x2
    with jb.plate("dish", len(n)):
        b = jb.sample("b", jb.Normal(0.0, sigma))
        jb.sample("r", jb.Binomial(n, logits=fixed + b), obs=r)


SEEDS_R = [10, 23, 23, 26, 17, 5, 53, 55, 32, 46, 10, 8, 10, 8, 23, 0, 3, 22, 15, 32, 3]
SEEDS_N = [39, 62, 81, 51, 39, 6, 74, 72, 51, 79, 13]
SEEDS_N += [16, 30, 28, 45, 4, 12, 41, 30, 51, 7]
SEEDS_X1 = [0] * 11 + [1] * 10
SEEDS_X2 = [0] * 5 + [1] * 6 + [0] * 5 + [1] * 5


MODELS = {
    "eight-schools": lambda: eight_schools(SCHOOLS_SIGMA, SCHOOLS_Y),
    "eight-schools-noncentered": lambda: eight_schools_noncentered(
        SCHOOLS_SIGMA, SCHOOLS_Y
    ),
    "radon": lambda: radon(*simulated_radon()),
    "varying-slopes": lambda: varying_slopes(*simulated_cafes()),
    "rat-tumors": lambda: rat_tumors(RATS_N, RATS_Y),
    "seeds": lambda: seeds(SEEDS_N, SEEDS_X1, SEEDS_X2, SEEDS_R),
}
