"""The log density of each copy of a site, and their sum."""

from __future__ import annotations

from typing import Any

import numpy as np

from jointbridge.backends.blackbox import Term
from jointbridge.comparison.textbook import density
from jointbridge.expression import (
    Distribution,
    Expression,
    Name,
    is_many,
    rebuild,
    substitute,
)
from jointbridge.families import FAMILIES as CATALOGUE
from jointbridge.syntax import parse


def settled(dist: Distribution, arrays: dict[str, np.ndarray]) -> Distribution:
    """The distribution with its defaults written and one choice of parameters.

    Logits become probabilities, covariance and precision a Cholesky factor.
    """
    given = {n: settled_node(x, arrays) for n, x in dist.params}
    for name, parameter in CATALOGUE[dist.family].parameters.items():
        if parameter.default is not None and name not in given and not parameter.choice:
            given[name] = parameter.default
    for (name, onto), text in _CHOICES.items():
        row = CATALOGUE[dist.family].parameters
        if name in given and onto in row and onto not in given:
            vector = bool(row[name].axes) and len(row[name].axes) == 1
            text = "softmax(x)" if vector else text
            given[onto] = substitute(filled_in(text, given[name], arrays), {})
            del given[name]
    order = [n for n in CATALOGUE[dist.family].parameters if n in given]
    return Distribution(dist.family, tuple((n, given[n]) for n in order))


_CHOICES = {
    ("logits", "probs"): "expit(x)",
    ("gate_logits", "gate"): "expit(x)",
    ("covariance_matrix", "scale_tril"): "cholesky(x)",
    ("precision_matrix", "scale_tril"): (
        "cholesky(solve_triangular(cholesky(x), solve_triangular(cholesky(x), eye(K)),"
        " transpose_a=True))"
    ),
}


def settled_node(node: Any, arrays: dict[str, np.ndarray]) -> Any:
    """`settled` for distributions inside of distributions."""
    if is_many(node):
        return rebuild(node, lambda x: settled_node(x, arrays))
    return settled(node, arrays) if isinstance(node, Distribution) else node


def filled_in(text: str, node: Expression, arrays: dict[str, np.ndarray]) -> Expression:
    """The text with `x` and `K` filled in."""
    size = 1
    if isinstance(node, Name) and node.name in arrays and arrays[node.name].ndim:
        size = int(arrays[node.name].shape[-1])
    return substitute(parse(text, {"K": size}), {"x": node})  # type: ignore[no-any-return]


def summed(term: Term, copies: np.ndarray) -> float:
    """The sum over copies, masked and scaled as the site is."""
    copies = np.broadcast_to(copies, term.batch)
    if term.mask is not None:
        copies = np.where(term.mask, copies, 0.0)
    if term.scale is not None:
        copies = copies * term.scale
    return float(np.sum(copies))


def copies_of(
    term: Term, dist: Distribution | None = None, value: Any = None
) -> np.ndarray:
    """The log density of each copy of a site."""
    dist = term.dist if dist is None else dist
    if dist is None or term.value is None:
        raise KeyError(term.name)
    value = term.value if value is None else value
    return density(dist, term.arrays, value, term.batch)
