"""What the expression language is called in torch: one row for each function."""

from __future__ import annotations

import ast

from jointbridge.backends.writing.expressions import Expressions
from jointbridge.backends.writing.language import Spelling
from jointbridge.backends.writing.python import Code, array_of, call, fill, literal
from jointbridge.expression import Call, Number

IMPORTS = {
    "Path": "from pathlib import Path",
    "math": "import math",
    "np": "import numpy as np",
    "pyro": "import pyro",
    "dist": "import pyro.distributions as dist",
    "torch": "import torch",
    "poutine": "from pyro import poutine",
    "constraints": "from pyro.distributions import constraints",
    "AutoNormal": "from pyro.infer.autoguide import AutoNormal",
    **{
        name: f"from pyro.infer import {name}"
        for name in ("MCMC", "NUTS", "SVI", "Predictive", "Trace_ELBO")
    },
    "biject_to": "from torch.distributions import biject_to",
    **{
        name: f"from torch.distributions.transforms import {name}"
        for name in ("ComposeTransform", "Transform")
    },
    "broadcast_all": "from torch.distributions.utils import broadcast_all",
    "F": "import torch.nn.functional as F",
}

CONSTANTS = {"inf": "torch.inf", "pi": "torch.pi"}


def _axes(write: Expressions, node: Call) -> Code | None:
    """The axes of a reduction; None for all of them."""
    axis = node.option("axis")
    if axis is None and node.option("keepdims", False):
        axis = tuple(range(-write.scope.type(node.args[0]).rank, 0))
    return None if axis is None else literal(axis)


def _reduction(word: str) -> Spelling:
    def write_(write: Expressions, node: Call) -> Code:
        (x,) = write.arguments(node)
        keep = literal(True) if node.option("keepdims", False) else None
        text = f"torch.{word}(x, dim=axis, keepdim=keep)"
        return fill(text, x=x, axis=_axes(write, node), keep=keep)

    return write_


def _logsumexp(write: Expressions, node: Call) -> Code:
    (x,) = write.arguments(node)
    rank = write.scope.type(node.args[0]).rank
    everything = literal(tuple(range(-rank, 0)) if rank > 1 else -1)
    keep = literal(True) if node.option("keepdims", False) else None
    axis = _axes(write, node) or everything
    return fill("torch.logsumexp(x, dim=axis, keepdim=keep)", x=x, axis=axis, keep=keep)


def _prod(write: Expressions, node: Call) -> Code:
    (x,) = write.arguments(node)
    axis, rank = node.option("axis"), write.scope.type(node.args[0]).rank
    if axis is None and not node.option("keepdims", False):
        return fill("torch.prod(x)", x=x)
    axes = range(rank) if axis is None else (axis,) if isinstance(axis, int) else axis
    keep = literal(True) if node.option("keepdims", False) else None
    for a in sorted(a % rank - rank for a in axes):  # from the left: the others stay
        x = fill("torch.prod(x, dim=a, keepdim=keep)", x=x, a=literal(a), keep=keep)
    return x


def _along(text: str) -> Spelling:
    def write_(write: Expressions, node: Call) -> Code:
        (x,) = write.arguments(node)
        return fill(text, x=x, axis=literal(node.option("axis", -1)))

    return write_


def _joined(word: str) -> Spelling:
    def write_(write: Expressions, node: Call) -> Code:
        axis = node.option("axis", 0)
        return fill(
            f"torch.{word}(xs, dim=axis)",
            xs=array_of(write.arguments(node)),
            axis=literal(axis) if axis else None,
        )

    return write_


def _extreme(word: str, end: str) -> Spelling:
    """The smaller or larger of two: a clamp where one of them is a plain number."""

    def write_(write: Expressions, node: Call) -> Code:
        x, y = node.args
        kinds = [write.scope.type(arg).kind for arg in node.args]
        if isinstance(x, Number):
            x, y = y, x
        if isinstance(y, Number) and write.is_array(x) and kinds == ["float"] * 2:
            return fill(f"torch.clamp(x, {end}=y)", x=write(x), y=write(y))
        first, second = write.arguments(node)
        return fill(f"torch.{word}(x, y)", x=first, y=second)

    return write_


def _clip(write: Expressions, node: Call) -> Code:
    x, low, high = node.args
    given = write.arguments(node)
    if isinstance(low, Number) and isinstance(high, Number):
        given = [
            write.as_array(x, write.scope.type(node).kind),
            write(low),
            write(high),
        ]
    return call("torch.clamp", given)


def _where(write: Expressions, node: Call) -> Code:
    """The numbers stay numbers; the condition and one branch at most are tensors."""
    condition = write.as_array(node.args[0], "bool")
    x, y = (write.as_kind(a, write.scope.type(node).kind) for a in node.args[1:])
    return call("torch.where", [condition, x, y])


def _full(write: Expressions, node: Call) -> Code:
    shape = write.sizes.shape(node, write.scope.type(node).shape)
    (value,) = node.args
    if not isinstance(value, Number):
        x = write.as_array(value, write.scope.type(node).kind)
        return fill("torch.broadcast_to(x, shape)", x=x, shape=shape)
    if isinstance(value.value, float) and value.value in (0.0, 1.0):
        word = "torch.ones" if value.value else "torch.zeros"
        assert isinstance(shape, ast.Tuple)
        return call(word, shape.elts)
    return fill("torch.full(shape, x)", shape=shape, x=write(value))


