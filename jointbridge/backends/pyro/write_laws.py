"""Classes that stand in a written module, of distributions that Pyro lacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyro.distributions as dist
import torch

from jointbridge.backends.pyro.laws import CLASSES as OURS
from jointbridge.backends.pyro.laws import Tensor, pick, take
from jointbridge.backends.pyro.table import CONSTRAINTS, DIMENSIONS
from jointbridge.backends.writing.law_classes import Classes
from jointbridge.backends.writing.law_parameters import Arrays
from jointbridge.backends.writing.laws import Words
from jointbridge.backends.writing.python import Code, call, dotted, fill, literal

_SAME = (
    *("abs", "asinh", "exp", "expm1", "floor", "lgamma", "log", "log1p", "ones_like"),
    *("sinh", "sqrt", "zeros_like"),
)
_OF_TWO = ("logaddexp", "maximum", "minimum")

#: Above 0, where logarithms are taken of it.
_UNIFORM = "torch.rand(shape).clamp(min=1e-30)"


def accepted(propose: Callable[[], tuple[Tensor, Tensor]]) -> Tensor:
    """Of proposals, each with whether it is taken, the first that is."""
    found, good = propose()
    while not good.all():
        made, fine = propose()
        found, good = torch.where(good, found, made), good | fine
    return found


def log_gamma(concentration: Tensor, shape: torch.Size) -> Tensor:
    """The logarithm of a standard gamma: one of concentration + 1, made smaller."""
    more = dist.Gamma(concentration + 1, torch.ones(shape)).rsample()
    return torch.log(more) + torch.log(torch.rand(shape)) / concentration


WORDS = Words(
    functions={
        **{name: f"torch.{name}(a)" for name in _SAME},
        **{name: f"torch.{name}(a, b)" for name in _OF_TWO},
        "arange": "torch.arange(a, b, dtype=c.dtype)",
        "argsort": "torch.argsort(a, dim=-1)",
        "count": "torch.sum(a, dim=-1)",
        "cumsum": "torch.cumsum(a, dim=-1)",
        "expit": "torch.sigmoid(a)",
        "i0e": "torch.special.i0e(a)",
        "log_ndtr": "torch.special.log_ndtr(a)",
        "logsumexp": "torch.logsumexp(a, dim=-1)",
        "pick": "pick(a, b)",
        "reverse": "torch.flip(a, (-1,))",
        "softplus": "F.softplus(a)",
        "sum": "torch.sum(a, dim=-1)",
        "take": "take(a, b)",
        "where": "torch.where(a, b, c)",
    },
    draws={
        "accepted": "accepted(a)",
        "exponential": f"-torch.log({_UNIFORM})",
        "log_gamma": "log_gamma(a, shape)",
        "normal": "torch.randn(shape)",
        "poisson": "torch.poisson((a).expand(shape))",
        "uniform": _UNIFORM,
    },
    helpers={f.__name__: f for f in (accepted, log_gamma, pick, take)},
    inf="torch.inf",
)

_TEMPLATE = '''
class TITLE(dist.TorchDistribution):
    """MEANING"""

    CONSTRAINTS
    HAS_DRAWS

    def __init__(self, PARAMETERS, validate_args=None):
        ARRAYS
        super().__init__(BATCH, EVENT, validate_args=validate_args)

    def log_prob(self, value):
        DENSITY

    def rsample(self, sample_shape=()):
        shape = self.shape(sample_shape)
        DRAW
'''


#: A set of numbers has no constraint of its own, and ranks begin with 1.
_PLAIN = {"atoms": "real", "integer_greater_than_eq": "positive_integer"}


def _constraint(title: str, bounds: Sequence[Code], size: Code | None) -> Code:
    if title == "permutation":
        each = fill("constraints.integer_interval(0, size - 1)", size=size)
        return call("constraints.independent", [each, literal(1)])
    if title in _PLAIN:
        return dotted(f"constraints.{_PLAIN[title]}")
    found = dotted(f"constraints.{CONSTRAINTS.get(title, title)}")
    return call(found, bounds) if bounds else found


#: The families that Pyro has under no name of its own.
LACKING = frozenset(name for name in OURS if not hasattr(dist, name))

#: What its own class has no density of.
_WIDER = {"ProjectedNormal"}


def is_wider(constructor: str, event: tuple[int, ...]) -> bool:
    """Whether a vector is longer, or shorter, than Pyro's own class takes."""
    return constructor in _WIDER and event[0] not in DIMENSIONS


CLASSES = Classes(
    words=WORDS,
    template=_TEMPLATE.replace("HAS_DRAWS", "has_rsample = True"),
    detached=_TEMPLATE.replace("    HAS_DRAWS\n", "").replace(
        "def rsample", "@torch.no_grad()\n    def sample"
    ),
    arrays=Arrays("torch.as_tensor(a)", "broadcast_all", "torch.broadcast_shapes"),
    constraint=_constraint,
    families=LACKING | _WIDER,
)
