"""Do backends agree about a joint, do two models say the same, and where not."""

from jointbridge.comparison.check import check as check
from jointbridge.comparison.models import compare as compare
from jointbridge.comparison.outcome import Comparison as Comparison
from jointbridge.comparison.outcome import Finding as Finding
from jointbridge.comparison.report import VERDICTS as VERDICTS
from jointbridge.comparison.report import Cell as Cell
from jointbridge.comparison.report import Report as Report
