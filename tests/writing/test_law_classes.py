"""Classes that written modules hold of families that a library lacks.

Each is held against the native class of the same law: densities, gradients, draws.
"""

import ast
import json

import numpy as np
import pytest
from scipy import stats

import jointbridge as jb
from jointbridge import backends
from jointbridge.backends.writing.law_classes import helpers
from jointbridge.conformance.cases import CASES
from jointbridge.conformance.checks.porting import executed
from jointbridge.families import FAMILIES
from tests.writing.law_libraries import LIBRARIES
from tests.writing.sources import execute, objections

#: Forms of families that a library has, for vectors that it has no density of.
WIDER = {"ProjectedNormal of five"}

#: Of each family, the forms that the suite has.
FORMS = [
    (language, name)
    for language, library in LIBRARIES.items()
    for name, case in CASES.items()
    if case.family in library.lacking
    or (case.family in library.written.families and name in WIDER)
]

each_form = pytest.mark.parametrize(("language", "name"), FORMS)

#: Of all forms of a family, the first.
each_family = pytest.mark.parametrize(
    ("language", "name"), [(x, name) for x, name in FORMS if " " not in name]
)

#: Two samples of one distribution are further apart than is allowed this often.
RATE = 1e-6
DRAWS = 4000


def _source(language, name):
    site = {"sample": "z", "dist": CASES[name].written()}
    spec = json.dumps({"jointbridge": "1.0", "sites": [site]})
    return jb.loads(spec).to_source(language)


def _both(language, name):
    """The written class and the native one."""
    family = CASES[name].family
    written = execute(_source(language, name))[family]
    return written, backends.get(language).constructor(family)


def _is_simplex(family, title):
    row = FAMILIES[family].parameters.get(title)
    return row is not None and row.domain.name == "simplex"


def _given(library, name):
    """Typical parameters, for both elements of a batch."""
    given = CASES[name].params.items()
    found = {n: json.loads(x) if isinstance(x, str) else x for n, x in given}
    return {n: library.array(np.stack([x, x])) for n, x in found.items()}


def _values(library, name):
    """Values of the suite along an axis in front of the batch."""
    case = CASES[name]
    values = np.asarray(case.values, float)
    spread = np.stack([values, values], axis=1)
    return library.array(spread)


@each_family
def test_density_and_gradients_are_the_native_ones(language, name):
    library = LIBRARIES[language]
    with library.double():
        written, native = _both(language, name)
        given, value = _given(library, name), _values(library, name)
        found = library.scored(written, given, value)
        wanted = library.scored(native, given, value)
        names = ["density", *given, "value"]
        for title, one, other in zip(names, found, wanted, strict=True):
            slopes = [np.asarray(x) for x in (one, other)]
            if _is_simplex(CASES[name].family, title):
                slopes = [np.diff(x) for x in slopes]  # along the simplex
            np.testing.assert_allclose(*slopes, rtol=1e-10, err_msg=title)
        np.testing.assert_allclose(found[0], wanted[0], rtol=1e-12)


@pytest.mark.slow
@each_form
def test_one_value_is_scored_under_every_element_of_a_batch(language, name):
    library = LIBRARIES[language]
    with library.double():
        written, _ = _both(language, name)
        made, value = written(**_given(library, name)), _values(library, name)[0, 0]
        assert tuple(made.batch_shape) == ((2,) if CASES[name].free else ())
        one = np.asarray(made.log_prob(value))
        assert one.shape == tuple(made.batch_shape)


@pytest.mark.slow
@pytest.mark.parametrize("outside", [-1e3, 1e3, 0.3])
@each_form
def test_outside_the_density_is_the_native_one(language, name, outside):
    library, family = LIBRARIES[language], CASES[name].family
    if FAMILIES[family].axes:
        pytest.skip("vectors look after their own support")
    with library.double():
        written, native = _both(language, name)
        given, value = _given(library, name), library.array(outside)
        found = np.asarray(written(**given).log_prob(value))
        wanted = np.asarray(native(**given).log_prob(value))
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


