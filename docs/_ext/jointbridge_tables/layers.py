"""The layers of the library, from the contract that import-linter holds."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable
from pathlib import Path

from jointbridge_tables.markdown import code, table

ROOT = Path(__file__).parents[3]


def layers() -> str:
    """Every layer from top to bottom, its modules with what they are."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    order = next(c["layers"] for c in contracts if c["type"] == "layers")
    rows = (
        (code(module), _meaning(module))
        for layer in order
        for module in layer.split(" : ")
    )
    return table(["module", "what it is"], rows)


def _meaning(module: str) -> str:
    """The first line of a module's docstring."""
    path = ROOT.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = ast.get_docstring(ast.parse(file.read_text())) or ""
    return text.split("\n")[0]


TABLES: dict[str, Callable[[], str]] = {"layers": layers}
