"""A pytest plugin for authors of backends: `--backend NAME`, repeatable, and `--profile`.

    pytest -p jointbridge.conformance.plugin --pyargs jointbridge.conformance.suite --backend mine

It is not loaded of itself: it speaks of a fixture called `backend`, which others have too.
"""

from __future__ import annotations

from typing import Any

import pytest

from jointbridge import backends


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options."""
    group = parser.getgroup("jointbridge")
    group.addoption("--backend", action="append", default=[], help="a backend's name")
    group.addoption("--profile", default="quick", choices=["quick", "full"])


def pytest_configure(config: pytest.Config) -> None:
    """The mark that keeps the forms of a family in one process of pytest-xdist."""
    config.addinivalue_line("markers", "xdist_group(name): see pytest-xdist")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests that ask for a `backend` run on each one that was named, or on all."""
    if "backend" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("backend") or list(backends.names())
        metafunc.parametrize("backend", chosen, scope="session", indirect=True)


@pytest.fixture(scope="session")
def backend(request: pytest.FixtureRequest) -> Any:
    """The backend object."""
    return backends.get(request.param)


@pytest.fixture(scope="session")
def profile(request: pytest.FixtureRequest) -> str:
    """The name of the profile."""
    return str(request.config.getoption("profile"))
