"""The documents run as they stand, and leave nothing out."""

import importlib.util
import json
import re
import subprocess
import sys

import pytest

from jointbridge.cli import COMMANDS
from jointbridge.errors import CODES
from jointbridge.families import FAMILIES
from jointbridge.functions import FUNCTIONS
from jointbridge.support import SUPPORTS
from tests.docs.pages import PAGES, ROOT, blocks

RUNNABLE = {
    name: path
    for name, path in PAGES.items()
    if any(b.language in ("python", "console") for b in blocks(path.read_text()))
}


@pytest.fixture(scope="module")
def outcome():
    """What went wrong on each page, all of them run in one process."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.docs.run_pages", *map(str, RUNNABLE.values())],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", RUNNABLE)
def test_runs_as_pasted(name, outcome):
    assert not outcome[str(RUNNABLE[name])], "\n\n".join(outcome[str(RUNNABLE[name])])


@pytest.fixture(scope="module")
def tables():
    """The package that writes the tables of the documents."""
    folder = ROOT / "docs" / "_ext"
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("jointbridge_tables")
    finally:
        sys.path.remove(str(folder))


#: Page -> the names that it must hold once its tables stand in it.
COMPLETE = {
    "families.md": FAMILIES,
    "language.md": FUNCTIONS,
    "semantics.md": SUPPORTS,
    "format.md": CODES,
    "cli.md": [name for rows in COMMANDS.values() for name in rows],
}


@pytest.mark.parametrize("page", COMPLETE)
def test_generated_page_is_complete(page, tables):
    text = tables.expand(PAGES[f"docs/{page}"].read_text())
    assert "<!-- generated" not in text
    words = set(re.findall(r"[\w-]+", text))
    assert [name for name in COMPLETE[page] if name not in words] == []


def test_every_table_stands_on_one_page(tables):
    found = [
        name
        for path in PAGES.values()
        for name in tables.MARKER.findall(path.read_text())
    ]
    assert sorted(found) == sorted(tables.TABLES)


def test_readme_counts_the_families():
    assert f"There are {len(FAMILIES)} families" in PAGES["README.md"].read_text()


@pytest.mark.parametrize("name", PAGES)
def test_links_between_pages_lead_somewhere(name):
    path = PAGES[name]
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)", path.read_text())
    assert [link for link in links if not (path.parent / link).exists()] == []
