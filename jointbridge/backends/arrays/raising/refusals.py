"""What cannot be raised: why, where, and what to do instead."""

from __future__ import annotations

from typing import Any

from jointbridge.backends.arrays.raising.sources import where
from jointbridge.backends.reading import ReadError

_LOOP = "write it with lax.scan and a fixed number of steps"
_RANDOM = "make it a sample statement, or draw it before and pass it in as data"
_CALLBACK = "compute it before and pass it in as data, or write it with jax.numpy"
_MATRIX = "write it with cholesky, solve_triangular, solve or inv"

#: By primitive: the code, what it is, and a way out.
ROWS = {
    "while": ("loop", "a loop whose length depends on a value", _LOOP),
    "pure_callback": ("callback", "a call out of the traced program", _CALLBACK),
    "io_callback": ("callback", "a call out of the traced program", _CALLBACK),
    "ffi_call": ("callback", "a call out of the traced program", _CALLBACK),
    **dict.fromkeys(
        (
            *("random_bits", "random_seed", "random_wrap", "random_unwrap"),
            *("random_split", "random_fold_in", "random_gamma", "threefry2x32"),
            "random_clone",
        ),
        ("hidden-randomness", "random numbers outside of a sample statement", _RANDOM),
    ),
    **{
        name: ("unknown-operation", f"a matrix decomposition ({name})", _MATRIX)
        for name in ("lu", "eigh", "eig", "qr", "svd", "householder_product", "schur")
    },
}

_OTHER = (
    "write it with the functions of the language, or compute it before and pass it in"
)


def refuse(
    equation: Any, place: str = "", detail: str = "", hint: str = ""
) -> ReadError:
    """The error for an equation, to be raised.

    Args:
        equation: An equation of a jaxpr.
        place: The line of the user that it comes from, where that is known.
        detail: What about it is not known.
        hint: What to do instead.
    """
    name = equation.primitive.name
    plain = f"the operation {name!r} has no counterpart"
    code, what, way_out = ROWS.get(name, ("unknown-operation", plain, _OTHER))
    message = f"{what}, {detail}" if detail else what
    path = place or where(equation)
    return ReadError(message, code=code, path=path, hint=hint or way_out)
