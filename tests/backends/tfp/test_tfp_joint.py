"""The native joint: a true JointDistributionSequential, right for every leading shape."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jointbridge import backends
from jointbridge.backends.arrays.jax import precision
from jointbridge.backends.compiled import Compiled
from jointbridge.backends.tfp import JointDistribution
from jointbridge.backends.tfp.library import tfd, tfp
from jointbridge.backends.tfp.quiet import quiet
from jointbridge.errors import UnsamplableError, UnsupportedError, ValueMismatchError
from jointbridge.spec import Data, Factor, Let, Param, Plate, Sample, Scan, Spec
from jointbridge.syntax import parse

KEY = jax.random.PRNGKey(3)

#: Hostile names, plates, own shapes, computed values, a recurrence, mask, scale, factor.
SITES = (
    Sample("a b", parse("HalfNormal(2.0)")),
    Sample("class", parse("Uniform(0, `a b`)"), ("g",)),
    Sample("value", parse("Normal(0, 3)")),
    Let("half", parse("`a b` / 2")),
    Param("w", parse("0.5")),
    Scan(
        "walk",
        carry=(("c", parse("value")),),
        over=(("step", parse("steps")),),
        body=(Let("next", parse("0.5 * c + step * half")),),
        next=(("c", parse("next")),),
        collect=(("path", parse("next")),),
    ),
    Sample(
        "y",
        parse("Normal(path, half + w)"),
        ("t",),
        observed=parse("seen * 2"),
        mask=parse("known"),
    ),
    Sample("k", parse("Categorical(logits=[0.1, 0.2, 0.3])"), ("g",)),
    Sample("near", parse("Normal(value, 0.001)"), ("g",)),
    Sample("z", parse("Normal(1.0 * k, half)"), ("g",), scale=parse("0.5")),
    Factor("seed", parse("-half * k")),
    Sample("lone", parse("Laplace(0, 1)"), (), (2,)),
    Sample("lone2", parse("Bernoulli(probs=0.3)")),
)
SPEC = Spec(
    SITES,
    plates=(Plate("g", 3), Plate("t", 4)),
    data=(
        Data.of("steps", [0.1, 0.2, 0.3, 0.4]),
        Data.of("seen", [0.5, 1.0, 1.5, 2.0]),
        Data.of("known", [True, False, True, True]),
    ),
)


def _compiled(spec, dtype="float32"):
    return Compiled(spec, backends.get("tfp"), dtype)


@pytest.fixture(scope="module")
def compiled():
    return _compiled(SPEC)


@pytest.fixture(scope="module")
def joint(compiled):
    return compiled.native()


@pytest.fixture(scope="module")
def pinned(compiled):
    return compiled.native(pin_observed=True)


def _by_site(joint, values):
    return {n: np.asarray(x) for n, x in zip(joint.names, values, strict=True)}


def test_is_a_sequential_joint_with_named_components(joint):
    assert isinstance(joint, JointDistribution)
    assert isinstance(joint, tfd.JointDistributionSequential)
    assert joint.names["a b"] == "a_b"
    assert joint.batch_shape == []
    assert joint.event_shape[:3] == [[], [3], []]
    graph = dict(joint.resolve_graph())
    assert graph["a_b"] == graph["k"] == graph["lone"] == ()
    assert graph[joint.names["class"]] == ("a_b",)
    # The latest first, back to the earliest that is needed.
    assert graph["y"] == (joint.names["value"], joint.names["class"], "a_b")
    assert graph["z"][0] == "near"
    assert graph["z"][-1] == "a_b"
    assert all(name.isidentifier() for name in joint.names.values())


def test_components_are_tfp_distributions(joint):
    assert isinstance(joint.model[0].distribution, tfd.HalfNormal)
    component = joint.model[1](jnp.array([0.5, 2.0]))
    assert (component.batch_shape, component.event_shape) == ([2], [3])
    below = component.distribution
    assert isinstance(below, tfd.Independent)
    assert isinstance(below.distribution, tfd.BatchBroadcast)
    assert isinstance(below.distribution.distribution, tfd.Uniform)


# 3 is the size of a plate: draws could be taken for its copies.
@pytest.mark.parametrize("draws", [(), (3,), (1000,)], ids=str)
def test_draws_and_parts(draws, joint, compiled):
    values = joint.sample(draws, seed=KEY)
    named = _by_site(joint, values)
    for name, shape in zip(joint.names, joint.event_shape, strict=True):
        assert named[name].shape == (*draws, *shape), name
    total = joint.log_prob(values)
    assert total.shape == draws
    assert total.dtype == "float32"
    # Each copy is around its own draw's value, not around another's.
    assert np.abs(named["near"] - named["value"][..., None]).max() < 0.01
    parts = dict(zip(joint.names, joint.log_prob_parts(values), strict=True))
    del named["seed"]
    for name, part in compiled.log_prob_parts(named).items():
        np.testing.assert_allclose(
            parts[name], part, rtol=1e-5, atol=1e-5, err_msg=name
        )
    np.testing.assert_allclose(total, sum(parts.values()), rtol=1e-5)


def test_values_by_name_and_under_jit(joint):
    values = joint.sample(3, seed=KEY)
    total = joint.log_prob(values)
    np.testing.assert_allclose(joint.log_prob(_by_site(joint, values)), total)
    np.testing.assert_allclose(joint.log_prob(*values), total)
    axes = [x[:, None] for x in values]
    np.testing.assert_allclose(joint.log_prob(axes), total[:, None], rtol=1e-5)
    jitted = jax.jit(lambda joint, values: joint.log_prob(values))
    np.testing.assert_allclose(jitted(joint, values), total, rtol=1e-5)
    fixed = joint.sample(3, seed=KEY, value=[jnp.full(3, 0.25)])
    assert (np.asarray(fixed[1]) <= 0.25).all()


def test_pinned_is_the_conditioned_density(pinned, joint, compiled):
    assert set(pinned.names) == set(joint.names) - {"y", "seed"}
    values = _by_site(joint, joint.sample(3, seed=KEY))
    latent = {n: values[n] for n in pinned.names}
    found = pinned.log_prob(list(latent.values()))
    np.testing.assert_allclose(found, compiled.log_prob(latent), rtol=1e-5)


def test_bijector_is_the_contracts(pinned, joint, compiled):
    def total(free):
        values = pinned.bijector.forward(free)
        return pinned.log_prob(values) + pinned.bijector.forward_log_det_jacobian(free)

    values = _by_site(joint, joint.sample(3, seed=KEY))
    latent = {n: values[n] for n in pinned.names}
    expected = compiled.unconstrain(latent)
    # First inside `jit`: nothing of the trace may be kept.
    free = jax.jit(lambda values: pinned.bijector.inverse(values))(
        list(latent.values())
    )
    for name, x in zip(pinned.names, free, strict=True):
        np.testing.assert_allclose(
            x, expected[name], rtol=1e-4, atol=1e-5, err_msg=name
        )
    wanted = compiled.log_prob_unconstrained(expected)
    np.testing.assert_allclose(total(free), wanted, rtol=1e-5)
    np.testing.assert_allclose(jax.jit(total)(free), wanted, rtol=1e-5)


def test_nuts_moves_in_unconstrained_space():
    """A dependent support under TFP's own sampler, in the posterior's known interval."""
    sites = (
        Sample("top", parse("HalfNormal(1.0)")),
        Sample("u", parse("Uniform(0, top)")),
        Sample("y", parse("Normal(u, 0.05)"), observed=parse("seen")),
    )
    pinned = _compiled(Spec(sites, data=(Data.of("seen", 0.8),))).native(
        pin_observed=True
    )
    kernel = tfp.mcmc.TransformedTransitionKernel(
        tfp.mcmc.NoUTurnSampler(pinned.log_prob, step_size=0.05, max_tree_depth=5),
        pinned.bijector,
    )
    run = jax.jit(
        lambda key: tfp.mcmc.sample_chain(
            300,
            current_state=[jnp.ones(4), jnp.full(4, 0.5)],
            kernel=kernel,
            num_burnin_steps=100,
            trace_fn=None,
            seed=key,
        )
    )
    with quiet():  # of TFP's own sampler
        top, u = map(np.asarray, run(KEY))
    assert (u <= top).all()
    assert abs(u.mean() - 0.8) < 0.03


def test_params_may_be_given(compiled, joint):
    changed = compiled.native(params={"w": 2.0})
    values = joint.sample(seed=KEY)
    named = _by_site(joint, values)
    del named["seed"]
    expected = compiled.log_prob({**named, "w": 2.0})
    np.testing.assert_allclose(changed.log_prob(values), expected, rtol=1e-5)
    assert changed.log_prob(values) != joint.log_prob(values)


#: A change to one value, and the log density that must come of it.
IMPOSSIBLE = {
    "below the support": ("a b", -1.0, -np.inf),
    "outside a dependent support": ("class", [9.0, 0.0, 0.0], -np.inf),
    "a fraction of a count": ("k", [0.5, 1.0, 1.0], -np.inf),
    "too large a count": ("k", [3, 1, 1], -np.inf),
    "nan": ("value", np.nan, np.nan),
    "nan as a count": ("lone2", np.nan, np.nan),
}


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_outside_of_the_support(case, joint):
    name, value, expected = IMPOSSIBLE[case]
    values = {**_by_site(joint, joint.sample(seed=KEY)), name: np.asarray(value)}
    np.testing.assert_equal(np.asarray(joint.log_prob(values)), np.float32(expected))


MISMATCHES = {
    "surplus": (lambda v: [*v, 1.0], "expected 10 values, got 11"),
    "missing": (lambda v: v[:-1], "no value for 'lone2'"),
    "unknown": (lambda v: {"a": v[0]}, "no component 'a'"),
    "shape": (
        lambda v: [v[0], np.zeros(2), *v[2:]],
        r"expected shape \[3\], got \[2\]",
    ),
}


@pytest.mark.parametrize("case", MISMATCHES)
def test_wrong_values_are_refused(case, joint):
    change, message = MISMATCHES[case]
    with pytest.raises(ValueMismatchError, match=message):
        joint.log_prob(change(joint.sample(seed=KEY)))


def test_improper_sites():
    sites = (
        Sample("m", parse("ImproperUniform(real)"), (), (2,)),
        Sample("x", parse("Normal(m, 1.0)"), (), (2,), observed=parse("seen")),
    )
    compiled = _compiled(Spec(sites, data=(Data.of("seen", [0.0, 1.0]),)))
    joint, pinned = compiled.native(), compiled.native(pin_observed=True)
    at = jnp.array([0.5, -0.5])
    np.testing.assert_allclose(pinned.log_prob([at]), compiled.log_prob({"m": at}))
    np.testing.assert_allclose(pinned.bijector.forward([at])[0], at)
    with pytest.raises(UnsamplableError, match="ImproperUniform"):
        joint.sample(seed=KEY)


def test_nothing_to_pin():
    compiled = _compiled(Spec((Sample("x", parse("Normal(0, 1)")),)))
    with pytest.raises(UnsupportedError, match="nothing to pin"):
        compiled.native(pin_observed=True)
    assert compiled.native().log_prob(jnp.zeros(5)).shape == (5,)


def test_float64_needs_the_switch():
    sites = (Sample("x", parse("Normal(0, 1)")), Sample("y", parse("Normal(x, 1)")))
    joint = _compiled(Spec(sites), "float64").native()
    with pytest.raises(UnsupportedError, match="built with float64"):
        joint.log_prob([0.0, 0.0])
    with precision("float64"):
        values = joint.sample(2, seed=KEY)
        assert [x.dtype for x in values] == ["float64", "float64"]
        assert joint.log_prob(values).dtype == "float64"


def test_components_named_as_arguments_of_tfp():
    """Names that TFP's own methods take, twice the same stem, and no letters at all."""
    odd = ["seed", "name", "seed_1", "self", "x", "_", "1", "é", "lambda", "a-b", "a b"]
    sites = tuple(
        Sample(
            n, parse("Normal(0.0, 1.0)" if not i else f"Normal(`{odd[i - 1]}`, 1.0)")
        )
        for i, n in enumerate(odd)
    )
    joint = _compiled(Spec(sites)).native()
    assert len(set(joint.names.values())) == len(odd)
    assert joint.names["seed_1"] == "seed_1"
    pins = {joint.names["seed"]: 0.5, joint.names["a b"]: 1.5}
    pinned = joint.experimental_pin(**pins)
    rest = [0.1 * i for i in range(len(odd) - 2)]
    found = pinned.log_prob(rest)
    np.testing.assert_allclose(found, joint.log_prob([0.5, *rest, 1.5]), rtol=1e-6)
