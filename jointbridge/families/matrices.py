"""Families of one matrix."""

from jointbridge.families.row import Family

_WIKI = "https://en.wikipedia.org/wiki/"

_BELOW = "Lebesgue on the entries on and below the diagonal"
_WISHART = (
    "concentration: greater_than(K - 1), scale_matrix: positive_definite[K, K]"
    " | rate_matrix: positive_definite[K, K] | scale_tril: lower_cholesky[K, K]"
)
#: What the densities of all four Wishart families have in common.
_FRONT = (
    "-0.5 * K * concentration * log(2.0) - 0.25 * K * (K - 1) * log(pi)"
    " - sum(lgamma(0.5 * (concentration[..., None] - arange(0, K))), axis=-1)"
)
_LOG_SCALE = "sum(log(diagonal(scale_tril)), axis=-1)"

#: What the transition makes of the state before each step.
_BEFORE = "concatenate([initial_value[..., None, :], value[..., :-1, :]], axis=-2)"
_MOVED = f"einsum('kl,tl->tk', transition_matrix, {_BEFORE})"


def _ratio(below: str, above: str) -> str:
    """Half the squared length of one factor in terms of another."""
    return f"0.5 * sum(square(solve_triangular({below}, {above})), axis=(-2, -1))"


ROWS = [
    Family(
        "MatrixNormal",
        "loc: real[N, P], scale_tril_row: lower_cholesky[N, N],"
        " scale_tril_column: lower_cholesky[P, P]",
        "real",
        "normal matrix; rows and columns have covariances of their own",
        "-0.5 * sum(square(solve_triangular(scale_tril_column, einsum('np->pn',"
        " solve_triangular(scale_tril_row, value - loc)))), axis=(-2, -1))"
        " - P * sum(log(diagonal(scale_tril_row)), axis=-1)"
        " - N * sum(log(diagonal(scale_tril_column)), axis=-1)"
        " - 0.5 * N * P * log(2 * pi)",
        f"{_WIKI}Matrix_normal_distribution",
        axes=("N", "P"),
    ),
    Family(
        "LKJ",
        "dimension: size[K], concentration: positive = 1",
        "corr_matrix",
        "random correlation matrix; uniform at concentration 1",
        "2 * (concentration - 1) * sum(log(diagonal(cholesky(value))), axis=-1) - sum("
        "0.5 * arange(1, K) * log(pi) + lgamma(concentration + 0.5 * (dimension - 1"
        " - arange(1, K))) - lgamma(concentration + 0.5 * (dimension - 1)))",
        "Lewandowski, Kurowicka and Joe (2009), J. Multivariate Analysis 100",
        axes=("K", "K"),
        measure="Lebesgue on the entries below the diagonal",
    ),
    Family(
        "Wishart",
        _WISHART,
        "positive_definite",
        "random covariance with mean concentration times the scale",
        f"{_FRONT} - concentration * {_LOG_SCALE}"
        " + (concentration - K - 1) * sum(log(diagonal(cholesky(value))), axis=-1)"
        f" - {_ratio('scale_tril', 'cholesky(value)')}",
        f"{_WIKI}Wishart_distribution",
        axes=("K", "K"),
        measure=_BELOW,
    ),
    Family(
        "WishartCholesky",
        _WISHART,
        "lower_cholesky",
        "Cholesky factor of a Wishart matrix",
        f"{_FRONT} - concentration * {_LOG_SCALE} + K * log(2.0)"
        " + sum((concentration[..., None] - 1 - arange(0, K)) * log(diagonal(value)),"
        f" axis=-1) - {_ratio('scale_tril', 'value')}",
        f"{_WIKI}Wishart_distribution#Bartlett_decomposition",
        axes=("K", "K"),
        measure=_BELOW,
    ),
    Family(
        "InverseWishart",
        _WISHART,
        "positive_definite",
        "inverse of a Wishart matrix, with mean the scale over concentration - K - 1",
        f"{_FRONT} + concentration * {_LOG_SCALE}"
        " - (concentration + K + 1) * sum(log(diagonal(cholesky(value))), axis=-1)"
        f" - {_ratio('cholesky(value)', 'scale_tril')}",
        f"{_WIKI}Inverse-Wishart_distribution",
        axes=("K", "K"),
        measure=_BELOW,
    ),
    Family(
        "InverseWishartCholesky",
        _WISHART,
        "lower_cholesky",
        "Cholesky factor of an InverseWishart matrix",
        f"{_FRONT} + concentration * {_LOG_SCALE} + K * log(2.0)"
        " - sum((concentration[..., None] + 1 + arange(0, K)) * log(diagonal(value)),"
        f" axis=-1) - {_ratio('value', 'scale_tril')}",
        f"{_WIKI}Inverse-Wishart_distribution",
        axes=("K", "K"),
        measure=_BELOW,
    ),
    Family(
        "GaussianStateSpace",
        "num_steps: size[T], transition_matrix: real[K, K],"
        " covariance_matrix: positive_definite[K, K]"
        " | precision_matrix: positive_definite[K, K]"
        " | scale_tril: lower_cholesky[K, K], initial_value: real[K] = 0",
        "real",
        "num_steps states, each transition_matrix @ the one before, and normal noise;"
        " initial_value is the state before the first",
        "-0.5 * sum(square(solve_triangular(scale_tril, einsum('tk->kt',"
        f" value - {_MOVED}))), axis=(-2, -1)) - T * {_LOG_SCALE}"
        " - 0.5 * T * K * log(2 * pi)",
        "https://num.pyro.ai/en/stable/distributions.html#gaussianstatespace",
        axes=("T", "K"),
    ),
]
