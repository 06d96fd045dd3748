"""The density written in each row of the catalogue is the textbook's."""

import json

import numpy as np
import pytest
from mpmath import mpf

from jointbridge.conformance.cases import CASES
from jointbridge.evaluate import Evaluator
from jointbridge.families import FAMILIES
from jointbridge.numpy_arrays import NumpyArrays
from jointbridge.shapes import Scope
from jointbridge.spec import Type
from jointbridge.syntax import parse

WRITTEN = [name for name, case in CASES.items() if name in FAMILIES and not case.text]


def _numbers(value):
    return (
        [_numbers(x) for x in value] if isinstance(value, list) else mpf(float(value))
    )


@pytest.mark.parametrize("name", WRITTEN)
def test_written_density(name):
    case = CASES[name]
    params, values, oracle = case.params, case.values, case.density
    row = FAMILIES[name]
    given = {n: json.loads(x) if isinstance(x, str) else x for n, x in params.items()}
    sizes = {}
    for parameter in row.parameters.values():
        if parameter.name in given and parameter.axes:
            shape = np.shape(given[parameter.name]) or (given[parameter.name],)
            sizes |= dict(zip(parameter.axes, shape, strict=False))
    for value in values:
        env = {n: np.asarray(x) for n, x in {**given, "value": value}.items()}
        if "scale_matrix" in env:
            env["scale_tril"] = np.linalg.cholesky(env["scale_matrix"])
        kinds = {"f": "float", "i": "int"}
        scope = Scope({n: Type(x.shape, kinds[x.dtype.kind]) for n, x in env.items()})
        node = parse(row.log_density, sizes=sizes)
        got = float(Evaluator(NumpyArrays(), scope, env)(node))
        expected = oracle(_numbers(value), *map(_numbers, given.values()))
        assert abs(got - expected) <= 1e-12 * max(1, abs(expected)), (
            f"{name} at {value}"
        )
