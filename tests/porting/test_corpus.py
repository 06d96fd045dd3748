"""Models of the libraries' users, read and held against the libraries themselves.

`python -m tests.porting.score` goes on from there: it writes what was read to every
language, runs the modules and scores them; half an hour, and a table of rates.
"""

from functools import cache
from itertools import chain

import pytest

from tests.porting.corpus.cases import cases
from tests.porting.native import LIBRARIES
from tests.porting.score import Outcome, Reading, caught

ALL = [(library, case) for library in LIBRARIES for case in cases(library)]
STATIC = [(library, case) for library, case in ALL if case.refused is None]
REFUSED = [(library, case) for library, case in ALL if case.refused is not None]

pytestmark = pytest.mark.slow

each_library = pytest.mark.parametrize("library", LIBRARIES)


def each(found):
    ids = [f"{library}-{case.name}" for library, case in found]
    return pytest.mark.parametrize(("library", "case"), found, ids=ids)


@cache
def reading(library: str, name: str) -> Outcome:
    """Each case is read once, whoever asks."""
    (case,) = (case for case in cases(library) if case.name == name)
    return caught(Reading(case, LIBRARIES[library]).read)


@each(STATIC)
def test_it_is_read_right_or_refused(library, case):
    outcome = reading(library, case.name)
    assert outcome.kind in ("exact", "refused"), f"{outcome}: {outcome.message}"


@each(REFUSED)
def test_it_is_refused_in_the_right_words(library, case):
    outcome = reading(library, case.name)
    assert (outcome.kind, outcome.code) == ("refused", case.refused), outcome.message


@each_library
def test_nearly_all_are_read(library):
    outcomes = {c.name: reading(n, c.name) for n, c in STATIC if n == library}
    others = {n: o.message for n, o in outcomes.items() if o.kind != "exact"}
    assert len(others) <= 0.05 * len(outcomes), others


def test_the_corpus_is_large_enough():
    count = {n: sum(library == n for library, _ in STATIC) for n in LIBRARIES}
    assert count["numpyro"] >= 60
    assert count["pyro"] >= 25
    assert count["tfp"] >= 15


def test_every_library_has_models_to_refuse():
    assert {library for library, _ in REFUSED} == set(LIBRARIES)


def test_codes_of_refusals_exist():
    from jointbridge.errors import CODES

    assert set(chain(case.refused for _, case in REFUSED)) <= set(CODES)