@pytest.mark.slow
@each_form
def test_no_number_has_no_density(language, name):
    library = LIBRARIES[language]
    if FAMILIES[CASES[name].family].axes:
        pytest.skip("vectors look after their own support")
    with library.double():
        written, _ = _both(language, name)
        made, value = written(**_given(library, name)), _values(library, name)[0, 0]
        assert not np.isfinite(np.asarray(made.log_prob(value * np.nan))).any()


@pytest.mark.slow
@each_form
def test_draws_follow_the_law(language, name):
    library = LIBRARIES[language]
    with library.double():
        written, native = _both(language, name)
        given = _given(library, name)
        found = library.draws(written(**given), DRAWS, 0)
        wanted = library.draws(native(**given), DRAWS, 1)
    assert found.shape == wanted.shape
    columns = found.reshape(DRAWS, -1).T, wanted.reshape(DRAWS, -1).T
    for one, other in zip(*columns, strict=True):
        assert stats.ks_2samp(one, other).pvalue > RATE


@pytest.mark.parametrize("language", LIBRARIES)
def test_formatter_and_linter_leave_the_classes_as_they_are(language, tmp_path):
    for title in LIBRARIES[language].written.families:
        name = next(n for n, case in CASES.items() if case.family == title)
        (tmp_path / f"{title.lower()}.py").write_text(_source(language, name))
    assert objections(tmp_path) == ""


@pytest.mark.parametrize("language", LIBRARIES)
def test_a_module_needs_nothing_of_ours(language):
    for title in LIBRARIES[language].written.families:
        name = next(n for n, case in CASES.items() if case.family == title)
        tree = ast.parse(_source(language, name))
        names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        assert not names & {"m", "r", "jointbridge"}


@pytest.mark.parametrize("language", LIBRARIES)
def test_what_several_classes_use_is_there_once_and_of_one_meaning(language):
    library = LIBRARIES[language].written
    titles = sorted(library.families)
    alone = {
        text
        for title in titles
        for text in helpers(library, [ast.parse(title)], ()).texts
        if not text.startswith("class")
    }
    together = helpers(library, [ast.parse(", ".join(titles))], ()).texts
    functions = [t for t in together if t.startswith("def")]
    assert len(functions) == len({t.split("(")[0] for t in functions})
    assert {t for t in alone if t.startswith("def")} == set(functions)


@pytest.mark.parametrize("language", LIBRARIES)
def test_constants_have_one_meaning(language):
    library = LIBRARIES[language].written
    titles = sorted(library.families)
    together = helpers(library, [ast.parse(", ".join(titles))], ()).numbers
    lines = {*together.splitlines()}
    for title in titles:
        alone = helpers(library, [ast.parse(title)], ()).numbers
        assert {*alone.splitlines()} <= lines
    names = [x.partition(" = ")[0] for x in lines if " = " in x and x[0] != " "]
    assert len(names) == len({*names})


@pytest.mark.parametrize("name", ["log_cosh", "x", "loc", "value", "LOG_2", "log_2"])
def test_names_of_the_model_and_its_sizes_stay_its_own(name):
    sites = [{"sample": "z", "dist": "JohnsonSU(0.5, 1.5, 0.0, 2.0)", "plates": [name]}]
    spec = {"jointbridge": "1.0", "name": name, "plates": {name: 3}, "sites": sites}
    joint = jb.loads(json.dumps(spec))
    box = backends.get("numpyro").blackbox(executed(joint.to_source("numpyro")), (), {})
    values = {"z": np.array([0.5, 1.5, -2.0])}
    found = float(box.terms(values)["z"].log_prob)
    np.testing.assert_allclose(found, joint.log_prob(values), rtol=1e-12)


def test_definitions_make_way():
    sites = [{"sample": "z", "dist": "JohnsonSU(0.5, 1.5, 0.0, 2.0)"}]
    spec = {"jointbridge": "1.0", "name": "log_cosh", "sites": sites}
    source = jb.loads(json.dumps(spec)).to_source("numpyro")
    assert "def log_cosh_(x):" in source
    assert "- log_cosh_(bent)" in source
    assert "def log_cosh():" in source
