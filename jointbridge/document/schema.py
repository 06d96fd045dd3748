"""The JSON Schema of the format, from the same table that reads and writes it."""

from __future__ import annotations

from typing import Any

from jointbridge.document.fields import DEFINITIONS, DOCUMENT
from jointbridge.document.reader import VERSION
from jointbridge.document.rows import row_schema

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The format as a JSON Schema (2020-12), for editors and other languages.

    Returns:
        A fresh dictionary. A document may be valid here and still be refused: the
        schema knows nothing of expressions, shapes and names.
    """
    rest = row_schema(DOCUMENT)
    major, minor = VERSION
    version = {
        "type": "string",
        "pattern": rf"^{major}\.({'|'.join(map(str, range(minor + 1)))})$",
        "description": "the format version",
    }
    return {
        "$schema": _DIALECT,
        "$id": f"urn:jointbridge:{major}.{minor}",
        "title": "jointbridge",
        **rest,
        "properties": {
            "$schema": True,
            "jointbridge": version,
            **rest["properties"],
        },
        "patternProperties": {"^x-": True},
        "required": ["jointbridge", *rest["required"]],
        "$defs": DEFINITIONS,
    }
