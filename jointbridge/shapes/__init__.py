"""Static shapes and kinds: what every node is, before any backend is imported.

Axes count from the right, so that leading axes of draws never move them.
"""

from jointbridge.shapes.basic import DistributionType as DistributionType
from jointbridge.shapes.basic import Shape as Shape
from jointbridge.shapes.basic import broadcast as broadcast
from jointbridge.shapes.basic import fits as fits
from jointbridge.shapes.basic import widest as widest
from jointbridge.shapes.distributions import support_of as support_of
from jointbridge.shapes.indexing import spread as spread
from jointbridge.shapes.rules import axes_of as axes_of
from jointbridge.shapes.rules import join_axis as join_axis
from jointbridge.shapes.rules import permutation as permutation
from jointbridge.shapes.scope import Scope as Scope
