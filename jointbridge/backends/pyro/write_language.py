"""Pyro's words, and torch's."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from inspect import signature

import pyro.distributions as dist
from pyro.distributions import constraints

from jointbridge.analysis import Site
from jointbridge.backends.pyro.casting import cast_once
from jointbridge.backends.pyro.helpers import HELPERS
from jointbridge.backends.pyro.spelling import (
    CONSTANTS,
    FUNCTIONS,
    IMPORTS,
    POSITIONAL,
    TRANSFORMS,
)
from jointbridge.backends.pyro.table import CONSTRAINTS, WRITING
from jointbridge.backends.pyro.write_laws import CLASSES, LACKING, is_wider
from jointbridge.backends.pyro.write_scan import Recurrence
from jointbridge.backends.writing.effects import Effects, Model
from jointbridge.backends.writing.python import (
    Code,
    call,
    dotted,
    fill,
    literal,
    method,
)
from jointbridge.errors import UnsupportedError
from jointbridge.expression import Call, Distribution, Support, walk
from jointbridge.functions import FUNCTIONS as VOCABULARY
from jointbridge.shapes import widest
from jointbridge.spec import Scan

_METHODS = {"float": "double", "int": "long", "bool": "bool"}
_DTYPES = {"float": "float64", "int": "int64", "bool": "bool"}

#: Families whose density takes integers; others compute with what they are given.
_ANY = frozenset({
    *("Categorical", "OrderedLogistic", "Poisson", "Binomial", "NegativeBinomial"),
    *("ZeroInflated", "Normal", "Cauchy", "Laplace", "Logistic", "StudentT"),
})  # fmt: skip

#: Products of tensors of one kind only.
_ALIKE = frozenset({"matmul", "einsum"})

#: Parameters that may not be plain numbers.
_TENSORS = {
    "Delta": {"v"},
    "OrderedLogistic": {"predictor"},
    "RelaxedBernoulli": {"temperature"},
    "RelaxedOneHotCategorical": {"temperature"},
    "ZeroInflatedDistribution": {"gate", "gate_logits"},
    "ZeroInflatedNegativeBinomial": {"gate", "gate_logits"},
    "ZeroInflatedPoisson": {"rate", "gate", "gate_logits"},
}


class PyroLanguage(Effects):
    """Pyro's words, and torch's."""

    title = "Pyro"
    table = WRITING
    imports = {**IMPORTS, **dict.fromkeys([*HELPERS, *CLASSES.families, "start"], "")}  # noqa: RUF012
    functions = FUNCTIONS
    constants = CONSTANTS
    constructors = "dist.{}"
    positional = POSITIONAL
    transforms = TRANSFORMS
    defaults = False
    native_data = True
    takes_numbers = False
    module = "pyro"
    scale = "poutine.scale(scale=x)"
    plates_once = True

    def brings(self, constructor: str, event: tuple[int, ...]) -> bool:
        """Whether Pyro's own class has no density of such a vector."""
        return is_wider(constructor, event)

    def array(self, code: Code, kind: str | None = None) -> Code:
        """A tensor of a plain number."""
        dtype = None if kind is None else dotted(f"torch.{_DTYPES[kind]}")
        return fill("torch.tensor(x, dtype=dtype)", x=code, dtype=dtype)

    def cast(self, code: Code, kind: str) -> Code:
        """A tensor as another kind."""
        return method(code, _METHODS[kind])

    def wanted(self, node: Call, kinds: list[str], kind: str) -> list[str]:
        """Torch has many functions for floats only, and products of one kind only."""
        found = super().wanted(node, kinds, kind)
        row = VOCABULARY[node.function]
        if node.function in ("floor", "round") or node.function == "one_hot":
            return found
        if row.kind == "float" and row.symbol is None:
            return ["float"] * len(kinds)
        if node.function == "subtract":
            return ["int" if k == "bool" else k for k in found]
        if node.function in _ALIKE and found:
            return [widest(found)] * len(found)
        if row.shape in ("stack", "concatenate"):
            return [kind] * len(found)
        return found

    def vector(self, items: Sequence[Code]) -> Code:
        """A tensor of numbers."""
        ones = {ast.dump(literal(1.0)): "ones", ast.dump(literal(0.0)): "zeros"}
        first = ast.dump(items[0])
        if first in ones and len(items) > 3 and {*map(ast.dump, items)} == {first}:
            return call(f"torch.{ones[first]}", [literal(len(items))])
        return call("torch.tensor", [ast.List(list(items))])

    def broadcast(self, code: Code, shape: Code) -> Code:
        """A tensor broadcast to a shape."""
        return call("torch.broadcast_to", [code, shape])

    def scored(self, code: Code, kind: str, dist: Distribution) -> Code:
        """Integers and bools as floats, for the densities that want them."""
        families = {n.family for n in walk(dist) if isinstance(n, Distribution)}
        if kind == "float" or (kind == "int" and families <= _ANY):
            return code
        return self.cast(code, "float")

    def drawn(self, code: Code, site: Site) -> Code:
        """Counts as integers, where Pyro has floats."""
        if not site.discrete or site.sample.dist.family == "Categorical":
            return code
        return method(code, "long")

    def label(self, title: str, step: Code | None) -> Code:
        """The name of a site, in a loop one for each step."""
        if step is None:
            return literal(title)
        return ast.JoinedStr([ast.Constant(f"{title}_"), ast.FormattedValue(step, -1)])

    def parameter(self, code: Code, kind: str, wanted: str) -> Code:
        """Tensors become floats unless counts are wanted; numbers of Python stay."""
        if kind in ("float", wanted) or _is_number(code):
            return code
        return self.cast(code, "float")

    def construct(
        self, constructor: str, positional: Sequence[Code], keywords: Mapping[str, Code]
    ) -> Code:
        """A distribution of Pyro, or of a class that stands in the module."""
        if constructor in HELPERS or constructor in LACKING:
            return call(constructor, positional, **keywords)
        places = self.places(constructor)[: len(positional)]
        if not _takes(constructor, places, keywords):
            raise _has_none(constructor)
        if constructor == "Multinomial" and not _is_number(positional[0]):
            message = "Pyro's Multinomial takes one total_count, a number of Python"
            raise UnsupportedError(message, hint="write the number into the spec")
        tensors = _TENSORS.get(constructor, set[str]())
        positional = [
            self._tensor(code) if key in tensors else code
            for key, code in zip(places, positional, strict=True)
        ]
        keywords = {
            key: self._tensor(code) if key in tensors else code
            for key, code in keywords.items()
        }
        return super().construct(constructor, positional, keywords)

    def _tensor(self, code: Code) -> Code:
        return self.array(code) if _is_number(code) else code

    def transform(
        self, name: str, params: Mapping[str, Code], domain: Code | None
    ) -> Code:
        """A transform of torch, which knows no other domain than its own."""
        if domain is not None and name != "PowerTransform":
            message = f"torch's {name} takes all reals for its domain"
            hint = "use the native object of joint.to_pyro(), which knows the base's"
            raise UnsupportedError(message, hint=hint)
        return super().transform(name, params, None)

    def support(self, support: Support, bounds: Sequence[Code]) -> Code:
        """One of Pyro's constraints."""
        if support.name == "circular":
            return fill("constraints.interval(-torch.pi, torch.pi)")
        title = CONSTRAINTS.get(support.name, support.name)
        if not hasattr(constraints, title):
            message = f"Pyro has no constraint {support.name!r}"
            raise UnsupportedError(message, hint="transform a value of another support")
        constraint = dotted(f"constraints.{title}")
        return call(constraint, bounds) if bounds else constraint

    def improper(self, constraint: Code, batch: Code, event: Code) -> Code:
        """A density of 1 on a constraint."""
        return call("dist.ImproperUniform", [constraint, batch, event])

    def prepared(self, body: list[ast.stmt], data: Sequence[str]) -> list[ast.stmt]:
        """Data that are floats throughout become so at the top."""
        return cast_once(body, data)

    def scan(self, writer: Model, scan: Scan) -> list[ast.stmt]:
        """A loop, in `pyro.markov` where its body has counted sites."""
        return Recurrence(self, writer, scan).statements()


def _has_none(constructor: str) -> UnsupportedError:
    message = f"Pyro has no {constructor}"
    hint = "say it with a factor, or use the native object of joint.to_pyro()"
    return UnsupportedError(message, hint=hint)


def _takes(constructor: str, places: Sequence[str], keywords: Iterable[str]) -> bool:
    """Whether Pyro has a class with these parameters, at these places."""
    found = getattr(dist, constructor, None)
    if found is None:
        return False
    _, *known = signature(found.__init__).parameters
    return {*keywords} <= {*known} and [*places] == known[: len(places)]


def _is_number(code: Code) -> bool:
    """Whether code is arithmetic of plain numbers."""
    parts = (ast.Constant, ast.UnaryOp, ast.BinOp, ast.operator, ast.unaryop)
    return all(isinstance(n, parts) for n in ast.walk(code))
