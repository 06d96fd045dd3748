"""The `doctor` command: what works on this machine, and the fix for what does not."""

from __future__ import annotations

import math
import platform
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import click
from rich.text import Text

from jointbridge import __version__, document
from jointbridge import backends as registry
from jointbridge.backends.compiled import Compiled
from jointbridge.cli import packages
from jointbridge.cli.console import err, out, row, table
from jointbridge.cli.records import json_option, write_json
from jointbridge.errors import BackendError, JointBridgeError, did_you_mean

#: log density of Normal(0, 1) at 0, and how far each width of floats may be off.
_TRUTH = -0.5 * math.log(2 * math.pi)
_WITHIN = {"float64": 1e-15, "float32": 1e-7}
_TINY = """{"jointbridge": "1.0", "name": "doctor", "sites": [
  {"sample": "x", "dist": "Normal(loc=0, scale=1)"}]}"""

#: What an import or a computation may say, and what helps.
_TROUBLE = (
    (
        r"_ARRAY_API|numpy\.core\.multiarray|numpy\.dtype size changed",
        "a package was built for another NumPy: upgrade it and numpy together",
    ),
    (
        r"lib(cu|nv|rocm|hip)\w*|CUDA|cuDNN",
        "a GPU build without working GPU libraries: install the CPU build, or the driver",
    ),
    (
        r"jaxlib.*version|version.*jaxlib",
        "the two halves of one package differ: upgrade both to the same version",
    ),
    (r"cannot allocate|out of memory", "there is not enough memory left"),
)


@dataclass
class Finding:
    """What is the matter with one backend, if anything.

    Attributes:
        word: `works`, `not installed`, or `broken`.
        trouble: What is wrong or suspicious.
        fixes: What to do about it.
    """

    name: str
    word: str = "works"
    versions: dict[str, str | None] = field(default_factory=dict)
    seconds: float = 0.0
    trouble: list[str] = field(default_factory=list)
    fixes: list[str] = field(default_factory=list)

    def blame(self, trouble: str, fix: str) -> None:
        """Note something wrong with its fix."""
        self.trouble.append(trouble)
        if fix not in self.fixes:
            self.fixes.append(fix)


@click.command()
@click.option(
    "-b",
    "--backend",
    "names",
    multiple=True,
    metavar="NAME",
    help="A backend that must work; all that are installed by default.",
)
@json_option
def doctor(names: tuple[str, ...], as_json: bool) -> None:
    """Import every backend, compute a density with it, and say what to mend.

    Exits with 0 where all that is installed works, with 1 where a backend is broken,
    and with 3 where none is installed, or one that was asked for is not.
    """
    wanted = names or registry.names()
    for name in wanted:
        if name not in registry.names():
            hint = did_you_mean(name, registry.names())
            raise BackendError(f"no backend {name!r}", hint=hint)
    findings = []
    with err().status("") as status:
        for name in wanted:
            status.update(f"trying {name}")
            findings.append(examine(name))
    _show(findings, as_json)
    sys.exit(_code(findings, asked=bool(names)))


def examine(name: str) -> Finding:
    """Import a backend and compute a density with it."""
    found = Finding(name)
    found.versions = {p.name: p.version for p in packages.packages(name)}
    if not packages.installed(name):
        found.word = "not installed"
        missing = [p for p, version in found.versions.items() if version is None]
        found.blame(f"missing: {', '.join(missing)}", packages.fix(name))
        return found
    _check_packages(found)
    started = time.perf_counter()
    try:
        _compute(found)
    except Exception as error:  # noqa: BLE001 - whatever a library may raise
        found.word = "broken"
        found.blame(_words(error), _remedy(str(error), name))
    found.seconds = time.perf_counter() - started
    return found


def _check_packages(found: Finding) -> None:
    for package in packages.packages(found.name):
        if not package.tested:
            text = f"{package.name} {package.version} is not in {package.bounds}"
            found.blame(f"{text}, which is what was tested", packages.fix(found.name))
    for module, owners in packages.shared_modules(found.name).items():
        listed = " ".join(owners)
        fix = f"pip uninstall -y {listed}, then: {packages.fix(found.name)}"
        found.blame(f"{module!r} comes from several packages: {listed}", fix)


def _compute(found: Finding) -> None:
    spec = document.loads(_TINY)
    for dtype, within in _WITHIN.items():
        compiled = Compiled(spec, registry.get(found.name), dtype)
        got = float(compiled.numpy(compiled.log_prob({"x": 0.0})))
        if not abs(got - _TRUTH) <= within * abs(_TRUTH):
            found.word = "broken"
            text = f"in {dtype}, Normal(0, 1) at 0 is {got!r}, not {_TRUTH!r}"
            found.blame(text, packages.fix(found.name))


def _words(error: Exception) -> str:
    if isinstance(error, JointBridgeError):
        return "; ".join(p.message for p in error.problems)
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"


def _remedy(text: str, name: str) -> str:
    for pattern, fix in _TROUBLE:
        if re.search(pattern, text, re.IGNORECASE):
            return fix
    return packages.fix(name).replace("install", "install --upgrade")


def _code(findings: Sequence[Finding], *, asked: bool) -> int:
    words = [f.word for f in findings]
    if "broken" in words:
        return 1
    absent = words.count("not installed")
    enough = absent == 0 if asked else absent < len(words)
    return 0 if enough and words else 3


# -- on screen ----------------------------------------------------------------

_MARKS = {"works": "✓", "not installed": "–", "broken": "✗"}
_STYLES = {"works": "green", "not installed": "dim", "broken": "bold red"}


def _machine() -> dict[str, Any]:
    return {
        "jointbridge": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
    }


def _show(findings: Sequence[Finding], as_json: bool) -> None:
    if as_json:
        write_json({**_machine(), "backends": [asdict(f) for f in findings]})
        return
    console = out()
    console.print(Text(", ".join(f"{k} {v}" for k, v in _machine().items())))
    listed = table("backend", "", "versions", "seconds")
    for f in findings:
        versions = ", ".join(f"{k} {v}" for k, v in f.versions.items() if v)
        word = Text(f"{_MARKS[f.word]} {f.word}", _STYLES[f.word])
        row(listed, f.name, word, versions, f"{f.seconds:.1f}" if f.seconds else "")
    console.print(listed)
    for f in findings:
        for trouble in f.trouble:
            console.print(Text(f"{f.name}: {trouble}"), soft_wrap=True)
        for fix in f.fixes:
            console.print(
                Text("  fix: ", "bold").append(fix, "not bold"), soft_wrap=True
            )
    if not findings:
        text = 'no backend is registered\n  fix: pip install "jointbridge[all]"'
        console.print(Text(text))
