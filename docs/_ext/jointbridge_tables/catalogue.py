"""Families, supports and functions, and how each registered backend spells a family."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from jointbridge import backends
from jointbridge.cli.spelling import Spelled, spelled, spellings
from jointbridge.families import FAMILIES, Family, Parameter
from jointbridge.families.elsewhere import ELSEWHERE
from jointbridge.functions import FUNCTIONS, OPERATORS, Function
from jointbridge.support import SUPPORTS, SupportRow
from jointbridge.syntax import show
from jointbridge_tables.markdown import code, codes, fence, sections, table

# -- families -----------------------------------------------------------------


def _parameter(p: Parameter) -> str:
    domain = p.domain.name if p.special else show(p.domain)
    axes = f"[{', '.join(p.axes)}]" if p.axes else ""
    default = "" if p.default is None else f" = {show(p.default)}"
    return f"{p.name}: {domain}{axes}{default}"


def _groups(family: Family) -> list[list[Parameter]]:
    """The parameters; those of which exactly one is given stand together."""
    found: dict[object, list[Parameter]] = {}
    for p in family.parameters.values():
        found.setdefault(p.choice or p.name, []).append(p)
    return list(found.values())


def _event(family: Family) -> str:
    return f"[{', '.join(family.axes)}]" if family.axes else ""


def families() -> str:
    """Every family with its parameters, support and meaning."""
    rows = (
        (
            f"[{f.name}](#{f.name.lower()})",
            ", ".join(" or ".join(code(p.name) for p in g) for g in _groups(f)),
            code(f.support) + (f", event {code(_event(f))}" if f.axes else ""),
            f.meaning,
        )
        for f in FAMILIES.values()
    )
    return table(["family", "parameters", "support", "meaning"], rows)


def parametrisations() -> str:
    """How each registered backend spells each family."""
    names = backends.names()
    rows = ((code(f.name), *map(_brief, _spelled(f))) for f in FAMILIES.values())
    return table(["family", *names], rows)


def _brief(spelling: str) -> str:
    return "=" if spelling.startswith("the same") else spelling


def _spelled(family: Family) -> Iterator[str]:
    for spelling in spellings(family).values():
        text = re.sub(r",(?=\S)", ", ", spelling)
        is_call = re.fullmatch(r"\w+\(.*\)", text)
        yield code(text) if is_call else text


def accurate() -> str:
    """The families that `accurate=True` scores by a formula of the catalogue."""
    rows = (
        (name, codes(sorted(backends.get(name).table.accurate)) or "none")
        for name in backends.names()
    )
    return table(["backend", "families with an accurate form"], rows)


def elsewhere() -> str:
    """Distributions of the libraries that the catalogue does not have."""
    rows = (
        (code(row.name), row.word.replace("_", " "), row.instead)
        for row in ELSEWHERE.values()
    )
    return table(["distribution", "", "what to write instead, or why not"], rows)


def family_details() -> str:
    """One section for each family."""
    return sections(map(_detail, FAMILIES.values()))


def _detail(family: Family) -> str:
    texts = zip(backends.names(), _spelled(family), strict=True)
    rows = {
        "parameters": ", ".join(map(_choice, _groups(family))),
        "support": _support(family)
        + (f", event {_event(family)}" if family.axes else ""),
        "density": f"against {family.measure}; {_source(family)}",
        **{f"on {name}": text for name, text in texts},
        **{f"trap on {name}": text for name, text in _traps(spelled(family))},
    }
    return sections(
        [
            f"### {family.name}",
            f"{family.meaning[0].upper()}{family.meaning[1:]}.",
            fence(_wrapped(family.log_density)),
            "\n".join(f"* {key}: {text}" for key, text in rows.items()),
            _examples(spelled(family)),
        ]
    )


def _traps(found: Mapping[str, Spelled]) -> Iterator[tuple[str, str]]:
    for name, row in found.items():
        if row.traps:
            yield name, "; ".join(row.traps)


def _examples(found: Mapping[str, Spelled]) -> str:
    """The family in the words of each library, as it would be written."""
    text = "\n\n".join(
        "\n".join((f"# {name}", *row.example))
        for name, row in found.items()
        if row.example
    )
    return f"```{{code-block}} python\n{text}\n```" if text else ""


def _choice(group: list[Parameter]) -> str:
    either = "exactly one of " if len(group) > 1 else ""
    return either + codes(map(_parameter, group))


def _support(family: Family) -> str:
    row = SUPPORTS.get(family.support.partition("(")[0])
    return code(family.support) + (f": {row.meaning}" if row else "")


def _source(family: Family) -> str:
    is_link = family.source.startswith("https://")
    return f"[source]({family.source})" if is_link else family.source


def _wrapped(text: str, width: int = 80) -> str:
    """The text on several lines, broken before the signs of its outermost sum."""
    lines = [""]
    for term in _terms(text):
        if lines[-1] and len(lines[-1]) + len(term) > width:
            lines.append("")
        lines[-1] += term if len(lines) == 1 or lines[-1] else f"  {term.lstrip()}"
    return "\n".join(lines)


def _terms(text: str) -> Iterator[str]:
    depth = start = 0
    for place, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        if not depth and text[place : place + 3] in (" + ", " - "):
            yield text[start:place]
            start = place
    yield text[start:]


# -- supports -----------------------------------------------------------------


def _written(row: SupportRow) -> str:
    if row.bounds:
        return f"{row.name}({', '.join(row.bounds)})"
    return f"{row.name}(K)" if row.rank else row.name


def _free(row: SupportRow) -> str:
    if row.discrete:
        return "counted: none"
    if row.free is None:
        return "none"
    if not row.rank:
        return "1 for each element"
    size = "×".join("3" * row.rank)
    return f"{row.free(*(3,) * row.rank)[0]} for {size} values"


def supports() -> str:
    """Every support with its meaning and its unconstrained coordinates."""
    rows = ((code(_written(r)), r.meaning, _free(r)) for r in SUPPORTS.values())
    return table(["support", "values", "unconstrained coordinates"], rows)


def membership() -> str:
    """When a value counts as inside, and a value that is, as expressions."""
    rows = ((code(r.name), code(r.inside), code(r.point)) for r in SUPPORTS.values())
    return table(["support", "`value` is inside when", "some member"], rows)


# -- functions ----------------------------------------------------------------

#: What each rule of shapes says, in words.
SHAPES = {
    "map": "broadcast",
    "reduce": "without `axis`; every axis by default",
    "along": "as `x`",
    "reshape": "`shape`",
    "transpose": "axes in the order of `axes`, reversed by default",
    "squeeze": "without `axis`",
    "broadcast": "`shape`",
    "stack": "broadcast of the items, with a new axis",
    "concatenate": "the sum of the sizes along `axis`",
    "full": "`shape`",
    "eye": "`[size, size]`",
    "arange": "`[stop - start]`",
    "one_hot": "that of `x`, then `size`",
    "square": "as `x`, whose last two axes are equal",
    "diag": "that of `x`, its last axis twice",
    "diagonal": "as `x` without its last axis",
    "matmul": "as for NumPy's `@`",
    "einsum": "the letters after `->`",
    "solve": "as `b`, batch axes broadcast",
    "cast": "as `x`",
    "log_prob": "the batch of the distribution, broadcast with the value",
}

#: What each rule of kinds says, in words.
KINDS = {
    "float": "float",
    "numeric": "widest, at least int",
    "same": "widest",
    "bool": "bool",
    "compare": "bool",
    "int": "int",
    "cast": "`kind`",
}


def functions() -> str:
    """Every function that is called by name."""
    called = (row for row in FUNCTIONS.values() if not row.symbol)
    rows = (
        (code(row.signature), row.meaning, SHAPES[row.shape], KINDS[row.kind])
        for row in called
    )
    return table(["call", "gives", "shape", "kind"], rows)


def operators() -> str:
    """The operators by precedence, those that bind tightest first."""
    levels: dict[int, list[Function]] = {}
    for row in OPERATORS.values():
        levels.setdefault(row.precedence, []).append(row)
    rows = (
        (codes(map(_infix, levels[level])), codes(row.name for row in levels[level]))
        for level in sorted(levels, reverse=True)
    )
    return table(["operator", "named"], rows)


def _infix(row: Function) -> str:
    symbol = row.symbol or ""
    return f"{symbol}x" if len(row.arguments) == 1 else f"x {symbol} y"


TABLES = {
    "families": families,
    "parametrisations": parametrisations,
    "accurate": accurate,
    "elsewhere": elsewhere,
    "family-details": family_details,
    "supports": supports,
    "membership": membership,
    "functions": functions,
    "operators": operators,
}
