"""Which backends and how much: `--backend NAME`, repeatable, and `--profile full`."""

import pytest

from jointbridge import backends


def pytest_addoption(parser):
    parser.addoption("--backend", action="append", default=[], help="a backend's name")
    parser.addoption("--profile", default="quick", choices=["quick", "full"])


def pytest_generate_tests(metafunc):
    if "backend" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("backend") or list(backends.names())
        metafunc.parametrize("backend", chosen, scope="session", indirect=True)


@pytest.fixture(scope="session")
def backend(request):
    """The backend object."""
    return backends.get(request.param)


@pytest.fixture(scope="session")
def profile(request):
    """The name of the profile."""
    return request.config.getoption("profile")
