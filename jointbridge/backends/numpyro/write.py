"""NumPyro modules from specs: a model function, its data and a run of NUTS."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

import numpy as np
import numpyro.distributions as dist

from jointbridge.backends.arrays.jax_words import JaxLanguage
from jointbridge.backends.numpyro.helpers import HELPERS
from jointbridge.backends.numpyro.spelling import IMPORTS, POSITIONAL, TRANSFORMS
from jointbridge.backends.numpyro.table import CONSTRAINTS, TABLE
from jointbridge.backends.numpyro.write_laws import CLASSES, LACKING, is_wider
from jointbridge.backends.writing import data as data_of
from jointbridge.backends.writing.effects import Effects, Model
from jointbridge.backends.writing.helpers import used
from jointbridge.backends.writing.law_classes import helpers
from jointbridge.backends.writing.model import Written, has_no_map, model_function
from jointbridge.backends.writing.module import module
from jointbridge.backends.writing.plates import Plates
from jointbridge.backends.writing.python import (
    Code,
    assign,
    call,
    dotted,
    function,
    literal,
    name,
    packed,
)
from jointbridge.errors import UnsupportedError
from jointbridge.expression import Name, Support, names
from jointbridge.spec import Param, Scan, Spec, nodes, own_names


class NumPyro(JaxLanguage, Effects):
    """NumPyro's words, and JAX's."""

    title = "NumPyro"
    table = TABLE
    imports = {**IMPORTS, **dict.fromkeys([*HELPERS, *CLASSES.families], "")}  # noqa: RUF012
    constructors = "dist.{}"
    positional = POSITIONAL
    transforms = TRANSFORMS
    module = "numpyro"
    scale = "handlers.scale(scale=x)"

    def support(self, support: Support, bounds: Sequence[Code]) -> Code:
        """One of NumPyro's constraints."""
        title = CONSTRAINTS.get(support.name, support.name)
        constraint = dotted(f"constraints.{title}")
        return call(constraint, bounds) if bounds else constraint

    def check(
        self, constructor: str, batch: tuple[int, ...], event: tuple[int, ...]
    ) -> None:
        """Refuse what NumPyro takes for something else."""
        del event
        if constructor == "ZeroSumNormal" and batch:
            message = "NumPyro has no ZeroSumNormal with a scale for each of a batch"
            raise UnsupportedError(message, hint="give it one scale, and multiply")
        if constructor == "GaussianStateSpace" and batch:
            message = (
                "NumPyro's GaussianStateSpace takes one transition matrix, not a batch"
            )
            hint = "use the native object of joint.to_numpyro()"
            raise UnsupportedError(message, hint=hint)

    def brings(self, constructor: str, event: tuple[int, ...]) -> bool:
        """Whether NumPyro's own class has no density of such a vector."""
        return is_wider(constructor, event)

    def construct(
        self, constructor: str, positional: Sequence[Code], keywords: Mapping[str, Code]
    ) -> Code:
        """A distribution; a shape is a tuple."""
        if constructor in LACKING or constructor in HELPERS:
            return call(constructor, positional, **keywords)
        if not hasattr(dist, constructor):
            message = f"NumPyro has no {constructor}"
            hint = (
                "say it with a factor, or use the native object of joint.to_numpyro()"
            )
            raise UnsupportedError(message, hint=hint)
        if "event_shape" in keywords:
            keywords = {**keywords, "event_shape": ast.Tuple([keywords["event_shape"]])}
        return super().construct(constructor, positional, keywords)

    def improper(self, constraint: Code, batch: Code, event: Code) -> Code:
        """A density of 1 on a constraint."""
        return call("dist.ImproperUniform", [constraint, batch, event])

    def scan(self, writer: Model, scan: Scan) -> list[ast.stmt]:
        """A step function and `lax.scan`, or NumPyro's own where the body has sites."""
        return Recurrence(self, writer, scan).statements()


