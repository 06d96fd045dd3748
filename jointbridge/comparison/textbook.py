"""The densities that the catalogue writes down, computed with NumPy.

No library is asked: what a changed model would say is found here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from jointbridge.backends.base import Backend, Region
from jointbridge.backends.lower import Table
from jointbridge.backends.program import Program
from jointbridge.evaluate import Evaluator
from jointbridge.expression import Distribution
from jointbridge.families import FAMILIES, TRANSFORMS
from jointbridge.numpy_arrays import NumpyArrays
from jointbridge.shapes import Scope
from jointbridge.spec import Data, Sample, Spec, Type
from jointbridge.syntax import parse_row


@dataclass(frozen=True)
class Written:
    """A distribution of one family whose density is the one of its row.

    Attributes:
        family: The family's name.
        given: Its parameters: arrays, their own axes last, or distributions.
    """

    family: str
    given: Mapping[str, Any]

    def log_prob(self, value: np.ndarray) -> np.ndarray:
        """The log density, one number for each batch element."""
        special = _SPECIAL.get(self.family)
        if special:
            return special(self, value)
        return self._evaluate(FAMILIES[self.family].log_density, value)

    def cdf(self, value: np.ndarray) -> np.ndarray:
        """The distribution function."""
        text = FAMILIES[self.family].cdf
        if not text:
            raise NotImplementedError(self.family)
        return self._evaluate(text, value)

    def _evaluate(self, text: str, value: np.ndarray) -> np.ndarray:
        row = FAMILIES[self.family]
        axes = {n: row.parameters[n].axes for n in self.given} | {"value": row.axes}
        arrays = {**self.given, "value": value}
        sizes = self._sizes(axes, arrays)
        numbers = {n: np.asarray(x) for n, x in arrays.items()}
        batch = np.broadcast_shapes(
            *(x.shape[: max(0, x.ndim - len(axes[n]))] for n, x in numbers.items())
        )
        own = {n: tuple(sizes[a] for a in axes[n]) for n in numbers}
        if row.parameters.get("dimension"):
            own["dimension"] = ()
        # All that is not a family's own axes is handed over as draws.
        env = {n: np.broadcast_to(x, (*batch, *own[n])) for n, x in numbers.items()}
        types = {n: Type(own[n], _kind(x)) for n, x in env.items()}
        node = parse_row(text, tuple(sorted(sizes.items())))
        found = Evaluator(NumpyArrays(), Scope(types), env)(node)
        return np.broadcast_to(found, batch)

    def _sizes(
        self, axes: Mapping[str, tuple[str, ...]], arrays: Mapping[str, Any]
    ) -> dict[str, int]:
        sizes: dict[str, int] = {}
        for name, names in axes.items():
            if FAMILIES[self.family].parameters.get(name) and (
                FAMILIES[self.family].parameters[name].special == "size"
            ):
                sizes[names[0]] = int(arrays[name])
            elif names and np.ndim(arrays[name]) >= len(names):
                shape = np.shape(arrays[name])[-len(names) :]
                sizes |= dict(zip(names, shape, strict=True))
        return sizes


def _kind(x: np.ndarray) -> str:
    return {"f": "float", "i": "int", "u": "int", "b": "bool"}[x.dtype.kind]


def _mixture(dist: Written, value: np.ndarray) -> np.ndarray:
    components: Written = dist.given["components"]
    event = len(FAMILIES[components.family].axes)
    spread = np.expand_dims(value, -1 - event)
    each = components.log_prob(spread)
    weights = dist.given.get("probs")
    if weights is not None:
        logs = np.log(weights)
    else:
        logits = dist.given["logits"]
        logs = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    found: np.ndarray = np.logaddexp.reduce(logs + each, axis=-1)
    return found


def _mixture_general(dist: Written, value: np.ndarray) -> np.ndarray:
    each = [c.log_prob(value) for c in dist.given["components"]]
    weights = dist.given.get("probs")
    logits = np.log(weights) if weights is not None else dist.given["logits"]
    logs = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    terms = logs + np.stack(np.broadcast_arrays(*each), axis=-1)
    return np.asarray(np.logaddexp.reduce(terms, axis=-1))


def _transformed(dist: Written, value: np.ndarray) -> np.ndarray:
    transform, params = dist.given["transform"]
    row = TRANSFORMS[transform.name]
    env = {n: np.asarray(x) for n, x in params.items()}
    env["value"] = np.asarray(value)

    def evaluated(text: str) -> np.ndarray:
        scope = Scope({n: Type() for n in env})
        return np.asarray(Evaluator(NumpyArrays(), scope, env)(parse_row(text)))

    env["x"] = evaluated(row.inverse)
    density = dist.given["base"].log_prob(env["x"])
    stretch = np.broadcast_to(evaluated(row.log_det), env["x"].shape)
    event = tuple(range(np.ndim(density), stretch.ndim))
    return np.asarray(density - np.sum(stretch, axis=event))


def _truncated(dist: Written, value: np.ndarray) -> np.ndarray:
    base: Written = dist.given["base"]
    high, low = dist.given.get("high"), dist.given.get("low")
    above = 1.0 if high is None else base.cdf(high)
    below = 0.0 if low is None else base.cdf(low)
    found: np.ndarray = base.log_prob(value) - np.log(above - below)
    return found


def _zero_inflated(dist: Written, value: np.ndarray) -> np.ndarray:
    gate = dist.given.get("gate")
    if gate is None:
        gate = 1 / (1 + np.exp(-dist.given["gate_logits"]))
    counted = dist.given["base"].log_prob(value)
    zero = np.log(gate + (1 - gate) * np.exp(counted))
    return np.asarray(np.where(value == 0, zero, np.log1p(-gate) + counted))


def _folded(dist: Written, value: np.ndarray) -> np.ndarray:
    base: Written = dist.given["base"]
    found: np.ndarray = np.logaddexp(base.log_prob(value), base.log_prob(-value))
    return found


def _left_censored(dist: Written, value: np.ndarray) -> np.ndarray:
    base: Written = dist.given["base"]
    below = np.log(base.cdf(value))
    return np.where(dist.given["censored"] == 1, below, base.log_prob(value))


def _right_censored(dist: Written, value: np.ndarray) -> np.ndarray:
    base: Written = dist.given["base"]
    above = np.log1p(-base.cdf(value))
    return np.where(dist.given["censored"] == 1, above, base.log_prob(value))


def _hurdle(dist: Written, value: np.ndarray) -> np.ndarray:
    base: Written = dist.given["base"]
    gate = dist.given.get("gate")
    if gate is None:
        gate = 1 / (1 + np.exp(-dist.given["gate_logits"]))
    safe = np.where(value == 0, np.ones_like(value), value)
    rest = np.log1p(-gate) + base.log_prob(safe)
    if FAMILIES[base.family].discrete:
        rest = rest - np.log1p(-np.exp(base.log_prob(np.zeros_like(value))))
    return np.asarray(np.where(value == 0, np.log(gate), rest))


def _gaussian_copula(dist: Written, value: np.ndarray) -> np.ndarray:
    base: Written = dist.given["marginal_dist"]
    scores = _normal_quantile(base.cdf(value))
    factor = dist.given.get("correlation_cholesky")
    if factor is None:
        factor = np.linalg.cholesky(dist.given["correlation_matrix"])
    z = np.linalg.solve(factor, scores[..., None])[..., 0]
    diagonal = np.diagonal(factor, axis1=-2, axis2=-1)
    each = base.log_prob(value) + 0.5 * (scores**2 - z**2) - np.log(diagonal)
    return np.asarray(np.sum(each, axis=-1))


def _quantile(p: float) -> float:
    return NormalDist().inv_cdf(p) if 0 < p < 1 else math.copysign(math.inf, p - 0.5)


_normal_quantile = np.vectorize(_quantile, otypes=[float])


_SPECIAL: dict[str, Callable[[Written, np.ndarray], np.ndarray]] = {
    "Mixture": _mixture,
    "MixtureGeneral": _mixture_general,
    "Transformed": _transformed,
    "Truncated": _truncated,
    "ZeroInflated": _zero_inflated,
    "Folded": _folded,
    "LeftCensored": _left_censored,
    "RightCensored": _right_censored,
    "Hurdle": _hurdle,
    "GaussianCopula": _gaussian_copula,
    "ImproperUniform": lambda dist, value: np.zeros(
        value.shape[: value.ndim - len(dist.given["support"].support.sizes)]
    ),
}


class Textbook(Backend):
    """A backend that only scores."""

    name = "textbook"
    title = "The catalogue"
    packages = ("numpy",)
    table = Table()

    def arrays(self, dtype: str) -> NumpyArrays:
        """NumPy, always in float64."""
        del dtype
        return NumpyArrays()

    def constructor(self, name: str) -> Callable[..., Written]:
        """The family's written density."""
        return lambda **given: Written(name, given)

    def value_and_grad(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """There are no gradients."""
        del function
        raise self.unsupported("differentiate")

    def keys(self, seed: int) -> AbstractContextManager[Iterator[Any]]:
        """There are no draws."""
        del seed
        raise self.unsupported("draw")

    def draw(self, dist: Any, batch: tuple[int, ...], key: Any) -> Any:
        """There are no draws."""
        del dist, batch, key
        raise self.unsupported("draw")

    def bijector(self, region: Region) -> Any:
        """There are no unconstrained coordinates."""
        del region
        raise self.unsupported("unconstrain")

    def native(self, program: Program, **options: Any) -> Any:
        """There is no joint object."""
        del program, options
        raise self.unsupported("build joints")


TEXTBOOK = Textbook()


def program_of(spec: Spec) -> Program:
    """A joint on the catalogue's own densities."""
    return Program(spec, TEXTBOOK)


def density(
    dist: Distribution,
    arrays: Mapping[str, np.ndarray],
    value: np.ndarray,
    batch: tuple[int, ...],
) -> np.ndarray:
    """The log density of each independent copy of a site.

    Args:
        dist: A distribution over the names in `arrays`.
        arrays: The parameters.
        value: The site's value.
        batch: The shape of the copies.

    Raises:
        JointBridgeError: A parameter does not fit, or a number is outside its domain.
        NotImplementedError: The density cannot be computed here.
    """
    sample = Sample("value", dist, shape=batch)
    data = tuple(Data.of(n, x) for n, x in arrays.items())
    program = program_of(Spec((sample,), data=data))
    evaluate = program.evaluator({**program.data})
    with np.errstate(all="ignore"):
        value = np.asarray(value, float if value.dtype.kind == "f" else value.dtype)
        found = program.log_prob(dist, value, evaluate, len(batch))
    return np.broadcast_to(found, batch)
