"""Families of one vector or matrix: parameters, values and the oracle's log density."""

from jointbridge.conformance.case import Case
from jointbridge.conformance.oracles import multivariate as o
from jointbridge.conformance.oracles.linear import inverse, outer

_LOC, _TRIL = [0.125, -0.375], [[1.25, 0.0], [0.6875, 0.5]]
_MATRIX = [[1.5625, 0.859375], [0.859375, 0.734375]]
_PAIRS = [[0.3, 0.4], [-9.0, 4.0]]
_TRIPLES = [[0.3, 0.4, -0.5], [-9.0, 4.0, 1.0]]

#: A scale, its factor, and two matrices with their factors.
_SCALE_TRIL = [[1.25, 0.0], [0.5, 0.75]]
_SCALE = [[1.5625, 0.625], [0.625, 0.8125]]
_FACTORS = [[[1.5, 0.0], [-0.5, 0.25]], [[0.125, 0.0], [2.0, 3.0]]]
_MATRICES = [
    [[2.25, -0.75], [-0.75, 0.3125]],
    [[0.015625, 0.25], [0.25, 13.0]],
]
_DF = {"concentration": 4.25}

#: Three steps of two numbers, and a matrix that turns and shrinks them.
_STEPS = {
    "num_steps": "3",
    "transition_matrix": [[0.75, -0.25], [0.5, 0.625]],
}
_SERIES = [
    [[0.3, 0.4], [-0.5, 0.125], [1.0, -0.25]],
    [[-9.0, 4.0], [1.0, 0.5], [-3.0, 8.0]],
]


def _wisharts(name, values, density):
    """The three ways to give a scale."""
    return {
        name: Case(
            {**_DF, "scale_tril": _SCALE_TRIL},
            values,
            lambda x, n, tril: density(x, n, outer(tril)),
        ),
        f"{name} matrix": Case({**_DF, "scale_matrix": _SCALE}, values, density),
        f"{name} rate": Case(
            {**_DF, "rate_matrix": _SCALE},
            values,
            lambda x, n, rate: density(x, n, inverse(rate)),
        ),
    }


CASES = {
    "Dirichlet": Case(
        {"concentration": [0.75, 2.25, 1.125]},
        [[0.1875, 0.3125, 0.5], [0.0009765625, 0.0078125, 0.9912109375]],
        o.dirichlet,
    ),
    "MultivariateNormal": Case(
        {"loc": _LOC, "scale_tril": _TRIL}, _PAIRS, o.multivariate_normal_tril
    ),
    "MultivariateNormal covariance": Case(
        {"loc": _LOC, "covariance_matrix": _MATRIX}, _PAIRS, o.multivariate_normal
    ),
    "MultivariateNormal precision": Case(
        {"loc": _LOC, "precision_matrix": _MATRIX},
        _PAIRS,
        o.multivariate_normal_precision,
    ),
    "MultivariateStudentT": Case(
        {"df": 3.5, "loc": _LOC, "scale_tril": _TRIL},
        [[0.3, 0.4], [-90.0, 40.0]],
        o.multivariate_student,
    ),
    "LowRankMultivariateNormal": Case(
        {
            "loc": [0.125, -0.375, 0.3125],
            "cov_factor": [[0.75, 0.125], [-0.3125, 0.875], [1.125, 0.1875]],
            "cov_diag": [0.3125, 1.25, 0.625],
        },
        _TRIPLES,
        o.low_rank_normal,
    ),
    "GaussianRandomWalk": Case(
        {"scale": 0.75, "num_steps": "3"}, _TRIPLES, o.random_walk
    ),
    "GaussianStateSpace": Case(
        {**_STEPS, "scale_tril": _SCALE_TRIL},
        _SERIES,
        lambda x, n, moves, tril: o.state_space(x, n, moves, outer(tril)),
    ),
    "GaussianStateSpace covariance": Case(
        {**_STEPS, "covariance_matrix": _SCALE, "initial_value": [0.75, -1.5]},
        _SERIES,
        o.state_space,
    ),
    "GaussianStateSpace precision": Case(
        {**_STEPS, "precision_matrix": _SCALE, "initial_value": [0.75, -1.5]},
        _SERIES,
        lambda x, n, moves, precision, start: o.state_space(
            x, n, moves, inverse(precision), start
        ),
    ),
    "CAR": Case(
        {
            "loc": [0.125, -0.375, 0.3125],
            "correlation": 0.8125,
            "conditional_precision": 1.75,
            "adj_matrix": "[[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]",
        },
        _TRIPLES,
        o.car,
    ),
    "MatrixNormal": Case(
        {
            "loc": [[0.125, -0.375, 0.3125], [0.1875, 0.0, -0.625]],
            "scale_tril_row": _TRIL,
            "scale_tril_column": [
                [0.875, 0.0, 0.0],
                [-0.3125, 1.125, 0.0],
                [0.1875, 0.375, 0.625],
            ],
        },
        [[[0.3, 0.4, -0.5], [-0.9, 0.0, 1.0]], [[3.0, -4.0, 5.0], [0.1, 0.2, 0.3]]],
        o.matrix_normal,
    ),
    "ZeroSumNormal": Case(
        {"scale": 0.75, "event_shape": "3"},
        [[0.25, 0.5, -0.75], [-9.0, 4.0, 5.0]],
        o.zero_sum_normal,
    ),
    "LKJ": Case(
        {"dimension": "3", "concentration": 2.25},
        [
            [[1.0, 0.5, 0.25], [0.5, 1.0, -0.125], [0.25, -0.125, 1.0]],
            [[1.0, -0.75, 0.5], [-0.75, 1.0, 0.0], [0.5, 0.0, 1.0]],
        ],
        o.lkj,
    ),
    # Rows of length 1 in floats: no other matrix of few digits has them.
    "LKJCholesky": Case(
        {"dimension": "4", "concentration": 2.25},
        [
            [
                [1.0, 0.0, 0.0, 0.0],
                [0.0, 1.0, 0.0, 0.0],
                [0.0, 0.0, 1.0, 0.0],
                [0.5, -0.5, 0.5, 0.5],
            ]
        ],
        o.lkj_cholesky,
    ),
    **_wisharts("Wishart", _MATRICES, o.wishart),
    **_wisharts("InverseWishart", _MATRICES, o.inverse_wishart),
    "WishartCholesky": Case(
        {**_DF, "scale_matrix": _SCALE}, _FACTORS, o.factor_of(o.wishart)
    ),
    "InverseWishartCholesky": Case(
        {**_DF, "scale_matrix": _SCALE}, _FACTORS, o.factor_of(o.inverse_wishart)
    ),
}
