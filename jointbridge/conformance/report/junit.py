"""A matrix as JUnit XML: a suite for each backend, a test case for each finding."""

from __future__ import annotations

from xml.etree import ElementTree

from jointbridge.conformance.finding import VERDICTS, Finding
from jointbridge.conformance.matrix import Matrix, Stale
from jointbridge.conformance.report.signs import visible
from jointbridge.conformance.reproducer import script

#: Verdicts of which a test case says that it was left out.
_SKIPPED = ("unsupported", "not applicable")


def junit(matrix: Matrix) -> str:
    """The XML.

    What no row of the registry explains has failed, and so has a row that explains
    nothing; what is unsupported or not applicable was skipped.
    """
    root = ElementTree.Element("testsuites", name="jointbridge conformance")
    for backend in matrix.backends:
        found = [f for f in matrix.findings if f.backend == backend]
        suite = _suite(root, backend, found)
        for finding in found:
            _case(suite, finding)
    if matrix.stale:
        suite = ElementTree.SubElement(root, "testsuite", name="registry")
        suite.set("tests", str(len(matrix.stale)))
        suite.set("failures", str(len(matrix.stale)))
        for row in matrix.stale:
            _stale(suite, row)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _suite(
    root: ElementTree.Element, backend: str, found: list[Finding]
) -> ElementTree.Element:
    return ElementTree.SubElement(
        root,
        "testsuite",
        name=backend,
        tests=str(len(found)),
        failures=str(sum(f.unlisted for f in found)),
        skipped=str(sum(f.verdict in _SKIPPED for f in found)),
        time=f"{sum(f.seconds for f in found):.3f}",
    )


def _case(suite: ElementTree.Element, finding: Finding) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=f"{finding.backend}.{finding.case}",
        name=f"{finding.check}[{finding.dtype}]",
        time=f"{finding.seconds:.3f}",
    )
    said = visible(f"{finding.verdict}: {finding.detail}".removesuffix(": "))
    if finding.unlisted:
        failure = ElementTree.SubElement(case, "failure", message=said)
        failure.text = visible(script(finding) or "")
    elif finding.verdict in _SKIPPED:
        meaning = finding.detail or VERDICTS[finding.verdict].meaning
        ElementTree.SubElement(case, "skipped", message=visible(meaning))
    elif finding.divergence:
        out = ElementTree.SubElement(case, "system-out")
        out.text = f"{said} (known: {visible(finding.divergence)})"


def _stale(suite: ElementTree.Element, row: Stale) -> None:
    case = ElementTree.SubElement(
        suite, "testcase", classname="registry", name=f"{row.divergence}[{row.family}]"
    )
    message = "a row of the registry that nothing needs any more"
    ElementTree.SubElement(case, "failure", message=message)
