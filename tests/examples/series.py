"""Values in time, each made from the one before by `jb.scan`."""

import numpy as np

import jointbridge as jb


@jb.model
def ar1(y):
    """The level of Lake Huron, 1875 to 1972: an AR(1) process seen with noise.

    The innovations are the sites; the level is scanned from them. Data typed in: feet,
    Brockwell and Davis (1991), Time Series: Theory and Methods, Series A.
    """
    mu = jb.sample("mu", jb.Normal(579.0, 2.0))
    phi = jb.sample("phi", jb.Uniform(-1.0, 1.0))
    sigma = jb.sample("sigma", jb.HalfNormal(1.0))
    tau = jb.sample("tau", jb.HalfNormal(1.0))
    year = jb.plate("year", len(y))
    with year:
        innovation = jb.sample("innovation", jb.Normal(0.0, 1.0))

    def step(before, innovation):
        level_t = jb.let("level_t", mu + phi * (before - mu) + sigma * innovation)
        return level_t, level_t

    level = jb.scan("level", step, init=mu, over=innovation)
    with year:
        jb.sample("y", jb.Normal(level, tau), obs=y)


LAKE_HURON = [
    *(580.38, 581.86, 580.97, 580.80, 579.79, 580.39, 580.42, 580.82, 581.40, 581.32),
    *(581.44, 581.68, 581.17, 580.53, 580.01, 579.91, 579.14, 579.16, 579.55, 579.67),
    *(578.44, 578.24, 579.10, 579.09, 579.35, 578.82, 579.32, 579.01, 579.00, 579.80),
    *(579.83, 579.72, 579.89, 580.01, 579.37, 578.69, 578.19, 578.67, 579.55, 578.92),
    *(578.09, 579.37, 580.13, 580.14, 579.51, 579.24, 578.66, 578.86, 578.05, 577.79),
    *(576.75, 576.75, 577.82, 578.64, 580.58, 579.48, 577.38, 576.90, 576.94, 576.24),
    *(576.84, 576.85, 576.90, 577.79, 578.18, 577.51, 577.23, 578.42, 579.61, 579.05),
    *(579.26, 579.22, 579.38, 579.10, 577.95, 578.12, 579.75, 580.85, 580.41, 579.96),
    *(579.61, 578.76, 578.18, 577.21, 577.13, 579.10, 578.25, 577.91, 576.89, 575.96),
    *(576.80, 577.68, 578.38, 578.52, 579.74, 579.31, 579.89, 579.96),
]


@jb.model
def garch11(y, sigma1):
    """GARCH(1,1): volatility that remembers, stationary because beta1 < 1 - alpha1.

    After the Stan User's Guide, Time-Series Models. Data simulated with
    numpy.random.default_rng(11): 60 returns.
    """
    y_obs, sigma1 = jb.data("y_obs", y), jb.data("sigma1", sigma1)
    mu = jb.sample("mu", jb.ImproperUniform(jb.supports.real))
    alpha0 = jb.sample("alpha0", jb.ImproperUniform(jb.supports.positive))
    alpha1 = jb.sample("alpha1", jb.Uniform(0.0, 1.0))
    stationary = jb.supports.interval(0.0, 1.0 - alpha1)
    beta1 = jb.sample("beta1", jb.ImproperUniform(stationary))

    def step(sigma, y):
        variance = alpha0 + alpha1 * (y - mu) ** 2 + beta1 * sigma**2
        sigma_t = jb.let("sigma_t", jb.sqrt(variance))
        return sigma_t, sigma_t

    following = jb.scan("following", step, init=sigma1, over=y_obs[:-1])
    sigma = jb.deterministic("sigma", jb.concatenate([sigma1[None], following]))
    with jb.plate("time", len(y)):
        jb.sample("y", jb.Normal(mu, sigma), obs=y_obs)


