"""Constants that cannot be: found without any backend, named with their site."""

import numpy as np
import pytest

from jointbridge.spec import Data, Sample, Spec
from jointbridge.syntax import parse
from jointbridge.validity import examine

DATA = (
    Data.of("w", [0.2, 0.3, 0.6]),
    Data.of("v", [1.0, -2.0, 3.0]),
    Data.of("i", [0, 5]),
    Data.of("y", [1.0, np.nan, 2.0]),
)

#: distribution, observed value, shape -> (severity, code, words) or None
CASES = {
    "zero scale": ("Normal(0, 0)", None, (), ("error", "domain", "x > 0, got 0")),
    "negative scale": ("Normal(0, -1.5)", None, (), ("error", "domain", "got -1.5")),
    "infinite scale": ("Normal(0, inf)", None, (), ("error", "domain", "got inf")),
    "one negative of many": (
        "Normal(0, v)",
        None,
        (3,),
        ("error", "domain", "got -2.0 at index [1]"),
    ),
    "computed from data": (
        "Normal(0, sum(v) - 2)",
        None,
        (),
        ("error", "domain", "got 0.0"),
    ),
    "empty interval": ("Uniform(1, 0)", None, (), ("error", "domain", "low 1")),
    "empty truncation": (
        "Truncated(Normal(0, 1), low=2, high=1)",
        None,
        (),
        ("error", "domain", "low 2"),
    ),
    "infinite end written out": (
        "Truncated(Normal(0, 1), low=2, high=inf)",
        None,
        (),
        None,
    ),
    "probabilities that add up to 1.1": (
        "Categorical(probs=w)",
        None,
        (),
        ("error", "domain", "sums to 1"),
    ),
    "logits need no sum": ("Categorical(logits=w)", None, (), None),
    "not positive definite": (
        "MultivariateNormal(0, covariance_matrix=[[1.0, 2], [2, 1]])",
        None,
        (),
        ("error", "domain", "symmetric positive definite"),
    ),
    "upper triangle": (
        "MultivariateNormal(0, scale_tril=[[1.0, 2], [0, 1]])",
        None,
        (),
        ("error", "domain", "lower triangular"),
    ),
    "cutpoints in disorder": (
        "OrderedLogistic(0, [1, 1, 2])",
        None,
        (),
        ("error", "domain", "strictly increasing"),
    ),
    "inside another family": (
        "ZeroInflated(Poisson(-1.0), gate=0.5)",
        None,
        (),
        ("error", "domain", "Poisson: rate"),
    ),
    "index out of range": (
        "Normal(w[i][0], 1)",
        None,
        (),
        ("error", "data", "0 to 5, an axis of 3"),
    ),
    "observed outside": (
        "Gamma(1, 1)",
        "v",
        (3,),
        ("warning", "support", "-2.0 at index [1]"),
    ),
    "observed category too large": (
        "Categorical(logits=w)",
        "3",
        (),
        ("warning", "support", "value 3"),
    ),
    "observed NaN": ("Normal(0, 1)", "y", (3,), ("error", "data", "NaN")),
    "a good one": ("Normal(v, 1)", "w", (3,), None),
}


@pytest.mark.parametrize("name", CASES)
def test_constants(name):
    dist, observed, shape, expected = CASES[name]
    node = None if observed is None else parse(observed)
    spec = Spec((Sample("x", parse(dist), shape=shape, observed=node),), data=DATA)
    found = [p for p in examine(spec).problems if p.code != "unused"]
    if expected is None:
        assert found == []
    else:
        severity, code, words = expected
        assert [(p.severity, p.code) for p in found] == [(severity, code)]
        assert words in found[0].message
        assert "(x)" in found[0].path
