"""The pages of the documents, and the blocks in them that can be run."""

import re
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = {
    str(path.relative_to(ROOT)): path
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}

#: A fenced block, with the caption that names a file.
_FENCE = re.compile(
    r"^```(?P<language>[a-z]+|\{code-block\} [a-z]+)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_CAPTION = re.compile(r":caption: (?P<file>\S+)\n\n")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page.

    Attributes:
        language: The word behind the fence.
        file: The file that its caption names, if any.
        text: What it holds.
        line: The line on which its text starts.
        output: What the `text` block right below it says, if there is one.
    """

    language: str
    file: str
    text: str
    line: int
    output: str | None


def blocks(page):
    """The blocks of a page, in order."""
    matches = list(_FENCE.finditer(page))
    pairs = zip_longest(matches, matches[1:])
    return [_block(page, match, following) for match, following in pairs]


def _block(page, match, following):
    text, file = match["body"], ""
    if caption := _CAPTION.match(text):
        text, file = text[caption.end() :], caption["file"]
    below = following and not page[match.end() : following.start()].strip()
    output = following["body"] if below and following["language"] == "text" else None
    line = page.count("\n", 0, match.start("body")) + 1
    return Block(match["language"], file, text, line, output)


def commands(text):
    """The commands of a `console` block, each with the output below it."""
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    return [part.partition("\n")[::2] for part in parts]
