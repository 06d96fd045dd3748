"""How each backend spells a family, read from its table without importing its library."""

from __future__ import annotations

from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

from jointbridge import backends as registry
from jointbridge.backends.lower import Table
from jointbridge.cli.packages import entry_point
from jointbridge.errors import BackendError
from jointbridge.families import Family


def spellings(family: Family) -> dict[str, str]:
    """For each registered backend, its spelling of a family, or why it has none."""
    return {name: _spelling(family, name) for name in registry.names()}


def _spelling(family: Family, name: str) -> str:
    try:
        rows = _light_table(name) or registry.get(name).table
    except BackendError as error:
        return f"unknown: {error.problems[0].message}"
    if gap := rows.missing.get(family.name):
        return f"missing ({gap.word.replace('_', ' ')}): {gap.reason}"
    if family.name in rows.rewritten:
        return family.same_as
    return rows.different.get(family.name) or "the same name and parameters"


def _light_table(name: str) -> Table | None:
    """The `TABLE` of `table.py` beside a backend, where there is such a file.

    The folder's own `__init__` would import the library, so the file is run by itself.
    """
    found = find_spec(entry_point(name).module)
    for folder in (found and found.submodule_search_locations) or ():
        path = Path(folder) / "table.py"
        loading = spec_from_file_location(f"{entry_point(name).module}._table", path)
        if path.is_file() and loading and loading.loader:
            module = module_from_spec(loading)
            loading.loader.exec_module(module)
            rows = getattr(module, "TABLE", None)
            return rows if isinstance(rows, Table) else None
    return None
