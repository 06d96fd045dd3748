"""Small matrices as lists of rows, in any arithmetic."""

from flint import arb_mat

from jointbridge.conformance.oracles.arithmetic import Number, evaluate

#: (of mpmath, of balls), each after the arithmetic's own algorithm
_DET = (lambda a, x: a.context.det(a.context.matrix(x)), lambda a, x: arb_mat(x).det())
_INVERSE = (
    lambda a, x: a.context.inverse(a.context.matrix(x)).tolist(),
    lambda a, x: arb_mat(x).inv().table(),
)


def det(matrix) -> Number:
    return evaluate(lambda a: _DET[a.column](a, a.read(matrix)), matrix)


def inverse(matrix):
    return evaluate(lambda a: _INVERSE[a.column](a, a.read(matrix)), matrix)


def dot(a, b) -> Number:
    return sum(x * y for x, y in zip(a, b, strict=True))


def transpose(matrix):
    return [list(column) for column in zip(*matrix, strict=True)]


def times(a, b):
    columns = transpose(b)
    return [[dot(row, column) for column in columns] for row in a]


def outer(tril):
    """L Lᵀ."""
    return times(tril, transpose(tril))


def trace(matrix) -> Number:
    return sum(row[i] for i, row in enumerate(matrix))


def eye(size):
    return diag([1] * size)


def diag(entries):
    size = range(len(entries))
    return [[entries[i] if i == j else 0 for j in size] for i in size]


def plus(a, b):
    return [
        [x + y for x, y in zip(p, q, strict=True)] for p, q in zip(a, b, strict=True)
    ]


def scaled(number, matrix):
    return [[number * x for x in row] for row in matrix]


def square_in(matrix, vector) -> Number:
    """vᵀ M v."""
    return dot(vector, [dot(row, vector) for row in matrix])
