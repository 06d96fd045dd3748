"""The distributions of sites as TFP's, their copies as parts of one event."""

from __future__ import annotations

import ast

from jointbridge.analysis import Site
from jointbridge.backends.writing.distributions import Distributions
from jointbridge.backends.writing.expressions import Expressions
from jointbridge.backends.writing.python import Code, call, fill, literal, method
from jointbridge.shapes import broadcast
from jointbridge.spec import Factor


class Sites:
    """Writes the sites and factors of one scope, as components without their names."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self.scope = expressions.scope
        self.distributions = Distributions(expressions)

    def factor(self, factor: Factor) -> Code:
        """The term of a factor."""
        code = self.expressions.as_kind(factor.value, "float")
        if self.scope.type(factor.value).rank:
            is_short = isinstance(code, (ast.Call, ast.Name, ast.Subscript))
            code = method(code, "sum") if is_short else fill("jnp.sum(x)", x=code)
        return call("Factor", [code])

    def site(self, site: Site) -> Code:
        """The distribution of a site."""
        sample = site.sample
        if sample.dist.family == "ImproperUniform":
            return self._flat(site)
        code, batch = self.distributions(sample.dist), site.dist.batch
        if sample.mask is not None:
            mask = self.expressions.as_kind(sample.mask, "bool")
            batch = broadcast(batch, self.scope.type(sample.mask).shape)
            code = call("tfd.Masked", [code, mask])
        if sample.scale is not None:
            scale = self.expressions.as_kind(sample.scale, "float")
            batch = broadcast(batch, self.scope.type(sample.scale).shape)
            code = call("Scaled", [code, scale])
        return self._placed(code, batch, site)

    def _flat(self, site: Site) -> Code:
        """A density of 1, which no mask and no scale change."""
        event = site.type.shape[len(site.batch) :]
        shape = [*self._sizes(site), *map(literal, event)]
        (_, support), *_ = site.sample.dist.params
        bijector = self.distributions.support(support)  # type: ignore[arg-type]
        return call("Flat", [bijector, ast.Tuple(shape)])

    def _placed(self, code: Code, batch: tuple[int, ...], site: Site) -> Code:
        """A distribution with its copies as parts of one event."""
        sizes, own = self._sizes(site), len(batch)
        leading = len(site.batch) - own
        if site.batch[leading:] != batch:
            full = call("tfd.BatchBroadcast", [code, ast.Tuple(sizes)])
            return call("tfd.Independent", [full, literal(len(sizes))])
        if own:
            code = call("tfd.Independent", [code, literal(own)])
        if leading:
            shape = sizes[0] if leading == 1 else ast.Tuple(sizes[:leading])
            code = call("tfd.Sample", [code, shape])
        return code

    def _sizes(self, site: Site) -> list[Code]:
        sizes = self.expressions.sizes
        plates = [
            literal(1) if plate is None else sizes.plate(plate)
            for plate in site.sample.plates
        ]
        shape = [
            sizes.size(("shape", site.name, n), size)
            for n, size in enumerate(site.sample.shape)
        ]
        return [*plates, *shape]
