"""Pyro: probabilistic programs on PyTorch."""

from jointbridge.backends.pyro.build import PyroBackend as PyroBackend
from jointbridge.backends.pyro.joint_distribution import (
    JointDistribution as JointDistribution,
)
from jointbridge.backends.pyro.model import init_to_support as init_to_support
