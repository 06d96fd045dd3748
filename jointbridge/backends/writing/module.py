"""A whole module: docstring, imports, constants, functions, data and how to run it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence

from jointbridge.backends.writing import data as data_of
from jointbridge.backends.writing.layout import docstring, statements
from jointbridge.spec import Spec


def module(
    spec: Spec,
    known: Mapping[str, str],
    constants: Mapping[str, int],
    functions: Sequence[ast.stmt],
    arguments: Mapping[str, str],
    main: str,
    helpers: Sequence[str] = (),
    numbers: str = "",
) -> str:
    """The text of a module.

    Args:
        spec: What is written.
        known: By the name that code uses, the statement that imports it.
        constants: Numbers with names.
        functions: The functions of the module.
        arguments: By data, the argument that takes it.
        main: What stands under `if __name__ == "__main__"`, without indentation.
        helpers: Classes and functions that the code needs, as texts.
        numbers: Constants that the helpers need, as text.
    """
    table = data_of.table(spec, arguments)
    stored = data_of.stored(spec, arguments)
    code = "\n\n\n".join([*helpers, *(statements([f]) for f in functions)])
    lines = [f"{name} = {value}" for name, value in constants.items()]
    numbers = "\n".join([*lines, *([numbers] if numbers else [])])
    before = _data_before(spec, arguments, bool(stored))
    run = "\n".join(f"    {line}".rstrip() for line in (before + main).splitlines())
    end = f'if __name__ == "__main__":\n{run}\n'
    used = {*_names(code), *_names(table), *_names(end), *_names(numbers)}
    head = [
        docstring(_description(spec)),
        imports(known[n] for n in used if n in known),
    ]
    head += [numbers] if numbers else []
    body = "\n\n".join(head)
    return "\n\n\n".join([body, code, *([table] if table else []), end]).replace(
        "\n\n\n\n", "\n\n"
    )


def _description(spec: Spec) -> str:
    """The first sentence by itself, then the rest."""
    text = " ".join(spec.description.split()) or f"The model {spec.name!r}."
    first, dot, rest = text.partition(". ")
    return f"{first}.\n\n{rest}" if dot else text


def _names(code: str) -> set[str]:
    tree = ast.parse(code)
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}


def _data_before(spec: Spec, arguments: Mapping[str, str], stored: bool) -> str:
    """What `__main__` does about data that is not in the module."""
    lines = []
    if stored:
        lines.append('DATA = dict(np.load(Path(__file__).with_suffix(".npz")))')
    elif not any(d.values is not None for d in spec.data) and spec.data:
        lines.append("DATA = {}")
    for data in spec.data:
        if data.values is None:
            shape = ", ".join(map(str, data.type.shape))
            kind = f"an array of shape ({shape})" if shape else "a number"
            name = arguments[data.name]
            lines.append(
                f"# DATA[{name!r}] is yours to fill in: {kind}, {data.type.kind}"
            )
    return "".join(f"{line}\n" for line in lines)


_FROM = re.compile(r"from (\S+) import (.+)")


def imports(found: Iterable[str]) -> str:
    """Import statements as `isort` orders them, those of one module together."""
    plain: set[str] = set()
    members: dict[str, set[str]] = {}
    for statement in found:
        match = _FROM.fullmatch(statement)
        if match:
            members.setdefault(match[1], set()).add(match[2])
        else:
            plain.add(statement)
    lines = sorted(plain) + [
        f"from {source} import {', '.join(sorted(names, key=_order))}"
        for source, names in sorted(members.items())
    ]
    ours = [line for line in lines if line.split()[1] in _STANDARD]
    theirs = [line for line in lines if line not in ours]
    return "\n\n".join("\n".join(block) for block in (ours, theirs) if block)


_STANDARD = {"pathlib", "math"}


def _order(name: str) -> tuple[int, str]:
    kind = 0 if name.isupper() else 1 if name[0].isupper() else 2
    return kind, name
