"""The transforms: one row for each map that `Transformed` may send draws through.

All of them increase, value by value, so that the image of a support lies between the
images of its ends.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from jointbridge.families.row import Parameter, parameters


@dataclass(frozen=True)
class TransformRow:
    """One row: a map, its inverse and its Jacobian in the expression language.

    Attributes:
        name: NumPyro's name for it.
        signature: Its parameters, as signature text.
        forward: The value, over `x` and the parameters.
        inverse: What came in, over `value` and the parameters.
        log_det: The log of the derivative, over `x` and the parameters.
        limits: Where it sends -inf and inf.
        low: It takes no values below.
    """

    name: str
    signature: str
    forward: str
    inverse: str
    log_det: str
    limits: tuple[float, float] = (-math.inf, math.inf)
    low: float = -math.inf

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The parameters by name, in order."""
        return parameters(self.signature)


_ROWS = [
    TransformRow(
        "AffineTransform",
        "loc: real, scale: positive",
        "loc + scale * x",
        "(value - loc) / scale",
        "log(scale)",
    ),
    TransformRow(
        "ExpTransform", "", "exp(x)", "log(value)", "x", limits=(0.0, math.inf)
    ),
    TransformRow(
        "SigmoidTransform",
        "",
        "expit(x)",
        "logit(value)",
        "-softplus(x) - softplus(-x)",
        limits=(0.0, 1.0),
    ),
    TransformRow(
        "PowerTransform",
        "exponent: positive",
        "x ** exponent",
        "value ** (1 / exponent)",
        "log(exponent) + (exponent - 1) * log(x)",
        low=0.0,
    ),
    TransformRow(
        "SoftplusTransform",
        "",
        "softplus(x)",
        "value + log(-expm1(-value))",
        "-softplus(-x)",
        limits=(0.0, math.inf),
    ),
    TransformRow(
        "TanhTransform",
        "",
        "tanh(x)",
        "0.5 * (log1p(value) - log1p(-value))",
        "2 * (log(2.0) - x - softplus(-2 * x))",
        limits=(-1.0, 1.0),
    ),
]

TRANSFORMS = {row.name: row for row in _ROWS}
