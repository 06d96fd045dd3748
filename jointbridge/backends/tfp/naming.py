"""Names of sites as names of components: TFP passes components as keyword arguments."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

#: Arguments of TFP's own methods, beside which components are passed by name.
RESERVED = {"args", "distribution", "kwargs", "name", "sample_shape", "seed", "self"}
RESERVED |= {"value", "_"}


def component_names(sites: Iterable[str]) -> dict[str, str]:
    """An identifier for each site, unique and as near to its name as can be.

    Args:
        sites: Names of sites, any text.

    Returns:
        From the name of a site to the name of its component, in order.
    """
    sites = list(sites)
    taken = {n for n in sites if _usable(n)}
    found: dict[str, str] = {}
    for site in sites:
        found[site] = site if _usable(site) else _mangled(site, taken)
        taken.add(found[site])
    return found


def _usable(name: str) -> bool:
    plain = name.isidentifier() and name.isascii()
    return plain and not keyword.iskeyword(name) and name not in RESERVED


def _mangled(name: str, taken: set[str]) -> str:
    stem = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_") or "site"
    stem = stem if stem[0].isalpha() else f"site_{stem}"
    number, found = 1, stem
    while found in taken or not _usable(found):
        found, number = f"{stem}_{number}", number + 1
    return found
