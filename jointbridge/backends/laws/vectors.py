"""Laws of vectors; sums and the like run along the last axis."""

from __future__ import annotations

import math
from typing import Any

from jointbridge.backends.laws.law import Law


def _log_weights(m: Any, probs: Any, logits: Any) -> Any:
    return m.log(probs) if logits is None else logits


def _relaxed_one_hot(
    m: Any, x: Any, temperature: Any, probs: Any = None, logits: Any = None
) -> Any:
    size, weights = x.shape[-1], _log_weights(m, probs, logits)
    at_edge = x == 0
    log_x = m.log(m.where(at_edge, m.ones_like(x), x))
    front = m.lgamma(size * m.ones_like(temperature)) + (size - 1) * m.log(temperature)
    each = m.sum(weights - (temperature[..., None] + 1) * log_x)
    found = front + each
    found = found - size * m.logsumexp(weights - temperature[..., None] * log_x)
    # Where `zeros` entries fall to 0 together, the density goes with this power of
    # them.
    zeros = m.sum(m.where(at_edge, m.ones_like(x), m.zeros_like(x)))
    power = (size - zeros) * temperature - zeros
    limit = m.where(power > 0, -math.inf, m.where(power < 0, math.inf, math.nan))
    return m.where(zeros > 0, limit, found)


def _draw_relaxed_one_hot(
    m: Any, r: Any, temperature: Any, probs: Any = None, logits: Any = None
) -> Any:
    weights = _log_weights(m, probs, logits)
    z = (weights - m.log(r.exponential())) / temperature[..., None]
    return m.exp(z - m.logsumexp(z)[..., None])


def _plackett_luce(m: Any, x: Any, scores: Any) -> Any:
    ranked = m.take(scores, x)
    left = m.reverse(m.cumsum(m.reverse(ranked)))
    return m.sum(m.log(ranked) - m.log(left))


def _draw_plackett_luce(m: Any, r: Any, scores: Any) -> Any:
    return m.argsort(r.exponential() / scores)


LAWS = {
    "PlackettLuce": Law(_plackett_luce, _draw_plackett_luce),
    "RelaxedOneHotCategorical": Law(_relaxed_one_hot, _draw_relaxed_one_hot),
}
