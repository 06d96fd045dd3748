"""The bijectors that lead to a support, as supports.

tfb.Chain([tfb.Shift(low), tfb.Exp()])     greater_than(low)
"""

from __future__ import annotations

from typing import Any

from jointbridge.backends.matching import Match
from jointbridge.backends.reading import ReadError
from jointbridge.expression import Distribution, Number, Support
from jointbridge.support import SUPPORTS
from jointbridge.syntax import parse_template

#: What a bijector reaches from all real numbers; names are those of the support's bounds.
#: The parts of a `Chain` stand in their order.
BIJECTORS = {
    "Identity()": "real",
    "Shift(shift=shift)": "real",
    "Scale(scale=scale)": "real",
    "Chain(first=Shift(shift=shift), second=Scale(scale=scale))": "real",
    "Exp()": "positive",
    "Softplus(hinge_softness=softness)": "positive",
    "Sigmoid()": "unit_interval",
    "Sigmoid(low=low, high=high)": "interval",
    "SoftClip(low=low, high=high, hinge_softness=softness)": "interval",
    "Chain(first=Shift(shift=low), second=Exp())": "greater_than",
    "Chain(first=Shift(shift=low), second=Softplus(hinge_softness=softness))": (
        "greater_than"
    ),
    "Chain(first=Shift(shift=high), second=Scale(scale=-1.0), third=Exp())": (
        "less_than"
    ),
    "IteratedSigmoidCentered()": "simplex",
    "SoftmaxCentered()": "simplex",
    "Ascending()": "ordered",
    "Chain(first=Exp(), second=Ascending())": "positive_ordered",
    "Chain(first=Softplus(hinge_softness=softness), second=Ascending())": (
        "positive_ordered"
    ),
    "CorrelationCholesky()": "corr_cholesky",
    "CorrCholesky()": "corr_cholesky",
}


def support_of(bijector: Distribution, sizes: tuple[int, ...]) -> Support:
    """The set that a bijector leads to.

    Args:
        bijector: The bijector in TFP's words.
        sizes: The event axes of a value, where the set is one of vectors or matrices.

    Raises:
        ReadError: It leads to no support of the catalogue.
    """
    for text, name in BIJECTORS.items():
        found = Match(lambda _: {})
        if not found.matches(parse_template(text), bijector):
            continue
        bounds = SUPPORTS[name].bounds
        if found.bound.keys() >= set(bounds):
            return _named(name, tuple((b, found.bound[b]) for b in bounds), sizes)
    message = f"the bijector {_said(bijector)} leads to no support of the catalogue"
    hint = f"known: {', '.join(sorted({parse_template(t).family for t in BIJECTORS}))}"
    raise ReadError(message, code="unreadable", hint=hint)


#: Sets that have a name of their own.
_NAMED = {
    ("greater_than", (0.0,)): "positive",
    ("interval", (0.0, 1.0)): "unit_interval",
}


def _named(
    name: str, bounds: tuple[tuple[str, Any], ...], sizes: tuple[int, ...]
) -> Support:
    numbers = tuple(v.value for _, v in bounds if isinstance(v, Number))
    if known := _NAMED.get((name, numbers)):
        return Support(known)
    return Support(name, bounds, sizes)


def _said(bijector: Distribution) -> str:
    inner = [_said(v) for _, v in bijector.params if isinstance(v, Distribution)]
    return f"{bijector.family}({', '.join(inner)})"
