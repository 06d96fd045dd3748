"""`parse(show(node)) == node`, for everything that the vocabulary can say."""

import pytest
from hypothesis import given, settings
from strategies import HOSTILE, distributions, expressions, supports

from jointbridge.errors import JointBridgeError
from jointbridge.expression import Call, Index, Name, Number, Sequence, Slice
from jointbridge.families import FAMILIES
from jointbridge.functions import FUNCTIONS
from jointbridge.support import SUPPORTS
from jointbridge.syntax import parse, parse_support, show


def check(node, read=parse):
    text = show(node)
    assert read(text) == node, f"from jointbridge.expression import *\n{node!r}\n{text}"


@given(expressions)
@settings(max_examples=300, deadline=None)
def test_expressions_round_trip(node):
    check(node)


@given(distributions())
@settings(max_examples=200, deadline=None)
def test_distributions_round_trip(node):
    check(node)


@given(supports())
@settings(max_examples=100, deadline=None)
def test_supports_round_trip(node):
    check(node, parse_support)


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_can_be_referred_to(name):
    check(Call("add", (Name(name), Number(1))))


def _example(row):
    options = {
        **dict.fromkeys(("axis", "start"), 0),
        "axes": (1, 0),
        "shape": (2, 3),
        "size": 2,
        "stop": 3,
        "kind": "int",
        "keepdims": True,
        "lower": False,
        "transpose_a": True,
        "subscripts": "ij,ij->i" if row.variadic else "",
    }
    chosen = {k: options[k] for k in row.options if options[k] != row.options[k]}
    args = [Name("a"), Name("b")] if row.variadic else list(map(Name, row.arguments))
    if row.name == "log_prob":
        args[0] = parse("Normal(loc=0, scale=1)")
    return Call(row.name, tuple(args), tuple(chosen.items()))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_round_trips(name):
    check(_example(FUNCTIONS[name]))


TEXTS = {
    "precedence": ("a + b * c ** -d", "a + b * c ** (-d)"),
    "left to right": ("a - b - c", "a - b - c"),
    "kept to the right": ("a - (b - c)", "a - (b - c)"),
    "power to the right": ("a ** b ** c", "a ** b ** c"),
    "minus binds less than power": ("-1 ** 2", "-1 ** 2"),
    "no chain of comparisons": ("(a < b) < c", "(a < b) < c"),
    "useless parentheses go": ("((a)) + (b)", "a + b"),
    "positional parameters": ("Normal(0, 1)", "Normal(loc=0, scale=1)"),
    "defaults stay unwritten": ("Normal()", "Normal()"),
    "trailing comma": ("exp(a,)", "exp(a)"),
    "backquotes go where they can": ("`a` + `b c`", "a + `b c`"),
    "constants": ("pi + inf", "pi + inf"),
    "slices": ("x[1:, ::2, None, ..., i]", "x[1:, ::2, None, ..., i]"),
    "static arithmetic": ("x[: 2 * 3 - 1]", "x[:5]"),
    "options by position": ("sum(x, -1)", "sum(x, axis=-1)"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts_have_one_canonical_form(name):
    text, canonical = TEXTS[name]
    assert show(parse(text)) == canonical
    assert show(parse(canonical)) == canonical


NODES = {
    "number": (Number(-0.0), "-0.0"),
    "name": (Name("inf"), "`inf`"),
    "negated number": (Call("negative", (Number(1),)), "-(1)"),
    "vector": (Sequence((Number(1), Name("a"))), "[1, a]"),
    "index": (Index(Number(-1), (Slice(None, 3),)), "(-1)[:3]"),
}


@pytest.mark.parametrize("name", NODES)
def test_nodes_have_the_least_parentheses(name):
    node, text = NODES[name]
    assert show(node) == text
    check(node)


BAD = {
    "empty": ("", "syntax", "expected a value"),
    "blank": ("   ", "syntax", "expected a value"),
    "half": ("a +", "syntax", "expected a value"),
    "two": ("a b", "syntax", "unexpected 'b'"),
    "open": ("(a", "syntax", "expected ')'"),
    "attribute": ("os.system", "syntax", "unexpected '.'"),
    "dunder attribute": ("().__class__", "syntax", "unexpected '.'"),
    "string": ("'text'", "syntax", "expected a value"),
    "lambda": ("lambda: 0", "syntax", "unexpected ':'"),
    "assignment": ("x = 1", "syntax", "unexpected '='"),
    "statement": ("import os", "syntax", "unexpected 'os'"),
    "semicolon": ("a; b", "syntax", "unexpected ';'"),
    "comment": ("a # b", "syntax", "unexpected '#'"),
    "walrus": ("(a := 1)", "syntax", "expected ')'"),
    "star arguments": ("exp(*a)", "syntax", "expected a value"),
    "call of a call": ("exp(a)(b)", "syntax", "unexpected '('"),
    "chained comparison": ("a < b < c", "syntax", "chained"),
    "large integer": ("1" * 19, "syntax", "18 digits"),
    "large float": ("1e400", "syntax", "out of the range"),
    "imaginary": ("1j", "syntax", "unexpected 'j'"),
    "open quote": ("`a", "syntax", "unexpected '`'"),
    "empty index": ("x[]", "syntax", "expected a value"),
    "slice of a name": ("x[:n]", "syntax", "whole number"),
    "axis of a name": ("sum(x, axis=n)", "syntax", "static"),
    "eval": ("eval(a)", "unknown-function", "no function 'eval'"),
    "import": ("__import__(os)", "unknown-function", "__import__"),
    "unknown family": ("Norml(0, 1)", "unknown-family", "Norml"),
    "arity": ("exp(a, b)", "arguments", "takes 1 arguments, got 2"),
    "missing": ("where(a, b)", "arguments", "misses 'y'"),
    "twice": ("exp(x=a, x=b)", "syntax", "given twice"),
    "unknown argument": ("Normal(mean=0)", "arguments", "no argument 'mean'"),
    "both": ("Bernoulli(probs=p, logits=l)", "arguments", "exactly one"),
    "neither": ("Bernoulli()", "arguments", "exactly one"),
    "family for a value": ("1 + Normal(0, 1)", "syntax", "distribution"),
    "value for a family": ("Truncated(base=1)", "arguments", "takes distribution"),
    "deep": ("(" * 100 + "a" + ")" * 100, "limit", "nested"),
    "deep minus": ("-" * 10_000 + "a", "limit", "nested"),
    "long": ("a" * 100_001, "limit", "too long"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_texts_are_refused(name):
    text, code, fragment = BAD[name]
    with pytest.raises(JointBridgeError) as caught:
        parse(text)
    assert caught.value.problems[0].code == code
    assert fragment in str(caught.value)


def test_catalogue_names_can_be_read():
    for family in FAMILIES:
        assert parse(f"`{family}`") == Name(family)
    for support in SUPPORTS:
        assert parse(f"`{support}`") == Name(support)
