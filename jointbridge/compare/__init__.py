"""Do backends agree about a joint, by how much not, and where."""

from jointbridge.compare.check import check as check
from jointbridge.compare.report import VERDICTS as VERDICTS
from jointbridge.compare.report import Cell as Cell
from jointbridge.compare.report import Report as Report
