"""Everything that is wrong with a spec: its types, then the constants in it.

Parameters and observations that follow from literals and bound data are evaluated with
NumPy and held against their domains and supports.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from jointbridge.analysis import Analysis, Site, analyse
from jointbridge.errors import Problem, SpecError, UnsupportedError
from jointbridge.evaluate import Env, Evaluator
from jointbridge.expression import (
    EXPRESSIONS,
    Distribution,
    Index,
    Name,
    Number,
    Slice,
    Support,
    is_many,
    names,
    substitute,
    walk,
)
from jointbridge.families import FAMILIES, Parameter
from jointbridge.membership import membership
from jointbridge.numpy_arrays import NumpyArrays
from jointbridge.shapes import Scope, spread
from jointbridge.spec import (
    Deterministic,
    Let,
    Sample,
    Scan,
    Spec,
    Type,
    nodes,
    own_names,
)
from jointbridge.support import SUPPORTS
from jointbridge.syntax import show

#: Constants of more elements than this are not evaluated.
MANY = 1_000_000


def examine(spec: Spec) -> Analysis:
    """The analysis of a spec, with the problems of its constants."""
    found = analyse(spec)
    if not found.errors:
        with np.errstate(all="ignore"):
            known: Env = {d.name: d.values for d in spec.data if d.values is not None}
            found.problems += _Constants(found, found.scope, known).problems()
    return found


def require(spec: Spec) -> Analysis:
    """The analysis of a spec without errors.

    Raises:
        SpecError: It has errors; all of them are listed.
    """
    found = examine(spec)
    if found.errors:
        raise SpecError(found.errors)
    return found


class _Constants:
    """The values that are known before anything is sampled."""

    def __init__(self, found: Analysis, scope: Scope, env: Env) -> None:
        self.found = found
        self.scope = scope
        self.arrays = NumpyArrays()
        self.env = env

    def problems(self) -> Iterator[Problem]:
        for number, statement in enumerate(self.found.spec.statements):
            path = f"$.sites[{number}] ({statement.name})"
            if isinstance(statement, Scan):
                yield from self.scan(statement, path)
                continue
            for _, node in nodes(statement):
                yield from self.indices(node, path)
            if isinstance(statement, Deterministic | Let):
                self.remember(statement)
            if isinstance(statement, Sample):
                site = self.found.sites[statement.name]
                yield from self.domains(statement.dist, path, len(site.batch))
                seen = statement.observed
                value = None if seen is None else self.evaluate(seen)
                yield from self.observation(site, value, path)

    def scan(self, scan: Scan, path: str) -> Iterator[Problem]:
        """The problems of a recurrence; its body has names of its own."""
        own = own_names(scan)
        known = {name: value for name, value in self.env.items() if name not in own}
        body = _Constants(self.found, self.found.scans[scan.name][0], known)
        for field, node in nodes(scan):
            outside = field.startswith(("carry.", "over."))
            yield from (self if outside else body).indices(node, path)
        for sample in scan.sites:
            site = self.found.sites[sample.name]
            yield from body.domains(sample.dist, path, len(site.batch) - 1)
            yield from body.observation(site, self.all_seen(scan, site), path)

    def all_seen(self, scan: Scan, site: Site) -> Any | None:
        """The observed value of all steps, where it is an array that is walked along."""
        seen = site.sample.observed
        node = dict(scan.over).get(seen.name) if isinstance(seen, Name) else None
        value = None if node is None else self.evaluate(node)
        if value is None or np.ndim(value) != site.type.rank:
            return None
        return value

    def evaluate(self, node: Any) -> Any | None:
        """The value of an expression, or None where it is not a known constant."""
        if not names(node) <= set(self.env) or self.huge(node):
            return None
        try:
            return Evaluator(self.arrays, self.scope, self.env)(node)
        except (KeyError, UnsupportedError):
            return None  # NumPy lacks the function
        except IndexError:
            return None  # reported as an index
        except (ArithmeticError, np.linalg.LinAlgError):
            return None  # no number: a singular matrix, an integer without a width

    def huge(self, node: Any) -> bool:
        """Whether some value on the way is too large to be worth a check."""
        values = (n for n in walk(node) if isinstance(n, EXPRESSIONS))
        return any(self.scope.type(n).size > MANY for n in values if not is_many(n))

    def remember(self, statement: Deterministic | Let) -> None:
        value = self.evaluate(statement.value)
        if value is not None:
            self.env[statement.name] = value

    # -- parameters -----------------------------------------------------------

    def domains(self, dist: Distribution, path: str, rank: int) -> Iterator[Problem]:
        row = FAMILIES[dist.family]
        for name, node in dist.params:
            parameter = row.parameters[name]
            if isinstance(node, Distribution):
                yield from self.domains(node, path, rank + len(parameter.axes))
            elif is_many(node):
                for item in node.items:
                    yield from self.domains(item, path, rank)
            elif not parameter.special and not _no_bound(parameter, node):
                yield from self.domain(dist, parameter, node, path)

    def domain(
        self, dist: Distribution, parameter: Parameter, node: Any, path: str
    ) -> Iterator[Problem]:
        value = self.evaluate(node)
        bounds = self.bounds(dist, parameter)
        if value is None or bounds is None:
            return
        support = SUPPORTS[parameter.domain.name]
        rank = max(
            np.ndim(value) - support.rank, *(np.ndim(b) for b in bounds.values()), 0
        )
        inside, _ = self.inside(Support(support.name), bounds, value, rank)
        if not np.all(inside):
            allowed = ", ".join(f"{n} {_first(b)}" for n, b in bounds.items())
            meaning = support.meaning + (f" ({allowed})" if bounds else "")
            yield Problem(
                "domain",
                path,
                f"{dist.family}: {parameter.name} must be {support.name}: {meaning}, "
                f"got {_offender(value, inside)}",
                _advice(parameter.domain.name),
            )

    def bounds(self, dist: Distribution, parameter: Parameter) -> Env | None:
        """The bounds of a domain that other parameters give, where they are known."""
        row = FAMILIES[dist.family]
        found: Env = {}
        others: dict[str, Any] = {
            n: dist.param(n) or p.default for n, p in row.parameters.items()
        }
        others |= {n: Number(k) for n, k in self.scope.distribution(dist).sizes}
        known = {n: x for n, x in others.items() if x is not None}
        for side, bound in parameter.domain.params:
            if not names(bound) <= set(known):
                return None
            value = self.evaluate(substitute(bound, known))
            if value is None:
                return None
            found[side] = value
        return found

    def inside(self, support: Support, bounds: Env, value: Any, rank: int) -> Any:
        """Membership with bounds given as arrays."""
        types = {n: Type(np.shape(b)) for n, b in bounds.items()}
        evaluate = Evaluator(self.arrays, Scope(types), bounds)
        named = Support(support.name, tuple((n, Name(n)) for n in bounds))
        return membership(named, np.asarray(value), evaluate, rank, "float64")

    # -- observations ---------------------------------------------------------

    def observation(self, site: Site, value: Any, path: str) -> Iterator[Problem]:
        support = site.support
        if value is None:
            return
        bounds = {n: self.evaluate(b) for n, b in support.params}
        if any(b is None for b in bounds.values()):
            return
        value = np.broadcast_to(value, site.type.shape)
        inside, _ = self.inside(support, bounds, value, site.elementwise)
        if np.isnan(value).any() and site.sample.mask is None:
            yield Problem("data", path, "an observed value is NaN", "use a mask")
        elif not np.all(inside) and site.sample.mask is None:
            message = (
                f"observed value {_offender(value, inside)} is outside the support "
                f"({SUPPORTS[support.name].meaning}): the log density is -inf"
            )
            yield Problem("support", path, message, severity="warning")

    # -- indices --------------------------------------------------------------

    def indices(self, root: Any, path: str) -> Iterator[Problem]:
        for node in walk(root):
            if isinstance(node, Index) and names(node) <= set(self.scope.names):
                yield from self.index(node, path)

    def index(self, node: Index, path: str) -> Iterator[Problem]:
        shape = self.scope.type(node.base).shape
        items = [i for i in spread(node.items, len(shape)) if i is not None]
        for size, item in zip(shape, items, strict=True):
            value = None if isinstance(item, (Number, Slice)) else self.evaluate(item)
            if value is not None and np.size(value):
                low, high = int(np.min(value)), int(np.max(value))
                if low < -size or high >= size:
                    message = (
                        f"an index goes from {low} to {high}, an axis of {size} has "
                        f"0 to {size - 1}, in {show(node)}"
                    )
                    yield Problem("data", path, message, "indices start at 0")


def _no_bound(parameter: Parameter, node: Any) -> bool:
    """Whether an infinite bound is written out, as `high=inf`."""
    return parameter.default == node and not np.isfinite(getattr(node, "value", 0))


def _first(value: Any) -> Any:
    return np.asarray(value).reshape(-1)[0].item()


def _offender(value: Any, inside: Any) -> str:
    """The first value that is not inside, with its place."""
    value, inside = np.asarray(value), np.asarray(inside)
    event = value.ndim - inside.ndim
    if inside.ndim == 0 or event < 0:
        return str(value.tolist() if value.size <= 8 else f"an array {value.shape}")
    place = tuple(int(i) for i in np.argwhere(~inside)[0])
    where = f" at index {list(place)}" if place else ""
    return f"{value[place].tolist()}{where}"


def _advice(domain: str) -> str:
    return {
        "simplex": "divide by the sum; nothing is normalised silently",
        "lower_cholesky": "pass cholesky(covariance), or covariance_matrix=",
    }.get(domain, "")
