"""Families of one vector or matrix."""

from jointbridge.families.row import Family

_WIKI = "https://en.wikipedia.org/wiki/"

ROWS = [
    Family(
        "Multinomial",
        "total_count: nonnegative_integer = 1, probs: simplex[K] | logits: real[K]",
        "multinomial(total_count)",
        "how often each of K outcomes came up in total_count trials",
        "lgamma(total_count + 1) + sum(where(value == 0, 0.0, value * log(probs))"
        " - lgamma(value + 1), axis=-1)",
        f"{_WIKI}Multinomial_distribution",
        axes=("K",),
        measure="counting",
    ),
    Family(
        "Dirichlet",
        "concentration: positive[K]",
        "simplex",
        "probabilities of K outcomes",
        "sum((concentration - 1) * log(value), axis=-1)"
        " + lgamma(sum(concentration, axis=-1)) - sum(lgamma(concentration), axis=-1)",
        f"{_WIKI}Dirichlet_distribution",
        axes=("K",),
        measure="Lebesgue on the first K - 1 entries",
    ),
    Family(
        "MultivariateNormal",
        "loc: real[K] = 0, covariance_matrix: positive_definite[K, K]"
        " | precision_matrix: positive_definite[K, K] | scale_tril: lower_cholesky[K, K]",
        "real",
        "correlated normal vector",
        "-0.5 * sum(square(solve_triangular(scale_tril, value - loc)), axis=-1)"
        " - sum(log(diagonal(scale_tril)), axis=-1) - 0.5 * K * log(2 * pi)",
        f"{_WIKI}Multivariate_normal_distribution",
        axes=("K",),
    ),
    Family(
        "LKJCholesky",
        "dimension: size[K], concentration: positive = 1",
        "corr_cholesky",
        "Cholesky factor of a random correlation matrix; uniform over matrices at 1",
        "sum((dimension - 1 - arange(1, K) + 2 * (concentration - 1))"
        " * log(diagonal(value)[..., 1:]), axis=-1) - sum("
        "0.5 * arange(1, K) * log(pi) + lgamma(concentration + 0.5 * (dimension - 1"
        " - arange(1, K))) - lgamma(concentration + 0.5 * (dimension - 1)))",
        "Lewandowski, Kurowicka and Joe (2009), J. Multivariate Analysis 100",
        axes=("K", "K"),
        measure="Lebesgue on the entries below the diagonal",
    ),
]
