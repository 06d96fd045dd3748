"""Families that some library lacks: each one's density and draws, written down once."""

from jointbridge.backends.laws.bounded import LAWS as _BOUNDED
from jointbridge.backends.laws.classes import class_of as class_of
from jointbridge.backends.laws.classes import constrained as constrained
from jointbridge.backends.laws.classes import constructor as constructor
from jointbridge.backends.laws.classes import given_to as given_to
from jointbridge.backends.laws.counts import LAWS as _COUNTS
from jointbridge.backends.laws.directions import LAWS as _DIRECTIONS
from jointbridge.backends.laws.law import Law as Law
from jointbridge.backends.laws.law import Random as Random
from jointbridge.backends.laws.law import batch_shape as batch_shape
from jointbridge.backends.laws.law import event_shape as event_shape
from jointbridge.backends.laws.law import guarded as guarded
from jointbridge.backends.laws.law import own_shape as own_shape
from jointbridge.backends.laws.law import region as region
from jointbridge.backends.laws.polya_gamma import LAWS as _POLYA_GAMMA
from jointbridge.backends.laws.real import LAWS as _REAL
from jointbridge.backends.laws.vectors import LAWS as _VECTORS

LAWS = {**_REAL, **_BOUNDED, **_COUNTS, **_VECTORS, **_DIRECTIONS, **_POLYA_GAMMA}