def simulated_garch(steps=60, sigma1=1.0):
    random = np.random.default_rng(11)
    y, sigma = [], sigma1
    for _ in range(steps):
        y.append(random.normal(0.5, sigma))
        sigma = np.sqrt(0.5 + 0.3 * (y[-1] - 0.5) ** 2 + 0.4 * sigma**2)
    return np.round(y, 2), sigma1


@jb.model
def stochastic_volatility(y):
    """Stochastic volatility: a stationary AR(1) process of log variance, non-centred.

    After Kim, Shephard and Chib (1998), Stochastic Volatility, and the Stan User's Guide.
    Data simulated with numpy.random.default_rng(30): 60 returns in percent.
    """
    mu = jb.sample("mu", jb.Normal(0.0, 2.0))
    phi = jb.sample("phi", jb.Uniform(-1.0, 1.0))
    sigma = jb.sample("sigma", jb.HalfNormal(0.5))
    day = jb.plate("day", len(y))
    with day:
        h_std = jb.sample("h_std", jb.Normal(0.0, 1.0))

    def step(before, innovation):
        h_t = jb.let("h_t", mu + phi * (before - mu) + sigma * innovation)
        return h_t, h_t

    first = jb.let("first", mu + sigma * h_std[0] / jb.sqrt(1.0 - phi**2))
    rest = jb.scan("rest", step, init=first, over=h_std[1:])
    h = jb.deterministic("h", jb.concatenate([first[None], rest]))
    with day:
        jb.sample("y", jb.Normal(0.0, jb.exp(h / 2)), obs=y)


def simulated_volatility(days=60):
    random = np.random.default_rng(30)
    y, h = [], -0.5
    for _ in range(days):
        h = -0.5 + 0.95 * (h + 0.5) + 0.3 * random.normal()
        y.append(np.exp(h / 2) * random.normal())
    return np.round(y, 3)


@jb.model
def hidden_markov(y):
    """A hidden Markov model of two states, the states summed out by the forward algorithm.

    After Damiano, Peterson and Weylandt (2018), A tutorial on hidden Markov models using
    Stan. Data simulated with numpy.random.default_rng(2): 60 observations.
    """
    y = jb.data("y", y)
    with jb.plate("state", 2):
        theta = jb.sample("theta", jb.Dirichlet([1.0, 1.0]))
    mu = jb.sample("mu", jb.ImproperUniform(jb.supports.positive_ordered(2)))
    jb.factor("mu_prior", jb.log_prob(jb.Normal([3.0, 10.0], 1.0), mu))
    emission = jb.let("emission", jb.log_prob(jb.Normal(mu, 1.0), y[:, None]))
    log_theta = jb.let("log_theta", jb.log(theta))

    def forward(gamma, emission):
        # from state i (down) to state j (across)
        arrived = jb.logsumexp(gamma[:, None] + log_theta, axis=0)
        gamma_t = jb.let("gamma_t", arrived + emission)
        return gamma_t, gamma_t

    first = emission[0] - jb.log(2)
    gamma = jb.scan("gamma", forward, init=first, over=emission[1:])
    jb.factor("likelihood", jb.logsumexp(gamma[-1]))


def simulated_markov(steps=60):
    random = np.random.default_rng(2)
    y, state = [], 0
    for _ in range(steps):
        state = state if random.uniform() < (0.8, 0.65)[state] else 1 - state
        y.append(random.normal((3.0, 9.0)[state], 1.0))
    return np.round(y, 2)


@jb.model
def nile(flow):
    """The local level model of the Nile's flow at Aswan, 1871 to 1970, its states sampled.

    After Durbin and Koopman (2012), Time Series Analysis by State Space Methods. Data typed
    in: annual flow in 10^8 cubic metres, Cobb (1978).
    """
    first = jb.sample("first", jb.Normal(1000.0, 500.0))
    sigma_level = jb.sample("sigma_level", jb.HalfNormal(100.0))
    sigma_flow = jb.sample("sigma_flow", jb.HalfNormal(200.0))

    def step(before, flow):
        level = jb.sample("level", jb.Normal(before, sigma_level))
        jb.sample("flow", jb.Normal(level, sigma_flow), obs=flow)
        return level, level

    level = jb.scan("year", step, init=first, over=flow)
    jb.deterministic("fall", level[27] - level[28])  # the first dam, 1899


