"""TFP's words for expressions and distributions, on JAX's arrays."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from jointbridge.backends.arrays.jax_words import JaxLanguage
from jointbridge.backends.tfp.helpers import HELPERS
from jointbridge.backends.tfp.library import tfd
from jointbridge.backends.tfp.spelling import (
    BIJECTORS,
    IMPORTS,
    POSITIONAL,
    TRANSFORMS,
)
from jointbridge.backends.tfp.table import INTEGER_VALUES, TABLE
from jointbridge.backends.tfp.write_laws import CLASSES
from jointbridge.backends.writing.expressions import Expressions
from jointbridge.backends.writing.names import Identifiers
from jointbridge.backends.writing.python import Code, call, fill, literal, method, name
from jointbridge.errors import UnsupportedError
from jointbridge.expression import Call, Distribution, Name, Support
from jointbridge.shapes import Scope


class TFP(JaxLanguage):
    """The words of TFP's JAX substrate."""

    title = "TFP"
    table = TABLE
    imports = IMPORTS
    constructors = "tfd.{}"
    positional = POSITIONAL
    transforms = TRANSFORMS
    defaults = False
    native_data = True

    def places(self, constructor: str) -> tuple[str, ...]:
        """The parameters that both the catalogue and TFP have at the same positions."""
        wanted = super().places(constructor)
        if constructor in self.positional or not hasattr(tfd, constructor):
            return wanted
        native = [*inspect.signature(getattr(tfd, constructor).__init__).parameters][1:]
        same = [a == b for a, b in zip(wanted, native, strict=False)]
        return wanted[: same.index(False) if False in same else len(same)]

    def parameter(self, code: Code, kind: str, wanted: str) -> Code:
        """A parameter; TFP takes floats throughout, counts included."""
        del wanted
        if kind == "float":
            return code
        number = code.operand if isinstance(code, ast.UnaryOp) else code
        if isinstance(number, ast.Constant) and isinstance(number.value, int):
            return literal(float(ast.literal_eval(ast.unparse(code))))
        return method(code, "astype", name("float"))

    def construct(
        self, constructor: str, positional: Sequence[Code], keywords: Mapping[str, Code]
    ) -> Code:
        """A distribution; plain numbers alone would be of float32 whatever JAX's width."""
        keywords = dict(keywords)
        if constructor in _SPECIAL:
            return _SPECIAL[constructor](positional, keywords)
        title = self.constructors.format(constructor)
        if hasattr(tfd, constructor):
            if constructor in HELPERS and len(positional) + len(keywords) < 4:
                title = constructor
                if len(positional) < 3:
                    keywords.setdefault("low", fill("-jnp.inf"))
                keywords.setdefault("high", fill("jnp.inf"))
        elif constructor in HELPERS or constructor in CLASSES.families:
            title = constructor
        else:
            message = f"TFP has no {constructor}"
            hint = "write it with other families, or as a factor"
            raise UnsupportedError(message, hint=hint)
        args, keywords = _wide(positional, keywords)
        return call(title, args, **keywords)

    def widened(self, code: Code, batch: Code) -> Code:
        """TFP's components all have the batch shape of their mixture."""
        return call("tfd.BatchBroadcast", [code, batch])

    def transform(
        self, name: str, params: Mapping[str, Code], domain: Code | None
    ) -> Code:
        """A bijector; one of plain numbers would be of float32 whatever JAX's width."""
        wide = {
            n: call("jnp.array", [x])
            if isinstance(x, ast.Constant | ast.UnaryOp)
            else x
            for n, x in params.items()
        }
        return super().transform(name, wide, domain)

    def support(self, support: Support, bounds: Sequence[Code]) -> Code:
        """The bijector to a support."""
        if support.name not in BIJECTORS:
            message = f"there is no short bijector of TFP to {support.name!r}"
            hint = "give the site a proper distribution"
            raise UnsupportedError(message, hint=hint)
        names = (key for key, _ in support.params)
        return fill(BIJECTORS[support.name], **dict(zip(names, bounds, strict=True)))

    def improper(self, constraint: Code, batch: Code, event: Code) -> Code:
        """Refused here: only a whole site may be improper, and is written elsewhere."""
        del constraint, batch, event
        message = "TFP has no improper distribution inside another one"
        raise UnsupportedError(message, hint="give the site a proper distribution")


def _wide(
    positional: Sequence[Code], keywords: dict[str, Code]
) -> tuple[list[Code], dict[str, Code]]:
    args = list(positional)
    if any(map(_is_wide, [*args, *keywords.values()])):
        return args, keywords
    for place, code in enumerate(args):
        if _is_float(code):
            args[place] = call("jnp.array", [code])
            return args, keywords
    for key, code in keywords.items():
        if _is_float(code):
            return args, {**keywords, key: call("jnp.array", [code])}
    return args, keywords


def _is_wide(code: Code) -> bool:
    """Whether it is an array, or a distribution of arrays."""
    inner = [n for n in ast.walk(code) if isinstance(n, (ast.Call, ast.Name))]
    return any(not isinstance(n, ast.Name) or n.id != "jnp" for n in inner)


