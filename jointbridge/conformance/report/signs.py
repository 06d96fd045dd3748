"""A sign for each verdict, so that no reader needs its colour; and numbers in few letters."""

from __future__ import annotations

import math

GLYPHS = {
    "agree": "✓",
    "accuracy loss": "≈",
    "wrong": "✗",
    "semantics differ": "≠",
    "unsupported": "∅",
    "not applicable": "–",
}


def brief(ulps: float) -> str:
    """An error in units of the last place, in at most four letters or so."""
    if math.isnan(ulps):
        return "nan"
    if math.isinf(ulps):
        return "∞"
    if ulps < 9.95:
        return f"{ulps:.1f}" if ulps == 0 or ulps >= 0.05 else "<0.1"
    return (
        f"{ulps:.0f}"
        if ulps < 9999
        else f"{ulps:.0e}".replace("e+0", "e").replace("e+", "e")
    )


def visible(text: object) -> str:
    """Text without signs that hide or turn what follows."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in str(text))
