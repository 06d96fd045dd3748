"""The rows of the registry that findings speak of, without a library where none is there."""

from __future__ import annotations

from jointbridge.conformance.matrix import Matrix
from jointbridge.conformance.registry import Divergence, every
from jointbridge.errors import BackendError


def known_rows(matrix: Matrix) -> dict[str, Divergence]:
    """The rows by id; a backend that is not installed has none."""
    named = {f.divergence for f in matrix.findings if f.divergence}
    found: dict[str, Divergence] = {}
    for backend in sorted({f.backend for f in matrix.findings if f.divergence}):
        try:
            found |= {d.id: d for d in every(backend) if d.id in named}
        except BackendError:
            continue
    return found
