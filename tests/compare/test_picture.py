"""The graph says what the spec says, in every language, whatever the names are."""

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import HOSTILE, specs

from jointbridge.document import loads
from jointbridge.errors import FileError
from jointbridge.expression import Call, Distribution, Name, Number
from jointbridge.joint import Joint
from jointbridge.picture import graph, to_dot, to_mermaid, to_svg
from jointbridge.picture.layout import layout
from jointbridge.spec import Deterministic, Plate, Sample, Spec


def spec_of(sites, plates="{}", data="{}"):
    return loads(
        f'{{"jointbridge": "1.0", "name": "m", "plates": {plates}, "data": {data}, '
        f'"sites": [{sites}]}}'
    )


SCHOOLS = spec_of(
    """{"sample": "mu", "dist": "Normal(0, 5)"},
    {"sample": "tau", "dist": "HalfCauchy(5)"},
    {"sample": "raw", "dist": "Normal(0, 1)", "plates": ["school"]},
    {"deterministic": "theta", "value": "mu + tau * raw"},
    {"sample": "y", "dist": "Normal(theta, sigma)", "plates": ["school"],
     "observed": "y_obs"}""",
    '{"school": 2}',
    '{"sigma": [1.0, 2.0], "y_obs": [0.5, 0.25]}',
)
WALK = spec_of(
    """{"sample": "a", "dist": "Normal(0, 1)"},
    {"scan": "walk", "carry": {"h": "a"}, "over": {"y": "ys"},
     "body": [{"let": "z", "value": "h + y"}], "next": {"h": "z"},
     "collect": {"path": "z"}},
    {"sample": "b", "dist": "Normal(path[1], 1)"},
    {"factor": "soft", "value": "-(b ** 2)"}""",
    data='{"ys": [1.0, 2.0]}',
)
AROUND = spec_of(
    """{"sample": "x", "dist": "Normal(0, 1)", "plates": ["p"]},
    {"deterministic": "m", "value": "mean(x)"},
    {"sample": "y", "dist": "Normal(m, 1)", "plates": ["p"]}""",
    '{"p": 3}',
)
CROSSED = spec_of(
    """{"sample": "a", "dist": "Normal(0, 1)", "plates": ["p"]},
    {"sample": "b", "dist": "Normal(0, 1)", "plates": ["p", "q"]},
    {"sample": "c", "dist": "Normal(0, 1)", "plates": [null, "q"]}""",
    '{"p": 2, "q": 3}',
)

EDGES = {
    "schools": (SCHOOLS, "mu>theta tau>theta raw>theta sigma>y theta>y"),
    "walk": (WALK, "a>walk ys>walk walk>b b>soft"),
    "around": (AROUND, "x>m m>y"),
    "crossed": (CROSSED, ""),
}

PLATES = {
    "schools": (SCHOOLS, {"school": "raw theta y sigma"}),
    "around": (AROUND, {"p": "x y"}),
    # Two boxes that cut each other cannot be drawn.
    "crossed": (CROSSED, {"p": "a b"}),
}

KINDS = {
    "schools": (SCHOOLS, "latent latent latent deterministic observed data"),
    "walk": (WALK, "latent scan latent factor data"),
}


@pytest.mark.parametrize(("spec", "edges"), EDGES.values(), ids=EDGES)
def test_edges(spec, edges):
    drawn = graph(spec)
    names = {n.id: n.name for n in drawn.nodes}
    assert {f"{names[a]}>{names[b]}" for a, b in drawn.edges} == set(edges.split())


@pytest.mark.parametrize(("spec", "plates"), PLATES.values(), ids=PLATES)
def test_plates(spec, plates):
    drawn = graph(spec)
    found = {
        p.name: {n.name for n in drawn.nodes if drawn.home(n) == p.id}
        for p in drawn.plates
    }
    assert found == {name: set(members.split()) for name, members in plates.items()}


@pytest.mark.parametrize(("spec", "kinds"), KINDS.values(), ids=KINDS)
def test_kinds(spec, kinds):
    assert sorted(n.kind for n in graph(spec).nodes) == sorted(kinds.split())


def test_data_that_is_only_seen_is_not_drawn():
    assert "y_obs" not in {n.name for n in graph(SCHOOLS).nodes}


def test_a_plate_that_cannot_be_a_box_is_a_label():
    placed = layout(graph(AROUND), {n.id: (60, 40) for n in graph(AROUND).nodes})
    assert placed.graph.plates == ()
    assert to_svg(AROUND).count("in p") >= 2


# -- any spec at all ----------------------------------------------------------

TEXTS = {"mermaid": to_mermaid, "dot": to_dot, "svg": to_svg}


@given(specs())
@settings(max_examples=60, deadline=None)
def test_svg_is_xml_that_says_every_name(spec):
    root = ElementTree.fromstring(to_svg(spec))
    space = "{http://www.w3.org/2000/svg}"
    assert {e.tag.removeprefix(space) for e in root.iter()} <= {
        *("svg", "style", "defs", "marker", "path", "rect", "ellipse", "text", "g"),
        "title",
    }
    said = " ".join(e.text or "" for e in root.iter(f"{space}title"))
    for node in graph(spec).nodes:
        if node.name.isprintable():
            assert node.name in said


