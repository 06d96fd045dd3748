"""The written modules of all examples, as they stand in `golden`."""

import pytest

import jointbridge as jb
from tests.writing.models import lacking_joint
from tests.writing.sources import (
    GOLDEN,
    LANGUAGES,
    WRITTEN,
    example,
    objections,
)
from tests.writing.write import lacking_path, path

each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.mark.parametrize(
    ("language", "name"), [(x, name) for x in LANGUAGES for name in WRITTEN[x]]
)
def test_module_is_the_golden_one(language, name):
    source = jb.load(str(example(name))).to_source(language)
    golden = path(language, name).read_text(encoding="utf-8")
    assert source == golden, "python -m tests.writing.write"


@each_language
def test_module_of_lacking_families_is_the_golden_one(language):
    golden = lacking_path(language).read_text(encoding="utf-8")
    assert lacking_joint().to_source(language) == golden, (
        "python -m tests.writing.write"
    )


@each_language
def test_every_module_has_an_example(language):
    wanted = {path(language, name) for name in WRITTEN[language]}
    assert set(GOLDEN.joinpath(language).glob("*.py")) == wanted


@each_language
def test_formatter_and_linter_leave_modules_as_they_are(language):
    assert objections(GOLDEN / language) == ""
    assert objections(lacking_path(language)) == ""
