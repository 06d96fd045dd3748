"""The joint as a Pyro model function: traces, plates, inference."""

from importlib.resources import files

import numpy as np
import pyro
import pyro.distributions as dist
import pytest
import torch
from pyro import poutine
from pyro.infer import (
    MCMC,
    NUTS,
    SVI,
    Predictive,
    Trace_ELBO,
    TraceEnum_ELBO,
    config_enumerate,
)
from pyro.infer.autoguide import AutoDelta, AutoNormal
from pyro.infer.autoguide.initialization import InitMessenger, init_to_value

import jointbridge as jb
from jointbridge import backends
from jointbridge.backends.compiled import Compiled
from jointbridge.backends.pyro import init_to_support
from jointbridge.errors import UnsupportedError
from jointbridge.expression import Support
from jointbridge.spec import (
    Data,
    Deterministic,
    Factor,
    Let,
    Param,
    Plate,
    Sample,
    Scan,
    Spec,
)
from jointbridge.syntax import parse

EXAMPLES = {
    path.name.removesuffix(".jb.json"): path
    for path in files("jointbridge.examples").iterdir()
    if path.name.endswith(".jb.json")
}


def _site(name, text, *plates, **more):
    for field in ("observed", "mask", "scale"):
        if field in more:
            more[field] = parse(more[field])
    return Sample(name, parse(text), plates=plates, **more)


_DATA = (
    Data.of("seen", np.arange(6.0).reshape(2, 3)),
    Data.of("flags", [True, False, True]),
    Data.of("counts", [1, 0, 4]),
)

#: What a model can say, one thing each.
MODELS = {
    "nested plates": (
        _site("a", "Normal(loc=0.0, scale=1.0)", "row", None),
        _site("b", "Normal(loc=0.0, scale=1.0)", "column"),
        _site("x", "Normal(loc=a + b, scale=1.0)", "row", "column"),
        _site("y", "Normal(loc=x, scale=1.0)", "row", "column", observed="seen"),
    ),
    "a plate at two dimensions": (
        _site("a", "Normal(loc=0.0, scale=1.0)", "row"),
        _site("x", "Normal(loc=a[:, None], scale=1.0)", "row", "column"),
    ),
    "a hole in front": (_site("x", "Normal(loc=0.0, scale=1.0)", None, "row"),),
    "own copies": (
        _site("a", "Dirichlet(concentration=[1.0, 1.0])", "column", shape=(2,)),
        _site("x", "Normal(loc=a[..., 0], scale=1.0)", "column", shape=(2,)),
    ),
    "mask and scale": (
        _site("a", "Normal(loc=0.0, scale=1.0)", "column", mask="flags", scale="2.5"),
        _site(
            "x",
            "Normal(loc=a, scale=1.0)",
            "row",
            "column",
            mask="seen > 1.0",
            scale="exp(seen)",
        ),
    ),
    "mask and scale of copies": (
        _site("a", "Normal(loc=0.0, scale=1.0)", shape=(3,), mask="flags", scale="0.5"),
        _site("x", "Gamma(concentration=2.0)", "row", shape=(3,), scale="seen[:, :1]"),
    ),
    "param and factor": (
        Param("w", parse("[1.0, 2.0, 3.0]"), Support("positive")),
        _site("a", "Normal(loc=w, scale=1.0)", "column"),
        Factor("f", parse("-square(a - w)")),
        Factor("g", parse("sum(log(w))")),
    ),
    "scan": (
        _site("e", "Normal(loc=0.0, scale=1.0)", shape=(5,)),
        Scan(
            "path",
            carry=(("at", parse("0.0")),),
            over=(("step", parse("e")),),
            body=(Let("next_at", parse("0.9 * at + step")),),
            next=(("at", parse("next_at")),),
            collect=(("path", parse("next_at")),),
        ),
        Deterministic("last", parse("path[-1]")),
        _site("y", "Normal(loc=path[-3:], scale=1.0)", "column", observed="seen[0]"),
    ),
    "counts": (
        _site("k", "Categorical(logits=[0.1, 0.2, 0.3])", "column"),
        _site("n", "Poisson(rate=exp(seen[0][k]))", "column", observed="counts"),
        _site("d", "Bernoulli(probs=0.3)", "row"),
    ),
    "an observed count by a literal": (
        _site("n", "Binomial(total_count=3, probs=0.3)", "column", observed="2"),
    ),
}