def _transpose(write: Expressions, node: Call) -> Code:
    axes, rank = node.option("axes"), write.scope.type(node).rank
    code = write.array(node.args[0])
    if axes is None and rank == 2:
        return fill("x.T", x=code)
    order = tuple(reversed(range(rank))) if axes is None else axes
    return fill("torch.permute(x, axes)", x=code, axes=literal(tuple(order)))


def _diag(write: Expressions, node: Call) -> Code:
    word = "diag" if write.scope.type(node).rank == 2 else "diag_embed"
    return fill(f"torch.{word}(x)", x=write.array(node.args[0]))


def _diagonal(write: Expressions, node: Call) -> Code:
    flat = write.scope.type(node).rank == 1
    text = "torch.diagonal(x)" if flat else "torch.diagonal(x, dim1=-2, dim2=-1)"
    return fill(text, x=write(node.args[0]))


def _einsum(write: Expressions, node: Call) -> Code:
    subscripts = literal(node.option("subscripts"))
    return call("torch.einsum", [subscripts, *write.arguments(node)])


def _solve(write: Expressions, node: Call) -> Code:
    a, b = write.arguments(node)
    ranks = [write.scope.type(arg).rank for arg in node.args]
    if ranks[1] < ranks[0] > 2:
        return fill("torch.linalg.solve(a, b[..., None])[..., 0]", a=a, b=b)
    return fill("torch.linalg.solve(a, b)", a=a, b=b)


def _solve_triangular(write: Expressions, node: Call) -> Code:
    lower, transposed = node.option("lower", True), node.option("transpose_a", False)
    a, b = write.arguments(node)
    ranks = [write.scope.type(arg).rank for arg in node.args]
    a = fill("a.mT", a=a) if transposed else a
    upper = literal(lower == transposed)
    text = "torch.linalg.solve_triangular(a, b, upper=upper)"
    if ranks[1] < ranks[0]:
        text = f"{text.replace('b,', 'b[..., None],')}[..., 0]"
    return fill(text, a=a, b=b, upper=upper)


_SAME = (
    *("exp", "expm1", "log", "log1p", "sqrt", "square", "sin", "cos", "tanh", "atan"),
    *("floor", "round", "abs", "sign", "logit", "erf", "erfc", "lgamma", "digamma"),
    *("tril",),
)

FUNCTIONS: dict[str, Spelling] = {
    **{name: f"torch.{name}(x)" for name in _SAME},
    **{name: _reduction(name) for name in ("sum", "mean", "any", "all")},
    **{name: _along(f"torch.{name}(x, dim=axis)") for name in ("cumsum", "cumprod")},
    **{
        name: _along(f"torch.{name}(x, dim=axis)")
        for name in ("softmax", "log_softmax")
    },
    "min": _reduction("amin"),
    "max": _reduction("amax"),
    "prod": _prod,
    "logsumexp": _logsumexp,
    "sort": _along("torch.sort(x, dim=axis).values"),
    "minimum": _extreme("minimum", "max"),
    "maximum": _extreme("maximum", "min"),
    "clip": _clip,
    "where": _where,
    "remainder": "torch.remainder(x, y)",
    "logaddexp": "torch.logaddexp(x, y)",
    "expit": "torch.sigmoid(x)",
    # Torch's own threshold of 20 loses 2e-9.
    "softplus": "F.softplus(x, threshold=40.0)",
    "log_sigmoid": "F.logsigmoid(x)",
    "normal_cdf": "torch.special.ndtr(x)",
    "i0e": "torch.special.i0e(x)",
    "reshape": "torch.reshape(x, shape)",
    "transpose": _transpose,
    "squeeze": "torch.squeeze(x, axis)",
    "broadcast_to": "torch.broadcast_to(x, shape)",
    "stack": _joined("stack"),
    "concatenate": _joined("cat"),
    "full": _full,
    "eye": "torch.eye(size)",
    "arange": "torch.arange(start, stop)",
    "one_hot": "F.one_hot(x, size).double()",
    "diag": _diag,
    "diagonal": _diagonal,
    "einsum": _einsum,
    "cholesky": "torch.linalg.cholesky(x)",
    "inv": "torch.linalg.inv(x)",
    "solve": _solve,
    "solve_triangular": _solve_triangular,
}

#: How transforms are written.
TRANSFORMS = {
    "AffineTransform": "dist.transforms.AffineTransform(loc, scale)",
    "ExpTransform": "dist.transforms.ExpTransform()",
    "PowerTransform": "dist.transforms.PowerTransform(exponent)",
    "SigmoidTransform": "dist.transforms.SigmoidTransform()",
    "SoftplusTransform": "dist.transforms.SoftplusTransform()",
    "TanhTransform": "dist.transforms.TanhTransform()",
}

#: The parameters that people give by position, where they are not the catalogue's.
POSITIONAL = {
    "FoldedDistribution": ("base_dist",),
    "GaussianStateSpace": ("num_steps", "transition_matrix"),
    "LKJ": ("dim", "concentration"),
    "LKJCholesky": ("dim", "concentration"),
    "MixtureGeneral": ("mixture_distribution", "components"),
    "MixtureSameFamily": ("mixture_distribution", "component_distribution"),
    "TransformedDistribution": ("base_distribution", "transforms"),
    "ZeroInflatedDistribution": ("base_dist",),
    "ZeroInflatedPoisson": ("rate",),
    **{
        f"Truncated{base}": ("loc", "scale")
        for base in ("Normal", "Cauchy", "Laplace", "Logistic")
    },
}
