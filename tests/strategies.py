"""Random valid nodes, statements and specs, drawn from the tables themselves."""

import math

import numpy as np
from hypothesis import strategies as st

from jointbridge.expression import (
    Call,
    Distribution,
    Index,
    Name,
    Number,
    Sequence,
    Slice,
    Support,
    Transform,
)
from jointbridge.families import FAMILIES, TRANSFORMS
from jointbridge.functions import CONSTANTS, FUNCTIONS, REQUIRED
from jointbridge.spec import (
    KINDS,
    Data,
    Deterministic,
    Factor,
    Let,
    Param,
    Plate,
    Sample,
    Scan,
    Spec,
    Type,
)
from jointbridge.support import SUPPORTS

#: Names that mean something to a parser, to Python or to nobody.
HOSTILE = [
    *("x y", "a/b", "theta[0]", "β", "1x", "class", "lambda", "None", "axis", "e5"),
    *("jnp", "self", "_", "__init__", "__class__", "../x", "CON", "a:b", "(", '"'),
    *("x=1", "1.5", "-1", "a#b", "</script>", "%s", "{}", "\\", "'", "…", "x²", ","),
    *sorted(CONSTANTS),
    *SUPPORTS,
    "exp",
    "Normal",
]

#: Floats whose text is easily got wrong.
EDGES = [math.pi, -math.pi, math.inf, -math.inf, -0.0, 5e-324, 1e16, 1e22, 0.1]

#: What each static option may be.
OPTIONS = {
    "axis": st.integers(-3, 3) | st.tuples(st.integers(-2, 2), st.integers(-2, 2)),
    "axes": st.permutations(range(3)).map(tuple) | st.just(()),
    "keepdims": st.booleans(),
    "shape": st.lists(st.integers(0, 9), max_size=3).map(tuple) | st.integers(0, 9),
    "size": st.integers(1, 9),
    "subscripts": st.sampled_from(["ij,j->i", "i,i->", "...i->i", "i , j -> ij"]),
    "kind": st.sampled_from(list(KINDS)),
    "lower": st.booleans(),
    "start": st.integers(-9, 9),
    "stop": st.integers(-9, 9),
    "transpose_a": st.booleans(),
}

printable = st.characters(exclude_categories=["C"], exclude_characters="`")
names = st.sampled_from(HOSTILE) | st.text(printable, min_size=1, max_size=12)
integers = st.integers(1 - 10**18, 10**18 - 1)
slices = st.builds(Slice, *[st.none() | st.integers(-9, 9)] * 2, st.none() | integers)


def leaves(integers, names=names):
    floats = st.floats(allow_nan=False) | st.sampled_from(EDGES)
    numbers = st.builds(Number, integers | floats | st.booleans())
    return numbers | st.builds(Name, names)


def trees(leaves, size):
    return st.recursive(leaves, _grow, max_leaves=size)


def _calls(inner):
    return st.sampled_from(list(FUNCTIONS.values())).flatmap(lambda f: _call(f, inner))


@st.composite
def _call(draw, row, inner):
    count = draw(st.integers(1, 3)) if row.variadic else len(row.arguments)
    args = [draw(inner) for _ in range(count)]
    if row.name == "log_prob":
        args[0] = draw(distributions(inner))
    options = []
    for name, default in row.options.items():
        wanted = OPTIONS[name]
        if row.variadic and name == "axis":
            wanted = st.integers(-3, 3)
        if name != "subscripts":
            wanted |= st.sampled_from([None, True, -1, (), (-1,), "text", 0])
        if default is REQUIRED or draw(st.booleans()):
            value = draw(wanted)
            if value != default:
                options.append((name, value))
    return Call(row.name, tuple(args), tuple(options))


def _indices(inner):
    item = st.none() | st.just(...) | slices | inner
    items = st.lists(item, min_size=1, max_size=3).map(tuple)
    return st.builds(Index, inner, items)


def _grow(inner):
    vectors = st.lists(inner, max_size=3).map(tuple).map(Sequence)
    return vectors | _indices(inner) | _calls(inner)


expressions = trees(leaves(integers), 6)

#: Without integers that no float equals, which a file may not give for a float.
exact = trees(leaves(st.integers(-(2**53), 2**53)), 5)


@st.composite
def supports(draw, inner=expressions):
    row = draw(st.sampled_from(list(SUPPORTS.values())))
    if row.rank and not row.bounds:
        return Support(row.name, (), (draw(st.integers(1, 9)),) * row.rank)
    return Support(row.name, tuple((bound, draw(inner)) for bound in row.bounds))


@st.composite
def distributions(draw, inner=expressions, depth=2):
    plain = [f for f in FAMILIES.values() if depth or not _takes_families(f)]
    row = draw(st.sampled_from(plain))
    chosen = {draw(st.sampled_from(group)) for group in row.choices.values()}
    special = {
        "distribution": distributions(inner, depth - 1),
        "distributions": st.lists(
            distributions(inner, depth - 1), min_size=1, max_size=3
        ).map(lambda items: Sequence(tuple(items))),
        "support": supports(inner),
        "transform": transforms(inner),
    }
    params = []
    for name, parameter in row.parameters.items():
        optional = parameter.default is not None and draw(st.booleans())
        if name in chosen if parameter.choice else not optional:
            params.append((name, draw(special.get(parameter.special, inner))))
    return Distribution(row.name, tuple(params))


