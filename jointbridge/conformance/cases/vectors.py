"""Cases of mixtures, transforms, circles, spheres and vectors."""

from __future__ import annotations

from jointbridge.conformance.case import Case
from jointbridge.conformance.oracles import vectors as o

CASES = {
    "MixtureGeneral": Case(
        {"w": [0.25, 0.75], "m": -1.5, "s": 0.75},
        [-3.0, 0.5, 9.0],
        o.normal_and_student,
        text=(
            "MixtureGeneral(probs=w, components="
            "[Normal(loc=m, scale=s), StudentT(df=3.5, loc=2.0, scale=s)])"
        ),
    ),
    "MixtureGeneral logits": Case(
        {"w": [0.5, -0.25, 1.0], "r": 2.5},
        [0, 3, 20],
        o.three_counts,
        text=(
            "MixtureGeneral(logits=w, components=[Poisson(rate=r),"
            " Geometric(probs=0.25), Poisson(rate=0.5)])"
        ),
    ),
    "Transformed affine": Case(
        {"a": -0.75, "s": 2.5},
        [-0.5, 0.25, 1.5],
        o.scaled_beta,
        text=(
            "Transformed(base=Beta(concentration1=2.5, concentration0=0.75),"
            " transform=AffineTransform(loc=a, scale=s))"
        ),
    ),
    "Transformed exp": Case(
        {"k": 3.5},
        [1.25, 2.5, 60.0],
        o.log_gamma,
        text=(
            "Transformed(base=Gamma(concentration=k, rate=1.5), transform=ExpTransform())"
        ),
    ),
    "Transformed sigmoid": Case(
        {"m": -0.75},
        [0.125, 0.5, 0.984375],
        o.logistic_student,
        text=(
            "Transformed(base=StudentT(df=4.0, loc=m, scale=1.5),"
            " transform=SigmoidTransform())"
        ),
    ),
    "Transformed power": Case(
        {"p": 2.5, "r": 1.25},
        [0.125, 2.0, 30.0],
        o.power_of_exponential,
        text=(
            "Transformed(base=Gamma(concentration=1.0, rate=r),"
            " transform=PowerTransform(exponent=p))"
        ),
    ),
    "Transformed softplus": Case(
        {"m": 0.75},
        [0.125, 2.0, 30.0],
        o.softplus_normal,
        text=(
            "Transformed(base=Normal(loc=m, scale=1.5), transform=SoftplusTransform())"
        ),
    ),
    "Transformed tanh": Case(
        {"m": 0.75},
        [-0.875, 0.125, 0.96875],
        o.tanh_normal,
        text="Transformed(base=Normal(loc=m, scale=1.5), transform=TanhTransform())",
    ),
    "Transformed vector": Case(
        {"m": [0.25, -0.5], "l": [[1.25, 0.0], [0.75, 0.5]]},
        [[0.5, 1.25], [8.0, 0.0625]],
        o.log_normal_vector,
        text=(
            "Transformed(base=MultivariateNormal(loc=m, scale_tril=l),"
            " transform=ExpTransform())"
        ),
    ),
    "Transformed twice": Case(
        {"a": -0.75, "s": 2.5},
        [0.625, 1.5, 5.0],
        o.exp_of_scaled_beta,
        text=(
            "Transformed(base=Transformed("
            "base=Beta(concentration1=2.5, concentration0=0.75),"
            " transform=AffineTransform(loc=a, scale=s)), transform=ExpTransform())"
        ),
    ),
    "SineBivariateVonMises": Case(
        {
            "phi_loc": 0.25,
            "psi_loc": -1.5,
            "phi_concentration": 2.5,
            "psi_concentration": 1.75,
            "correlation": 1.25,
        },
        [[0.5, -1.0], [-3.0, 2.5], [3.0, -0.125]],
        o.sine_bivariate_von_mises,
    ),
    "SineSkewed": Case(
        {"m": [0.25, -1.5], "k": 2.5, "s": [0.25, -0.5]},
        [[0.5, -1.0], [-3.0, 2.5], [3.0, -0.125]],
        o.sine_skewed_von_mises,
        text="SineSkewed(base=VonMises(loc=m, concentration=k), skewness=s)",
    ),
    "PowerSpherical": Case(
        {"mean_direction": [0.5, -0.5, 0.5, 0.5], "concentration": 2.5},
        [[1.0, 0.0, 0.0, 0.0], [0.5, 0.5, -0.5, 0.5], [0.0, -1.0, 0.0, 0.0]],
        o.power_spherical,
    ),
    "ProjectedNormal": Case(
        {"concentration": [0.75, -1.25, 0.5]},
        [[1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, -1.0]],
        o.projected_normal,
    ),
    "ProjectedNormal circle": Case(
        {"concentration": [1.75, -0.5]},
        [[1.0, 0.0], [0.0, -1.0], [0.0, 1.0]],
        o.projected_normal,
    ),
    "ProjectedNormal of five": Case(
        {"concentration": [0.75, -1.25, 0.5, 0.25, -2.0]},
        [[0.0, -1.0, 0.0, 0.0, 0.0], [0.5, 0.5, -0.5, 0.0, 0.5]],
        o.projected_normal,
    ),
    "VonMisesFisher": Case(
        {"mean_direction": [0.48, -0.6, 0.64], "concentration": 2.5},
        [[1.0, 0.0, 0.0], [0.0, -0.6, 0.8], [0.0, 0.0, -1.0]],
        o.von_mises_fisher,
    ),
    "VonMisesFisher circle": Case(
        {"mean_direction": [-0.8, 0.6], "concentration": 1.75},
        [[1.0, 0.0], [0.0, -1.0], [-0.6, 0.8]],
        o.von_mises_fisher,
    ),
    "VonMisesFisher of four": Case(
        {"mean_direction": [0.5, -0.5, 0.5, 0.5], "concentration": 3.5},
        [[1.0, 0.0, 0.0, 0.0], [0.5, 0.5, -0.5, 0.5], [0.0, -1.0, 0.0, 0.0]],
        o.von_mises_fisher,
    ),
    "VonMisesFisher of five": Case(
        {"mean_direction": [0.5, 0.0, -0.5, 0.5, 0.5], "concentration": 0.75},
        [[0.0, -1.0, 0.0, 0.0, 0.0], [0.5, 0.5, -0.5, 0.0, 0.5]],
        o.von_mises_fisher,
    ),
    "VonMisesFisher of nine": Case(
        {
            "mean_direction": [0.5, 0.0, -0.5, 0.5, 0.0, 0.0, 0.0, 0.5, 0.0],
            "concentration": 7.5,
        },
        [
            [0.0, -1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            [0.5, 0.5, -0.5, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0],
        ],
        o.von_mises_fisher,
    ),
    "RelaxedOneHotCategorical": Case(
        {"temperature": 0.75, "probs": [0.125, 0.375, 0.5]},
        [[0.25, 0.25, 0.5], [0.0009765625, 0.0302734375, 0.96875]],
        o.relaxed_one_hot,
    ),
    "RelaxedOneHotCategorical logits": Case(
        {"temperature": 1.75, "logits": [0.25, -1.5, 0.5]},
        [[0.25, 0.25, 0.5], [0.0009765625, 0.0302734375, 0.96875]],
        o.relaxed_one_hot_logits,
    ),
    "PlackettLuce": Case(
        {"scores": [0.5, 2.5, 1.25]},
        [[1, 2, 0], [0, 1, 2]],
        o.plackett_luce,
    ),
    "CirculantNormal": Case(
        {"loc": [0.125, -0.5, 0.25, 0.0], "covariance_row": [1.5, 0.5, 0.25, 0.5]},
        [[0.25, 0.5, -0.5, 1.0], [-9.0, 4.0, 1.0, 0.25]],
        o.circulant_normal,
    ),
}
