"""What all shape rules share."""

from __future__ import annotations

from dataclasses import dataclass

from jointbridge.errors import SpecError

Shape = tuple[int, ...]

#: Kinds from narrow to wide.
ORDER = ("bool", "int", "float")


@dataclass(frozen=True, slots=True)
class DistributionType:
    """Batch shape, event shape and the kind of a value."""

    batch: Shape
    event: Shape
    kind: str
    sizes: tuple[tuple[str, int], ...] = ()


def broadcast(*shapes: Shape) -> Shape:
    """NumPy's broadcast of shapes.

    Raises:
        SpecError: They do not broadcast.
    """
    rank = max(map(len, shapes), default=0)
    padded = [(1,) * (rank - len(s)) + s for s in shapes]
    result = []
    for axis in zip(*padded, strict=True):
        sizes = {n for n in axis if n != 1}
        if len(sizes) > 1:
            listed = " and ".join(str(list(s)) for s in shapes)
            raise SpecError(
                f"shapes {listed} do not broadcast",
                code="shape",
                hint="axes align from the right; x[:, None] adds one",
            )
        result.append(sizes.pop() if sizes else 1)
    return tuple(result)


def fits(shape: Shape, full: Shape) -> bool:
    """Whether an array broadcasts to a full shape."""
    try:
        return broadcast(shape, full) == full
    except SpecError:
        return False


def widest(kinds: list[str]) -> str:
    """The kind that holds all of `kinds`."""
    return max(kinds, key=ORDER.index)


def bad(message: str, hint: str = "", code: str = "shape") -> SpecError:
    """An error about shapes, to be raised."""
    return SpecError(message, code=code, hint=hint)
