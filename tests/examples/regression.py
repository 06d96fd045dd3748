"""One response and what explains it."""

import numpy as np

import jointbridge as jb


@jb.model
def logistic_regression(temperature, distress):
    """Thermal distress of O-rings in 23 shuttle flights by temperature at launch.

    Data typed in: degrees Fahrenheit and whether any ring was in distress, Dalal, Fowlkes
    and Hoadley (1989), Risk analysis of the space shuttle.
    """
    temperature = jb.data("temperature", temperature)
    alpha = jb.sample("alpha", jb.Normal(0.0, 2.5))
    beta = jb.sample("beta", jb.Normal(0.0, 2.5))
    with jb.plate("flight", len(temperature)):
        logits = alpha + beta * (temperature - 70) / 10
        jb.sample("distress", jb.Bernoulli(logits=logits), obs=distress)


# A star marks a flight with distress.
FLIGHTS = "66 70* 69 68 67 72 73 70 57* 63* 70* 78 67 53* 67 75 70 81 76 79 75* 76 58*"
TEMPERATURE = [int(flight.rstrip("*")) for flight in FLIGHTS.split()]
DISTRESS = [int(flight.endswith("*")) for flight in FLIGHTS.split()]


@jb.model
def poisson_regression(X, counts):
    """A randomised controlled trial with three outcomes and three treatments.

    The columns of X are an intercept, two outcomes and two treatments. Data typed in:
    Dobson (1990), An Introduction to Generalized Linear Models, page 93.
    """
    X = jb.data("X", X)
    beta = jb.sample("beta", jb.Normal(0.0, 2.0), shape=X.shape[1])
    with jb.plate("cell", len(X)):
        jb.sample("counts", jb.Poisson(jb.exp(X @ beta)), obs=counts)


DOBSON_COUNTS = [18, 17, 15, 20, 10, 20, 25, 13, 12]
DOBSON_X = [
    [1, outcome == 1, outcome == 2, treatment == 1, treatment == 2]
    for treatment in range(3)
    for outcome in range(3)
]


@jb.model
def horseshoe(X, y):
    """Linear regression with a horseshoe prior: few of many coefficients matter.

    After Carvalho, Polson and Scott (2010), The horseshoe estimator. Data simulated with
    numpy.random.default_rng(10): 30 rows, 3 of 12 coefficients are not zero.
    """
    X = jb.data("X", X)
    tau = jb.sample("tau", jb.HalfCauchy(1.0))
    with jb.plate("feature", X.shape[1]):
        lambda_ = jb.sample("lambda", jb.HalfCauchy(1.0))
        z = jb.sample("z", jb.Normal(0.0, 1.0))
        beta = jb.deterministic("beta", tau * lambda_ * z)
    sigma = jb.sample("sigma", jb.InverseGamma(2.0, 1.0))
    with jb.plate("row", len(X)):
        jb.sample("y", jb.Normal(X @ beta, sigma), obs=y)


def simulated_sparse(rows=30, features=12):
    random = np.random.default_rng(10)
    X = random.normal(size=(rows, features)).round(2)
    y = X[:, :3] @ [2.0, -1.5, 1.0] + random.normal(0.0, 0.5, rows)
    return X, y.round(2)


@jb.model
def ordered_logit(cheese_idx, grade):
    """Grades that 52 tasters gave to each of four cheeses, from dislike to liking.

    Data typed in as a table of counts: McCullagh and Nelder (1989), Generalized Linear
    Models, Table 5.1.
    """
    cheese_idx = jb.data("cheese_idx", cheese_idx)
    cutpoints = jb.sample("cutpoints", jb.ImproperUniform(jb.supports.ordered(8)))
    jb.factor("cutpoints_prior", jb.log_prob(jb.Normal(0.0, 5.0), cutpoints))
    with jb.plate("cheese", 4):
        beta = jb.sample("beta", jb.Normal(0.0, 2.0))
    with jb.plate("taster", len(cheese_idx)):
        jb.sample("grade", jb.OrderedLogistic(beta[cheese_idx], cutpoints), obs=grade)


CHEESE_COUNTS = np.array(
    [
        [0, 0, 1, 7, 8, 8, 19, 8, 1],
        [6, 9, 12, 11, 7, 6, 1, 0, 0],
        [1, 1, 6, 8, 23, 7, 5, 1, 0],
        [0, 0, 0, 1, 3, 7, 14, 16, 11],
    ]
)


def tasted():
    cheese, grade = np.indices(CHEESE_COUNTS.shape).reshape(2, -1)
    counts = CHEESE_COUNTS.ravel()
    return np.repeat(cheese, counts), np.repeat(grade, counts)


@jb.model
def gaussian_process(x, y):
    """Regression on a smooth unknown function: a Gaussian process with its noise.

    Data simulated with numpy.random.default_rng(20): a noisy sine at 20 places.
    """
    x = jb.data("x", x)
    rho = jb.sample("rho", jb.InverseGamma(5.0, 5.0))
    alpha = jb.sample("alpha", jb.HalfNormal(1.0))
    sigma = jb.sample("sigma", jb.HalfNormal(1.0))
    kernel = alpha**2 * jb.exp(-0.5 * ((x[:, None] - x) / rho) ** 2)
    noise = (sigma**2 + 1e-6) * jb.eye(len(x))
    L = jb.let("L", jb.cholesky(kernel + noise))
    jb.sample("y", jb.MultivariateNormal(scale_tril=L), obs=y)


def simulated_sine(places=20):
    random = np.random.default_rng(20)
    x = np.sort(random.uniform(-3.0, 3.0, places)).round(2)
    return x, (np.sin(x) + random.normal(0.0, 0.2, places)).round(2)


MODELS = {
    "logistic-regression": lambda: logistic_regression(TEMPERATURE, DISTRESS),
    "poisson-regression": lambda: poisson_regression(
        np.array(DOBSON_X, int), DOBSON_COUNTS
    ),
    "horseshoe": lambda: horseshoe(*simulated_sparse()),
    "ordered-logit": lambda: ordered_logit(*tasted()),
    "gaussian-process": lambda: gaussian_process(*simulated_sine()),
}
