"""Cases of the Gaussian copula, one for each family that it takes."""

from __future__ import annotations

from jointbridge.conformance.case import Case
from jointbridge.conformance.oracles import copula as o
from jointbridge.conformance.oracles import textbook

_CORRELATION = [[1.0, -0.625], [-0.625, 1.0]]
_TEXT = "GaussianCopula(marginal_dist={}(loc=m, scale=s), correlation_matrix=c)"


def _case(base, values, density, tails):
    """A further base, with a location for each value and one scale."""
    return Case(
        {"m": [0.25, -1.5], "s": 1.25, "c": _CORRELATION},
        values,
        o.of_location_and_scale(density, tails),
        text=_TEXT.format(base),
    )


_REAL = [[0.5, -1.0], [3.0, -4.0]]

CASES = {
    "GaussianCopula": Case(
        {"r": [0.75, 2.5], "c": _CORRELATION},
        [[0.25, 0.5], [5.0, 0.0625]],
        o.of_exponentials,
        text=(
            "GaussianCopula(marginal_dist=Exponential(rate=r), correlation_matrix=c)"
        ),
    ),
    # Rows of length 1 in floats.
    "GaussianCopula factor": Case(
        {
            "m": [0.25, -1.5, 0.5, 2.0],
            "s": 1.25,
            "l": [
                [1.0, 0.0, 0.0, 0.0],
                [0.0, 1.0, 0.0, 0.0],
                [0.0, 0.0, 1.0, 0.0],
                [0.5, -0.5, 0.5, 0.5],
            ],
        },
        [[0.5, -1.0, 0.125, 3.0], [6.0, -9.0, 0.5, -1.0]],
        o.of_logistics_by_factor,
        text=(
            "GaussianCopula(marginal_dist=Logistic(loc=m, scale=s),"
            " correlation_cholesky=l)"
        ),
    ),
    "GaussianCopula Normal": _case("Normal", _REAL, textbook.normal, o.normal),
    "GaussianCopula Cauchy": _case(
        "Cauchy", [[0.5, -1.0], [40.0, -9.0]], textbook.cauchy, o.cauchy
    ),
    "GaussianCopula Gumbel": _case("Gumbel", _REAL, textbook.gumbel, o.gumbel),
    "GaussianCopula Laplace": _case("Laplace", _REAL, textbook.laplace, o.laplace),
    "GaussianCopula LogNormal": _case(
        "LogNormal", [[0.5, 1.0], [9.0, 0.0625]], textbook.log_normal, o.log_normal
    ),
}
