"""Which family a site's distribution is, or what to do where it is none."""

from __future__ import annotations

from typing import Any

import numpyro.distributions as dist

from jointbridge.backends.arrays.raising.tracing import place_here
from jointbridge.backends.foreign import to_catalogue
from jointbridge.backends.numpyro.read_distributions import (
    Leaves,
    defaults,
    support,
    tree,
)
from jointbridge.backends.numpyro.table import READING
from jointbridge.backends.reading import ReadError
from jointbridge.expression import Distribution

_BY_DENSITY = "options={'density': True} keeps its density alone, as a factor"


def spelling(
    msg: Any, core: Any, leaves: Leaves, *, density: bool
) -> Distribution | None:
    """The catalogue's spelling; None where only the density can be had.

    Args:
        msg: The message of the site.
        core: Its distribution, without what wraps it.
        leaves: Takes the parameters.
        density: Whether the density alone will do for any.

    Raises:
        ReadError: It is no family of the catalogue.
    """
    try:
        return to_catalogue(READING, tree(core, leaves), defaults)
    except ReadError as error:
        known = type(core).__module__.startswith("numpyro.")
        kept = known and (msg["value"] is not None or _is_transformed(core))
        if density or kept:
            return None
        hint = _BY_DENSITY if not known else error.problems[0].hint or _BY_DENSITY
        raise _at(error, msg["name"], place_here(), hint) from None


def _at(error: ReadError, name: str, where: str, hint: str) -> ReadError:
    """The error with the site and its place."""
    problem = error.problems[0]
    message = f"site {name!r}: {problem.message}"
    return ReadError(message, code=problem.code, path=where, hint=hint)


def _is_transformed(core: Any) -> bool:
    """Whether its density is that of a base at the inverse, on a support with a name."""
    if type(core) is not dist.TransformedDistribution:
        return False
    try:
        support(core.support, Leaves())
    except ReadError:
        return False
    return True
