"""Laws in the words of libraries: one function each, and what it becomes."""

import ast
import math

import pytest

from jointbridge.backends.arrays.jax_law_words import WORDS as JAX
from jointbridge.backends.laws import LAWS
from jointbridge.backends.pyro.write_laws import WORDS as TORCH
from jointbridge.backends.writing.comments import Comment, commented
from jointbridge.backends.writing.laws import Definitions
from jointbridge.backends.writing.layout import statements
from jointbridge.errors import UnsupportedError

#: How many.
COUNT = 3
HALF = 0.5 * math.log(COUNT)


def density(m, x, scale):
    """A density.

    More of it.
    """
    z = x / scale
    # Far away it is nothing.
    return m.where(m.abs(z) > COUNT, -math.inf, -m.softplus(z))


def twice(m, r):
    return helped(m, r.uniform(), r.uniform()) - HALF


def helped(m, x, y):
    return m.logaddexp(x, y)


def passed_on(m, r, rate):
    return twice(m, r) * r.exponential() / rate


def rejected(m, r, limit):
    def propose(r):
        x = r.normal()
        return x, m.abs(x) < limit

    return r.accepted(propose)


def refused(size):
    if size < 2:
        raise UnsupportedError("too small", hint="make it larger")
    return size


#: By name: a function, and what it is on JAX and on torch.
TEXTS = {
    "density": (
        density,
        '''\
def density(x, scale):
    """A density."""
    z = x / scale
    # Far away it is nothing.
    return jnp.where(jnp.abs(z) > COUNT, -jnp.inf, -jax.nn.softplus(z))''',
        '''\
def density(x, scale):
    """A density."""
    z = x / scale
    # Far away it is nothing.
    return torch.where(torch.abs(z) > COUNT, -torch.inf, -F.softplus(z))''',
    ),
    "two draws": (
        twice,
        """\
def twice(key, shape):
    keys = random.split(key, 2)
    return (
        helped(
            random.uniform(keys[0], shape, minval=1e-30),
            random.uniform(keys[1], shape, minval=1e-30),
        )
        - HALF
    )""",
        """\
def twice(shape):
    return (
        helped(torch.rand(shape).clamp(min=1e-30), torch.rand(shape).clamp(min=1e-30))
        - HALF
    )""",
    ),
    "passed on": (
        passed_on,
        """\
def passed_on(key, shape, rate):
    keys = random.split(key, 2)
    return (
        twice(keys[0], shape)
        * -jnp.log(random.uniform(keys[1], shape, minval=1e-30))
        / rate
    )""",
        """\
def passed_on(shape, rate):
    return twice(shape) * -torch.log(torch.rand(shape).clamp(min=1e-30)) / rate""",
    ),
    "rejected": (
        rejected,
        """\
def rejected(key, shape, limit):
    def propose(key):
        x = random.normal(key, shape)
        return x, jnp.abs(x) < limit

    return accepted(key, propose)""",
        """\
def rejected(shape, limit):
    def propose():
        x = torch.randn(shape)
        return x, torch.abs(x) < limit

    return accepted(propose)""",
    ),
    "refused": (
        refused,
        """\
def refused(size):
    if size < 2:
        raise ValueError("too small")
    return size""",
        """\
def refused(size):
    if size < 2:
        raise ValueError("too small")
    return size""",
    ),
}

each = pytest.mark.parametrize(("law", "jax", "torch"), TEXTS.values(), ids=TEXTS)


def _texts(words, law):
    definitions = Definitions(words)
    definitions.function(law)
    constants, functions = definitions.statements()
    return statements(constants), [statements([f]) for f in functions]


@each
def test_a_law_is_said_in_the_words_of_a_library(law, jax, torch):
    for words, text in ((JAX, jax), (TORCH, torch)):
        _, functions = _texts(words, law)
        assert functions[-1] == text


def test_what_is_used_stands_before():
    _, functions = _texts(JAX, passed_on)
    assert [f.partition("(")[0] for f in functions] == [
        "def helped",
        "def twice",
        "def passed_on",
    ]


def test_constants_come_with_what_is_said_of_them():
    constants, _ = _texts(TORCH, passed_on)
    assert constants == "# How many.\nCOUNT = 3\nHALF = 0.5 * math.log(COUNT)"


@pytest.mark.parametrize("words", [JAX, TORCH], ids=["jax", "torch"])
@pytest.mark.parametrize("name", LAWS)
def test_every_law_can_be_said(words, name):
    for law in (LAWS[name].log_prob, LAWS[name].draw):
        _, functions = _texts(words, law)
        names = {n.id for f in functions for n in ast.walk(ast.parse(f)) if _is_name(n)}
        assert not names & {"m", "r"}


def _is_name(node):
    return isinstance(node, ast.Name)


SOURCE = """\
#: About x.
x = 1  # at the end
def f():
    # Inside.
    if x:
        # Deeper.
        return x
"""


def test_comments_are_statements():
    first, _, f = commented(SOURCE)
    assert isinstance(first, Comment)
    assert first.text == "About x."
    inside, test = f.body
    assert inside.text == "Inside."
    assert [type(s).__name__ for s in test.body] == ["Comment", "Return"]
