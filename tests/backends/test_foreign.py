"""A backend's table, read backwards, gives what it was read forwards from."""

import pytest

from jointbridge import backends
from jointbridge.backends.foreign import to_catalogue
from jointbridge.backends.lower import Table
from jointbridge.backends.reading import ReadError
from jointbridge.expression import Distribution, Name, Number, rebuild
from jointbridge.families import FAMILIES
from jointbridge.syntax import parse, parse_template, show

TABLE = Table(
    {
        "HalfCauchy": "HalfCauchy(loc=0.0, scale=scale)",
        "Pareto": "Pareto(concentration=alpha, scale=scale)",
        "NegativeBinomial2": (
            "NegativeBinomial(total_count=concentration,"
            " logits=log(mean) - log(concentration))"
        ),
    },
    idioms={
        "TruncatedNormal(loc=loc, scale=scale, low=low, high=high)": (
            "Truncated(base=Normal(loc=loc, scale=scale), low=low, high=high)"
        ),
    },
)
DEFAULTS = {
    "TruncatedNormal": {"loc": Number(0.0), "scale": Number(1.0)},
    "HalfCauchy": {"loc": Number(0.0)},
    "Normal": {"loc": Number(0.0), "scale": Number(1.0)},
    "Gamma": {"rate": Number(2.0)},
}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        pytest.param("Normal(loc=m)", "Normal(loc=m)", id="own-names"),
        pytest.param("Pareto(concentration=a, scale=s)", "Pareto(s, a)", id="renamed"),
        pytest.param("HalfCauchy(scale=s)", "HalfCauchy(s)", id="their-default"),
        pytest.param("HalfCauchy(loc=0.0, scale=s)", "HalfCauchy(s)", id="written"),
        pytest.param("Gamma(concentration=a)", "Gamma(a, 2.0)", id="other-default"),
        pytest.param(
            "TruncatedNormal(loc=m, low=0.0)",
            "Truncated(Normal(m), low=0.0)",
            id="idiom",
        ),
        pytest.param(
            "NegativeBinomial(total_count=c, logits=log(m) - log(c))",
            "NegativeBinomial2(m, c)",
            id="inside-an-expression",
        ),
    ],
)
def test_reads(theirs, ours):
    tree = parse_template(theirs)
    got = to_catalogue(TABLE, tree, lambda name: DEFAULTS.get(name, {}))
    assert show(got) == show(parse(ours))


@pytest.mark.parametrize(
    "theirs",
    [
        pytest.param("HalfCauchy(loc=1.0, scale=s)", id="other-number"),
        pytest.param("Nothing(x=1.0)", id="unknown-class"),
        pytest.param("Normal(loc=m, shift=2.0)", id="unknown-parameter"),
    ],
)
def test_refuses(theirs):
    with pytest.raises(ReadError) as caught:
        to_catalogue(TABLE, parse_template(theirs), lambda name: DEFAULTS.get(name, {}))
    assert caught.value.problems[0].code == "unknown-family"


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("backend", backends.names())
def test_every_row_reads_back(backend, family):
    table = backends.get(backend).table
    row = FAMILIES[family]
    if family in table.missing or family in table.rewritten:
        pytest.skip("it has no spelling of its own here")
    others = {n for names in row.choices.values() for n in names[1:]}
    params = tuple((n, Number(0.5)) for n in row.parameters if n not in others)
    ours = Distribution(family, params)
    assert to_catalogue(table, spelled(table, ours)) == ours


def spelled(table, ours):
    """The library's tree for a distribution."""
    text = table.different.get(ours.family)
    if text is None:
        return ours
    return filled(parse_template(text), dict(ours.params))


def filled(pattern, values):
    if isinstance(pattern, Distribution):
        kept = (
            (k, filled(v, values))
            for k, v in pattern.params
            if not isinstance(v, Name) or v.name in values
        )
        return Distribution(pattern.family, tuple(kept))
    if isinstance(pattern, Name):
        return values[pattern.name]
    return rebuild(pattern, lambda child: filled(child, values))
