"""The options and fixtures are those that authors of other backends use."""

from jointbridge.conformance.plugin import *  # noqa: F403
