"""The density written in each row of the catalogue is the textbook's."""

import json

import numpy as np
import pytest

from jointbridge.conformance.cases import CASES
from jointbridge.conformance.points import golden
from jointbridge.evaluate import Evaluator
from jointbridge.families import FAMILIES
from jointbridge.numpy_arrays import NumpyArrays
from jointbridge.shapes import Scope
from jointbridge.spec import Type
from jointbridge.syntax import parse

WRITTEN = [name for name, case in CASES.items() if name in FAMILIES and not case.text]

_KINDS = {"f": "float", "i": "int"}


def _literals(case):
    return {n: json.loads(x) for n, x in case.params.items() if isinstance(x, str)}


def _sizes(row, given):
    """The sizes of the axes that the row's parameters name."""
    sizes = {}
    for parameter in row.parameters.values():
        if parameter.name in given and parameter.axes:
            shape = np.shape(given[parameter.name]) or (given[parameter.name],)
            sizes |= dict(zip(parameter.axes, shape, strict=False))
    return sizes


def _with_defaults(row, given):
    """The parameters, those that are not given in full shape."""
    sizes = _sizes(row, given)
    left = (p for p in row.parameters.values() if p.default and p.name not in given)
    shapes = {p.name: tuple(sizes[a] for a in p.axes) for p in left}
    return given | {
        n: np.full(shape, row.parameters[n].default.value)
        for n, shape in shapes.items()
    }


def _evaluated(row, given, value):
    given = _with_defaults(row, given)
    env = {n: np.asarray(x) for n, x in {**given, "value": value}.items()}
    if "scale_matrix" in env:
        env["scale_tril"] = np.linalg.cholesky(env["scale_matrix"])
    scope = Scope({n: Type(x.shape, _KINDS[x.dtype.kind]) for n, x in env.items()})
    node = parse(row.log_density, sizes=_sizes(row, given))
    return float(Evaluator(NumpyArrays(), scope, env)(node))


@pytest.mark.parametrize("name", WRITTEN)
def test_written_density(name):
    case = CASES[name]
    points = [p for p in golden(case) if p.region == "typical"]
    assert len(points) >= len(case.values) > 0
    for point in points:
        given = {**_literals(case), **point.params}
        got, exact = (
            _evaluated(FAMILIES[name], given, point.value),
            float(point.exact),
        )
        allowed = 1e-12 * max(1, abs(exact), point.condition)
        assert abs(got - exact) <= allowed, f"{name} at {point.value}"
