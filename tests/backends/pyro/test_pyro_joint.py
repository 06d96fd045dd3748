"""`JointDistribution`: a vector, a Pyro distribution, a site."""

import numpy as np
import pyro
import pytest
import torch
from pyro.distributions import TorchDistribution
from pyro.infer import MCMC, NUTS, SVI, Trace_ELBO
from pyro.infer.autoguide import AutoNormal
from torch.distributions import biject_to

from jointbridge import backends
from jointbridge.backends.compiled import Compiled
from jointbridge.backends.pyro import JointDistribution, init_to_support
from jointbridge.errors import (
    UnsamplableError,
    UnsupportedError,
    ValueMismatchError,
)
from jointbridge.spec import Data, Deterministic, Factor, Plate, Sample, Spec
from jointbridge.syntax import parse

_SCHOOL = Plate("school", 4)
_DATA = (
    Data.of("sigma", [15.0, 10.0, 16.0, 11.0]),
    Data.of("effects", [28.0, 8.0, -3.0, 7.0]),
)


def _site(name, text, **more):
    observed = more.pop("observed", None)
    node = parse(observed) if observed else None
    return Sample(name, parse(text), observed=node, **more)


#: A dependent support, a simplex, plates, data.
SCHOOLS = Spec(
    (
        _site("mu", "Normal(loc=0.0, scale=5.0)"),
        _site("tau", "HalfCauchy(scale=5.0)"),
        _site("u", "Uniform(low=0.0, high=tau)"),
        _site("p", "Dirichlet(concentration=[1.0, 2.0, 3.0])"),
        _site("theta", "Normal(loc=mu + u, scale=tau)", plates=("school",)),
        Deterministic("twice", parse("2 * theta")),
        _site(
            "y",
            "Normal(loc=theta, scale=sigma)",
            plates=("school",),
            observed="effects",
        ),
    ),
    plates=(_SCHOOL,),
    data=_DATA,
)

#: An index drawn as a count.
COUNTED = Spec(
    (
        _site("k", "Categorical(probs=[0.2, 0.5, 0.3])"),
        _site("n", "Binomial(total_count=9, logits=mean[k])", shape=(2,)),
    ),
    data=(Data.of("mean", [-1.0, 0.0, 2.0]),),
)

IMPROPER = Spec(
    (
        _site("b", "ImproperUniform(support=ordered(3))"),
        Factor("prior", parse("-0.5 * sum(square(b))")),
    )
)


def _joint(spec, dtype="float64"):
    return Compiled(spec, backends.get("pyro"), dtype).native()


@pytest.fixture
def schools():
    return _joint(SCHOOLS)


def test_it_is_a_distribution_over_all_sites(schools):
    assert isinstance(schools, TorchDistribution)
    assert isinstance(schools, JointDistribution)
    assert list(schools.sites) == ["mu", "tau", "u", "p", "theta", "y"]
    assert schools.event_shape == (1 + 1 + 1 + 3 + 4 + 4,)
    assert (schools.batch_shape, schools.has_rsample) == ((), True)
    assert repr(schools) == "JointDistribution(mu, tau, u, p, theta, y)"


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_vectors_and_records(schools, shape):
    value = schools.sample(shape)
    assert value.shape == (*shape, 14)
    record = schools.unflatten(value)
    assert record["theta"].shape == (*shape, 4)
    assert torch.equal(schools.flatten(record), value)
    compiled = Compiled(SCHOOLS, backends.get("pyro"))
    parts = schools.log_prob_parts(value)
    assert schools.log_prob(value).shape == shape
    torch.testing.assert_close(schools.log_prob(value), compiled.log_prob(record))
    torch.testing.assert_close(sum(parts.values()), schools.log_prob(value))
    torch.testing.assert_close(schools.log_prob_parts(record), parts)


def test_expand(schools):
    expanded = schools.expand((5,))
    assert expanded.sample((2,)).shape == (2, 5, 14)
    value = schools.sample()
    assert torch.equal(expanded.log_prob(value), schools.log_prob(value).expand(5))
    assert expanded.to_event(1).log_prob(expanded.sample()).shape == ()


def test_draws_come_from_torchs_generator(schools):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        one = schools.sample((2,))
        torch.manual_seed(0)
        two = schools.sample((2,))
    assert torch.equal(one, two)


