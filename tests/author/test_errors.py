"""Every mistake is one message that names the user's line and what to do."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import jointbridge.author as jb
from jointbridge.errors import JointBridgeError, LimitError, SpecError, UnsupportedError

HERE = Path(__file__)


class NotOurs:
    """Stands for a distribution of another library."""


def nested(x, depth):
    for _ in range(depth):
        x = jb.exp(x)
    return x


def right_nested(x, depth):
    """`x - (x - (x - …))`, each level of which counts twice for the parser."""
    found = x
    for _ in range(depth):
        found = x - found
    return found


def doubled(x, times):
    for _ in range(times):
        x = x * x + x
    return x


def leaked():
    kept = []
    jb.model(lambda: kept.append(jb.sample("x", jb.Normal(0.0, 1.0))))()
    return kept[0]


def sampled_in_a_scan(x):
    kept = []

    def body(carry, _):
        kept.append(jb.sample("inner", jb.Normal(carry, 1.0)))
        return kept[0], None

    jb.scan("s", body, 0.0, x)
    return kept[0]


def leaked_from_a_scan(x):
    kept = []

    def body(carry, item):
        kept.append(item)
        return carry + item, carry

    jb.scan("s", body, 0.0, x)
    return kept[0]


def twice_entered():
    with jb.plate("n", 3) as n, n:
        pass


def on_one_axis():
    with jb.plate("a", 3, dim=-1), jb.plate("b", 4, dim=-1):
        pass


def two_sizes():
    with jb.plate("a", 3):
        pass
    with jb.plate("a", 4):
        pass


def in_a_plate(dist, **options):
    with jb.plate("n", 3):
        jb.sample("y", dist(), **options)


def again(word, *arguments):
    word(*arguments)
    word(*arguments)


#: name -> (what a user does with x float[3], i int[3]; error; what the message says)
MISTAKES = {
    # values
    "truth": (lambda x, i: 1 if x[0] > 0 else 2, SpecError, "jb.where"),
    "and": (lambda x, i: x > 0 and x < 1, SpecError, "& | ~"),
    "chained": (lambda x, i: 0 < x < 1, SpecError, r"\(a < b\) & \(b < c\)"),
    "in": (lambda x, i: 1.0 in list(x), SpecError, "neither true nor false"),
    "float": (lambda x, i: float(x[0]), SpecError, "no float"),
    "math": (lambda x, i: math.exp(x[0]), SpecError, "jb.exp"),
    "int": (lambda x, i: int(i[0]), SpecError, "no int"),
    "range": (lambda x, i: range(i[0]), SpecError, "no static whole number"),
    "complex": (lambda x, i: complex(x[0]), SpecError, "no complex"),
    "np.exp": (lambda x, i: np.exp(x), SpecError, "np.exp takes arrays.*\n.*write jb.exp"),
    "np.sum": (lambda x, i: np.sum(x), SpecError, "jb.sum"),
    "np.stack": (lambda x, i: np.stack([x, x]), SpecError, "write jb.stack"),
    "np.where": (lambda x, i: np.where(x > 0, x, 0), SpecError, "write jb.where"),
    "np.array": (lambda x, i: np.array(x), SpecError, "no NumPy array"),
    "np.array of values": (lambda x, i: np.array([x[0], x[1]]), SpecError, "no NumPy array"),
    "np.sinh": (lambda x, i: np.sinh(x), SpecError, "did you mean 'sin'"),
    "out=": (lambda x, i: np.add(np.ones(3), x, out=np.ones(3)), SpecError, "np.add"),
    "shapes": (lambda x, i: [1.0, 2.0] * x, SpecError, r"\[2\] and \[3\] do not broadcast"),
    "index out of range": (lambda x, i: x[3], SpecError, "index 3 of an axis of 3"),
    "float index": (lambda x, i: x[x], SpecError, "an index must be int"),
    "symbolic slice": (lambda x, i: x[: i[0]], SpecError, "no static whole number"),
    "backward slice": (lambda x, i: x[::-1], SpecError, "steps forward"),
    "length of a scalar": (lambda x, i: len(x[0]), SpecError, "a scalar has no length"),
    "text": (lambda x, i: x + "1", SpecError, "'1' .str. is not a value"),
    "none": (lambda x, i: x + None, SpecError, "None .NoneType. is not a value"),
    "ragged": (lambda x, i: jb.exp([[1.0], [1.0, 2.0]]), SpecError, "cannot become an array"),
    "nan": (lambda x, i: x * math.nan, SpecError, "nan cannot stand"),
    "a distribution": (lambda x, i: x + jb.Normal(), SpecError, "jb.sample"),
    "a distribution on the left": (lambda x, i: jb.Normal() + x, SpecError, "jb.sample"),
    "a support": (lambda x, i: x + jb.supports.positive, SpecError, "stands where a value"),
    "a missing argument": (lambda x, i: jb.where(x > 0), SpecError, "misses 'x'"),
    "an unknown option": (lambda x, i: jb.sum(x, axes=0), SpecError, "did you mean 'axis'"),
    "a wrong axis": (lambda x, i: x.sum(axis=1), SpecError, "axis 1 of an array"),
    "no list": (lambda x, i: jb.stack(x), SpecError, "needs a list"),
    "a float shape": (lambda x, i: jb.full((2.5,), x), SpecError, "full: shape must be"),
    "too deep": (lambda x, i: nested(x, 64), LimitError, "jb.let"),
    "too deep for the parser": (lambda x, i: jb.let("d", right_nested(x, 40)), LimitError, "jb.let"),
    "too large": (lambda x, i: doubled(x, 20), LimitError, "jb.let"),
    "from another call": (lambda x, i: leaked() + 1, SpecError, "model '<lambda>', which is over"),
    "from a scan": (lambda x, i: leaked_from_a_scan(x) + 1, SpecError, "the body of scan 's'"),
    # distributions
    "an unknown parameter": (lambda x, i: jb.Normal(0, sd=1), SpecError, "no argument 'sd'"),
    "a missing parameter": (lambda x, i: jb.Gamma(), SpecError, "misses 'concentration'"),
    "two of a choice": (lambda x, i: jb.Bernoulli(0.5, logits=0), SpecError, "exactly one of"),
    "parameters that do not fit": (lambda x, i: jb.Normal(x, [1, 2]), SpecError, "broadcast"),
    "a float count": (lambda x, i: jb.Binomial(3.0, 0.5), SpecError, "must be int"),
    "a symbolic size": (lambda x, i: jb.LKJCholesky(i[0]), SpecError, "no static whole"),
    "not a family": (lambda x, i: jb.Truncated(NotOurs()), SpecError, "test_errors.NotOurs"),
    "expand": (lambda x, i: jb.Normal().expand([3]), SpecError, "shape="),
    "to_event": (lambda x, i: jb.Normal(x).to_event(1), SpecError, "leave it out"),
    "an unknown support": (lambda x, i: jb.ImproperUniform("postive"), SpecError, "not a support"),
    "a support without bounds": (lambda x, i: jb.param("p", 1.0, support=jb.supports.interval), SpecError, r"jb.supports.interval\(low, high\)"),
    "half an interval": (lambda x, i: jb.supports.interval(0), SpecError, "misses 'high'"),
    # words
    "sampling a value": (lambda x, i: jb.sample("y", x), SpecError, "expected a distribution"),
    "a name that is no text": (lambda x, i: jb.sample(3, jb.Normal()), SpecError, "is a text, got 3"),
    "an invisible name": (lambda x, i: jb.sample("a\tb", jb.Normal()), SpecError, "cannot be seen"),
    "one name twice": (lambda x, i: again(jb.sample, "y", jb.Normal()), SpecError, "'y' is already the name of a site, at .*test_errors.py:"),
    "the name of data": (lambda x, i: jb.sample("x", jb.Normal()), SpecError, "'x' is already the name of a data, at .*test_errors.py:"),
    "the name of a plate": (lambda x, i: (in_a_plate(jb.Normal), jb.let("n", 1)), SpecError, "name of a plate"),
    "a wrong shape": (lambda x, i: jb.sample("y", jb.Normal(x, 1), shape=2), SpecError, r"have shape \[3\], but plates and shape say \[2\]"),
    "a wrong plate": (lambda x, i: in_a_plate(lambda: jb.Normal([1.0, 2.0])), SpecError, r"say \[3\] \(plates n\)"),
    "an axis without a plate": (lambda x, i: in_a_plate(lambda: jb.Normal([[1.0], [2.0]])), SpecError, "put each axis"),
    "wrong observations": (lambda x, i: in_a_plate(jb.Normal, obs=[1.0, 2.0]), SpecError, r"observed float\[2\] does not fit"),
    "wrong observations without a plate": (lambda x, i: jb.sample("y", jb.Normal(x), obs=[1.0, 2.0]), SpecError, "does not fit"),
    "counts that are floats": (lambda x, i: jb.sample("y", jb.Poisson(1.0), obs=[1.5]), SpecError, "must be int"),
    "observed text": (lambda x, i: jb.sample("y", jb.Normal(), obs=["a"]), SpecError, "is not a value"),
    "log_prob of a value": (lambda x, i: jb.log_prob(x, x), SpecError, "takes a distribution"),
    "a wrong mask": (lambda x, i: jb.sample("y", jb.Normal(), mask=x > 0, shape=2), SpecError, "mask"),
    "symbolic data": (lambda x, i: jb.data("y", x), SpecError, "jb.let"),
    "other data of one name": (lambda x, i: jb.data("x", [1.0]), SpecError, "'x' is already the name of a data"),
    "an unknown kind": (lambda x, i: jb.array(3, "double"), SpecError, "float, int or bool"),
    # plates
    "a plate of no number": (lambda x, i: jb.plate("n", 2.5), SpecError, "size must be a whole number, got 2.5"),
    "a plate of a value": (lambda x, i: jb.plate("n", i[0]), SpecError, "no static whole number"),
    "a positive axis": (lambda x, i: jb.plate("n", 2, dim=0), SpecError, "dim must be negative"),
    "a plate inside itself": (lambda x, i: twice_entered(), SpecError, "inside itself"),
    "plates on one axis": (lambda x, i: on_one_axis(), SpecError, "share axis -1"),
    "one plate of two sizes": (lambda x, i: two_sizes(), SpecError, "has size 4, but 3 at .*test_errors.py:"),
    # scans
    "no length": (lambda x, i: jb.scan("s", lambda c, _: (c, c), 0.0), SpecError, "length=10"),
    "two lengths": (lambda x, i: jb.scan("s", lambda c, _: (c, c), 0.0, (x, x[1:])), SpecError, "must agree"),
    "a scalar to walk along": (lambda x, i: jb.scan("s", lambda c, _: (c, c), 0.0, x[0]), SpecError, "no axis to walk along"),
    "no pair": (lambda x, i: jb.scan("s", lambda c, v: c + v, 0.0, x), SpecError, "must return"),
    "another carry": (lambda x, i: jb.scan("s", lambda c, v: ((c, c), v), 0.0, x), SpecError, "expected one value, got a tuple of 2"),
    "nothing collected": (lambda x, i: jb.scan("s", lambda c, v: (c, None), 0.0, x), SpecError, "nothing to collect"),
    "a growing carry": (lambda x, i: jb.scan("s", lambda c, v: (c + x, c), 0.0, x), SpecError, "starts as"),
    "a site in a scan outside": (lambda x, i: sampled_in_a_scan(x) + 1, SpecError, "return it from the body"),
    "a site in a scan called as the scan": (lambda x, i: jb.scan("s", lambda c, _: (c, jb.sample("s", jb.Normal())), 0.0, x), SpecError, "already the name of a scan"),
    "a factor in a scan": (lambda x, i: jb.scan("s", lambda c, v: (c, jb.factor("f", c)), 0.0, x), UnsupportedError, "after the scan"),
    "a taken output": (lambda x, i: jb.scan("s", lambda c, v: (c, {"x": c}), 0.0, x), SpecError, "'x' is already"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_explained_at_the_users_line(name):
    mistake, error, message = MISTAKES[name]

    @jb.model
    def model():
        x, i = jb.data("x", [1.0, 2.0, 3.0]), jb.data("i", jb.array(3, int))
        mistake(x, i)

    with pytest.raises(error, match=message) as caught:
        model()
    check_line(caught.value)


def check_line(error: JointBridgeError) -> None:
    """The message names a line of this file, and that line says something."""
    lines = HERE.read_text().splitlines()
    for problem in error.problems:
        file, _, line = problem.path.rpartition(":")
        assert file == str(HERE), str(error)
        assert lines[int(line) - 1].strip()


def test_the_line_is_the_one_that_is_wrong():
    @jb.model
    def model():
        x = jb.sample("x", jb.Normal([1.0, 2.0], 1.0))
        y = x * [1.0, 2.0, 3.0]  # this line
        jb.sample("y", jb.Normal(y, 1.0))

    with pytest.raises(SpecError) as caught:
        model()
    line = int(caught.value.problems[0].path.rpartition(":")[2])
    assert "# this line" in HERE.read_text().splitlines()[line - 1]


def test_a_duplicate_names_both_lines():
    @jb.model
    def model():
        jb.sample("x", jb.Normal())  # the first
        jb.sample("x", jb.Normal())  # the second

    with pytest.raises(SpecError) as caught:
        model()
    (problem,) = caught.value.problems
    lines = HERE.read_text().splitlines()
    first = int(problem.message.rpartition(":")[2])
    second = int(problem.path.rpartition(":")[2])
    assert "# the first" in lines[first - 1]
    assert "# the second" in lines[second - 1]


OUTSIDE = {
    "sample": lambda: jb.sample("x", jb.Normal()),
    "data": lambda: jb.data("x", 1.0),
    "let": lambda: jb.let("x", 1.0),
    "deterministic": lambda: jb.deterministic("x", 1.0),
    "factor": lambda: jb.factor("x", 1.0),
    "param": lambda: jb.param("x", 1.0),
    "scan": lambda: jb.scan("x", lambda c, v: (c, c), 0.0, length=2),
    "plate": lambda: jb.plate("x", 2).__enter__(),
}


@pytest.mark.parametrize("word", OUTSIDE)
def test_words_need_a_model(word):
    with pytest.raises(SpecError, match=f"jb.{word} outside a model\n.*@jb.model") as e:
        OUTSIDE[word]()
    check_line(e.value)


def test_a_call_that_does_not_fit_the_function():
    model = jb.model(lambda sigma, y: None)
    with pytest.raises(SpecError, match=r"missing.*'y'\n.*\(sigma, y\)") as caught:
        model([1.0])
    check_line(caught.value)


def test_unknown_words_have_a_suggestion():
    with pytest.raises(AttributeError, match="did you mean 'Normal'"):
        _ = jb.normal
    with pytest.raises(AttributeError, match="did you mean 'positive'"):
        _ = jb.supports.positve
    with pytest.raises(AttributeError, match="did you mean 'reshape'"):
        _ = jb.exp(1.0).reshap
