"""TensorFlow Probability on JAX."""

from jointbridge.backends.tfp.build import TFPBackend as TFPBackend
from jointbridge.backends.tfp.joint import JointDistribution as JointDistribution
from jointbridge.backends.tfp.joint import PinnedJoint as PinnedJoint
