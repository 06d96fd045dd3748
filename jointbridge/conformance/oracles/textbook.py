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


def asymmetric_laplace(x, loc, scale, asymmetry):
    rate = asymmetry if x >= loc else 1 / asymmetry
    return -abs(x - loc) / scale * rate - log(scale * (asymmetry + 1 / asymmetry))


def asymmetric_laplace_quantile(x, loc, scale, quantile):
    """Koenker's check function, normalised."""
    check = (x - loc) * (quantile - (1 if x < loc else 0))
    return log(quantile * (1 - quantile) / scale) - check / scale


def soft_laplace(x, loc, scale):
    return -log(pi * scale * mp.cosh((x - loc) / scale))


def gompertz(x, concentration, rate):
    hazard = concentration * rate * exp(rate * x)
    return log(hazard) - concentration * (exp(rate * x) - 1)


def levy(x, loc, scale):
    z = x - loc
    return log(mp.sqrt(scale / (2 * pi)) * exp(-scale / (2 * z)) / z ** mpf("1.5"))


def kumaraswamy(x, concentration1, concentration0):
    a, b = concentration1, concentration0
    return log(a * b * x ** (a - 1) * (1 - x**a) ** (b - 1))


def relaxed_bernoulli(x, temperature, logits):
    """Maddison, Mnih and Teh (2017), equation 24, in odds."""
    t, odds = temperature, exp(logits)
    top = t * odds * x ** (-t - 1) * (1 - x) ** (-t - 1)
    return log(top / (odds * x ** (-t) + (1 - x) ** (-t)) ** 2)


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


def negative_binomial_probs(k, total_count, probs):
    """`probs` is that of the outcome counted."""
    r = total_count
    front = lgamma(k + r) - lgamma(r) - lgamma(k + 1)
    return front + r * log(1 - probs) + k * log(probs)


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


def dirichlet_multinomial(k, concentration, total_count):
    n, a = total_count, mp.fsum(concentration)
    front = lgamma(n + 1) + lgamma(a) - lgamma(n + a)
    return front + mp.fsum(
        lgamma(x + c) - lgamma(c) - lgamma(x + 1)
        for x, c in zip(k, concentration, strict=True)
    )


def dirichlet(x, concentration):
    front = lgamma(mp.fsum(concentration)) - mp.fsum(map(lgamma, concentration))
    pairs = zip(x, concentration, strict=True)
    return front + mp.fsum((a - 1) * log(v) for v, a in pairs)


def multivariate_normal(x, loc, covariance):
    sigma = mp.matrix(covariance)
    d = mp.matrix([a - b for a, b in zip(x, loc, strict=True)])
    square = (d.T * mp.inverse(sigma) * d)[0]
    return -(square + log(mp.det(sigma)) + len(x) * log(2 * pi)) / 2


def multivariate_student(x, df, loc, tril):
    shape = mp.matrix(outer(tril))
    p = len(x)
    d = mp.matrix([a - b for a, b in zip(x, loc, strict=True)])
    square = (d.T * mp.inverse(shape) * d)[0]
    front = lgamma((df + p) / 2) - lgamma(df / 2) - mpf(p) / 2 * log(df * pi)
    return front - log(mp.det(shape)) / 2 - (df + p) / 2 * log(1 + square / df)


def low_rank_normal(x, loc, cov_factor, cov_diag):
    w = mp.matrix(cov_factor)
    return multivariate_normal(x, loc, (w * w.T + mp.diag(cov_diag)).tolist())


def random_walk(x, scale, num_steps):
    before = [mpf(0), *x[: int(num_steps) - 1]]
    return mp.fsum(normal(b, a, scale) for a, b in zip(before, x, strict=True))


def car(x, loc, correlation, precision, adjacency):
    near = [mp.fsum(row) for row in adjacency]
    q = precision * (mp.diag(near) - correlation * mp.matrix(adjacency))
    return multivariate_normal(x, loc, mp.inverse(q).tolist())


def matrix_normal(x, loc, row, column):
    """As one vector of columns, whose covariance is the Kronecker product."""
    u, v = outer(row), outer(column)
    n, p = len(u), len(v)
    pairs = [(i, j) for j in range(p) for i in range(n)]
    covariance = [[v[j][m] * u[i][k] for k, m in pairs] for i, j in pairs]
    flat, centre = ([a[i][j] for i, j in pairs] for a in (x, loc))
    return multivariate_normal(flat, centre, covariance)


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


def lkj(x, dimension, concentration):
    """The constant is found with the factor's density, at the identity."""
    d = int(dimension)
    eye = mp.eye(d).tolist()
    constant = lkj_cholesky(eye, dimension, concentration)
    return (concentration - 1) * log(mp.det(mp.matrix(x))) + constant


def log_multigamma(a, p):
    return mpf(p * (p - 1)) / 4 * log(pi) + mp.fsum(
        lgamma(a - mpf(i) / 2) for i in range(p)
    )


def wishart(x, df, scale):
    v, x = mp.matrix(scale), mp.matrix(x)
    p, trace = len(scale), _trace(mp.inverse(v) * x)
    front = -df * p / 2 * log(2) - df / 2 * log(mp.det(v)) - log_multigamma(df / 2, p)
    return front + (df - p - 1) / 2 * log(mp.det(x)) - trace / 2


def inverse_wishart(x, df, scale):
    """That of the inverse, and the Jacobian |X| ** -(p + 1) of X -> X⁻¹."""
    x = mp.matrix(x)
    density = wishart(mp.inverse(x).tolist(), df, inverse(scale))
    return density - (len(scale) + 1) * log(mp.det(x))


def factor_of(density):
    """The density of a Cholesky factor, from that of the matrix."""

    def of_factor(tril, *params):
        p = len(tril)
        powers = mp.fsum((p - i) * log(tril[i][i]) for i in range(p))
        return density(outer(tril), *params) + p * log(2) + powers

    return of_factor


def _trace(matrix):
    return mp.fsum(matrix[i, i] for i in range(matrix.rows))


def zero_sum_normal(x, scale, event_shape):
    """The density of n - 1 normals, in any orthonormal basis of the plane."""
    n = int(event_shape)
    square = mp.fsum(v**2 for v in x)
    return -square / (2 * scale**2) - (n - 1) * log(scale * mp.sqrt(2 * pi))


def normal_cdf(x, loc, scale):
    return mp.ncdf((x - loc) / scale)


def half(density):
    """A density folded at zero."""
    return lambda x, *params: log(2) + density(x, *params)
