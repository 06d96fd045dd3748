"""A small matrix with every verdict, made by hand."""

import math

from jointbridge.conformance.finding import Finding
from jointbridge.conformance.matrix import Matrix, Stale
from jointbridge.conformance.registry import Divergence

GAMMA = {"concentration": 2.25, "rate": 0.75}

#: A text that would like to be markup.
HOSTILE = "</script><script>alert(1)</script><!-- \u2028 \u202e"


def finding(backend, check, verdict, **more):
    given = {"family": "Gamma", "case": "Gamma", "dtype": "float64", **more}
    return Finding(backend=backend, check=check, verdict=verdict, **given)


def at(value, got, exact, what="log density"):
    return {"params": GAMMA, "value": value, "got": got, "exact": exact, "what": what}


FINDINGS = (
    finding("numpyro", "density", "agree", ulps=0.5, curve=((0.5, 0.5), (2.0, 0.25))),
    finding(
        "pyro",
        "density",
        "accuracy loss",
        error=1e-8,
        ulps=4.5e7,
        points=2,
        worst=at(2.0, -1.40572, "-1.4057224022089720442691438992765896739375"),
        detail="log density: -1.40572, expected -1.40572240",
        divergence="pyro-example",
        curve=((0.5, 4e7), (2.0, 4.5e7)),
    ),
    finding(
        "tfp",
        "density",
        "wrong",
        error=math.inf,
        ulps=math.inf,
        detail=HOSTILE,
        worst=at(2.0, "nan", "-1.4057"),
    ),
    finding("numpyro", "edges", "not applicable", detail="it has no edges"),
    finding(
        "pyro",
        "library outside",
        "semantics differ",
        error=math.inf,
        worst=at(-1.0, "nan", "-inf"),
        divergence="pyro-outside",
    ),
    finding("tfp", "source", "unsupported", detail="TFP cannot write this"),
)

KNOWN = {
    "pyro-example": Divergence(
        "pyro-example",
        "pyro",
        "pyro-ppl>=1.9",
        ("Gamma",),
        ("density",),
        "accuracy loss",
        "a sum cancels",
        upstream="javascript:alert(1)",
        right="numpyro",
    )
}

MATRIX = Matrix(
    FINDINGS,
    {
        "numpyro": {"numpyro": "0.22.0"},
        "pyro": {"pyro-ppl": "1.9.2"},
        "tfp": {"tfp-nightly": "0.26"},
    },
    "quick",
    7,
    "2026-01-02T03:04:05+00:00",
    (Stale("old-row", "Gamma"),),
    12.5,
)