NILE = [
    *(1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994),
    *(1020, 960, 1180, 799, 958, 1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100),
    *(774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969, 831, 726, 456, 824),
    *(
        702,
        1120,
        1100,
        832,
        764,
        821,
        768,
        845,
        864,
        862,
        698,
        845,
        744,
        796,
        1040,
        759,
    ),
    *(781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040),
    *(860, 874, 848, 890, 744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906),
    *(901, 1170, 912, 746, 919, 718, 714, 740),
]


@jb.model
def hidden_markov_states(y):
    """The hidden Markov model with its states as sites, for engines that enumerate them.

    After Damiano, Peterson and Weylandt (2018), A tutorial on hidden Markov models using
    Stan. Data simulated with numpy.random.default_rng(2): 60 observations.
    """
    with jb.plate("state", 2):
        theta = jb.sample("theta", jb.Dirichlet([1.0, 1.0]))
    low = jb.sample("low", jb.Normal(3.0, 1.0))
    gap = jb.sample("gap", jb.HalfNormal(10.0))
    mu = jb.let("mu", jb.stack([low, low + gap]))

    def step(before, y):
        arrow = jb.Categorical(probs=theta[before])
        z = jb.sample("z", arrow, infer={"enumerate": "parallel"})
        jb.sample("y", jb.Normal(mu[z], 1.0), obs=y)
        return z, None

    jb.scan("time", step, init=0, over=y)


@jb.model
def dynamic_occupancy(seen):
    """Dynamic occupancy: which sites are occupied each season, seen with false alarms.

    After MacKenzie et al. (2003) and Royle and Link (2006). Data simulated with
    numpy.random.default_rng(7): 12 sites, 6 seasons.
    """
    first = jb.sample("first", jb.Beta(1.0, 1.0))
    stays = jb.sample("stays", jb.Beta(4.0, 1.0))
    arrives = jb.sample("arrives", jb.Beta(1.0, 4.0))
    detected = jb.sample("detected", jb.Beta(4.0, 2.0))
    false_alarm = jb.sample("false_alarm", jb.Beta(1.0, 20.0))
    site = jb.plate("site", seen.shape[1])

    def step(chance, seen):
        hints = {"enumerate": "parallel"}
        with site:
            z = jb.sample("z", jb.Bernoulli(probs=chance), infer=hints)
            found = jb.where(z == 1, detected, false_alarm)
            jb.sample("seen", jb.Bernoulli(probs=found), obs=seen)
        return jb.where(z == 1, stays, arrives), None

    chance = jb.broadcast_to(first, (seen.shape[1],))
    jb.scan("season", step, init=chance, over=seen)


def simulated_occupancy(seasons=6, sites=12):
    random = np.random.default_rng(7)
    occupied, rows = random.uniform(size=sites) < 0.5, []
    for _ in range(seasons):
        found = np.where(occupied, 0.7, 0.03)
        rows.append(random.uniform(size=sites) < found)
        occupied = random.uniform(size=sites) < np.where(occupied, 0.8, 0.2)
    return np.array(rows, int)


MODELS = {
    "ar1": lambda: ar1(LAKE_HURON),
    "garch11": lambda: garch11(*simulated_garch()),
    "stochastic-volatility": lambda: stochastic_volatility(simulated_volatility()),
    "hidden-markov": lambda: hidden_markov(simulated_markov()),
    "nile": lambda: nile(np.array(NILE, float)),
    "hidden-markov-states": lambda: hidden_markov_states(simulated_markov()),
    "dynamic-occupancy": lambda: dynamic_occupancy(simulated_occupancy()),
}
