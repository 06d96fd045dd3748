"""Sites to which no smooth map leads: `check` and `compare` draw them from the joint."""

import pytest

import jointbridge as jb
from jointbridge.errors import UnsupportedError
from jointbridge.spec import Data, Sample, Spec
from jointbridge.syntax import parse


def _joint(*sites, noise):
    """Some latent sites, and a normal value that was observed."""
    latent = [Sample(name, parse(text)) for name, text in sites]
    seen = Sample("y", parse(f"Normal({noise})"), observed=parse("seen"))
    return jb.Joint(Spec((*latent, seen), data=(Data.of("seen", 0.5),)))


JOINTS = {
    "a direction": _joint(
        ("k", "Gamma(concentration=2, rate=1)"),
        ("u", "VonMisesFisher(mean_direction=[0.6, 0.8, 0], concentration=k)"),
        noise="loc=u[0], scale=1.0",
    ),
    "one of some numbers": _joint(
        ("u", "FiniteDiscrete(outcomes=[0.5, 2.0], probs=[0.25, 0.75])"),
        noise="loc=0.0, scale=u",
    ),
}


@pytest.mark.parametrize("joint", JOINTS.values(), ids=JOINTS)
def test_backends_are_checked_at_draws_of_the_site(joint):
    report = jb.check(joint, draws=400, points=2)
    assert report.passed
    cells = [c for c in report.cells if c.site == "u"]
    skipped = [c for c in cells if c.verdict == "skipped"]
    assert {c.check for c in skipped} == {"gradient", "unconstrained gradient"}
    assert all("no smooth map leads there" in c.message for c in skipped)
    assert {c.check for c in cells if c.verdict == "agree"} >= {"log density", "draws"}


@pytest.mark.parametrize("joint", JOINTS.values(), ids=JOINTS)
def test_models_are_compared_at_draws_of_the_site(joint):
    assert jb.compare(joint, joint).passed


def test_a_site_without_draws_is_refused():
    joint = _joint(("u", "ImproperUniform(sphere(3))"), noise="loc=u[0], scale=1.0")
    with pytest.raises(UnsupportedError, match="no points for the site 'u'"):
        jb.check(joint)