def _takes_families(row):
    kinds = {p.special for p in row.parameters.values()}
    return bool(kinds & {"distribution", "distributions"})


@st.composite
def transforms(draw, inner=expressions):
    row = draw(st.sampled_from(list(TRANSFORMS.values())))
    return Transform(row.name, tuple((n, draw(inner)) for n in row.parameters))


# -- data ---------------------------------------------------------------------

_ELEMENTS = {
    "float": st.floats(width=64, allow_nan=False) | st.sampled_from([*EDGES, math.nan]),
    "int": st.integers(-(2**63), 2**63 - 1),
    "bool": st.booleans(),
}
shapes = st.lists(st.integers(0, 4), max_size=3).map(tuple)


@st.composite
def arrays(draw):
    kind, shape = draw(st.sampled_from(list(KINDS))), draw(shapes)
    size = math.prod(shape)
    flat = draw(st.lists(_ELEMENTS[kind], min_size=size, max_size=size))
    return np.array(flat, dtype=KINDS[kind]).reshape(shape)


def data(name):
    declared = st.builds(Type, shapes, st.sampled_from(list(KINDS)))
    bound = arrays().map(lambda array: Data.of(name, array))
    return bound | declared.map(lambda type_: Data(name, type_))


# -- statements ---------------------------------------------------------------

_maybe = st.none() | exact
_bindings = st.dictionaries(names, exact, max_size=2).map(lambda d: tuple(d.items()))
_scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False)
_scalars = _scalars.filter(lambda x: x is None or abs(x) < math.inf) | st.text()
_hints = st.dictionaries(st.text(), _scalars, max_size=2).map(
    lambda d: tuple(d.items())
)
_lets = st.builds(Let, names, exact)

statements = st.one_of(
    st.builds(
        Sample,
        names,
        distributions(exact),
        st.lists(st.none() | names, max_size=2).map(tuple),
        shapes,
        observed=_maybe,
        mask=_maybe,
        scale=_maybe,
        hints=_hints,
    ),
    st.builds(Deterministic, names, exact),
    _lets,
    st.builds(Factor, names, exact),
    st.builds(Param, names, exact, supports(exact)),
    st.builds(
        Scan,
        names,
        carry=_bindings,
        over=_bindings,
        body=st.lists(_lets, max_size=2).map(tuple),
        next=_bindings,
        collect=_bindings,
        length=st.none() | st.integers(1, 9),
    ),
)


@st.composite
def specs(draw):
    """Any spec that can be written, meaningful or not."""
    entries = tuple(
        draw(data(n)) for n in draw(st.lists(names, max_size=2, unique=True))
    )
    axes = [(d, a) for d in entries for a in range(-d.type.rank, d.type.rank)]
    plates = []
    for name in draw(st.lists(names, max_size=2, unique=True)):
        plate = st.builds(Plate, st.just(name), st.integers(0, 9))
        if axes:
            plate |= st.sampled_from(axes).map(lambda at, name=name: _plate(name, *at))
        plates.append(draw(plate))
    extension = st.recursive(
        _scalars, lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
    extensions = st.dictionaries(st.text().map("x-{}".format), extension, max_size=2)
    return Spec(
        draw(st.lists(statements, max_size=3).map(tuple)),
        draw(st.text(printable, min_size=1, max_size=9)),
        tuple(plates),
        entries,
        draw(st.text()),
        tuple(draw(extensions).items()),
    )


def _plate(name, data, axis):
    return Plate(name, data.type.shape[axis], (data.name, axis))


@st.composite
def meaningful_specs(draw):
    """Specs without an error: scalars that lean on what stands before them."""
    spec = draw(specs())
    words = st.sampled_from("abcdefgh")
    entries = tuple(
        draw(data(n)) for n in draw(st.lists(words, max_size=3, unique=True))
    )
    known = [Number(1.5), Number(2)]
    known += [Name(d.name) for d in entries if d.type.shape == ()]
    made = []
    for number in range(draw(st.integers(0, 5))):
        name = f"{number} {draw(st.sampled_from(HOSTILE))}"
        value = st.sampled_from(known)
        call = st.builds(lambda f, x, y: Call(f, (x, y)), _TWO, value, value) | value
        made.append(draw(_scalar(name, call)))
        known += [Name(name)] * (not isinstance(made[-1], Factor))
    return Spec(tuple(made), spec.name, (), entries, spec.description, spec.extensions)


_TWO = st.sampled_from(
    ["add", "subtract", "multiply", "logaddexp", "maximum", "divide"]
)


def _scalar(name, value):
    normal = st.builds(lambda x: Distribution("Normal", (("loc", x),)), value)
    observed = st.none() | st.floats(allow_nan=False).map(Number)
    mask = st.none() | st.booleans().map(Number)
    return st.one_of(
        st.builds(Sample, st.just(name), normal, observed=observed, mask=mask),
        *(
            st.builds(made, st.just(name), value)
            for made in (Deterministic, Let, Factor)
        ),
        st.builds(Param, st.just(name), value, st.just(Support("positive"))),
    )
