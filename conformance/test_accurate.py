"""`accurate=True`: the catalogue's formula is right where the library's is known to lose."""

import numpy as np
import pytest

import jointbridge as jb
from jointbridge.conformance.cases import CASES
from jointbridge.conformance.oracles.arithmetic import MPMATH
from jointbridge.families.accurate import ACCURATE
from jointbridge.spec import Sample, Spec

#: Points at which some library loses digits: case -> parameters, values.
HARD = {
    "Bernoulli": ({"probs": 2.0**-100}, [0, 1]),
    "BetaBinomial": ({"concentration1": 60.5, "concentration0": 296.0}, [0, 4, 9]),
    "Binomial": ({"probs": 2.0**-100}, [0, 1, 9]),
    "Categorical": ({"probs": [2.0**-100, 0.5, 0.5]}, [0, 1]),
    "GammaPoisson": ({"concentration": 38.5, "rate": 0.25}, [0, 40, 900]),
    "Geometric logits": ({"logits": 21.5}, [0, 1, 3]),
    "NegativeBinomial": ({"total_count": 38.5, "probs": 0.25}, [0, 40, 900]),
    "NegativeBinomial logits": ({"total_count": 38.5, "logits": 0.25}, [0, 40, 900]),
    "NegativeBinomial2": ({"mean": 4096.0, "concentration": 38.5}, [0, 40, 9000]),
    "OrderedLogistic": (
        {"predictor": 0.25, "cutpoints": [-0.875, 26.75, 28.125]},
        [0, 1, 2, 3],
    ),
    "TruncatedPolyaGamma": ({}, [0.02, 0.2, 2.25]),
    "VonMises": ({"loc": 0.5, "concentration": 40.0}, [-3.0, 0.5, 2.5]),
}


FAMILIES = {family for family, _ in ACCURATE}
WRITTEN = [name for name, case in CASES.items() if case.family in FAMILIES]


def _joint(case, given):
    return jb.Joint(Spec((Sample("x", case.at(given)),)))


def _error(backend, name, given, values, **options):
    """The worst error, relative to 1 or to the answer."""
    case = CASES[name]
    joint = _joint(case, given)
    found = joint.log_prob({"x": np.array(values)}, backend=backend.name, **options)
    free = {n: MPMATH.read(x) for n, x in given.items()}
    exact = [case.exact(MPMATH.read(v), free) for v in values]
    pairs = zip(found, exact, strict=True)
    return max(float(abs(float(f) - e) / max(1, abs(e))) for f, e in pairs)


def test_every_formula_is_used_and_every_family_has_one():
    used = {f for n in jb.backends.names() for f in jb.backends.get(n).table.accurate}
    assert used == FAMILIES


@pytest.mark.parametrize("name", WRITTEN)
def test_formula(backend, name):
    """Typical points, and hard ones, to 16 digits wherever a backend offers it."""
    case = CASES[name]
    if case.family not in backend.table.accurate:
        pytest.skip(f"{backend.title} computes {case.family} well")
    for given, values in [(case.free, case.values), HARD.get(name, (case.free, []))]:
        if values:
            assert _error(backend, name, given, values, accurate=True) < 2e-14


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_the_library_loses(backend, family):
    """A family that a library computes well has no row: the row would be idle."""
    hard = {n: x for n, x in HARD.items() if CASES[n].family == family}
    worst = max(_error(backend, n, *x) for n, x in hard.items())
    assert (worst > 1e-12) == (family in backend.table.accurate), worst


@pytest.mark.parametrize("name", HARD)
def test_native_object(backend, name):
    """The library's own joint object draws as before and scores by the formula."""
    case = CASES[name]
    if case.family not in backend.table.accurate:
        pytest.skip(f"{backend.title} computes {case.family} well")
    given, values = HARD[name]
    joint = _joint(case, given)
    compiled = joint.compile(backend.name, accurate=True)
    assert np.isfinite(compiled.numpy(compiled.sample(0, (50,))["x"])).all()
    if not compiled.sites["x"].discrete:
        gradient = joint.grad_log_prob(
            {"x": np.array(values)}, backend=backend.name, accurate=True
        )
        assert np.isfinite(gradient["x"]).all()
    assert compiled.native() is not None
