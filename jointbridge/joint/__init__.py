"""Joints: what they can do, and where they come from."""

from jointbridge.joint.sources import load as load
from jointbridge.joint.sources import loads as loads
from jointbridge.joint.sources import model as model
from jointbridge.joint.sources import reader as reader
from jointbridge.joint.verbs import Joint as Joint
