"""What `to_tfp` gives says the joint by its components, without the spec that it holds."""

from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

import jointbridge as jb
from jointbridge import backends
from jointbridge.backends.arrays.jax import precision
from jointbridge.backends.tfp.quiet import quiet
from jointbridge.backends.tfp.read import of_components
from jointbridge.errors import UnsupportedError
from jointbridge.passes import normal, rename
from jointbridge.spec import Deterministic, Factor, Sample

EXAMPLES = {
    path.name.removesuffix(".jb.json"): path
    for path in files("jointbridge.examples").iterdir()
    if path.name.endswith(".jb.json")
}

TESTED = "log_prob is evaluated with tests of support and domain around it"
FOLDED = "what is computed of data alone is computed when the joint is built"

#: What comes back in other words, and why.
IN_OTHER_WORDS = {
    "capture-recapture": TESTED,
    "change-point": TESTED,
    "garch11": "a scalar among the data is a number in the joint",
    "gaussian-process": FOLDED,
    "hidden-markov": TESTED,
    "logistic-regression": FOLDED,
    "ordered-logit": TESTED,
    "weibull-survival": TESTED,
}

#: Steps that depend on each other are one component, which TFP has no distribution of.
CHAINS = {"dynamic-occupancy", "hidden-markov-states", "nile"}


def read(joint):
    with precision("float64"), quiet():
        made = joint.to_tfp(dtype="float64")
        kinds = (Factor, Sample)
        observed = any(
            isinstance(s, kinds) and getattr(s, "observed", s) is not None
            for s in joint.spec.statements
        )
        pins = made.pin_observed().pins if observed else {}
        values = {n: np.asarray(x) for n, x in pins.items()}
        found = of_components(backends.get("tfp"), made, values).spec
    sites = {s.name for s in found.statements}
    names = {c: n for n, c in made.names.items() if c in sites and c != n}
    return rename(found, names)


def without_plates(spec):
    """The spec with plates as shapes, and without what TFP has no place for."""
    return tuple(
        replace(s, plates=(), shape=spec.batch_shape(s), hints=())
        if isinstance(s, Sample)
        else s
        for s in normal(spec).statements
        if not isinstance(s, Deterministic)
    )


def with_names_of(spec, data):
    """The spec with names of data that have the same values."""
    same = {
        d.name: next((o for o in data if np.array_equal(o.values, d.values)), d)
        for d in spec.data
    }
    renamed = rename(spec, {old: d.name for old, d in same.items()})
    return replace(renamed, data=tuple(same.values()))


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() - CHAINS))
def test_components_say_the_joint(name):
    joint = jb.load(str(EXAMPLES[name]))
    said = replace(joint.spec, statements=without_plates(joint.spec), plates=())
    found = with_names_of(normal(read(joint)), joint.spec.data)
    assert (normal(found) == normal(said)) == (name not in IN_OTHER_WORDS)


@pytest.mark.parametrize("name", sorted(CHAINS))
def test_a_chain_is_refused(name):
    with pytest.raises(UnsupportedError, match="TFP has no distribution of it"):
        read(jb.load(str(EXAMPLES[name])))