class Recurrence:
    """Writes one scan."""

    def __init__(self, language: NumPyro, writer: Model, scan: Scan) -> None:
        self.outer, self.spec = writer, scan
        scope, self.length = writer.analysis.scans[scan.name]
        identifiers = writer.identifiers.inner(own_names(scan))
        expressions = writer.expressions.inside(scope, identifiers)
        read = frozenset[str]().union(*(names(node) for _, node in nodes(scan)))
        self.kept = [
            (site.name, Name(site.name))
            for site in scan.sites
            if site.name in writer.used
        ]
        used = read | {title for title, _ in self.kept}
        plates = Plates(writer.plates.taken, language.plates_once)
        self.inner = Model(language, writer.analysis, expressions, used, plates)

    def statements(self) -> list[ast.stmt]:
        """The step function, and the call that runs it."""
        step = self.outer.identifiers.new("step")
        collected = [*self.spec.collect, *self.kept]
        body = self.body(collected)
        code = function(step, ["carry", "x"], body)
        for place, given in enumerate((self.spec.carry, self.spec.over)):
            if len(given) == 1:
                code.args.args[place].arg = self.inner.identifiers[given[0][0]]
            elif not given:
                code.args.args[place].arg = "_"
        scopes = self.inner.expressions.scope
        first = [
            self.outer.expressions.as_shape(
                node, scopes.names[title].shape, scopes.names[title].kind
            )
            for title, node in self.spec.carry
        ]
        over = [self.outer.expressions.array(node) for _, node in self.spec.over]
        run = call(
            "scan" if self.spec.sites else "lax.scan",
            [name(step), _packed(first), _packed(over)],
            length=None if over else literal(self.length),
        )
        targets = [name(self.outer.identifiers[title]) for title, _ in collected]
        target = ast.Tuple([name("_"), _packed(targets) if targets else name("_")])
        return [code, assign(target, run)]

    def body(self, collected: Sequence[tuple[str, object]]) -> list[ast.stmt]:
        """The statements of a step."""
        given: list[ast.stmt] = []
        for word, items in (("carry", self.spec.carry), ("x", self.spec.over)):
            targets = [name(self.inner.identifiers[title]) for title, _ in items]
            if len(targets) > 1:
                given.append(assign(ast.Tuple(list(targets)), name(word)))
        sites = self.outer.analysis.sites
        steps = {s.name: step for s in self.spec.sites if (step := sites[s.name].step)}
        body = self.inner.body(self.spec.body, steps)
        types = self.inner.expressions.scope.names
        following = dict(self.spec.next)
        carried = [
            self.inner.expressions.as_shape(
                following[title], types[title].shape, types[title].kind
            )
            for title, _ in self.spec.carry
        ]
        out = [self.inner.expressions(node) for _, node in collected]
        result = ast.Return(ast.Tuple([_packed(carried), _packed(out)]))
        return [*given, *body, result]


def _packed(items: Sequence[Code]) -> Code:
    return packed(items) if items else ast.Constant(None)


# -- the module ---------------------------------------------------------------


def write(spec: Spec, style: str | None = None) -> str:
    """The text of a NumPyro module.

    Raises:
        UnsupportedError: NumPyro cannot say the spec, or there is no such style.
    """
    if style not in (None, "model"):
        message = f"NumPyro has no style {style!r}"
        raise UnsupportedError(message, hint="leave it out: there is one, 'model'")
    written = model_function(NumPyro(), spec)
    main = _main(spec, written)
    taken = {written.code.name, *written.constants}
    found = helpers(CLASSES, [written.code], taken)
    return module(
        spec,
        IMPORTS,
        written.constants,
        [written.code],
        written.arguments,
        main,
        [*found.texts, *used(HELPERS, written.code)],
        found.numbers,
    )


def stored(spec: Spec) -> dict[str, np.ndarray]:
    """The arrays that the module loads from the `.npz` file beside it."""
    return data_of.stored(spec, model_function(NumPyro(), spec).arguments)


def _main(spec: Spec, written: Written) -> str:
    """How to run the model."""
    title, data = written.code.name, ", **DATA" if spec.data else ""
    if any(isinstance(s, Param) for s in spec.statements):
        return _SVI.format(title=title, data=data)
    latent = [site for site in spec.samples if site.observed is None]
    if not latent or any(map(has_no_map, latent)):
        return _PRIOR.format(title=title, data=data)
    return _NUTS.format(title=title, data=data)


_NUTS = """\
numpyro.enable_x64()
mcmc = MCMC(NUTS({title}), num_warmup=1000, num_samples=1000)
mcmc.run(random.PRNGKey(0){data})
mcmc.print_summary()
"""

_SVI = """\
numpyro.enable_x64()
guide = AutoNormal({title})
svi = SVI({title}, guide, numpyro.optim.Adam(0.01), Trace_ELBO())
result = svi.run(random.PRNGKey(0), 2000{data})
print(result.params)
"""

_PRIOR = """\
numpyro.enable_x64()
draws = Predictive({title}, num_samples=1000)(random.PRNGKey(0){data})
print({{name: values.mean(axis=0) for name, values in draws.items()}})
"""
