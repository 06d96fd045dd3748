"""Functions for textbook densities, in the arithmetic of the numbers they are given.

A density is written once and evaluated twice: with mpmath numbers, and with the balls
of python-flint, whose radius bounds the error.

    normal(mp.mpf(1), 0, 2)        50 digits
    normal(arb(1), 0, 2)           midpoint and radius

Sums, products and powers are those of the numbers.  A function of Python numbers alone,
`log(2)`, and `pi` wait for the number that they meet: then they are exact in it too.
Inputs are exact: integers, and floats that are meant as the binary numbers they are.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeAlias

import flint
from flint import arb
from mpmath import MPContext
from mpmath.ctx_mp_python import mpnumeric

Number: TypeAlias = Any

#: The context of the oracles: nobody else's precision changes with it.
mp = MPContext()
mp.prec = 200


@dataclass(frozen=True)
class Arithmetic:
    """How numbers are made and functions found.

    Attributes:
        number: A number from a Python number, exactly.
        precision: A context of so many bits.
        column: Which column of the table of functions is this arithmetic's.
        context: The mpmath context that its functions belong to.
    """

    number: Callable[[Any], Number]
    precision: Callable[[int], AbstractContextManager[Any]]
    column: int
    context: Any = None

    def read(self, value: Any) -> Any:
        """A number, or lists of numbers, in this arithmetic."""
        if isinstance(value, (list, tuple)):
            return [self.read(x) for x in value]
        return value.make(self) if isinstance(value, Pending) else self.number(value)

    def call(self, name: str, *numbers: Number) -> Number:
        """The function of that name."""
        function = _FUNCTIONS[name][self.column]
        read = [self.read(x) for x in numbers]
        return function(self.context, *read) if self.context else function(*read)


def _decimal(x: Any) -> Number:
    return arb(x) if not isinstance(x, float) or x == x else arb.nan()


def _mpmath(context: Any) -> Arithmetic:
    return Arithmetic(context.mpf, context.workprec, 0, context)


MPMATH = _mpmath(mp)
FLINT = Arithmetic(_decimal, flint.ctx.workprec, 1)


def arithmetic_of(*values: Any) -> Arithmetic | None:
    """The arithmetic of the numbers, or None where all wait for one."""
    for x in _flat(values):
        if isinstance(x, arb):
            return FLINT
        if isinstance(x, mpnumeric):
            return MPMATH if x.context is mp else _mpmath(x.context)
    return None


def _flat(values: Any) -> Iterator[Any]:
    for x in values:
        if isinstance(x, (list, tuple)):
            yield from _flat(x)
        else:
            yield x


def evaluate(make: Callable[[Arithmetic], Number], *values: Any) -> Number:
    """A number in the arithmetic of some values, or one that waits for it."""
    found = arithmetic_of(*values)
    return Pending(make) if found is None else make(found)


class Pending:
    """A number that is made in the arithmetic of the number it meets."""

    def __init__(self, make: Callable[[Arithmetic], Number]) -> None:
        self.make = make

    def __float__(self) -> float:
        return float(self.make(MPMATH))

    def __lt__(self, other: Any) -> bool:
        return float(self) < float(other)

    def __gt__(self, other: Any) -> bool:
        return float(self) > float(other)

    def __neg__(self) -> Pending:
        return Pending(lambda a: -self.make(a))

    def __abs__(self) -> Pending:
        return Pending(lambda a: abs(self.make(a)))

    @staticmethod
    def _binary(apply: Callable[[Any, Any], Any]) -> Callable[..., Any]:
        def operation(self: Pending, other: Any) -> Any:
            return evaluate(lambda a: apply(self.make(a), a.read(other)), other)

        return operation

    __add__ = _binary(operator.add)
    __radd__ = _binary(lambda x, y: y + x)
    __sub__ = _binary(operator.sub)
    __rsub__ = _binary(lambda x, y: y - x)
    __mul__ = _binary(operator.mul)
    __rmul__ = _binary(lambda x, y: y * x)
    __truediv__ = _binary(operator.truediv)
    __rtruediv__ = _binary(lambda x, y: y / x)
    __pow__ = _binary(operator.pow)
    __rpow__ = _binary(lambda x, y: y**x)


def _log(x: arb) -> arb:
    """Of an exact 0 it is -inf, as mpmath says too."""
    return arb.neg_inf() if x == 0 else x.log()  # a ball around 0 may be positive


def _log_beta(a: arb, b: arb) -> arb:
    return a.lgamma() + b.lgamma() - (a + b).lgamma()


def _exp(m: Any, x: Number) -> Number:
    """There is no largest number in mpmath, and one of its own would take days."""
    if abs(x) < HUGE:
        return m.exp(x)
    return m.inf if x > 0 else m.zero


def _log_erfc_mpmath(m: Any, x: Number) -> Number:
    if x < FAR:
        return m.log(m.erfc(x))
    return m.log(m.hyperu(0.5, 0.5, x**2) / m.sqrt(m.pi)) - x**2


def _log_erfc(x: arb) -> arb:
    if x < FAR:
        return x.erfc().log()
    return ((x**2).hypgeom_u(0.5, 0.5) / arb.pi().sqrt()).log() - x**2


def _log_ndtri_mpmath(m: Any, log_p: Number) -> Number:
    """By Newton's steps from below, which stay below: the function is concave."""
    z = -m.sqrt(-2 * log_p)
    for _ in range(TRIES):
        mass = _log_erfc_mpmath(m, -z / m.sqrt(2)) - m.log(2)
        density = -(z**2) / 2 - m.log(2 * m.pi) / 2
        slope = -z - 1 / z if z < -DEEP else m.exp(density - mass)
        z = z + (log_p - mass) / slope
        if abs(log_p - mass) < m.eps * 2**16 * (1 + abs(z)) * slope:
            return z
    return m.nan


