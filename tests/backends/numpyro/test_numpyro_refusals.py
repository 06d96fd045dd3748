"""What cannot be said is refused: the site, the line, the reason and a way out."""

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import pytest
from jax import lax
from numpyro.contrib.control_flow import cond, scan

import jointbridge as jb
from jointbridge.backends.reading import ReadError

Y = np.array([0.5, -1.0, 2.0])


def mu():
    return numpyro.sample("mu", dist.Normal(0, 1))


def branch():
    if mu() > 0:
        numpyro.sample("x", dist.Normal(0, 1))


def loop_bound():
    n = numpyro.sample("n", dist.Poisson(3.0))
    for i in range(n):
        numpyro.sample(f"x{i}", dist.Normal(0, 1))


def plate_size():
    with numpyro.plate("p", numpyro.sample("n", dist.Poisson(3.0)) + 1):
        numpyro.sample("x", dist.Normal(0, 1))


def numpy_call():
    numpyro.sample("x", dist.Normal(0, np.exp(mu())))


def python_float():
    numpyro.sample("x", dist.Normal(float(mu()), 1))


def while_loop():
    value = lax.while_loop(lambda v: v < 10.0, lambda v: 2.0 * v + 1.0, mu())
    numpyro.sample("x", dist.Normal(value, 1))


def hidden():
    noise = jax.random.normal(numpyro.prng_key())
    numpyro.sample("x", dist.Normal(mu() + noise, 1))


def callback():
    out = jax.ShapeDtypeStruct((), jnp.result_type(float))
    numpyro.sample("x", dist.Normal(jax.pure_callback(np.exp, out, mu()), 1))


class Own(dist.Distribution):
    support = dist.constraints.real

    def __init__(self, loc=0.0, *, validate_args=None):
        self.loc = loc
        super().__init__(jnp.shape(loc), (), validate_args=validate_args)

    def log_prob(self, value):
        return -jnp.log(jnp.cosh(value - self.loc))


def own_family():
    numpyro.sample("x", Own(mu()))


def backwards():
    def step(c, _):
        return numpyro.sample("z", dist.Normal(c, 1)), None

    scan(step, 0.0, None, length=3, reverse=True)


def branches_with_sites():
    def one(_):
        numpyro.sample("x", dist.Normal(0, 1))

    cond(mu() > 0, one, one, None)


def twice():
    mu()
    mu()


def wants(y):
    numpyro.sample("x", dist.Normal(0, 1), obs=y)


REFUSED = [
    pytest.param(branch, "branch", "'mu'", id="branch"),
    pytest.param(loop_bound, "dynamic", "'n'", id="loop-bound"),
    pytest.param(plate_size, "dynamic", "'n'", id="plate-size"),
    pytest.param(numpy_call, "numpy-on-site", "'mu'", id="numpy"),
    pytest.param(python_float, "numpy-on-site", "'mu'", id="float"),
    pytest.param(while_loop, "loop", "loop", id="while"),
    pytest.param(hidden, "hidden-randomness", "random", id="hidden"),
    pytest.param(callback, "callback", "call", id="callback"),
    pytest.param(own_family, "unknown-family", "'x'", id="own-family"),
    pytest.param(backwards, "unreadable", "backwards", id="backwards"),
    pytest.param(branches_with_sites, "branch", "cond", id="cond"),
    pytest.param(twice, "duplicate-name", "'mu'", id="twice"),
]


@pytest.mark.parametrize(("model", "code", "words"), REFUSED)
def test_refused(model, code, words):
    with pytest.raises(ReadError) as caught:
        jb.from_numpyro(model)
    problem = caught.value.problems[0]
    assert problem.code == code
    assert words in problem.message
    assert problem.path.startswith("test_numpyro_refusals.py:")
    assert problem.hint


def test_missing_arguments():
    with pytest.raises(ReadError, match="missing a required argument: 'y'") as caught:
        jb.from_numpyro(wants)
    assert caught.value.problems[0].code == "usage"


@pytest.mark.parametrize("model", [3, "model", None], ids=str)
def test_no_model(model):
    with pytest.raises(ReadError, match="is no NumPyro model"):
        jb.from_numpyro(model)


def test_unknown_option():
    with pytest.raises(ReadError, match="no option 'colour'"):
        jb.from_numpyro(wants, Y, options={"colour": 1})


def test_a_refusal_leaves_nothing_behind():
    from numpyro.distributions.distribution import COERCIONS
    from numpyro.primitives import _PYRO_STACK

    with pytest.raises(ReadError):
        jb.from_numpyro(branch)
    assert not COERCIONS
    assert not _PYRO_STACK
    assert not jax.config.jax_enable_x64


def test_the_density_alone():
    joint = jb.from_numpyro(own_family, options={"density": True})
    values = {"mu": 0.3, "x": 1.1}
    normal = -0.5 * 0.3**2 - 0.5 * np.log(2 * np.pi)
    wanted = normal - np.log(np.cosh(0.8))
    np.testing.assert_allclose(joint.log_prob(values), wanted, rtol=1e-12)
    assert joint.reading.notes[0].kind == "assumed"
