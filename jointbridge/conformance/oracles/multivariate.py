"""Log densities of one vector or matrix, written from the textbook."""

from jointbridge.conformance.oracles.arithmetic import lgamma, log, pi, sqrt, whole
from jointbridge.conformance.oracles.linear import (
    det,
    diag,
    eye,
    inverse,
    outer,
    plus,
    scaled,
    square_in,
    times,
    trace,
    transpose,
)
from jointbridge.conformance.oracles.textbook import normal


def _minus(x, loc):
    return [a - b for a, b in zip(x, loc, strict=True)]


def dirichlet(x, concentration):
    front = lgamma(sum(concentration)) - sum(map(lgamma, concentration))
    pairs = zip(x, concentration, strict=True)
    return front + sum((a - 1) * log(v) for v, a in pairs)


def multivariate_normal(x, loc, covariance):
    square = square_in(inverse(covariance), _minus(x, loc))
    return -(square + log(det(covariance)) + len(x) * log(2 * pi)) / 2


def multivariate_normal_tril(x, loc, tril):
    return multivariate_normal(x, loc, outer(tril))


def multivariate_normal_precision(x, loc, precision):
    return multivariate_normal(x, loc, inverse(precision))


def multivariate_student(x, df, loc, tril):
    p, shape = len(x), outer(tril)
    square = square_in(inverse(shape), _minus(x, loc))
    front = lgamma((df + p) / 2) - lgamma(df / 2) - p * log(df * pi) / 2
    return front - log(det(shape)) / 2 - (df + p) / 2 * log(1 + square / df)


def low_rank_normal(x, loc, cov_factor, cov_diag):
    covariance = plus(times(cov_factor, transpose(cov_factor)), diag(cov_diag))
    return multivariate_normal(x, loc, covariance)


def random_walk(x, scale, num_steps):
    before = [0, *x[: whole(num_steps) - 1]]
    return sum(normal(b, a, scale) for a, b in zip(before, x, strict=True))


def state_space(x, num_steps, transition, covariance, initial=None):
    """As one long vector: its mean from powers of the transition, its covariance whole."""
    steps, size = whole(num_steps), len(transition)
    means, spreads = [], [[[0] * size for _ in range(size)]]
    mean = [[v] for v in initial or [0] * size]
    for _ in range(steps):
        mean = times(transition, mean)
        means += [row[0] for row in mean]
        moved = times(times(transition, spreads[-1]), transpose(transition))
        spreads.append(plus(moved, covariance))
    blocks = [
        [_apart(transition, spreads, s, t) for t in range(steps)] for s in range(steps)
    ]
    joint = [
        [blocks[s][t][i][j] for t in range(steps) for j in range(size)]
        for s in range(steps)
        for i in range(size)
    ]
    return multivariate_normal([v for state in x for v in state], means, joint)


def _apart(transition, spreads, s, t):
    """The covariance of two states, that of the earlier one sent on."""
    found = spreads[min(s, t) + 1]
    for _ in range(abs(s - t)):
        found = times(transition, found)
    return found if s >= t else transpose(found)


def car(x, loc, correlation, precision, adjacency):
    near = diag([sum(row) for row in adjacency])
    q = scaled(precision, plus(near, scaled(-correlation, adjacency)))
    return multivariate_normal(x, loc, inverse(q))


def matrix_normal(x, loc, row, column):
    """As one vector of columns, whose covariance is the Kronecker product."""
    u, v = outer(row), outer(column)
    n, p = len(u), len(v)
    pairs = [(i, j) for j in range(p) for i in range(n)]
    covariance = [[v[j][m] * u[i][k] for k, m in pairs] for i, j in pairs]
    flat, centre = ([a[i][j] for i, j in pairs] for a in (x, loc))
    return multivariate_normal(flat, centre, covariance)


def zero_sum_normal(x, scale, event_shape):
    """The density of n - 1 normals, in any orthonormal basis of the plane."""
    n, square = whole(event_shape), sum(v**2 for v in x)
    return -square / (2 * scale**2) - (n - 1) * log(scale * sqrt(2 * pi))


def lkj_cholesky(x, dimension, concentration):
    """Lewandowski, Kurowicka and Joe (2009), and the Jacobian of L -> L Lᵀ."""
    d, eta = whole(dimension), concentration
    density = sum((d - k + 2 * eta - 2) * log(x[k - 1][k - 1]) for k in range(2, d + 1))
    constant = sum(
        k * log(pi) / 2 + lgamma(eta + (d - 1 - k) / 2) - lgamma(eta + (d - 1) / 2)
        for k in range(1, d)
    )
    return density - constant


def lkj(x, dimension, concentration):
    """The constant is found with the factor's density, at the identity."""
    constant = lkj_cholesky(eye(whole(dimension)), dimension, concentration)
    return (concentration - 1) * log(det(x)) + constant


def log_multigamma(a, p):
    return p * (p - 1) * log(pi) / 4 + sum(lgamma(a - i / 2) for i in range(p))


def wishart(x, df, scale):
    p = len(scale)
    front = -df * p / 2 * log(2) - df / 2 * log(det(scale)) - log_multigamma(df / 2, p)
    ratio = trace(times(inverse(scale), x))
    return front + (df - p - 1) / 2 * log(det(x)) - ratio / 2


def inverse_wishart(x, df, scale):
    """That of the inverse, and the Jacobian |X| ** -(p + 1) of X -> X⁻¹."""
    density = wishart(inverse(x), df, inverse(scale))
    return density - (len(scale) + 1) * log(det(x))


def factor_of(density):
    """The density of a Cholesky factor, from that of the matrix."""

    def of_factor(tril, *params):
        p = len(tril)
        powers = sum((p - i) * log(tril[i][i]) for i in range(p))
        return density(outer(tril), *params) + p * log(2) + powers

    return of_factor