def _log_ndtri(log_p: arb) -> arb:
    if not log_p < -(DEEP**2):
        return -((2 * log_p.exp()).erfcinv() * arb(2).sqrt())
    # Here exp(log_p) may be no number. The slope at z is between -z and -z - 1 / z.
    z = -(-2 * log_p).sqrt().mid()
    for _ in range(TRIES):
        gap = log_p - _log_erfc(-z / arb(2).sqrt()) + arb(2).log()
        step = gap / arb(-z - 1 / z, -2 / z)
        if abs(step.mid()) <= 2 * step.rad():
            return z + step
        z = (z + gap / (-z - 1 / z)).mid()
    return arb.nan()


#: Beyond this score a density over its tail is nearly the score, and how often it is tried.
DEEP, TRIES = 32, 2000

#: The logarithm of what nobody tells from infinity, or from 0.
HUGE = 2.0**200

#: Beyond this `erfc` may be smaller than any number of the arithmetic.
FAR = 100

#: name -> (of an mpmath context and numbers, of balls); arguments in mpmath's order
_FUNCTIONS: dict[str, tuple[Callable[..., Number], Callable[..., Number]]] = {
    "log": (lambda m, x: m.log(x), _log),
    "log1p": (lambda m, x: m.log1p(x), arb.log1p),
    "exp": (_exp, arb.exp),
    "expm1": (lambda m, x: _exp(m, x) - 1 if abs(x) > 1 else m.expm1(x), arb.expm1),
    "sqrt": (lambda m, x: m.sqrt(x), arb.sqrt),
    "sin": (lambda m, x: m.sin(x), arb.sin),
    "cos": (lambda m, x: m.cos(x), arb.cos),
    "tan": (lambda m, x: m.tan(x), arb.tan),
    "asin": (lambda m, x: m.asin(x), arb.asin),
    "acos": (lambda m, x: m.acos(x), arb.acos),
    "atan": (lambda m, x: m.atan(x), arb.atan),
    "sinh": (lambda m, x: m.sinh(x), arb.sinh),
    "cosh": (lambda m, x: m.cosh(x), arb.cosh),
    "tanh": (lambda m, x: m.tanh(x), arb.tanh),
    "asinh": (lambda m, x: m.asinh(x), arb.asinh),
    "atanh": (lambda m, x: m.atanh(x), arb.atanh),
    "erf": (lambda m, x: m.erf(x), arb.erf),
    "erfc": (lambda m, x: m.erfc(x), arb.erfc),
    "log_erfc": (_log_erfc_mpmath, _log_erfc),
    "log_ndtri": (_log_ndtri_mpmath, _log_ndtri),
    "gamma": (lambda m, x: m.gamma(x), arb.gamma),
    "lgamma": (lambda m, x: m.loggamma(x), arb.lgamma),
    "digamma": (lambda m, x: m.digamma(x), arb.digamma),
    "zeta": (lambda m, x: m.zeta(x), arb.zeta),
    "log_beta": (lambda m, a, b: m.log(m.beta(a, b)), _log_beta),
    "besseli": (lambda m, n, x: m.besseli(n, x), lambda n, x: x.bessel_i(n)),
    "besselk": (lambda m, n, x: m.besselk(n, x), lambda n, x: x.bessel_k(n)),
    "gammainc": (
        lambda m, s, x: m.gammainc(s, 0, x, regularized=True),
        lambda s, x: x.gamma_lower(s, regularized=1),
    ),
    "gammaincc": (
        lambda m, s, x: m.gammainc(s, x, m.inf, regularized=True),
        lambda s, x: x.gamma_upper(s, regularized=1),
    ),
    "betainc": (
        lambda m, a, b, x: m.betainc(a, b, 0, x, regularized=True),
        lambda a, b, x: x.beta_lower(a, b, regularized=1),
    ),
    "hyp1f1": (
        lambda m, a, b, x: m.hyp1f1(a, b, x),
        lambda a, b, x: x.hypgeom_1f1(a, b),
    ),
    "hyp2f1": (
        lambda m, a, b, c, x: m.hyp2f1(a, b, c, x),
        lambda a, b, c, x: x.hypgeom_2f1(a, b, c),
    ),
}


