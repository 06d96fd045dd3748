"""The oracles: two arithmetics, total masses, and the files of answers."""

import json
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jointbridge.conformance.answers import SAME, OracleError, answered
from jointbridge.conformance.bins import SLACK, MassError, bins
from jointbridge.conformance.case import Case, named
from jointbridge.conformance.cases import CASES
from jointbridge.conformance.grid_rows import DOMAINS, VALUES
from jointbridge.conformance.grids import grid, single
from jointbridge.conformance.oracles import arithmetic, textbook
from jointbridge.conformance.oracles.arithmetic import FLINT, MPMATH, log, mp, pi
from jointbridge.conformance.points import (
    FOLDER,
    REGIONS,
    GoldenError,
    golden,
    law,
    path_of,
)
from jointbridge.support import SUPPORTS

ALL = list(CASES)
NUMBERS = st.floats(0.125, 64.0, width=32)

#: Functions of the oracles, all of positive numbers.
ONE = [
    "log",
    "log1p",
    "exp",
    "expm1",
    "sqrt",
    "sin",
    "cos",
    "atan",
    "sinh",
    "tanh",
    "asinh",
    "erf",
    "erfc",
    "log_erfc",
    "lgamma",
    "digamma",
    "ndtr",
    "log_ndtr",
    "expit",
    "log_expit",
]
TWO = ["log_beta", "besseli", "gammainc", "gammaincc"]


# -- the arithmetic -------------------------------------------------------------


@pytest.mark.parametrize("name", [*ONE, *TWO])
@settings(max_examples=10, deadline=None, derandomize=True)
@given(x=NUMBERS, y=NUMBERS)
def test_balls_hold_what_mpmath_says(name, x, y):
    function = getattr(arithmetic, name)
    numbers = [x, y][: 1 if name in ONE else 2]
    with FLINT.precision(200):
        ball = function(*FLINT.read(numbers))
    with MPMATH.precision(500), FLINT.precision(500):
        exact = FLINT.read(function(*MPMATH.read(numbers)))
        gap = abs(exact - ball)
    assert gap <= 1e-45 * (1 + abs(float(ball)))


@pytest.mark.parametrize("of", [FLINT, MPMATH], ids=["balls", "mpmath"])
def test_numbers_wait_for_an_arithmetic(of):
    with of.precision(200):
        got = 2 * log(2 * pi) / of.number(3) - pi**2
        assert float(got) == pytest.approx(2 * np.log(2 * np.pi) / 3 - np.pi**2)
        assert type(got) is type(of.number(3))


def test_the_oracles_have_a_precision_of_their_own():
    from mpmath import mp as shared

    assert shared.prec == 53
    assert mp is not shared
    assert mp.prec >= 166  # 50 digits


def test_arithmetics_that_disagree_are_refused():
    def density(x, loc):
        sloppy = 2**-40 if isinstance(x, mp.mpf) else 0
        return textbook.normal(x, loc, 1) * (1 + sloppy)

    case = named({"Normal": Case({"loc": 0.25}, [1.0], density)})["Normal"]
    point = grid(CASES["Normal"])[0]
    with pytest.raises(OracleError, match="balls say"):
        answered(case, type(point)("typical", {"loc": 0.25}, 1.0))


def test_a_density_without_mass_one_is_refused():
    def density(x, low, high):
        return textbook.uniform(x, low, high) + log(2) / 1024

    case = Case({"low": -1.0, "high": 3.5}, [1.0], density, name="Uniform")
    with pytest.raises(MassError, match=r"the total mass is 1\.0006"):
        bins(case, case.free)


# -- the grid -------------------------------------------------------------------


def test_every_support_and_domain_has_a_row():
    assert set(VALUES) == set(SUPPORTS)
    used = {s for s in SUPPORTS if s in DOMAINS}
    assert set(DOMAINS) == used


@pytest.mark.parametrize("name", ALL)
def test_the_file_is_of_the_grid(name):
    """The inputs are those of the grid today, and float32 holds them."""
    case = CASES[name]
    made = {_key(p) for p in grid(case)}
    kept = [_key(p) for p in golden(case)]
    assert set(kept) == made
    assert len(kept) == len(made)
    assert {p.region for p in golden(case)} <= set(REGIONS)
    for point in golden(case):
        assert str(single(point.value)) == str(point.value)


def _key(point):
    regions = "edge" if point.region == "edge" else "other"
    return json.dumps([regions, dict(point.params), point.value])


def test_files_and_cases_are_the_same():
    assert {p.name for p in FOLDER.iterdir()} == {path_of(n).name for n in CASES}


def test_a_case_that_changed_needs_a_new_file():
    case = CASES["Normal"]
    changed = Case(case.params, [1.5], case.density, name=case.name)
    with pytest.raises(GoldenError, match="generate --only 'Normal'"):
        golden(changed)


# -- the answers ----------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_a_sample_of_the_answers_is_computed_again(name):
    case = CASES[name]
    points = golden(case)
    for point in points[:: max(1, len(points) // 4)]:
        again = answered(case, point)
        assert _near(again, point), f"{name}: {again.exact} for {point.exact}"
        _same_gradient(again.gradient, point.gradient)


def _near(again, point):
    """The two balls overlap."""
    if not np.isfinite(float(point.exact)) or point.region == "bad":
        return again.exact == point.exact
    gap = abs(Decimal(again.exact) - Decimal(point.exact))
    return gap <= Decimal(again.bound) + Decimal(point.bound)


def _same_gradient(again, kept):
    assert (again is None) == (kept is None)
    for name in kept or {}:
        np.testing.assert_allclose(again[name], kept[name], rtol=1e-15, atol=SAME)


@pytest.mark.parametrize("name", ALL)
def test_total_mass(name):
    """A density and its masses: a formula with a wrong constant has no bins."""
    found = law(CASES[name])
    if found is not None:
        assert abs(found.masses.sum() - 1) <= SLACK
        assert (np.diff(found.edges) > 0).all()
        assert len(found.masses) == len(found.edges) + 1
