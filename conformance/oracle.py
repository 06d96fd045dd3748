"""Log densities at 50 digits, written from the textbook with mpmath alone.

Each is a function of the value and the parameters as mpmath numbers, lists and lists of
lists.  Nothing here reads the catalogue or a backend.
"""

from mpmath import mp, mpf

mp.dps = 50

log, exp, lgamma, pi = mp.log, mp.exp, mp.loggamma, mp.pi


def normal(x, loc, scale):
    return -((x - loc) ** 2) / (2 * scale**2) - log(scale * mp.sqrt(2 * pi))


def student(x, df, loc, scale):
    z = (x - loc) / scale
    front = lgamma((df + 1) / 2) - lgamma(df / 2) - log(mp.sqrt(df * pi) * scale)
    return front - (df + 1) / 2 * log(1 + z**2 / df)


def cauchy(x, loc, scale):
    return -log(pi * scale * (1 + ((x - loc) / scale) ** 2))


def laplace(x, loc, scale):
    return -abs(x - loc) / scale - log(2 * scale)


def logistic(x, loc, scale):
    z = (x - loc) / scale
    return -z - log(scale) - 2 * log(1 + exp(-z))


def gumbel(x, loc, scale):
    z = (x - loc) / scale
    return -z - exp(-z) - log(scale)


def gamma(x, concentration, rate):
    return log(
        rate**concentration * x ** (concentration - 1) * exp(-rate * x)
    ) - lgamma(concentration)


def inverse_gamma(x, concentration, rate):
    return gamma(1 / x, concentration, rate) - 2 * log(x)


def beta(x, concentration1, concentration0):
    a, b = concentration1, concentration0
    return log(x ** (a - 1) * (1 - x) ** (b - 1)) - log(mp.beta(a, b))


def weibull(x, scale, concentration):
    z = x / scale
    return log(concentration / scale * z ** (concentration - 1)) - z**concentration


def pareto(x, scale, alpha):
    return log(alpha * scale**alpha / x ** (alpha + 1))


def von_mises(x, loc, concentration):
    return concentration * mp.cos(x - loc) - log(2 * pi * mp.besseli(0, concentration))


def expit(x):
    return 1 / (1 + exp(-x))


def choose(n, k):
    return log(mp.binomial(n, k))


def binomial(k, total_count, probs):
    return choose(total_count, k) + k * log(probs) + (total_count - k) * log(1 - probs)


def softmax(logits):
    total = mp.fsum(exp(x) for x in logits)
    return [exp(x) / total for x in logits]


def poisson(k, rate):
    return k * log(rate) - rate - lgamma(k + 1)


def negative_binomial(k, mean, concentration):
    p = mean / (mean + concentration)
    front = lgamma(k + concentration) - lgamma(concentration) - lgamma(k + 1)
    return front + concentration * log(1 - p) + k * log(p)


def beta_binomial(k, concentration1, concentration0, total_count):
    a, b = concentration1, concentration0
    return choose(total_count, k) + log(
        mp.beta(k + a, total_count - k + b) / mp.beta(a, b)
    )


def ordered_logistic(k, predictor, cutpoints):
    below = [expit(c - predictor) for c in cutpoints]
    edges = [mpf(0), *below, mpf(1)]
    return log(edges[int(k) + 1] - edges[int(k)])


def multinomial(k, total_count, probs):
    front = lgamma(total_count + 1) - mp.fsum(lgamma(x + 1) for x in k)
    return front + mp.fsum(x * log(p) for x, p in zip(k, probs, strict=True) if x)


def dirichlet(x, concentration):
    front = lgamma(mp.fsum(concentration)) - mp.fsum(map(lgamma, concentration))
    pairs = zip(x, concentration, strict=True)
    return front + mp.fsum((a - 1) * log(v) for v, a in pairs)


def multivariate_normal(x, loc, covariance):
    sigma = mp.matrix(covariance)
    d = mp.matrix([a - b for a, b in zip(x, loc, strict=True)])
    square = (d.T * mp.inverse(sigma) * d)[0]
    return -(square + log(mp.det(sigma)) + len(x) * log(2 * pi)) / 2


def outer(tril):
    """L Lᵀ."""
    a = mp.matrix(tril)
    return (a * a.T).tolist()


def inverse(matrix):
    return mp.inverse(mp.matrix(matrix)).tolist()


def lkj_cholesky(x, dimension, concentration):
    """Lewandowski, Kurowicka and Joe (2009), and the Jacobian of L -> L Lᵀ."""
    d, eta = int(dimension), concentration
    density = mp.fsum(
        (d - k + 2 * eta - 2) * log(x[k - 1][k - 1]) for k in range(2, d + 1)
    )
    constant = mp.fsum(
        mpf(k) / 2 * log(pi)
        + lgamma(eta + mpf(d - 1 - k) / 2)
        - lgamma(eta + mpf(d - 1) / 2)
        for k in range(1, d)
    )
    return density - constant


def normal_cdf(x, loc, scale):
    return mp.ncdf((x - loc) / scale)


def half(density):
    """A density folded at zero."""
    return lambda x, *params: log(2) + density(x, *params)
