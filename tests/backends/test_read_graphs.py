"""What is shared is walked once: a chain of squarings is short, its tree is endless."""

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import pytest
from numpyro.infer.util import log_density

import jointbridge as jb
from jointbridge.expression import Call, Index, Name, Number, names, substitute
from jointbridge.passes import normal
from jointbridge.shapes import Scope
from jointbridge.spec import Deterministic, Let, Sample, Spec, Type
from jointbridge.syntax import brief, parse, show

MANY = 60


def doubled(node, steps=MANY, start=0):
    """`node + node`, again and again; each step at one more place."""
    for k in range(steps):
        node = Call("add", (node, node))
        if k == start:
            node = Index(node, (Number(0),))
    return node


def test_graphs_are_walked_once():
    graph = doubled(Name("x"))
    assert names(graph) == {"x"}
    assert Scope({"x": Type((2,), "float")}).type(graph) == Type((), "float")
    changed = substitute(graph, {"x": Name("y")})
    assert names(changed) == {"y"}
    assert changed.args[0] is changed.args[1]


def test_a_long_chain_needs_no_recursion():
    chain = doubled(Name("x"), 5000)
    assert names(substitute(chain, {"x": Name("y")})) == {"y"}


@pytest.mark.parametrize(
    "text", ["x", "x[0]", "full((3,), x)", "Normal(loc=a + b, scale=-(1))"]
)
def test_short_ones_are_shown_whole(text):
    assert brief(parse(text)) == show(parse(text))


def test_large_ones_are_shown_in_brief():
    assert len(brief(doubled(Name("x")))) < 80
    with pytest.raises(jb.JointBridgeError, match="index 9 of an axis of 2") as caught:
        Scope({"x": Type((2,), "float")}).type(
            Index(Call("add", (Name("x"), doubled(Name("x")))), (Number(9),))
        )
    assert len(str(caught.value)) < 300


def chained(steps, extra=1.0):
    """A spec whose lets each use the one before twice."""
    prior = parse("Normal(0, 1)")
    first = Let("m0", Call("multiply", (Name("a"), Number(extra))))
    more = (
        Let(f"m{k}", Call("multiply", (Name(f"m{k - 1}"),) * 2))
        for k in range(1, steps)
    )
    last = Deterministic("out", Name(f"m{steps - 1}"))
    return Spec((Sample("a", prior), first, *more, last))


def test_the_normal_form_of_a_chain_compares_at_once():
    assert normal(chained(MANY)) == normal(chained(MANY))
    assert normal(chained(MANY)) != normal(chained(MANY, 2.0))
    assert normal(chained(MANY)) != normal(chained(MANY + 1))


def test_lets_do_not_matter_in_large_ones():
    value = Call("multiply", (Name("a"), Number(1.0)))
    for _ in range(11):
        value = Call("multiply", (value, value))
    inlined = Spec((Sample("a", parse("Normal(0, 1)")), Deterministic("out", value)))
    assert normal(inlined) == normal(chained(12))


def squarings(y):
    """Each step of the scan has a loop of its own, whose steps use a value often."""
    z = numpyro.sample("z", dist.Normal(0.0, 0.1).expand([2]))

    def square(_, z):
        u, v = z
        for _ in range(MANY // 4):
            u, v = u * v + u, v * u - v
        return jnp.stack([u, v])

    def step(z, _):
        z = jax.lax.fori_loop(0, 4, square, z)
        return z, z

    _, path = jax.lax.scan(step, z, None, length=len(y))
    numpyro.sample("y", dist.Normal(path[:, 0], 1.0), obs=y)


def scalar_location(y):
    m = numpyro.sample("z", dist.Normal(0.0, 1.0))
    numpyro.sample("s", dist.MultivariateStudentT(4.0, m, 2 * jnp.eye(3)), obs=y)
    numpyro.sample("n", dist.MultivariateNormal(m[None], jnp.eye(3)), obs=y)


READ = [
    pytest.param(squarings, np.zeros(6), np.array([0.3, -0.2]), id="loop-in-scan"),
    pytest.param(
        scalar_location, np.array([0.5, 1.0, -2.0]), np.array(0.3), id="scalar-location"
    ),
]


@pytest.mark.parametrize(("model", "y", "z"), READ)
def test_read_as_numpyro_scores_it(model, y, z):
    joint = jb.from_numpyro(model, y)
    with jax.enable_x64():
        wanted, _ = log_density(model, (y,), {}, {"z": jnp.asarray(z)})
    np.testing.assert_allclose(joint.log_prob({"z": z}), float(wanted), rtol=1e-12)
