"""A matrix for people and for machines: a scoreboard in one file, and JUnit XML."""

from jointbridge.conformance.report.html import page as page
from jointbridge.conformance.report.junit import junit as junit
from jointbridge.conformance.report.rows import known_rows as known_rows
