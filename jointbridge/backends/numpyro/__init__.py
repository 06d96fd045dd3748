"""NumPyro: the reference backend."""

from jointbridge.backends.numpyro.build import NumPyroBackend as NumPyroBackend
from jointbridge.backends.numpyro.joint_distribution import (
    JointDistribution as JointDistribution,
)
