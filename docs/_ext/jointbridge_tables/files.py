"""The file format: fields of every object, limits and problem codes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from typing import Any

from jointbridge.document.arrays import DECLARED, ENTRIES
from jointbridge.document.fields import DOCUMENT, STATEMENTS
from jointbridge.document.limits import DEFAULT, Limits
from jointbridge.document.rows import REQUIRED, Row
from jointbridge.errors import CODES, JointBridgeError
from jointbridge_tables.markdown import code, sections, table

#: JSON types as words.
_TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "array": "list",
    "object": "object",
    "null": "null",
}


#: The same of several.
_PLURALS = {
    "text": "texts",
    "whole number": "whole numbers",
    "text or null": "texts or null",
}

#: What a definition of the schema is called.
_NAMED = {"array": "nested lists"}


def _type(schema: Any) -> str:
    """A JSON Schema in a few words."""
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(map(_type, schema["anyOf"])))
    if "enum" in schema:
        return " or ".join(code(word) for word in schema["enum"])
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _NAMED.get(name, name)
    given = schema["type"]
    words = [_TYPES[t] for t in ([given] if isinstance(given, str) else given)]
    if words == ["list"]:
        inner = _type(schema["items"])
        return f"list of {_PLURALS.get(inner, 'statements')}"
    if words == ["object"] and "additionalProperties" in schema:
        return "object by name"
    return " or ".join(words)


def _fields(row: Row) -> str:
    rows = (
        (
            code(field.key),
            _type(field.form.schema),
            "required" if field.default is REQUIRED else "optional",
            field.meaning,
        )
        for field in row.fields
    )
    return table(["key", "JSON", "", "meaning"], rows)


def statements() -> str:
    """A section for each statement."""
    return sections(
        part
        for tag, row in STATEMENTS.items()
        for part in (f"### {code(tag)}: {row.meaning}", _fields(row))
    )


def entries() -> str:
    """A table for each object that an entry of data may be."""
    rows = [*ENTRIES.values(), DECLARED]
    return sections(
        part
        for row in rows
        for part in (f"{row.meaning[0].upper()}{row.meaning[1:]}:", _fields(row))
    )


def limits() -> str:
    """The limits with their defaults."""
    said = dict(re.findall(r"^ +(max_\w+): (.+)$", Limits.__doc__ or "", re.MULTILINE))
    rows = (
        (code(f.name), f"{getattr(DEFAULT, f.name):,}", said[f.name])
        for f in fields(Limits)
    )
    return table(["limit", "default", "of what"], rows)


def problem_codes() -> str:
    """Every code with its meaning."""
    return table(["code", "meaning"], ((code(c), m) for c, m in CODES.items()))


def errors() -> str:
    """The exceptions with their exit codes."""
    below = JointBridgeError.__subclasses__()
    here = (c for c in below if c.__module__ == JointBridgeError.__module__)
    classes = [JointBridgeError, *here]
    rows = (
        (code(f"jb.{c.__name__}"), (c.__doc__ or "").split("\n")[0], str(c.exit_code))
        for c in classes
    )
    return table(["exception", "", "exit code"], rows)


TABLES: dict[str, Callable[[], str]] = {
    "document": partial(_fields, DOCUMENT),
    "statements": statements,
    "entries": entries,
    "limits": limits,
    "problem-codes": problem_codes,
    "errors": errors,
}