def _function(name: str) -> Callable[..., Number]:
    return lambda *numbers: evaluate(lambda a: a.call(name, *numbers), *numbers)


pi = Pending(lambda a: +a.context.pi if a.context else arb.pi())

log = _function("log")
log1p = _function("log1p")
exp = _function("exp")
expm1 = _function("expm1")
sqrt = _function("sqrt")
sin = _function("sin")
cos = _function("cos")
tan = _function("tan")
asin = _function("asin")
acos = _function("acos")
atan = _function("atan")
sinh = _function("sinh")
cosh = _function("cosh")
tanh = _function("tanh")
asinh = _function("asinh")
atanh = _function("atanh")
erf = _function("erf")
erfc = _function("erfc")
log_erfc = _function("log_erfc")
log_ndtri = _function("log_ndtri")
gamma = _function("gamma")
lgamma = _function("lgamma")
digamma = _function("digamma")
zeta = _function("zeta")
log_beta = _function("log_beta")
besseli = _function("besseli")
besselk = _function("besselk")
gammainc = _function("gammainc")
gammaincc = _function("gammaincc")
betainc = _function("betainc")
hyp1f1 = _function("hyp1f1")
hyp2f1 = _function("hyp2f1")


def ndtr(z: Number) -> Number:
    """The distribution function of the standard normal."""
    return erfc(-z / sqrt(2)) / 2


def log_ndtr(z: Number) -> Number:
    """Its logarithm, however far out."""
    return log_erfc(-z / sqrt(2)) - log(2)


def expit(x: Number) -> Number:
    """1 / (1 + exp(-x))."""
    return 1 / (1 + exp(-x))


def log_expit(x: Number) -> Number:
    """Its logarithm."""
    return -log1p(exp(-x))


def ratio(numerator: int, denominator: int) -> Number:
    """A fraction that no float holds, such as 1/3."""
    return Pending(lambda a: a.number(numerator) / denominator)


def choose(n: Number, k: Number) -> Number:
    """The logarithm of the binomial coefficient."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def whole(x: Number) -> int:
    """An index or a size that came as a number."""
    return int(float(x))