def test_the_support_moves_with_the_point(schools):
    transform = biject_to(schools.support)
    free = torch.randn(6, *transform.inverse_shape(schools.event_shape)).double()
    assert free.shape == (6, 13)
    value = transform(free)
    assert value.shape == transform.forward_shape(free.shape)
    assert torch.all(schools.support.check(value))
    record = schools.unflatten(value)
    expected = record["tau"] * torch.sigmoid(free[:, 2])
    torch.testing.assert_close(record["u"], expected)
    torch.testing.assert_close(transform.inv(value), free)
    # The Jacobian of what can move: two of the simplex's three.
    moving = [i for i in range(14) if i != 5]
    jacobian = torch.func.jacrev(transform)(free[0])[moving]
    torch.testing.assert_close(
        transform.log_abs_det_jacobian(free, value)[0],
        torch.linalg.slogdet(jacobian).logabsdet,
    )
    outside = value.clone()
    outside[:, 2] = 2 * record["tau"]
    assert not schools.support.check(outside).any()
    assert torch.all(schools.log_prob(outside) == -torch.inf)


def test_condition(schools):
    posterior = schools.condition()
    assert list(posterior.sites) == ["mu", "tau", "u", "p", "theta"]
    value = schools.sample((3,))
    value[:, 10:] = torch.tensor([28.0, 8.0, -3.0, 7.0])
    torch.testing.assert_close(
        posterior.log_prob(value[:, :10]), schools.log_prob(value)
    )
    with pytest.raises(UnsamplableError, match="'y' is given and depends on 'theta'"):
        posterior.sample()
    # Nothing that is given depends on what is left: these can be drawn.
    rest = schools.condition(mu=1.0, tau=torch.tensor(1e-6))
    assert list(rest.sites) == ["u", "p", "theta", "y"]
    theta = rest.unflatten(rest.sample((50,)))["theta"]
    assert torch.all((theta - 1.0).abs() < 1e-4)


def test_counts_are_integers_and_nothing_else():
    joint = _joint(COUNTED)
    assert not joint.has_rsample
    assert joint.support.is_discrete
    value = joint.sample((200,))
    assert value.dtype == torch.float64
    record = joint.unflatten(value)
    assert {x.dtype for x in record.values()} == {torch.int64}
    assert torch.all(torch.isfinite(joint.log_prob(value)))
    fraction = value[:3].clone()
    fraction[:, 1] = torch.tensor([0.5, 10.0, torch.nan])
    expected = torch.tensor([-torch.inf, -torch.inf, torch.nan], dtype=torch.float64)
    torch.testing.assert_close(joint.log_prob(fraction), expected, equal_nan=True)
    with pytest.raises(UnsupportedError, match="'k' counts"):
        biject_to(joint.support)
    assert list(joint.condition(k=torch.tensor(1.0)).sites) == ["n"]


def test_improper_sites_have_no_draws():
    joint = _joint(IMPROPER)
    assert not joint.has_rsample
    for draw in (joint.sample, joint.rsample, joint.model()):
        with pytest.raises(UnsamplableError):
            draw()


BAD_RECORDS = {
    "missing": ({"mu": 0.0}, "no value for 'tau', 'u', 'p', 'theta', 'y'"),
    "unknown": ({"thea": 0.0}, "did you mean 'theta'"),
}


@pytest.mark.parametrize("name", BAD_RECORDS)
def test_bad_records(schools, name):
    values, message = BAD_RECORDS[name]
    with pytest.raises(ValueMismatchError, match=message):
        schools.flatten(values)


def test_bad_vector(schools):
    with pytest.raises(ValueMismatchError, match="expected a vector of 14"):
        schools.log_prob(torch.zeros(13))


@pytest.mark.parametrize("spec", [SCHOOLS, IMPROPER], ids=["schools", "improper"])
def test_nuts_on_one_site(spec):
    posterior = _joint(spec).condition()
    kernel = NUTS(
        lambda: pyro.sample("joint", posterior),
        init_strategy=init_to_support,
        max_plate_nesting=0,
        max_tree_depth=3,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        mcmc = MCMC(kernel, 10, warmup_steps=10, disable_progbar=True)
        mcmc.run()
    draws = mcmc.get_samples()["joint"]
    assert (draws.dtype, draws.shape) == (torch.float64, (10, *posterior.event_shape))
    assert torch.all(posterior.support.check(draws))
    assert len(torch.unique(draws[:, 0])) > 5


def test_svi_on_one_site():
    posterior = _joint(SCHOOLS).condition()

    def model():
        return pyro.sample("joint", posterior)

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(2)
        pyro.clear_param_store()
        guide = AutoNormal(model, init_loc_fn=init_to_support)
        svi = SVI(model, guide, pyro.optim.Adam({"lr": 0.05}), Trace_ELBO(2))
        losses = [svi.step() for _ in range(40)]
        pyro.clear_param_store()
    assert np.mean(losses[-10:]) < np.mean(losses[:10])
