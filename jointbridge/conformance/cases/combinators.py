"""Families that take a family or a support, and a point mass: cases and densities."""

import math

from jointbridge.conformance.case import Case
from jointbridge.conformance.oracles import counts
from jointbridge.conformance.oracles import textbook as o
from jointbridge.conformance.oracles.arithmetic import expit, log, log_ndtr


def _below(x, m):
    return o.normal(x, m, 1.5) - log_ndtr((m - 0.5) / 1.5)


def _between(x, m):
    return o.normal(x, m, 1.5) - log(o.normal_mass(-1, 2, m, 1.5))


CASES = {
    "Delta": Case(
        {"v": "1.5", "d": 0.25},
        [1.5],
        lambda x, v, d: d if x == v else -math.inf,
        text="Delta(v=1.5, log_density=d)",
    ),
    "ImproperUniform": Case(
        {}, [0.25, 3.0], lambda x: 0 * x, text="ImproperUniform(positive)"
    ),
    "Mixture": Case(
        {"w": [0.1875, 0.8125], "m": [-1.0, 2.0]},
        [-3.0, 0.4, 9.0],
        lambda x, w, m: counts.mixture(w, [o.normal(x, c, 0.5) for c in m]),
        text="Mixture(probs=w, components=Normal(loc=m, scale=0.5))",
    ),
    "Mixture of counts": Case(
        {"w": [0.1875, 0.8125], "m": [1.5, 6.0]},
        [0, 4, 20],
        lambda k, w, m: counts.mixture(
            counts.softmax(w), [counts.poisson(k, c) for c in m]
        ),
        text="Mixture(logits=w, components=Poisson(rate=m))",
    ),
    "Truncated below": Case(
        {"m": -0.75},
        [0.6, 2.0, 9.0],
        _below,
        text="Truncated(base=Normal(loc=m, scale=1.5), low=0.5)",
    ),
    "Truncated on both sides": Case(
        {"m": -0.75},
        [-0.9, 0.2, 1.9],
        _between,
        text="Truncated(base=Normal(loc=m, scale=1.5), low=-1.0, high=2.0)",
    ),
    "ZeroInflated": Case(
        {"g": 0.3125, "r": 2.75},
        [0, 3, 20],
        lambda k, g, r: counts.zero_inflated(k, g, counts.poisson(k, r)),
        text="ZeroInflated(base=Poisson(rate=r), gate=g)",
    ),
    "ZeroInflated logits": Case(
        {"g": -0.3125, "r": 2.75},
        [0, 3, 20],
        lambda k, g, r: counts.zero_inflated(k, expit(g), counts.poisson(k, r)),
        text="ZeroInflated(base=Poisson(rate=r), gate_logits=g)",
    ),
}
