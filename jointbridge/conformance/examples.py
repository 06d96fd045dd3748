"""Examples of every family in the words of each library, as data beside its tables.

    python -m jointbridge.conformance.examples            write them anew
    python -m jointbridge.conformance.examples --check    are they as they would be written?

Each comes out of the backend's own writer, so that it runs as it stands. They are kept,
because a look into the catalogue should not import three libraries.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jointbridge import backends
from jointbridge.backends.base import Backend
from jointbridge.backends.laws import LAWS
from jointbridge.conformance.case import Case
from jointbridge.conformance.cases import CASES
from jointbridge.conformance.snippets import Snippet, array, snippet
from jointbridge.errors import JointBridgeError
from jointbridge.expression import Distribution
from jointbridge.families import FAMILIES
from jointbridge.syntax import show

FILE = "examples.json"

#: Families whose class in a module rests on many functions, or on another distribution:
#: jointbridge's own is the shorter example.
_LONG = frozenset({*LAWS, "Folded", "Hurdle", "LeftCensored", "RightCensored"})


def examples(backend: Backend) -> dict[str, dict[str, Any]]:
    """By family, its first case in the words of a library.

    Returns:
        `imports` and `code`; `brought` where a written module brings a class of its
        own, `takes` for the catalogue's parameters in the order of the constructor's
        positions; or `none` with the reason.
    """
    first: dict[str, Case] = {}
    for case in CASES.values():
        first.setdefault(case.family, case)
    return {n: _example(first[n], backend) for n in FAMILIES if n in first}


def _example(case: Case, backend: Backend) -> dict[str, Any]:
    try:
        made = snippet(case.at(case.free), backend)
    except JointBridgeError as refusal:
        return _of_ours(case, backend) or {"none": refusal.problems[0].message}
    found: dict[str, Any] = {"imports": list(made.imports), "code": made.expression}
    if made.classes:
        if case.family in _LONG and (ours := _of_ours(case, backend)):
            return ours
        found["brought"] = list(made.classes)
    return found | _takes(case.family, made.expression, backend)


def _of_ours(case: Case, backend: Backend) -> dict[str, Any]:
    """Jointbridge's own class, where the library has none."""
    if case.family in {*backend.table.different, *backend.table.missing}:
        return {}
    try:
        made = backend.constructor(case.family)
        cls = getattr(made, "func", made)
        parts = [_argument(x, backend) for _, x in case.at(case.free).params]
    except (JointBridgeError, AttributeError, ValueError):
        return {}
    if not cls.__module__.startswith("jointbridge."):
        return {}
    names = [n for n, _ in case.at(case.free).params]
    given = (f"{n}={p.expression}" for n, p in zip(names, parts, strict=True))
    imports = dict.fromkeys(line for p in parts for line in p.imports)
    imports[f"from {cls.__module__} import {cls.__name__}"] = None
    return {"imports": list(imports), "code": f"{cls.__name__}({', '.join(given)})"}


def _argument(node: Any, backend: Backend) -> Snippet:
    if isinstance(node, Distribution):
        return snippet(node, backend)
    return array(ast.literal_eval(show(node)), backend)


def _takes(family: str, code: str, backend: Backend) -> dict[str, Any]:
    """The parameters of the constructor, in the order of its positions."""
    name = code.partition("(")[0].rpartition(".")[2]
    try:
        parameters = inspect.signature(backend.constructor(name)).parameters
    except (JointBridgeError, AttributeError, TypeError, ValueError):
        return {}
    places = [p.name for p in parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    known = FAMILIES[family].parameters
    return {"takes": [n for n in places if n in known]}


def path(name: str) -> Path:
    """Where the examples of a backend are kept."""
    backend = type(backends.get(name))
    return Path(inspect.getfile(backend)).parent / FILE


def text(name: str) -> str:
    """The file as it should be."""
    rows = examples(backends.get(name)).items()
    lines = (f"{json.dumps(n)}: {json.dumps(x, ensure_ascii=False)}" for n, x in rows)
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main(arguments: Sequence[str]) -> int:
    """Write the files of all backends, or say which are not as they should be."""
    stale = []
    for name in backends.names():
        file, wanted = path(name), text(name)
        if not file.exists() or file.read_text(encoding="utf-8") != wanted:
            stale.append(name)
            if "--check" not in arguments:
                file.write_text(wanted, encoding="utf-8")
    sys.stdout.write(f"changed: {', '.join(stale) or 'none'}\n")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
