"""What tests of written modules share: the examples, and their text executed."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.examples.write import FOLDER
from tests.examples.write import path as example

__all__ = [
    "EXAMPLES",
    "GOLDEN",
    "LANGUAGES",
    "WRITTEN",
    "calls",
    "example",
    "execute",
]

GOLDEN = Path(__file__).parent / "golden"
EXAMPLES = sorted(p.name.removesuffix(".jb.json") for p in FOLDER.glob("*.jb.json"))

#: The languages that have golden modules.
LANGUAGES = ("numpyro", "pyro", "tfp")

#: By language, the examples that it says: all of them.
WRITTEN = dict.fromkeys(LANGUAGES, EXAMPLES)


def execute(source):
    """The names that a written module defines."""
    space = {"__name__": "written", "__file__": "written.py"}
    exec(compile(source, "written.py", "exec"), space)
    return space


def objections(folder):
    """What the formatter and the linter object to in a folder, as text."""
    ruff = [sys.executable, "-m", "ruff"]
    plain = ["--isolated", "--no-cache", "--quiet", "--line-length", "88", str(folder)]
    runs = [
        subprocess.run([*ruff, *words, *plain], capture_output=True, text=True)
        for words in (["format", "--diff"], ["check", "--select", "E,F,I,W"])
    ]
    return "".join(run.stdout + run.stderr for run in runs if run.returncode)


def calls(tree):
    """The first names of everything that is called."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            target = node.func
            while not isinstance(target, ast.Name):
                match target:
                    case ast.Attribute(value) | ast.Subscript(value) | ast.Call(value):
                        target = value
                    case ast.BinOp(left) | ast.UnaryOp(_, left) | ast.Compare(left):
                        target = left
                    case _:
                        break
            if isinstance(target, ast.Name):
                found.add(target.id)
    return found
