"""Static shapes: what nodes are, and what is refused."""

import pytest

from jointbridge.errors import SpecError
from jointbridge.shapes import Scope, support_of
from jointbridge.spec import Type
from jointbridge.syntax import parse, show

NAMES = {
    "t": Type(()),
    "w": Type((3,)),
    "x": Type((8, 3)),
    "L": Type((3, 3)),
    "i": Type((5,), "int"),
    "c": Type((3,), "bool"),
}

TYPES = {
    "x[i, 0]": "float[5]",
    "x[i] @ w": "float[5]",
    "x[:, None, 1:]": "float[8, 1, 2]",
    "x[..., -1]": "float[8]",
    "x[i[:, None], i]": "float[5, 5]",
    "sum(x)": "float[]",
    "sum(c)": "int[]",
    "mean(i)": "float[]",
    "i ** 2": "int[5]",
    "i ** -1": "float[5]",
    "i / 2": "float[5]",
    "i > 1": "bool[5]",
    "where(c, 1, 0.5)": "float[3]",
    "where(c, 1, 0)": "int[3]",
    "stack([w, t], axis=-1)": "float[3, 2]",
    "[1, 2, t]": "float[3]",
    "log_prob(Normal(w, 1), x)": "float[8, 3]",
    "log_prob(MultivariateNormal(w, scale_tril=L), x)": "float[8]",
    "einsum('ij,j->i', x, w)": "float[8]",
    "solve_triangular(L, transpose(x))": "float[3, 8]",
}


@pytest.mark.parametrize("text", TYPES)
def test_type(text):
    assert str(Scope(dict(NAMES)).type(parse(text))) == TYPES[text]


DISTRIBUTIONS = {
    "Normal(x, 1)": ([8, 3], [], "float", "real"),
    "Categorical(logits=x)": ([8], [], "int", "integer_interval(low=0, high=3 - 1)"),
    "Mixture(probs=w, components=Normal(w, 1))": ([], [], "float", "real"),
    "LKJCholesky(3, 2.0)": ([], [3, 3], "float", "corr_cholesky(3)"),
    "MultivariateNormal(0, scale_tril=L)": ([], [3], "float", "real(3)"),
    "Truncated(Normal(w, 1), low=0)": ([3], [], "float", "greater_than_eq(low=0)"),
    "Truncated(Normal(w, 1), high=t)": ([3], [], "float", "less_than_eq(high=t)"),
    "Truncated(Normal(w, 1))": ([3], [], "float", "real"),
    "ZeroInflated(Poisson(w), gate=0.2)": ([3], [], "int", "nonnegative_integer"),
    "ImproperUniform(interval(0, w))": ([3], [], "float", "interval(low=0, high=w)"),
    "ImproperUniform(ordered(4))": ([], [4], "float", "ordered(4)"),
    "Multinomial(10, w)": ([], [3], "int", "multinomial(3)"),
    "OrderedLogistic(t, w)": ([], [], "int", "integer_interval(low=0, high=3)"),
    "Delta(i)": ([5], [], "int", "real"),
    "Uniform(t, 2)": ([], [], "float", "interval(low=t, high=2)"),
}


@pytest.mark.parametrize("text", DISTRIBUTIONS)
def test_distribution(text):
    batch, event, kind, support = DISTRIBUTIONS[text]
    scope = Scope(dict(NAMES))
    found = scope.distribution(parse(text))
    assert [list(found.batch), list(found.event), found.kind] == [batch, event, kind]
    assert show(support_of(parse(text), scope)) == support


REFUSED = {
    "w + x[:, 0]": "do not broadcast",
    "w @ x": "3 columns meet 8 rows",
    "t @ w": "vectors or matrices",
    "x[w]": "an index must be int",
    "x[0, 0, 0]": "3 indices for 2 axes",
    "x[9]": "index 9 of an axis of 8",
    "x[None][i, :, i]": "side by side",
    "x[::-1]": "a slice steps forward",
    "sum(x, axis=2)": "axis 2 of an array with 2 axes",
    "reshape(x, (5, 5))": "cannot become",
    "concatenate([w, x])": "one rank",
    "cholesky(x)": "square matrix",
    "einsum('ij', x)": "explicit '->'",
    "cast(x, 'double')": "cast to 'double'",
    "log_prob(MultivariateNormal(0, scale_tril=L), x[:, :2])": "has no event",
    "log_prob(Binomial(10.0, 0.5), i)": "total_count must be int",
    "log_prob(Truncated(Gamma(1, 1)), t)": "cannot take Gamma",
    "log_prob(ZeroInflated(Normal(0, 1), gate=t), t)": "single counts",
    "nothing": "no 'nothing' in sight",
}


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text):
    with pytest.raises(SpecError) as caught:
        Scope(dict(NAMES)).type(parse(text))
    assert REFUSED[text] in str(caught.value)


def test_components_share_a_support():
    dist = parse("Mixture(probs=w, components=Uniform(0, w))")
    with pytest.raises(SpecError, match="must share one support"):
        support_of(dist, Scope(dict(NAMES)))