def _spec(name):
    plates = (Plate("row", 2), Plate("column", 3))
    return Spec(MODELS[name], plates=plates, data=_DATA)


def _compiled(spec):
    return Compiled(spec, backends.get("pyro"))


def _agrees(compiled, model):
    """The trace of a model, whose density must be the joint's at its values."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        trace = poutine.trace(model).get_trace()
    values = {n: trace.nodes[n]["value"].detach().numpy() for n in compiled.sites}
    expected = compiled.log_prob(values)
    assert torch.isfinite(expected)
    torch.testing.assert_close(trace.log_prob_sum(), expected, rtol=1e-11, atol=1e-9)
    return trace


@pytest.fixture(autouse=True)
def _clean_params():
    pyro.clear_param_store()
    yield
    pyro.clear_param_store()


@pytest.mark.parametrize("name", MODELS)
def test_trace_has_the_density_of_the_joint(name):
    compiled = _compiled(_spec(name))
    trace = _agrees(compiled, compiled.native().model())
    for site in compiled.sites.values():
        node = trace.nodes[site.name]
        assert node["is_observed"] == (site.sample.observed is not None)
        assert node["value"].shape == site.type.shape
        assert len(node["fn"].event_shape) == len(site.sample.shape) + len(
            site.dist.event
        )
        stack = {f.name.split("@")[0]: f.dim for f in node["cond_indep_stack"]}
        wanted = site.sample.plates
        assert stack == {p: i - len(wanted) for i, p in enumerate(wanted) if p}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_as_a_model(name):
    joint = jb.load(str(EXAMPLES[name]))
    compiled = joint.compile("pyro")
    started = InitMessenger(init_to_support(radius=0.5))(joint.to_pyro().model())
    _agrees(compiled, started)


def test_a_scale_inside_a_shape_is_refused():
    site = _site("x", "Normal()", shape=(3,), scale="[1.0, 2.0, 3.0]")
    model = _compiled(Spec((site,))).native().model()
    with pytest.raises(UnsupportedError, match="no scale inside the shape of 'x'"):
        model()


SCHOOLS = Spec(
    (
        _site("mu", "Normal(loc=0.0, scale=5.0)"),
        _site("tau", "HalfCauchy(scale=5.0)"),
        _site("theta", "Normal(loc=mu, scale=tau)", "school"),
        Deterministic("twice", parse("2 * theta")),
        _site("y", "Normal(loc=theta, scale=9.0)", "school", observed="effects"),
    ),
    plates=(Plate("school", 4),),
    data=(Data.of("effects", [28.0, 8.0, -3.0, 7.0]),),
)


@pytest.fixture(scope="module")
def schools():
    return _compiled(SCHOOLS).native()


def _nuts(model, draws=15, **options):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        kernel = NUTS(model, max_tree_depth=4, **options)
        mcmc = MCMC(kernel, draws, warmup_steps=draws, disable_progbar=True)
        mcmc.run()
    return mcmc.get_samples()


@pytest.mark.parametrize("parallel", [False, True])
def test_nuts_then_predictive(schools, parallel):
    samples = _nuts(schools.model())
    assert {n: x.shape[1:] for n, x in samples.items()} == {
        "mu": (),
        "tau": (),
        "theta": (4,),
    }
    assert {x.dtype for x in samples.values()} == {torch.float64}
    model = schools.model(observed=False)
    found = Predictive(model, samples, parallel=parallel)()
    assert found["y"].shape == (15, 4)
    assert len(torch.unique(found["y"])) == 60
    torch.testing.assert_close(found["twice"].reshape(15, 4), 2 * samples["theta"])


def test_svi(schools):
    model = schools.model()
    guide = AutoNormal(model)
    svi = SVI(
        model,
        guide,
        pyro.optim.Adam({"lr": 0.05}),
        Trace_ELBO(num_particles=4, vectorize_particles=True),
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        losses = [svi.step() for _ in range(40)]
    assert np.mean(losses[-10:]) < np.mean(losses[:10])
    assert guide.median()["theta"].dtype == torch.float64


def test_params_are_learned():
    compiled = _compiled(_spec("param and factor"))
    model = compiled.native().model()
    svi = SVI(model, AutoDelta(model), pyro.optim.Adam({"lr": 0.1}), Trace_ELBO())
    assert "w" not in pyro.get_param_store()
    for _ in range(5):
        svi.step()
    learned = pyro.get_param_store()["w"]
    assert torch.all(learned != torch.tensor([1.0, 2.0, 3.0]))
    assert torch.all(learned > 0)


def test_improper_sites_start_where_they_are_told():
    spec = Spec(
        (
            _site("b", "ImproperUniform(support=positive_ordered(3))"),
            _site(
                "y", "Normal(loc=b, scale=1.0)", shape=(3,), observed="[1.0, 2.0, 4.0]"
            ),
        )
    )
    model = _compiled(spec).native().model()
    start = init_to_value(
        values={"b": torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)}
    )
    for strategy in (init_to_support, start):
        draws = _nuts(model, init_strategy=strategy, max_plate_nesting=0)["b"]
        assert torch.all(draws.diff(dim=-1) > 0)
        assert torch.all(draws > 0)


MIXED = Spec(
    (
        _site("w", "Dirichlet(concentration=[2.0, 2.0])"),
        _site("mu", "Normal(loc=[-2.0, 2.0], scale=1.0)", shape=(2,)),
        _site("z", "Categorical(probs=w)", "point"),
        Deterministic("centre", parse("mu[z]")),
        _site("x", "Normal(loc=centre, scale=1.0)", "point", observed="seen"),
    ),
    plates=(Plate("point", 5),),
    data=(Data.of("seen", [-2.5, -1.0, 0.3, 2.0, 3.1]),),
)


def _by_hand():
    w = pyro.sample("w", dist.Dirichlet(torch.tensor([2.0, 2.0], dtype=torch.float64)))
    loc = torch.tensor([-2.0, 2.0], dtype=torch.float64)
    mu = pyro.sample("mu", dist.Normal(loc, 1.0).to_event(1))
    with pyro.plate("point", 5):
        z = pyro.sample("z", dist.Categorical(w))
        seen = torch.tensor([-2.5, -1.0, 0.3, 2.0, 3.1], dtype=torch.float64)
        pyro.sample("x", dist.Normal(mu[z], 1.0), obs=seen)


def test_counts_can_be_summed_out():
    values = {
        "w": torch.tensor([0.3, 0.7], dtype=torch.float64),
        "mu": torch.tensor([-1.5, 2.5], dtype=torch.float64),
    }

    def guide():
        for name, value in values.items():
            pyro.sample(name, dist.Delta(value, event_dim=1))

    def loss(model):
        enumerated = config_enumerate(model, "parallel")
        return TraceEnum_ELBO(max_plate_nesting=1).loss(enumerated, guide)

    found = loss(_compiled(MIXED).native().model())
    assert found == pytest.approx(loss(_by_hand), rel=1e-12)


def test_nuts_sums_counts_out():
    samples = _nuts(_compiled(MIXED).native().model(), draws=8)
    assert {n: x.shape for n, x in samples.items()} == {"w": (8, 2), "mu": (8, 2)}
