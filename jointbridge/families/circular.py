"""Families of angles and of directions."""

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


#: Lengths along the ray: around that of the largest density, in steps that see all of it.
_ALONG = "sum(concentration * value, axis=-1, keepdims=True)"
_TOP = f"0.5 * ({_ALONG} + sqrt(square({_ALONG}) + 4 * K))"
_STEP = f"53 / 1024 / (1 + {_TOP} / sqrt(1.0 * K))"
_LENGTH = f"{_TOP} * exp({_STEP} * arange(-870, 154))"

#: Logits of (1 - cosine) / 2, around that of the largest density.
_HALF = "(0.5 * (K - 1))"
_ODDS = (
    f"log({_HALF} / (concentration + sqrt(square(concentration) + square({_HALF}))))"
)
_PACE = f"((40 / {_HALF} + 12 / sqrt({_HALF})) / 512)"
_LOGIT = f"({_ODDS}[..., None] + {_PACE} * arange(-512, 512))"

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
    Family(
        "ProjectedNormal",
        "concentration: real[K]",
        "sphere",
        "direction of a vector of K normals with means concentration and scale 1",
        f"-0.5 * sum(square(concentration - {_ALONG} * value), axis=-1)"
        " - 0.5 * K * log(2 * pi)"
        # An integral over the ray: exact by equal steps, as all that is smooth and ends.
        f" + logsumexp(log({_STEP}) + K * log({_LENGTH})"
        f" - 0.5 * square({_LENGTH} - {_ALONG}), axis=-1)",
        "Hernandez-Stumpfhauser, Breidt and van der Woerd (2017), Bayesian Analysis 12",
        axes=("K",),
        measure="surface of the sphere",
    ),
    Family(
        "PowerSpherical",
        "mean_direction: sphere[K], concentration: positive",
        "sphere",
        "direction around mean_direction, as von Mises and Fisher's, drawn with ease",
        "concentration * log1p(sum(mean_direction * value, axis=-1))"
        " - (concentration + K - 1) * log(2) - 0.5 * (K - 1) * log(pi)"
        " + lgamma(concentration + K - 1) - lgamma(concentration + 0.5 * (K - 1))",
        "De Cao and Aziz (2020), https://arxiv.org/abs/2006.04437",
        axes=("K",),
        measure="surface of the sphere",
    ),
    Family(
        "VonMisesFisher",
        "mean_direction: sphere[K], concentration: positive",
        "sphere",
        "direction around mean_direction, of at least 2 axes; on a circle a VonMises",
        "concentration * (sum(mean_direction * value, axis=-1) - 1)"
        f" - {_HALF} * log(4 * pi) + lgamma({_HALF}) - log({_PACE})"
        f" - logsumexp(-2 * concentration[..., None] / (1 + exp(-{_LOGIT}))"
        f" + {_HALF} * (log_sigmoid({_LOGIT}) + log_sigmoid(-{_LOGIT})), axis=-1)",
        "Mardia and Jupp (2000), Directional Statistics, section 9.3",
        axes=("K",),
        measure="surface of the sphere",
    ),
]
