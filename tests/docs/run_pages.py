"""Runs every runnable block of pages, each page in one namespace and one folder.

    python -m tests.docs.run_pages PAGE... > outcome.json

What can be run, and what it is held against:

    python        executed; the `text` block right below it is its output
    console       each `$ jointbridge ...`; what stands below it is its output
    {code-block}  with a caption that is a file name: written to that file
"""

import contextlib
import io
import json
import os
import re
import shlex
import sys
import tempfile
import traceback
import warnings
from functools import cache
from pathlib import Path

from click.testing import CliRunner

from jointbridge.cli import main
from tests.docs.pages import blocks, commands

#: Columns of the terminal that the pages show.
COLUMNS = "88"

_NUMBER = re.compile(r"[-+]?\d+\.\d*(?:e[-+]?\d+)?|[-+]?\d+e[-+]?\d+")


def run(path):
    """What went wrong on a page; empty where nothing did."""
    namespace = {"__name__": "__main__"}
    wrong = []
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for block in blocks(path.read_text()):
            try:
                wrong += _run_block(block, namespace, path)
            except Exception:  # noqa: BLE001 - whatever a page may raise
                wrong.append(f"line {block.line}:\n{traceback.format_exc()}")
    return wrong


def _run_block(block, namespace, path):
    if block.file:
        Path(block.file).write_text(block.text)
    elif block.language == "python":
        yield from _run_python(block, namespace, path)
    elif block.language == "console":
        for command, output in commands(block.text):
            yield from _run_command(block, command, output)


def _run_python(block, namespace, path):
    source = "\n" * (block.line - 1) + block.text
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, str(path), "exec"), namespace)
    if (block.output or "").strip() or printed.getvalue().strip():
        yield from _compare(
            block, "python", block.output or "", printed.getvalue(), _same
        )


def _run_command(block, command, output):
    program, *arguments = shlex.split(command)
    if program != "jointbridge":
        yield f"line {block.line}: only jointbridge is run here, not {program!r}"
        return
    yield from _compare(block, command, output, _printed(*arguments), _alike)


def _printed(*arguments):
    """What a command prints; the same command is run once."""
    alone = not any(Path(a).suffix for a in arguments)
    return (_printed_once if alone else _invoke)(*arguments)


def _invoke(*arguments):
    result = CliRunner().invoke(main, arguments, env={"COLUMNS": COLUMNS})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


_printed_once = cache(_invoke)


def _compare(block, what, expected, got, agree):
    if not agree(expected, got):
        yield (
            f"line {block.line}: {what}\n--- the page says\n{expected}\n--- it prints\n{got}"
        )


def _same(expected, got):
    """Equal words, and numbers that agree to the digits that are shown."""
    left, right = _NUMBER.split(expected), _NUMBER.split(got)
    numbers = zip(_NUMBER.findall(expected), _NUMBER.findall(got), strict=False)
    close = all(_close(a, b) for a, b in numbers)
    return [x.split() for x in left] == [x.split() for x in right] and close


def _close(shown, exact):
    mantissa = shown.partition("e")[0]
    digits = len(mantissa.partition(".")[2])
    scale = 10.0 ** int(shown.partition("e")[2] or 0)
    return abs(float(shown) - float(exact)) <= 1.001 * scale * 10.0**-digits


def _alike(expected, got):
    """Equal words, `…` for any; numbers and layout may differ between machines."""
    pattern = re.escape(" ".join(_words(expected))).replace("…", ".*")
    return re.fullmatch(pattern, " ".join(_words(got))) is not None


def _words(text):
    plain = re.sub(r"[─\s]+", " ", text)
    return re.sub(r"\d+(?:\.\w+)*(?:e?[-+]\w+)*", "#", plain).split()


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # those of the frameworks; a page shows none
    os.environ["COLUMNS"] = COLUMNS
    out, sys.stdout = sys.stdout, sys.stderr
    json.dump({page: run(Path(page)) for page in sys.argv[1:]}, out)
