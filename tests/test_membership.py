"""Is a value in a support: a value without draws may have fewer axes than its site."""

import numpy as np
import pytest

from jointbridge.evaluate import Evaluator
from jointbridge.membership import membership
from jointbridge.numpy_arrays import NumpyArrays
from jointbridge.shapes import Scope
from jointbridge.syntax import parse_support

#: A support, a value inside, and one outside.
CASES = {
    "positive": ("positive", 0.5, -0.5),
    "bounds": ("interval(0, 1)", 0.5, 1.5),
    "simplex": ("simplex(3)", [0.2, 0.3, 0.5], [0.2, 0.3, 0.6]),
    "ordered": ("ordered(3)", [-1.0, 0.0, 2.0], [-1.0, 2.0, 0.0]),
    "positive ordered": ("positive_ordered(3)", [1.0, 2.0, 3.0], [-1.0, 2.0, 3.0]),
    "correlations": ("corr_cholesky(2)", [[1, 0], [0.6, 0.8]], [[1, 0], [0.6, 0.7]]),
}


@pytest.mark.parametrize("rank", [0, 1, 2])
@pytest.mark.parametrize("lead", [(), (1,), (4, 1)])
@pytest.mark.parametrize("case", CASES)
def test_membership(case, lead, rank):
    text, inside, outside = CASES[case]
    evaluate = Evaluator(NumpyArrays(), Scope(), {})
    for value, expected in ((inside, True), (outside, False)):
        array = np.broadcast_to(value, (*lead, *np.shape(value)))
        found, _ = membership(parse_support(text), array, evaluate, rank, "float64")
        assert found.shape == lead
        assert np.all(found) == expected
