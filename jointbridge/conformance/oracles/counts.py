"""Log densities of one counted value, and of vectors of counts, from the textbook."""

import math

from jointbridge.conformance.oracles.arithmetic import (
    choose,
    exp,
    expit,
    lgamma,
    log,
    log_beta,
    log_expit,
    whole,
)


def softmax(logits):
    total = sum(exp(x) for x in logits)
    return [exp(x) / total for x in logits]


def log_softmax(logits):
    total = log(sum(exp(x) for x in logits))
    return [x - total for x in logits]


def bernoulli(k, probs):
    return log(probs if k == 1 else 1 - probs)


def bernoulli_logits(k, logits):
    return log_expit(logits if k == 1 else -logits)


def binomial(k, total_count, probs):
    failed = total_count - k
    return choose(total_count, k) + _times(k, probs) + _times(failed, 1 - probs)


def binomial_logits(k, total_count, logits):
    failed = (total_count - k) * log_expit(-logits)
    return choose(total_count, k) + k * log_expit(logits) + failed


def _times(count, probs):
    """The logarithm of a power; nothing to the power of 0 is 1."""
    return count * log(probs) if count != 0 else 0


def categorical(k, probs):
    return log(probs[whole(k)])


def finite_discrete(x, outcomes, probs):
    chosen = [p for o, p in zip(outcomes, probs, strict=True) if float(x) == o]
    return log(chosen[0]) if chosen else -math.inf


def finite_discrete_logits(x, outcomes, logits):
    logs = log_softmax(logits)
    chosen = [p for o, p in zip(outcomes, logs, strict=True) if float(x) == o]
    return chosen[0] if chosen else -math.inf


def geometric(k, probs):
    return log(probs) + _times(k, 1 - probs)


def geometric_logits(k, logits):
    return log_expit(logits) + k * log_expit(-logits)


def poisson(k, rate):
    return k * log(rate) - rate - lgamma(k + 1)


def discrete_uniform(k, low, high):
    return -log(high - low + 1)


def negative_binomial(k, mean, concentration):
    p = mean / (mean + concentration)
    front = lgamma(k + concentration) - lgamma(concentration) - lgamma(k + 1)
    return front + concentration * log(1 - p) + k * log(p)


def negative_binomial_probs(k, total_count, probs):
    """`probs` is that of the outcome counted."""
    r = total_count
    front = lgamma(k + r) - lgamma(r) - lgamma(k + 1)
    return front + r * log(1 - probs) + _times(k, probs)


def negative_binomial_logits(k, total_count, logits):
    r = total_count
    front = lgamma(k + r) - lgamma(r) - lgamma(k + 1)
    return front + r * log_expit(-logits) + k * log_expit(logits)


def gamma_poisson(k, concentration, rate):
    """The integral of Poisson masses over a gamma rate."""
    c = concentration
    front = lgamma(k + c) - lgamma(c) - lgamma(k + 1)
    return front + c * log(rate) - (k + c) * log(1 + rate)


def beta_binomial(k, concentration1, concentration0, total_count):
    a, b, n = concentration1, concentration0, total_count
    return choose(n, k) + log_beta(k + a, n - k + b) - log_beta(a, b)


def ordered_logistic(k, predictor, cutpoints):
    k = whole(k)
    if k == 0:
        return log_expit(cutpoints[0] - predictor)
    if k == len(cutpoints):
        return log_expit(predictor - cutpoints[-1])
    low, high = cutpoints[k - 1] - predictor, cutpoints[k] - predictor
    if low + high > 0:  # in the nearer tail, where fewer digits cancel
        low, high = -high, -low
    return log(expit(high) - expit(low))


def multinomial(k, total_count, probs):
    front = lgamma(total_count + 1) - sum(lgamma(x + 1) for x in k)
    return front + sum(_times(x, p) for x, p in zip(k, probs, strict=True))


def multinomial_logits(k, total_count, logits):
    front = lgamma(total_count + 1) - sum(lgamma(x + 1) for x in k)
    pairs = zip(k, log_softmax(logits), strict=True)
    return front + sum(x * p for x, p in pairs)


def dirichlet_multinomial(k, concentration, total_count):
    n, a = total_count, sum(concentration)
    front = lgamma(n + 1) + lgamma(a) - lgamma(n + a)
    return front + sum(
        lgamma(x + c) - lgamma(c) - lgamma(x + 1)
        for x, c in zip(k, concentration, strict=True)
    )


def zero_inflated(k, gate, log_mass):
    return log((gate if k == 0 else 0) + (1 - gate) * exp(log_mass))


def mixture(weights, log_densities):
    pairs = zip(weights, log_densities, strict=True)
    return log(sum(p * exp(d) for p, d in pairs))
