"""Log densities that keep their digits in plain floats, for where a library loses them.

A row is written over `value` and the parameters, like the densities of the catalogue, and is
used on backends that list the family in `Table.accurate`, when one asks for
`accurate=True`.  The conformance suite holds it to the oracle on each of them.

Beta functions are computed from what is left of Stirling's series,

    lgamma(x) = (x - 1/2) log x - x + log(2 pi) / 2 + rest(x)

so that the large terms cancel in the formula and not in the machine; see Loader (2000),
"Fast and accurate computation of binomial probabilities".
"""

from __future__ import annotations

from jointbridge.families import FAMILIES

#: Coefficients of 1/x, 1/x^3, ... in Stirling's series.
_STIRLING = ("1 / 12", "-1 / 360", "1 / 1260", "-1 / 1680", "1 / 1188", "-691 / 360360")


def _rest(x: str) -> str:
    """What Stirling's formula leaves of lgamma(x)."""
    far = f"maximum({x}, 10.0)"
    series = " + ".join(f"{c} / {far} ** {2 * i + 1}" for i, c in enumerate(_STIRLING))
    near = f"minimum({x}, 10.0)"
    exact = (
        f"lgamma({near}) - ({near} - 0.5) * log({near}) + {near} - 0.5 * log(2 * pi)"
    )
    return f"where({x} >= 10, {series}, {exact})"


def _log_beta(a: str, b: str) -> str:
    """Log B(a, b) without the difference of large lgammas."""
    p, q = f"minimum({a}, {b})", f"maximum({a}, {b})"
    total = f"({a} + {b})"
    return (
        f"(({p} - 0.5) * log({p} / {total}) + {q} * log1p(-{p} / {total})"
        f" - 0.5 * log({q}) + 0.5 * log(2 * pi)"
        f" + {_rest(a)} + {_rest(b)} - {_rest(total)})"
    )


def _choose(n: str, k: str) -> str:
    """Log of n over k."""
    return f"-log1p({n}) - {_log_beta(f'({n} - {k} + 1)', f'({k} + 1)')}"


def _counts(total: str) -> str:
    """Of a negative binomial: the ways to arrange the counts before `total` others."""
    return f"-log(value + {total}) - {_log_beta(total, '(value + 1)')}"


def _with_mean(mean: str, total: str) -> str:
    """A negative binomial by its mean: Loader's deviances, no power of a small number."""
    seen = "maximum(value, 1.0)"
    many, off = f"(value + {total})", f"(value - {mean})"
    first, second = f"{total} * {off} / ({many} * {mean})", f"-{off} / {many}"
    expected = f"{many} * {mean} / ({mean} + {total})"
    others = f"{many} * {total} / ({mean} + {total})"
    some = (
        f"log({total} / {many}) + {_factorial(many)} - {_factorial(seen)}"
        f" - {_factorial(total)} + 0.5 * log({many} / (2 * pi * {seen} * {total}))"
        f" - (value * log1p(where(value > 0, {first}, 0.0)) - {expected} * ({first}))"
        f" - ({total} * log1p({second}) - {others} * ({second}))"
    )
    return f"where(value == 0, -{total} * log1p({mean} / {total}), {some})"


def _factorial(n: str) -> str:
    """What Stirling's formula leaves of log n!."""
    return f"({_rest(f'({n} + 1)')} + ({n} + 0.5) * log1p(1 / {n}) - 1)"


def _upto(index: str) -> str:
    """The logit of being below the cutpoint that `index` takes."""
    return (
        f"(sum(one_hot(value, C + 1)[..., {index}] * cutpoints, axis=-1) - predictor)"
    )


def _between() -> str:
    """log(expit(a) - expit(b)) = log expit(a) + log expit(-b) + log(1 - exp(b - a))."""
    above, below = _upto(":-1"), _upto("1:")
    top, bottom = "(value == C)", "(value == 0)"
    gap = f"where({top} | {bottom}, -1.0, {below} - {above})"
    return (
        f"where({top}, 0.0, log_sigmoid({above}))"
        f" + where({bottom}, 0.0, log_sigmoid(-{below}))"
        f" + where({top} | {bottom}, 0.0, log(-expm1({gap})))"
    )


_ONE, _NONE = "(value == 1)", "(value == 0)"
_TRIALS = (
    f"{_choose('total_count', 'value')}"
    " + value * {success} + (total_count - value) * {failure}"
)
_BEFORE = f"{_counts('total_count')} + total_count * {{failure}} + value * {{success}}"
#: Logarithms of the probabilities of the outcome counted and of the other one; one that
#: does not occur may have probability 0.
_BY_PROBS = {
    "success": "log(where(value == 0, 1.0, probs))",
    "failure": "log1p(-probs)",
}
_BY_LOGITS = {"success": "log_sigmoid(logits)", "failure": "log_sigmoid(-logits)"}

#: (family, which of its alternatives is given) -> log density
ACCURATE = {
    ("Bernoulli", "probs"): (
        f"where({_ONE}, log(where({_ONE}, probs, 1.0)),"
        f" log1p(-where({_ONE}, 0.0, probs)))"
    ),
    ("Bernoulli", "logits"): (
        f"where({_ONE}, log_sigmoid(logits), log_sigmoid(-logits))"
    ),
    ("BetaBinomial", ""): (
        f"{_choose('total_count', 'value')}"
        f" + {_log_beta('(value + concentration1)', '(total_count - value + concentration0)')}"
        f" - {_log_beta('concentration1', 'concentration0')}"
    ),
    ("Binomial", "probs"): _TRIALS.format(
        success=_BY_PROBS["success"],
        failure="log1p(-where(value == total_count, 0.0, probs))",
    ),
    ("Binomial", "logits"): _TRIALS.format(**_BY_LOGITS),
    ("Categorical", "probs"): "log(sum(one_hot(value, K) * probs, axis=-1))",
    ("Categorical", "logits"): (
        "sum(one_hot(value, K) * log_softmax(logits), axis=-1)"
    ),
    ("GammaPoisson", ""): _with_mean("(concentration / rate)", "concentration"),
    ("Geometric", "probs"): (
        "log(probs) + value * log1p(-where(value == 0, 0.0, probs))"
    ),
    ("Geometric", "logits"): "log_sigmoid(logits) + value * log_sigmoid(-logits)",
    ("NegativeBinomial", "probs"): _BEFORE.format(**_BY_PROBS),
    ("NegativeBinomial", "logits"): _BEFORE.format(**_BY_LOGITS),
    ("NegativeBinomial2", ""): _with_mean("mean", "concentration"),
    ("OrderedLogistic", ""): _between(),
    ("TruncatedPolyaGamma", ""): FAMILIES["TruncatedPolyaGamma"].log_density,
    ("VonMises", ""): (
        "-2 * concentration * square(sin((value - loc) / 2))"
        " - log(2 * pi) - log(i0e(concentration))"
    ),
}
