"""The checks, by name, in the order of their levels."""

from jointbridge.conformance.checks import (
    builds,
    density,
    draws,
    gradients,
    joints,
    library,
    porting,
    unconstrained,
)
from jointbridge.conformance.checks.row import Check as Check

_ROWS = [
    *builds.CHECKS,
    *density.CHECKS,
    *gradients.CHECKS,
    *unconstrained.CHECKS,
    *draws.CHECKS,
    *joints.CHECKS,
    *porting.CHECKS,
    *library.CHECKS,
]
CHECKS = {row.name: row for row in sorted(_ROWS, key=lambda row: row.level)}
assert len(CHECKS) == len(_ROWS), "a check has two rows"
