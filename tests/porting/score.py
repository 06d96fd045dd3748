"""`python -m tests.porting.score` reads, scores, writes and scores again.

    case ──read──► joint ──write──► module (each library) ──run──► density
          density ══ density of the joint ══════════════════════► density

It prints one line per case and the rates; `--json FILE` keeps them.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import jointbridge as jb
from jointbridge.errors import UnsupportedError
from tests.porting import scoring
from tests.porting.corpus.cases import Case, cases
from tests.porting.native import LIBRARIES, Library
from tests.porting.written import open_written

#: As far apart as two libraries may be on one density: their special functions differ.
ACROSS = 1e-6


@dataclass(frozen=True)
class Outcome:
    """What became of one step for one case.

    Attributes:
        kind: `exact`, `refused`, `wrong` or `crashed`.
        code: Of the refusal.
        message: Of the refusal or the crash; which number is wrong.
        number: The largest relative difference that was found.
    """

    kind: str
    code: str = ""
    message: str = ""
    number: float | None = None

    def __str__(self) -> str:
        number = "" if self.number is None else f" {self.number:.0e}"
        code = f" {self.code}" if self.code else ""
        return f"{self.kind}{code}{number}"


@dataclass(frozen=True)
class Row:
    """An outcome with where it belongs: a step is `read` or a language."""

    library: str
    case: str
    step: str
    expected: str
    late: bool
    outcome: Outcome


def caught(run: Callable[[], Outcome]) -> Outcome:
    """The outcome; a refusal is one, and every other error is a crash."""
    try:
        return run()
    except UnsupportedError as error:
        return Outcome("refused", error.problems[0].code, str(error))
    except Exception as error:  # noqa: BLE001 - it is counted, and shown
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        return Outcome("crashed", message=f"{type(error).__name__}: {error} ({where})")


def judged(number: float, limit: float, message: str) -> Outcome:
    """Exact or wrong."""
    kind = "exact" if number <= limit else "wrong"
    return Outcome(kind, message="" if kind == "exact" else message, number=number)


@dataclass
class Reading:
    """A case on its way: what was read of it, and the numbers of its own library."""

    case: Case
    library: Library
    joint: jb.Joint | None = None
    values: tuple[dict[str, Any], ...] = ()
    natives: tuple[scoring.Score, ...] = ()

    def read(self) -> Outcome:
        """Read the model and score it against its library."""
        with self.library.float64():
            opened = self.library.open(
                self.case.model, self.case.args, self.case.kwargs
            )
            read = getattr(jb, f"from_{self.library.name}")
            joint = read(opened.model, *opened.args, **opened.kwargs)
            compiled = joint.compile(self.library.name)
            free = scoring.points(compiled, self.case.values)
            density = partial(self.library.density, opened)
            natives = scoring.scores(compiled, density, free)
            ours = scoring.own(compiled, free)
            self.values = tuple(scoring.values(compiled, point) for point in free)
        self.joint, self.natives = joint, tuple(natives)
        number = max(map(scoring.difference, ours, natives))
        return judged(number, scoring.EXACT, "not the density of its own library")

    def write(self, language: str, folder: Path) -> Outcome:
        """Write what was read, run it, and score it as what was read."""
        joint, library = self.joint, LIBRARIES[language]
        assert joint is not None
        text = joint.to_source(language)
        with library.float64():
            opened = open_written(library, joint, text, folder)
            compiled = joint.compile(language)
            free = [
                {n: compiled.numpy(x) for n, x in compiled.unconstrain(v).items()}
                for v in self.values
            ]
            density = partial(library.density, opened)
            theirs = scoring.scores(compiled, density, free)
            ours = scoring.own(compiled, free)
        number = max(map(scoring.difference, ours, theirs))
        across = max(
            scoring.relative(a.value, b.value)
            for a, b in zip(theirs, self.natives, strict=True)
        )
        found = judged(number, scoring.EXACT, "not the density of what was read")
        if found.kind == "exact" and across > ACROSS:
            return Outcome("wrong", message="not the first density", number=across)
        return found


def rows(
    library: str, *, write: bool = True, only: str = "", late: bool | None = None
) -> Iterator[Row]:
    """The outcomes of the cases of a library, step by step."""
    for case in cases(library):
        if only not in case.name or late not in (None, case.late):
            continue
        reading = Reading(case, LIBRARIES[library])
        read = caught(reading.read)
        about = (library, case.name)
        expected = case.refused or "exact"
        yield Row(*about, "read", expected, case.late, read)
        if not write or reading.joint is None:
            continue
        for language in LIBRARIES:
            with tempfile.TemporaryDirectory() as folder:
                outcome = caught(partial(reading.write, language, Path(folder)))
            yield Row(*about, language, expected, case.late, outcome)


def as_expected(row: Row) -> bool:
    """Exact, or refused with the right code."""
    if row.expected == "exact":
        return row.outcome.kind == "exact"
    return (row.outcome.kind, row.outcome.code) == ("refused", row.expected)


def rates(found: list[Row]) -> Iterator[str]:
    """Per library and step: how many static cases are exact, and what the others are."""
    for library in LIBRARIES:
        for step in ("read", *LIBRARIES):
            part = [r for r in found if (r.library, r.step) == (library, step)]
            static = [r for r in part if r.expected == "exact"]
            kinds = [r.outcome.kind for r in static]
            if static:
                counts = ", ".join(
                    f"{kinds.count(k)} {k}" for k in ("refused", "wrong", "crashed")
                )
                share = kinds.count("exact") / len(kinds)
                yield (
                    f"{library:8} {step:8} {kinds.count('exact'):3} of {len(kinds):3}"
                    f" exact ({share:.0%}); {counts}"
                )
        others = [r for r in found if r.library == library and r.expected != "exact"]
        if others:
            right = sum(map(as_expected, others))
            yield f"{library:8} refused  {right:3} of {len(others):3} with the right code"


def main() -> None:
    """Score the corpus, or a part of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--library", choices=LIBRARIES, action="append")
    parser.add_argument("--only", default="", help="a part of a case's name")
    parser.add_argument("--read", action="store_true", help="do not write")
    parser.add_argument("--late", action="store_true", help="only the late cases")
    parser.add_argument("--early", action="store_true", help="not the late cases")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    late = None if given.late == given.early else given.late
    found: list[Row] = []
    for library in given.library or LIBRARIES:
        for row in rows(library, write=not given.read, only=given.only, late=late):
            found.append(row)
            sign = " " if as_expected(row) else "!"
            line = f"{sign} {row.library:8} {row.case:26} {row.step:8} {row.outcome}"
            print(line, flush=True)
            if not as_expected(row):
                print("    " + row.outcome.message.replace("\n", "\n    ")[:600])
    print("", *rates(found), sep="\n")
    if given.json:
        given.json.write_text(json.dumps([asdict(r) for r in found], indent=1))


if __name__ == "__main__":
    main()
