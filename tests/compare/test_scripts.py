"""Every cell of a report is a script that runs as pasted."""

import io
from contextlib import redirect_stdout

import jointbridge as jb
from jointbridge.comparison.report import TOTAL


@jb.model
def model(y):
    mu = jb.sample("mu", jb.Normal(0.0, 1.0))
    s = jb.sample("s", jb.HalfNormal(1.0))
    jb.deterministic("twice", 2 * mu)
    with jb.plate("n", 2):
        jb.sample("y", jb.Normal(mu, s), obs=y)


def test_scripts_show_the_numbers():
    report = jb.check(model([0.4, 1.2]), draws=200, points=2)
    seen = {}
    for cell in report.cells:
        seen.setdefault((cell.check, cell.site == TOTAL), cell)
    assert len(seen) == 8
    for cell in seen.values():
        out = io.StringIO()
        with redirect_stdout(out):
            exec(compile(report.script(cell), cell.check, "exec"), {})
        lines = out.getvalue().splitlines()
        assert [x.split()[0] for x in lines] == [report.reference, cell.backend]
        assert "types" not in lines[0]
        if cell.expected is not None and cell.site == TOTAL:
            shown = float(lines[0].split(" ", 1)[1])
            assert abs(shown - cell.expected) <= 1e-9 * max(1, abs(shown))
