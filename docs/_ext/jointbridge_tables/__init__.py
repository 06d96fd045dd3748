"""Tables of the documents, written from the tables of the library at every build.

A page says where a table goes:

    <!-- generated: families -->

and this package puts it there while Sphinx reads the page, so that no table can be older
than the code.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jointbridge_tables import (
    catalogue,
    checks,
    commands,
    conformance,
    files,
    layers,
)

TABLES: dict[str, Callable[[], str]] = {
    **catalogue.TABLES,
    **files.TABLES,
    **checks.TABLES,
    **commands.TABLES,
    **layers.TABLES,
    **conformance.TABLES,
}

MARKER = re.compile(r"^<!-- generated: ([a-z-]+) -->$", re.MULTILINE)


def expand(text: str) -> str:
    """The text of a page with its tables."""
    return MARKER.sub(lambda match: TABLES[match[1]](), text)


def setup(app: Any) -> dict[str, bool]:
    """What Sphinx calls."""
    app.connect("source-read", _expand_page)
    app.connect("env-get-outdated", _all_pages)
    app.connect("build-finished", _publish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _expand_page(_app: Any, _page: str, source: list[str]) -> None:
    source[0] = expand(source[0])


def _publish(app: Any, failure: Exception | None) -> None:
    if failure is None and app.builder.format == "html":
        conformance.publish(Path(app.outdir))


def _all_pages(_app: Any, env: Any, *_: Any) -> set[str]:
    # The tables come from code, whose changes Sphinx does not see.
    return set(env.found_docs)
