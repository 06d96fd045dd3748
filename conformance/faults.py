"""Seeded faults: mistakes that people make, put into a backend on purpose.

A fault takes a backend and gives one that is wrong in one way.  It is made of the protocol's
own methods, so that it can be put into any backend; the oracle is never touched.  Faults
of a table are in what builds, writes and reads alike: all that a backend says of itself
agrees, and is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from functools import partial

from jointbridge.conformance.cases import CASES
from jointbridge.expression import Distribution, Name, substitute
from jointbridge.families import FAMILIES
from jointbridge.syntax import parse, parse_template, show


@dataclass(frozen=True)
class Fault:
    """One mistake in the computation of one family.

    Attributes:
        kind: What sort of mistake.
        case: The case in which it should be seen.
        what: The mistake in a few words.
        apply: From a backend to a wrong one.
    """

    kind: str
    case: str
    what: str
    apply: Callable

    @property
    def name(self):
        return f"{self.kind}: {self.case}, {self.what}"


def mutant(*, backend, **methods):
    """A backend with some methods replaced; each takes the old one first."""
    old = {name: getattr(backend, name) for name in methods}
    new = copy(backend)
    for name, method in methods.items():
        setattr(new, name, partial(method, old[name]))
    return new


# -- faults of a table ----------------------------------------------------------


def respelled(family, words, *, backend):
    """The row of a family with expressions in place of parameters."""
    row, table = FAMILIES[family], backend.table
    plain = Distribution(family, tuple((p, Name(p)) for p in row.parameters))
    known = (
        table.rewritten and family in table.rewritten and parse_template(row.same_as)
    )
    found = table.different.get(family)
    template = known or (parse_template(found) if found else plain)
    changed = substitute(template, {n: parse(text) for n, text in words.items()})
    different = {**table.different, family: show(changed)}
    new = copy(backend)
    new.table = replace(
        table, different=different, rewritten=table.rewritten - {family}
    )
    return new


#: Two parameters of one family that take each other's place.
SWAPS = {
    "Normal": "loc scale",
    "LogNormal": "loc scale",
    "Cauchy": "loc scale",
    "Laplace": "loc scale",
    "Logistic": "loc scale",
    "Gumbel": "loc scale",
    "SoftLaplace": "loc scale",
    "Levy": "loc scale",
    "StudentT": "df scale",
    "HalfStudentT": "df scale",
    "VonMises": "loc concentration",
    "AsymmetricLaplace": "scale asymmetry",
    "Gamma": "concentration rate",
    "InverseGamma": "concentration rate",
    "Weibull": "scale concentration",
    "Pareto": "scale alpha",
    "Gompertz": "concentration rate",
    "Beta": "concentration1 concentration0",
    "Kumaraswamy": "concentration1 concentration0",
    "BetaBinomial": "concentration1 concentration0",
}

#: One parameter of a case in another sense: what is meant and what is written.
MEANINGS = [
    ("Exponential", "rate", "1 / rate", "scale for rate"),
    ("Gamma", "rate", "1 / rate", "scale for rate"),
    ("InverseGamma", "rate", "1 / rate", "scale for rate"),
    ("Gompertz", "rate", "1 / rate", "scale for rate"),
    ("Normal", "scale", "scale ** 2", "variance for standard deviation"),
    ("Normal", "scale", "sqrt(scale)", "standard deviation for variance"),
    ("Normal", "scale", "1 / sqrt(scale)", "precision for standard deviation"),
    ("Normal", "scale", "1 / scale ** 2", "precision squared"),
    ("Normal", "loc", "-loc", "sign of the location"),
    ("HalfNormal", "scale", "scale ** 2", "variance for standard deviation"),
    ("HalfCauchy", "scale", "2 * scale", "twice the scale"),
    ("LogNormal", "loc", "exp(loc)", "mean of the logarithm not a logarithm"),
    ("LogNormal", "scale", "scale ** 2", "variance for standard deviation"),
    ("StudentT", "df", "df + 1", "a degree of freedom more"),
    ("StudentT", "df", "df / 2", "shape for degrees of freedom"),
    ("Chi2", "df", "df / 2", "shape for degrees of freedom"),
    ("Gamma", "concentration", "concentration - 1", "exponent for shape"),
    ("Beta", "concentration1", "concentration1 + 1", "successes for shape"),
    ("Weibull", "concentration", "1 / concentration", "shape inverted"),
    ("Pareto", "alpha", "alpha + 1", "exponent for shape"),
    ("VonMises", "concentration", "1 / concentration", "variance for concentration"),
    ("Laplace", "scale", "scale / sqrt(2.0)", "standard deviation for scale"),
    ("Logistic", "scale", "scale * sqrt(3.0) / pi", "standard deviation for scale"),
    ("Gumbel", "loc", "loc - 0.5772156649 * scale", "mean for mode"),
    ("AsymmetricLaplace", "asymmetry", "1 / asymmetry", "left for right"),
    ("Bernoulli", "probs", "1 - probs", "failure for success"),
    ("Bernoulli logits", "logits", "-logits", "failure for success"),
    ("Binomial", "probs", "1 - probs", "failure for success"),
    ("Geometric", "probs", "1 - probs", "failure for success"),
    ("NegativeBinomial", "probs", "1 - probs", "failure for success"),
    ("NegativeBinomial logits", "logits", "-logits", "failure for success"),
    ("NegativeBinomial", "total_count", "total_count + 1", "one more of the others"),
    ("Poisson", "rate", "exp(rate)", "logarithm for rate"),
    ("OrderedLogistic", "predictor", "-predictor", "sign of the predictor"),
    ("Dirichlet", "concentration", "concentration + 1", "counts for shapes"),
    ("LKJCholesky", "concentration", "concentration + 0.5", "another exponent"),
    ("LKJ", "concentration", "2 * concentration", "another exponent"),
    (
        "MultivariateNormal covariance",
        "covariance_matrix",
        "inv(covariance_matrix)",
        "precision for covariance",
    ),
    (
        "MultivariateNormal",
        "scale_tril",
        "scale_tril @ scale_tril",
        "factor multiplied with itself",
    ),
    ("Wishart", "concentration", "concentration + 1", "a degree of freedom more"),
    ("ZeroSumNormal", "scale", "scale ** 2", "variance for standard deviation"),
    ("GaussianRandomWalk", "scale", "scale ** 2", "variance for standard deviation"),
    ("GaussianStateSpace", "scale_tril", "scale_tril @ scale_tril", "factor squared"),
    (
        "GaussianCopula",
        "correlation_matrix",
        "inv(correlation_matrix)",
        "precision for correlation",
    ),
    ("VonMisesFisher", "mean_direction", "-mean_direction", "the other side"),
    (
        "VonMisesFisher",
        "concentration",
        "1 / concentration",
        "variance for its inverse",
    ),
    ("FiniteDiscrete logits", "logits", "-logits", "sign of the log weights"),
]


def _of_tables() -> Iterator[Fault]:
    for family, pair in SWAPS.items():
        one, other = pair.split()
        words = {one: other, other: one}
        apply = partial(respelled, family, words)
        yield Fault("swapped parameters", family, f"{one} for {other}", apply)
    for case, name, text, what in MEANINGS:
        apply = partial(respelled, case.split()[0], {name: text})
        yield Fault("reparameterised", case, what, apply)


# -- faults of a density --------------------------------------------------------

#: From the right density, the distribution and a value to a wrong one.
DENSITIES = {
    "a normaliser of 2 lost": lambda old, d, x: old(d, x) - math.log(2),
    "log sqrt(2 pi) lost": lambda old, d, x: old(d, x) + 0.5 * math.log(2 * math.pi),
    "the sign": lambda old, d, x: -old(d, x),
    "halved": lambda old, d, x: 0.5 * old(d, x),
    "the ninth digit": lambda old, d, x: old(d, x) * (1 + 1e-9),
    "single precision": lambda old, d, x: _coarse(old(d, x), 2.0**20),
    "clamped from below": lambda old, d, x: _at_least(old(d, x), -3.0),
}
_DENSITY_CASES = (
    *("Normal", "Gamma", "Beta", "Poisson", "Dirichlet", "MultivariateNormal"),
    *("LKJCholesky", "Mixture"),
)


def _coarse(x, steps):
    """What a narrow number keeps of `x`."""
    return (x * steps).round() / steps


def _at_least(x, low):
    return 0.5 * (x + low + abs(x - low))


def _of_densities() -> Iterator[Fault]:
    for case in _DENSITY_CASES:
        for what, wrong in DENSITIES.items():
            apply = partial(mutant, log_prob=wrong)
            yield Fault("density", case, what, apply)
    for case in ("Poisson", "Binomial", "Geometric", "NegativeBinomial2", "Bernoulli"):
        apply = partial(mutant, log_prob=_shifted)
        yield Fault("support", case, "starts one later", apply)


def _shifted(old, dist, value):
    return old(dist, value + 1)


# -- faults of gradients --------------------------------------------------------


def frozen(name, *, backend):
    """A parameter, or the value `x`, that gradients do not pass through."""

    def log_prob(old, dist, value):
        return old(dist, _still(value))

    def build(old, native, evaluate, rank):
        return old(native, _Stale(evaluate, name), rank)

    if name == "x":
        return mutant(backend=backend, log_prob=log_prob)
    return mutant(backend=backend, build=build)


class _Stale:
    """An evaluator in which one name no longer moves."""

    def __init__(self, evaluate, name):
        self._evaluate, self._name = evaluate, name

    def __getattr__(self, name):
        return getattr(self._evaluate, name)

    def aligned(self, node, rank):
        found = self._evaluate.aligned(node, rank)
        return _still(found) if node == Name(self._name) else found


def _still(x):
    """`x`, through a step function: the same number, with a gradient of 0."""
    return (x * 2.0**30).round() / 2.0**30


STALE = [
    *[("Normal", n) for n in ("x", "loc", "scale")],
    *[("Gamma", n) for n in ("x", "concentration", "rate")],
    *[("Beta", n) for n in ("x", "concentration1")],
    *[("Poisson", "rate"), ("Exponential", "x"), ("Cauchy", "loc")],
    *[("Laplace", "scale"), ("StudentT", "df"), ("Weibull", "x")],
    *[("MultivariateNormal", "loc"), ("Dirichlet", "concentration")],
]


def _of_gradients() -> Iterator[Fault]:
    for case, name in STALE:
        apply = partial(frozen, name)
        yield Fault("stale gradient", case, f"d/d{name} is 0", apply)


# -- faults of draws ------------------------------------------------------------

#: From the right draws to wrong ones.
DRAWS = {
    "5% too wide": lambda old, *a: old(*a) * 1.05,
    "a twentieth off": lambda old, *a: old(*a) + 0.05,
    "of the other sign": lambda old, *a: -old(*a),
    "rounded": lambda old, *a: (old(*a) * 2).round() / 2,
}
_DRAW_CASES = ("Normal", "Gamma", "Exponential", "LogNormal", "StudentT", "Weibull")
_COUNT_DRAWS = {
    "one too many": lambda old, *a: old(*a) + 1,
    "never more than 2": lambda old, *a: _at_most(old(*a), 2),
}
_COUNT_DRAW_CASES = ("Poisson", "Binomial", "Geometric", "NegativeBinomial2")


def _at_most(x, high):
    return x - (x - high) * (x > high)


def _of_draws() -> Iterator[Fault]:
    for cases, rows in [
        (_DRAW_CASES, DRAWS),
        (_COUNT_DRAW_CASES, _COUNT_DRAWS),
        (("MultivariateNormal",), {"5% too wide": DRAWS["5% too wide"]}),
    ]:
        for case in cases:
            for what, wrong in rows.items():
                yield Fault("draws", case, what, partial(mutant, draw=wrong))


# -- faults of unconstrained coordinates ----------------------------------------

#: Methods of a bijector, wrong.
MAPS = {
    "no Jacobian": {"log_det": lambda old, b, u, x: 0 * old(b, u, x)},
    "the Jacobian's sign": {"log_det": lambda old, b, u, x: -old(b, u, x)},
    "shifted": {"forward": lambda old, b, u: old(b, u + 0.25)},
}
_MAP_CASES = ("Gamma", "Beta", "Dirichlet", "LKJCholesky", "Uniform", "Pareto")


def _of_maps() -> Iterator[Fault]:
    for case in _MAP_CASES:
        for what, methods in MAPS.items():
            yield Fault("unconstrained", case, what, partial(mutant, **methods))


# -- faults of source and of importers ------------------------------------------


def _with_another_number(number, old, spec, style=None):
    """A written module in which a parameter is an eighth larger."""
    return old(spec, style).replace(str(number), str(1.125 * number))


def _of_source() -> Iterator[Fault]:
    for case in ("Normal", "Gamma", "Beta", "Poisson", "Weibull", "VonMises"):
        name, number = list(CASES[case].free.items())[-1]
        apply = partial(mutant, write=partial(_with_another_number, number))
        yield Fault("source", case, f"another {name}", apply)


FAULTS = [
    *_of_tables(),
    *_of_densities(),
    *_of_gradients(),
    *_of_draws(),
    *_of_maps(),
    *_of_source(),
]
assert {f.case for f in FAULTS} <= set(CASES)
