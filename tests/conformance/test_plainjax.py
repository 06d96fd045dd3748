"""A backend of another package goes through the suite and the command line by its name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PACKAGE = HERE.parent / "plainjax"
JOINTBRIDGE = ("-c", "from jointbridge.cli import main; main()")


def _run(*words):
    """A command with the package on the path, as if it were installed."""
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    return subprocess.run(
        [sys.executable, *words],
        env=environment,
        cwd=HERE,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_is_found_by_its_entry_point():
    found = _run(*JOINTBRIDGE, "backends")
    assert "plainjax" in found.stdout, found.stderr


@pytest.mark.slow
def test_it_passes_the_suite():
    """As its author would run it."""
    plugin, suite = "jointbridge.conformance.plugin", "jointbridge.conformance.suite"
    options = ("-q", "-p", "no:cacheprovider", "--backend", "plainjax")
    found = _run("-m", "pytest", "-p", plugin, "--pyargs", suite, *options)
    assert found.returncode == 0, found.stdout
    assert " passed" in found.stdout


@pytest.mark.slow
def test_the_command_line_knows_its_registry(tmp_path):
    """What its rows explain is no failure."""
    words = ("conformance", "-b", "plainjax", "--family", "Uniform")
    report = tmp_path / "report.xml"
    found = _run(*JOINTBRIDGE, *words, "--junit", str(report))
    assert found.returncode == 0, found.stdout
    assert 'failures="0"' in report.read_text()
