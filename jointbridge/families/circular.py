"""Families of angles."""

from jointbridge.families.row import Family

#: The density of phi alone, and of both angles, where their locations are 0.
_ROOT = "sqrt(square(psi_concentration) + square(correlation * sin({angle})))"
_NODES = "(2 * pi / 512 * arange(0, 512))"
_MARGINAL = (
    "phi_concentration[..., None] * (cos({nodes}) - 1) + {root}"
    " - psi_concentration[..., None] + log(i0e({root}))"
)


def _marginal() -> str:
    root = (
        "sqrt(square(psi_concentration[..., None])"
        f" + square(correlation[..., None] * sin({_NODES})))"
    )
    return _MARGINAL.format(nodes=_NODES, root=root)


ROWS = [
    Family(
        "SineBivariateVonMises",
        "phi_loc: real, psi_loc: real, phi_concentration: positive,"
        " psi_concentration: positive, correlation: real",
        "circular",
        "two angles that depend on each other; of one mode where correlation ** 2 <"
        " phi_concentration * psi_concentration",
        "phi_concentration * (cos(value[..., 0] - phi_loc) - 1)"
        " + psi_concentration * (cos(value[..., 1] - psi_loc) - 1)"
        " + correlation * sin(value[..., 0] - phi_loc) * sin(value[..., 1] - psi_loc)"
        # The mean over equal steps of a circle: exact for what is smooth on it.
        f" - 2 * log(2 * pi) - logsumexp({_marginal()}, axis=-1) + log(512.0)",
        "Singh, Hnizdo and Demchuk (2002), Biometrika 89",
        axes=("2",),
    ),
    Family(
        "SineSkewed",
        "base: distribution[K], skewness: interval(-1, 1)[K]",
        "circular",
        "K angles of the circular family base, each leaning to the side of its skewness;"
        " sum(abs(skewness)) is at most 1",
        "sum(log_prob(base, value), axis=-1)"
        " + log1p(sum(skewness * sin(value - mean(base)), axis=-1))",
        "Ameijeiras-Alonso and Ley (2022), Biostatistics 23",
        axes=("K",),
    ),
]
