"""A cell as a script that anyone can paste."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jointbridge.comparison.report import TOTAL

if TYPE_CHECKING:
    from jointbridge.comparison.report import Cell, Report

#: For each check, the expression that shows its number.
_SHOW = {
    "transform": "compiled.unconstrain(values)[{site!r}]",
    "log density": "compiled.log_prob_parts(values)[{site!r}]",
    "gradient": "compiled.value_and_grad(values)[1][{site!r}]",
    "unconstrained": "compiled.log_prob_unconstrained(values)",
    "unconstrained gradient": "compiled.value_and_grad_unconstrained(values)[1][{site!r}]",
    "draws": "compiled.sample(seed, (10_000,))[{site!r}]",
}
_SHOW_TOTAL = {
    "log density": "compiled.log_prob(values)",
    "unconstrained": _SHOW["unconstrained"],
    "draws": (
        "compiled.log_prob({{n: x for n, x in compiled.sample(seed, (10_000,)).items()"
        " if n in compiled.sites}})"
    ),
}


_TEMPLATE = """\
import jointbridge as jb

joint = jb.loads({text})
values = {values!r}
seed = {seed!r}
for backend in {backends!r}:
    compiled = joint.compile(backend, dtype={dtype!r})
    print(backend, {show})
"""


def script(report: Report, cell: Cell) -> str:
    """Python that prints the number of the reference and of the backend."""
    table = _SHOW_TOTAL if cell.site == TOTAL else _SHOW
    show = "compiled.value_types"
    if cell.check in table:
        # The library's own arrays hide most of their digits when printed.
        over = ".mean(0)" if cell.check == "draws" else ""
        number = table[cell.check].format(site=cell.site)
        show = f"compiled.numpy({number}){over}.tolist()"
    values = {name: _literal(value) for name, value in cell.values.items()}
    seed = report.settings.get("seed", 0)
    return _TEMPLATE.format(
        text=_text(report.text),
        values=values,
        seed=seed,
        backends=(report.reference, cell.backend),
        dtype=report.settings.get("dtype", "float64"),
        show=show,
    )


def _text(text: str) -> str:
    """The file as a Python literal, readable where its characters allow."""
    if "\\" in text or "'''" in text:
        return repr(text)
    return f"'''{text}'''"


def _literal(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else value
