"""Unconstrained coordinates of the latent sites: there, back, and the log Jacobian.

    free ──► values, log |d values / d free| ──► free

Supports that depend on earlier sites are evaluated at each point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jointbridge.analysis import Site
from jointbridge.backends.density import summed
from jointbridge.backends.walking import Walker
from jointbridge.errors import UnsupportedError
from jointbridge.evaluate import Array, Env, Evaluator
from jointbridge.support import SUPPORTS


def bijector_of(walker: Walker, site: Site, evaluate: Evaluator) -> Any | None:
    """The bijector of a latent site at this point; None where it keeps its value."""
    if not site.mapped:
        if site.discrete or walker.keep_unmapped:
            return None
        raise _unmapped(walker, site)
    region = walker.backend.region(site.support, evaluate, len(site.batch))
    return walker.backend.bijector(region)


def _unmapped(walker: Walker, site: Site) -> UnsupportedError:
    return walker.backend.unsupported(
        f"unconstrain the site {site.name!r}: no smooth map leads from all vectors to"
        f" the support {site.support.name!r} and back",
        hint=SUPPORTS[site.support.name].instead,
    )


def constrain(walker: Walker, free: Mapping[str, Array]) -> tuple[Env, Array]:
    """Values from unconstrained coordinates, and the log Jacobian of the map.

    Counted sites, and others that are kept, pass through unchanged.  Supports that depend on earlier sites are
    evaluated at this point.
    """
    log_jacobian = walker.arrays.array(0.0, "float")
    ranks = {n: len(site.free) for n, site in walker.analysis.latent.items()}
    values: Env = {}
    passed = _through(walker, free, ranks, walker.backend.forward)
    for site, bijector, value, evaluate in passed:
        values[site.name] = value
        if bijector is not None:
            log_det = walker.backend.log_det(bijector, free[site.name], value)
            log_det = summed(evaluate, log_det, site.elementwise)
            log_jacobian = log_jacobian + log_det
    return values, log_jacobian


def unconstrain(walker: Walker, values: Mapping[str, Array]) -> Env:
    """Unconstrained coordinates of values of the latent sites."""
    ranks = {n: site.type.rank for n, site in walker.analysis.latent.items()}
    inverse = walker.backend.inverse
    passed = _through(walker, values, ranks, lambda _, value: value)
    return {
        site.name: value if bijector is None else inverse(bijector, value)
        for site, bijector, value, _ in passed
    }


def _through(
    walker: Walker,
    given: Mapping[str, Array],
    ranks: Mapping[str, int],
    make: Callable[[Any, Array], Array],
) -> Iterator[tuple[Site, Any | None, Array, Evaluator]]:
    """The latent sites with bijectors, and values made with them in order.

    Args:
        walker: The statements.
        given: An array for each latent site.
        ranks: The numbers of axes of one draw of them.
        make: From a site's bijector and its array to its value.
    """
    env: Env = dict(walker.data)

    def fill(site: Site, evaluate: Evaluator, x: Any) -> Array:
        if not site.latent:
            return walker.observed(site, evaluate)
        bijector = bijector_of(walker, site, evaluate)
        return x if bijector is None else make(bijector, x)

    for statement, evaluate in walker.walk_along(env, fill, given, ranks):
        for site in walker.sites(statement):
            if site.latent:
                bijector = bijector_of(walker, site.step or site, evaluate)
                yield site, bijector, env[site.name], evaluate
