"""What follows from a sample statement, in the scope that it stands in."""

from __future__ import annotations

from dataclasses import replace

from jointbridge.analysis.findings import Site
from jointbridge.errors import SpecError, did_you_mean
from jointbridge.shapes import DistributionType, Scope, fits, support_of
from jointbridge.spec import Sample, Spec, Type


def site_of(sample: Sample, spec: Spec, scope: Scope) -> Site:
    """The site of a sample statement.

    Raises:
        SpecError: A plate is unknown, or shapes or kinds do not fit.
    """
    _check_plates(sample, spec)
    dist = scope.distribution(sample.dist)
    batch = spec.batch_shape(sample)
    _check_batch(dist, batch)
    value = Type((*batch, *dist.event), dist.kind)
    site = Site(sample, batch, dist, value, support_of(sample.dist, scope))
    if sample.observed is not None:
        _check_observed(site, scope.type(sample.observed))
    for field_name in ("mask", "scale"):
        node = getattr(sample, field_name)
        if node is not None:
            shape = scope.type(node).shape
            if not fits(shape, batch):
                message = f"{field_name} {list(shape)} does not fit {list(batch)}"
                raise SpecError(message, code="shape")
    return site


def stacked(site: Site, length: int) -> Site:
    """The site of all steps of a recurrence, from the one inside a step."""
    type_ = Type((length, *site.type.shape), site.type.kind)
    return replace(site, batch=(length, *site.batch), type=type_, step=site)


def _check_plates(sample: Sample, spec: Spec) -> None:
    sizes = spec.plate_sizes
    for plate in sample.plates:
        if plate not in sizes:
            hint = did_you_mean(str(plate), [p.name for p in spec.plates])
            raise SpecError(f"no plate {plate!r}", code="unknown-plate", hint=hint)
    named = [p for p in sample.plates if p is not None]
    if len(named) != len(set(named)):
        raise SpecError(f"plates {named} repeat", code="unknown-plate")


def _check_batch(dist: DistributionType, batch: tuple[int, ...]) -> None:
    if not fits(dist.batch, batch):
        raise SpecError(
            f"the parameters broadcast to {list(dist.batch)}, but plates and shape say "
            f"{list(batch)}",
            code="shape",
            hint=f'declare the axes: "shape": {list(dist.batch)}, or plates of that size',
        )


def _check_observed(site: Site, observed: Type) -> None:
    if not fits(observed.shape, site.type.shape):
        message = f"observed {observed} does not fit the site's {site.type}"
        raise SpecError(message, code="shape")
    if site.type.kind == "int" and observed.kind == "float":
        raise SpecError(
            f"{site.sample.dist.family} counts: its observed value must be int, "
            f"got {observed}",
            code="kind",
            hint="write whole numbers without a point",
        )