_LABEL = r'"(?:[\w ,=~×]|#\d+;|<br/>)*"'
_MERMAID = re.compile(
    rf"(?:flowchart TD|n\d+[(\[{{]+{_LABEL}[)\]}}]+|subgraph p\d+ \[{_LABEL}\]|end"
    r"|n\d+ --> n\d+|classDef .*|class (?:n\d+,?)+ \w+)"
)


@given(specs())
@settings(max_examples=60, deadline=None)
def test_mermaid_is_in_its_grammar(spec):
    for line in to_mermaid(spec).splitlines():
        assert _MERMAID.fullmatch(line.strip()), line


_QUOTED = r'"(?:[^"\\]|\\.)*"'
_DOT = re.compile(
    rf"(?:digraph {{|}}|node \[fontname={_QUOTED}\]|n\d+ -> n\d+"
    rf"|n\d+ \[label={_QUOTED}, tooltip={_QUOTED}, [\w=, ]+\]"
    rf"|subgraph cluster_p\d+ {{ label={_QUOTED}; style=rounded; )"
)


@given(specs())
@settings(max_examples=60, deadline=None)
def test_dot_is_in_its_grammar(spec):
    for line in to_dot(spec).splitlines():
        assert _DOT.fullmatch(line.lstrip()), line


@pytest.mark.parametrize("write", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_labels(write, name):
    spec = Spec((Sample(name, Distribution("Normal")), Deterministic("q", Name(name))))
    text = write(spec)
    assert "<script>" not in text.casefold()
    assert "</script>" not in text.casefold()


# -- where things stand -------------------------------------------------------


@st.composite
def graphs(draw):
    """Specs whose sites lean on earlier ones and stand in plates."""
    plates = tuple(Plate(f"p{i}", i + 2) for i in range(draw(st.integers(0, 3))))
    made = []
    for number in range(draw(st.integers(0, 12))):
        near = draw(st.lists(st.sampled_from(made), max_size=3)) if made else []
        value = Number(0.0)
        for site in near:
            value = Call("add", (value, Name(site.name)))
        inside = draw(st.lists(st.sampled_from(plates), unique=True)) if plates else []
        dist = Distribution("Normal", (("loc", value),))
        made.append(Sample(f"x{number}", dist, tuple(p.name for p in inside)))
    return Spec(tuple(made), "g", plates)


@given(graphs())
@settings(max_examples=150, deadline=None)
def test_nothing_overlaps_and_every_edge_goes_down(spec):
    drawn = graph(spec)
    placed = layout(drawn, {n.id: (60.0, 40.0) for n in drawn.nodes})
    nodes = {n.id: placed.nodes[n.id] for n in drawn.nodes}
    for (a, one), (b, other) in combinations(nodes.items(), 2):
        apart = abs(one.x - other.x) >= 60 or abs(one.y - other.y) >= 40
        assert apart, f"{a} and {b} overlap in {spec}"
    for above, below in drawn.edges:
        assert nodes[above].y < nodes[below].y, f"{above} -> {below} in {spec}"
        heights = [y for _, y in placed.bends.get((above, below), [])]
        assert heights == sorted(heights)
    for rect in placed.nodes.values():
        assert rect.x - rect.width / 2 > -1e-6
        assert rect.x + rect.width / 2 < placed.width + 1e-6
        assert 0 < rect.y < placed.height


@given(graphs())
@settings(max_examples=100, deadline=None)
def test_a_box_holds_its_nodes_and_no_others(spec):
    drawn = graph(spec)
    placed = layout(drawn, {n.id: (60.0, 40.0) for n in drawn.nodes})
    for plate in placed.graph.plates:
        box = placed.nodes[plate.id]
        for node in drawn.nodes:
            rect = placed.nodes[node.id]
            inside = (
                abs(rect.x - box.x) < box.width / 2
                and abs(rect.y - box.y) < box.height / 2
            )
            assert inside == (plate.name in node.plates), f"{plate} {node} {spec}"


def test_thousands_of_names_are_said_and_not_drawn():
    sites = tuple(Sample(f"x{i}", Distribution("Normal")) for i in range(5000))
    assert "5,000 names, too many to draw" in to_svg(Spec(sites))


# -- the joint's verbs --------------------------------------------------------

FILES = {"svg": "<svg", "dot": "digraph", "gv": "digraph", "mmd": "flowchart"}


@pytest.mark.parametrize(("ending", "start"), FILES.items(), ids=FILES)
def test_render_chooses_by_the_ending(tmp_path, ending, start):
    path = tmp_path / f"graph.{ending}"
    Joint(SCHOOLS).render(path)
    Joint(SCHOOLS).render(path)
    assert path.read_text().startswith(start)


def test_render_refuses_other_endings(tmp_path):
    with pytest.raises(FileError, match=r"no picture ends in '\.pdf'"):
        Joint(SCHOOLS).render(tmp_path / "graph.pdf")


def test_a_joint_shows_itself():
    from rich.console import Console

    console = Console(width=140)
    with console.capture() as shown:
        console.print(Joint(SCHOOLS))
    assert "Normal(loc=theta, scale=sigma)" in shown.get()
    assert Joint(SCHOOLS)._repr_html_() == Joint(SCHOOLS).to_svg() == to_svg(SCHOOLS)