def _is_float(code: Code) -> bool:
    numbers = [n.value for n in ast.walk(code) if isinstance(n, ast.Constant)]
    return not any(type(n) is int for n in numbers)


def _from_precision(positional: Sequence[Code], keywords: dict[str, Code]) -> Code:
    if "precision_matrix" not in keywords:
        message = "TFP has no MultivariateNormal with these parameters"
        raise UnsupportedError(message, hint="give it scale_tril")
    tril = fill(
        "jnp.linalg.cholesky(jnp.linalg.inv(p))", p=keywords["precision_matrix"]
    )
    loc = positional[0] if positional else keywords.get("loc")
    if loc is None:
        return call("tfd.MultivariateNormalTriL", scale_tril=tril)
    return call("tfd.MultivariateNormalTriL", [loc, tril])


def _inflated(positional: Sequence[Code], keywords: dict[str, Code]) -> Code:
    given = {**dict(zip(("base", "gate"), positional, strict=False)), **keywords}
    # TFP's `inflated_loc_logits` are taken twice: [logits, -logits] enter a softmax.
    gate = given.get("gate") or fill("expit(x)", x=given["gate_logits"])
    (gate,), _ = _wide([gate], {})
    return call("tfd.Inflated", [given["base"]], inflated_loc_probs=gate)


def _student(positional: Sequence[Code], keywords: dict[str, Code]) -> Code:
    places = ("df", "loc", "scale_tril")
    given = {**dict(zip(places, positional, strict=False)), **keywords}
    args = [given["df"], given["loc"], _triangular(given["scale_tril"])]
    return call("tfd.MultivariateStudentTLinearOperator", args)


def _matrix_normal(positional: Sequence[Code], keywords: dict[str, Code]) -> Code:
    places = ("loc", "scale_tril_row", "scale_tril_column")
    loc, *factors = {**dict(zip(places, positional, strict=False)), **keywords}.values()
    return call("MatrixNormal", [loc, *map(_triangular, factors)])


def _triangular(factor: Code) -> Code:
    return call("tfp.tf2jax.linalg.LinearOperatorLowerTriangular", [factor])


def _state_space(positional: Sequence[Code], keywords: dict[str, Code]) -> Code:
    """A series of states, by the factor of whichever matrix is given."""
    tril = _tril(keywords, "covariance_matrix", "precision_matrix")
    return call("GaussianStateSpace", [*positional, tril, keywords["initial_value"]])


def _tril(given: Mapping[str, Code], covariance: str, precision: str) -> Code:
    """The Cholesky factor of a covariance, however it is said."""
    if matrix := given.get(covariance):
        return call("jnp.linalg.cholesky", [matrix])
    if matrix := given.get(precision):
        return fill("jnp.linalg.cholesky(jnp.linalg.inv(p))", p=matrix)
    return given["scale_tril"]


def _wishart(title: str, positional: Sequence[Code], keywords: dict[str, Code]) -> Code:
    """A Wishart of some sort, by the factor of whichever matrix is given."""
    given = {**dict(zip(("concentration",), positional, strict=False)), **keywords}
    tril = _tril(given, "scale_matrix", "rate_matrix")
    return call(title, [given["concentration"], tril])


#: Classes that are made otherwise than by their parameters.
_SPECIAL: Mapping[str, Callable[[Sequence[Code], dict[str, Code]], Code]] = {
    "GaussianStateSpace": _state_space,
    "MatrixNormal": _matrix_normal,
    "MultivariateNormal": _from_precision,
    "MultivariateStudentT": _student,
    "ZeroInflated": _inflated,
    **{
        title: partial(_wishart, title)
        for start in ("", "Inverse")
        for title in (f"{start}Wishart", f"{start}WishartCholesky")
    },
}


class TFPExpressions(Expressions):
    """Expressions in which counts, that TFP gives as floats, are ints again.

    Attributes:
        counted: By site, the kind that its values have in the spec and not in TFP.
    """

    counted: Mapping[str, str]

    def __call__(self, node: object) -> Code:
        """The code of an expression."""
        code = super().__call__(node)
        if isinstance(node, Name) and node.name in self.counted:
            return method(code, "astype", name(self.counted[node.name]))
        return code

    def inside(self, scope: Scope, identifiers: Identifiers) -> TFPExpressions:
        """A writer of the same sort over other names."""
        inner = TFPExpressions(
            self.language, scope, identifiers, self.sizes, {*self.plain}, self.foreign
        )
        own = {n for n in scope.names if scope.names[n] != self.scope.names.get(n)}
        inner.counted = {n: k for n, k in self.counted.items() if n not in own}
        return inner

    def _log_prob(self, node: Call) -> Code:
        code = super()._log_prob(node)
        dist, value = node.args
        assert isinstance(code, ast.Call)
        wanted = "float" if not holds_integers(dist) else "int"
        if self.scope.type(value).kind != wanted:
            code.args[0] = self.language.array(code.args[0], wanted)
        return code


def holds_integers(dist: object) -> bool:
    """Whether values of a distribution are integers in TFP."""
    return isinstance(dist, Distribution) and dist.family in INTEGER_VALUES
