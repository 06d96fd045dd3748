"""Families of one vector or matrix."""

from jointbridge.families.row import Family

_WIKI = "https://en.wikipedia.org/wiki/"

_LOW_RANK = "einsum('kr,lr->kl', cov_factor, cov_factor) + diag(cov_diag)"
_LOW_RANK_TRIL = f"cholesky({_LOW_RANK})"
#: The precision of a CAR, without its scale.
_NEAR = "diag(sum(adj_matrix, axis=-1)) - correlation[..., None, None] * adj_matrix"

#: The angles of a discrete Fourier transform, and its parts.
_ANGLES = "2 * pi / K * arange(0, K)[:, None] * arange(0, K)"
_WAVES = f"einsum('jk,k->j', {{}}({_ANGLES}), value - loc)"
_SPECTRUM = f"einsum('jk,k->j', cos({_ANGLES}), covariance_row)"

#: The scores in the order that a permutation puts them in.
_RANKED = "einsum('jk,k->j', one_hot(value, K), scores)"
_LEFT = "where(arange(0, K)[..., None] <= arange(0, K), 1.0, 0.0)"

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
    Family(
        "OneHotCategorical",
        "probs: simplex[K] | logits: real[K]",
        "multinomial(1)",
        "which of K outcomes came up, as a vector with a single 1",
        "sum(where(value == 0, 0.0, value * log(probs)), axis=-1)",
        f"{_WIKI}Categorical_distribution",
        axes=("K",),
        measure="counting",
        same_as="Multinomial(total_count=1, probs=probs, logits=logits)",
    ),
    Family(
        "DirichletMultinomial",
        "concentration: positive[K], total_count: nonnegative_integer = 1",
        "multinomial(total_count)",
        "Multinomial whose probabilities are a Dirichlet(concentration)",
        "lgamma(total_count + 1) + lgamma(sum(concentration, axis=-1))"
        " - lgamma(total_count + sum(concentration, axis=-1))"
        " + sum(lgamma(value + concentration) - lgamma(concentration)"
        " - lgamma(value + 1), axis=-1)",
        f"{_WIKI}Dirichlet-multinomial_distribution",
        axes=("K",),
        measure="counting",
    ),
    Family(
        "MultivariateStudentT",
        "df: positive, loc: real[K] = 0, scale_tril: lower_cholesky[K, K]",
        "real",
        "correlated vector with heavy tails; the scale is not the covariance",
        "lgamma((df + K) / 2) - lgamma(df / 2) - 0.5 * K * log(pi * df)"
        " - sum(log(diagonal(scale_tril)), axis=-1) - (df + K) / 2"
        " * log1p(sum(square(solve_triangular(scale_tril, value - loc)), axis=-1) / df)",
        f"{_WIKI}Multivariate_t-distribution",
        axes=("K",),
    ),
    Family(
        "LowRankMultivariateNormal",
        "loc: real[K], cov_factor: real[K, R], cov_diag: positive[K]",
        "real",
        "normal vector with covariance cov_factor @ cov_factor.T + diag(cov_diag)",
        f"-0.5 * sum(square(solve_triangular({_LOW_RANK_TRIL}, value - loc)), axis=-1)"
        f" - sum(log(diagonal({_LOW_RANK_TRIL})), axis=-1) - 0.5 * K * log(2 * pi)",
        f"{_WIKI}Multivariate_normal_distribution",
        axes=("K",),
        same_as=f"MultivariateNormal(loc=loc, covariance_matrix={_LOW_RANK})",
    ),
    Family(
        "GaussianRandomWalk",
        "scale: positive = 1, num_steps: size[T]",
        "real",
        "running sum of num_steps values of Normal(0, scale)",
        "-0.5 * sum(square(value / scale[..., None] - concatenate(["
        "0.0 * value[..., :1], value[..., :-1] / scale[..., None]], axis=-1)), axis=-1)"
        " - T * (log(scale) + 0.5 * log(2 * pi))",
        "https://num.pyro.ai/en/stable/distributions.html#gaussianrandomwalk",
        axes=("T",),
    ),
    Family(
        "CAR",
        "loc: real[K], correlation: interval(-1, 1), conditional_precision: positive,"
        " adj_matrix: real[K, K]",
        "real",
        "normal vector of neighbours; adj_matrix is symmetric, 1 between neighbours",
        f"0.5 * K * log(conditional_precision) + sum(log(diagonal(cholesky({_NEAR}))),"
        " axis=-1) - 0.5 * K * log(2 * pi) - 0.5 * conditional_precision"
        f" * sum((value - loc) * (({_NEAR}) @ (value - loc)[..., None])[..., 0],"
        " axis=-1)",
        "Besag (1974), J. Royal Statistical Society B 36",
        axes=("K",),
        same_as="MultivariateNormal(loc=loc, precision_matrix="
        f"conditional_precision[..., None, None] * ({_NEAR}))",
    ),
    Family(
        "ZeroSumNormal",
        "scale: positive, event_shape: size[K]",
        "zero_sum",
        "vector of event_shape normals that sums to 0",
        "-0.5 * sum(square(value / scale[..., None]), axis=-1)"
        " - (K - 1) * (log(scale) + 0.5 * log(2 * pi))",
        "https://num.pyro.ai/en/stable/distributions.html#zerosumnormal",
        axes=("K",),
        measure="Lebesgue on the plane of vectors that sum to 0",
    ),
    Family(
        "RelaxedOneHotCategorical",
        "temperature: positive, probs: simplex[K] | logits: real[K]",
        "simplex",
        "OneHotCategorical with its values moved off the corners by a temperature",
        "lgamma(cast(K, 'float')) + (K - 1) * log(temperature)"
        " + sum(log(probs) - (temperature[..., None] + 1) * log(value), axis=-1)"
        " - K * logsumexp(log(probs) - temperature[..., None] * log(value), axis=-1)",
        "Maddison, Mnih and Teh (2017), https://arxiv.org/abs/1611.00712",
        axes=("K",),
        measure="Lebesgue on the first K - 1 entries",
    ),
    Family(
        "PlackettLuce",
        "scores: positive[K]",
        "permutation",
        "an order of K things, each next one drawn in proportion to its score",
        f"sum(log({_RANKED}) - log(einsum('jk,k->j', {_LEFT}, {_RANKED})), axis=-1)",
        "https://en.wikipedia.org/wiki/Discrete_choice"
        "#J._Exploded_logit_(random-utility-model_with_ranked_choices)",
        axes=("K",),
        measure="counting",
    ),
    Family(
        "CirculantNormal",
        "loc: real[K], covariance_row: real[K]",
        "real",
        "normal vector on a ring; covariance_row[k] is the covariance k steps apart",
        f"-0.5 * sum((square({_WAVES.format('cos')}) + square({_WAVES.format('sin')}))"
        f" / {_SPECTRUM}, axis=-1) / K - 0.5 * sum(log({_SPECTRUM}), axis=-1)"
        " - 0.5 * K * log(2 * pi)",
        "https://num.pyro.ai/en/stable/distributions.html#circulantnormal",
        axes=("K",),
    ),
]
