"""What the parser sees and the printer must quote."""

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<name>[^\W\d]\w*)
      | (?P<quoted>`[^`]*`)
      | (?P<text>"[^"\\]*"|'[^'\\]*')
      | (?P<symbol>\*\*|<=|>=|==|!=|\.\.\.|[-+*/@<>()\[\],:=|&~])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text with its place."""

    kind: str
    text: str
    start: int
