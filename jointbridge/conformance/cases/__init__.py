"""The cases of all families, by name: the family, then words for the form."""

from jointbridge.conformance.case import named
from jointbridge.conformance.cases.first import CASES as _FIRST

CASES = named(_FIRST)
