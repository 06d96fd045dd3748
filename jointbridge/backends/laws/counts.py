"""Laws of counts, grades and outcomes."""

from __future__ import annotations

import math
from typing import Any

from jointbridge.backends.laws.functions import (
    HALF_LOG_2_PI,
    LOG_2,
    deviance,
    lgamma_rest,
    lgamma_step,
    log1mexp,
    log_normal_cdf,
)
from jointbridge.backends.laws.law import Law


def _probit_bernoulli(m: Any, x: Any, probits: Any) -> Any:
    return log_normal_cdf(m, m.where(x == 1, probits, -probits))


def _draw_probit_bernoulli(m: Any, r: Any, probits: Any) -> Any:
    z = r.normal()
    return m.where(z < probits, m.ones_like(z), m.zeros_like(z))


def _ordered_probit(m: Any, x: Any, predictor: Any, cutpoints: Any) -> Any:
    grades = cutpoints.shape[-1]
    low = m.pick(cutpoints, x - 1) - predictor
    high = m.pick(cutpoints, x) - predictor
    # Both ends in the lower tail, where differences keep their digits.
    above = low > 0
    near = log_normal_cdf(m, m.where(above, -low, high))
    far = log_normal_cdf(m, m.where(above, -high, low))
    # The outermost grades have one end.
    first, last = x == 0, x == grades
    two = ~(first | last)
    gap = m.where(two, far - near, -m.ones_like(near))
    between = near + log1mexp(m, gap)
    end = log_normal_cdf(m, m.where(first, high, -low))
    return m.where(two, between, end)


def _draw_ordered_probit(m: Any, r: Any, predictor: Any, cutpoints: Any) -> Any:
    z = predictor + r.normal()
    return m.count(cutpoints < z[..., None])


def _beta_negative_binomial(
    m: Any, x: Any, concentration1: Any, concentration0: Any, n: Any
) -> Any:
    a, b = concentration1, concentration0
    none = x == 0
    some = _some_of_beta(m, m.where(none, m.ones_like(x), x), a, b, n)
    return m.where(none, _none_of_beta(m, a, b, n), some)


def _none_of_beta(m: Any, a: Any, b: Any, n: Any) -> Any:
    """Log of B(a, b + n) / B(a, b), in steps of the smaller one of a and n."""
    less, more = m.minimum(a, n), m.maximum(a, n)
    return lgamma_step(m, b, less) - lgamma_step(m, b + more, less)


def _some_of_beta(m: Any, x: Any, a: Any, b: Any, n: Any) -> Any:
    """Loader's deviances: x and a, n and b, each next to its share of the total.

    Nothing cancels but what is left of Stirling's formula, all of them small.
    """
    up, down, seen, known = a + x, b + n, n + x, a + b
    total = up + down
    # Of x; that of b is the same, those of n and a are its negative.
    off = (x * b - n * a) / total
    deviances = deviance(m, x, seen * (up / total), off)
    deviances = deviances + deviance(m, n, seen * (down / total), -off)
    deviances = deviances + deviance(m, a, known * (up / total), -off)
    deviances = deviances + deviance(m, b, known * (down / total), off)
    rests = lgamma_rest(m, seen) + lgamma_rest(m, up) + lgamma_rest(m, down)
    rests = rests + lgamma_rest(m, known) - lgamma_rest(m, total) - lgamma_rest(m, n)
    rests = rests - lgamma_rest(m, x) - lgamma_rest(m, a) - lgamma_rest(m, b)
    roots = m.log(n) - m.log(seen) - m.log(x) - m.log(up) - m.log(down)
    roots = roots + m.log(total) - m.log(known) + m.log(a) + m.log(b)
    return 0.5 * roots + rests - deviances - HALF_LOG_2_PI


def _draw_beta_negative_binomial(
    m: Any, r: Any, concentration1: Any, concentration0: Any, n: Any
) -> Any:
    odds = r.log_gamma(concentration1) - r.log_gamma(concentration0)
    return r.poisson(m.exp(r.log_gamma(n) + odds))


#: B_2k / (2k)! for k = 1, 2, …
_EULER_MACLAURIN = [
    *(1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160),
    *(-691 / 1307674368000, 1 / 74724249600, -3617 / 10670622842880000),
]
_TERMS = 10


def log_zeta(m: Any, power: Any) -> Any:
    """Log of Riemann's zeta function above 1, by the sum of Euler and Maclaurin.

    Libraries have it, but without a derivative.
    """
    # zeta - 1 in parts, so that log1p keeps the digits for large powers.
    total = 0 * power
    for n in range(2, _TERMS):
        total = total + m.exp(-power * math.log(n))
    last = m.exp(-power * math.log(_TERMS))
    total = total + last * (_TERMS / (power - 1) + 0.5)
    rising = power * last / _TERMS
    for k, weight in enumerate(_EULER_MACLAURIN):
        total = total + weight * rising
        rising = rising * (power + 2 * k + 1) * (power + 2 * k + 2) / _TERMS**2
    return m.log1p(total)


def _zipf(m: Any, x: Any, power: Any) -> Any:
    return -power * m.log(x) - log_zeta(m, power)


def _draw_zipf(m: Any, r: Any, power: Any) -> Any:
    """Devroye (1986), page 551: rejection from a floored power law."""
    b = m.exp((power - 1) * LOG_2)

    def propose(r: Any) -> tuple[Any, Any]:
        x = m.floor(m.exp(-m.log(r.uniform()) / (power - 1)))
        t = m.exp((power - 1) * m.log1p(1 / x))
        taken = r.uniform() * x * (t - 1) / (b - 1) <= t / b
        # With a power that is none there would be no end.
        return x, taken | ~(power > 1)

    return r.accepted(propose)


def _finite_discrete(
    m: Any, x: Any, outcomes: Any, probs: Any = None, logits: Any = None
) -> Any:
    k = m.count(outcomes < x[..., None])
    found = m.pick(outcomes, k) == x
    if logits is None:
        # No derivative of log at the probability of what was not asked for.
        chosen = m.log(m.where(found, m.pick(probs, k), m.ones_like(x)))
    else:
        chosen = m.pick(logits, k) - m.logsumexp(logits)
    return m.where(found, chosen, -math.inf)


def _draw_finite_discrete(
    m: Any, r: Any, outcomes: Any, probs: Any = None, logits: Any = None
) -> Any:
    shares = probs if logits is None else m.exp(logits - m.logsumexp(logits)[..., None])
    below = m.cumsum(shares)
    u = r.uniform()[..., None] * below[..., -1:]
    return m.pick(outcomes, m.count(below[..., :-1] < u))


LAWS = {
    "BetaNegativeBinomial": Law(_beta_negative_binomial, _draw_beta_negative_binomial),
    "FiniteDiscrete": Law(
        _finite_discrete, _draw_finite_discrete, reparameterized=False
    ),
    "OrderedProbit": Law(_ordered_probit, _draw_ordered_probit),
    "ProbitBernoulli": Law(_probit_bernoulli, _draw_probit_bernoulli),
    "Zipf": Law(_zipf, _draw_zipf),
}
