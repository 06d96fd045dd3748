"""Statements as text: what the formatter leaves as it is."""

import ast

import pytest

from jointbridge.backends.writing.layout import statements

TEXTS = {
    "unpacked in a tuple": "shape = (n, *self.shape)",
    "unpacked alone": "shape = [*shape[:-1], 2]",
    "unpacked in a call": "x = zeros(*shape)",
    "unpacked in an index": "x = y[(n, *places)]",
    "a choice": "x = f(0.0 if y is None else y)",
    "a choice of sums": "x = a + 1 if b < c else (1 if d else e)",
    "a choice inside of a sum": "x = 1 + (a if b else c)",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_text_means_what_it_meant(text):
    tree = ast.parse(text)
    assert ast.dump(ast.parse(statements(tree.body))) == ast.dump(tree)


def test_a_choice_that_is_long_is_broken_at_its_words():
    short, long = "a" * 30, "b" * 60
    text = f"x = f(\n    {short}\n    if {long}\n    else {short},\n)"
    assert statements(ast.parse(text).body) == text


def test_unpacking_needs_no_parentheses():
    text = "def f(n):\n    return zeros((n, *self.shape))"
    assert statements(ast.parse(text).body) == text
