"""What is written and then read again says the same, for every example and language.

    joint ──► to_source ──► module ──► from_NAME ──► joint

The same is: equal in normal form. A module gives every name of Python's grammar to what
has another one, and its data a name of an argument; so data are held against each other
by their values, and names that changed are changed alike.

TFP has no plates, no deterministic values and no hints, and takes counts as floats. A
joint is put that way before it is held against what TFP gave: plates become the `shape` of
a site. A loop whose steps are components comes back as the recurrence that it is.
"""

import ast
import inspect
from dataclasses import replace

import numpy as np
import pytest

import jointbridge as jb
from jointbridge.analysis import analyse
from jointbridge.backends.numpyro.write import NumPyro
from jointbridge.backends.pyro.write_language import PyroLanguage
from jointbridge.backends.tfp.write_model import Parts
from jointbridge.backends.writing.model import model_function
from jointbridge.passes import normal, rename
from jointbridge.spec import Deterministic, Sample, Scan
from tests.porting.native import LIBRARIES
from tests.writing.sources import LANGUAGES, WRITTEN, example, execute

pytestmark = pytest.mark.slow

TOLERANCE = 1e-10
POINTS = 2

ALL = [(language, name) for language in LANGUAGES for name in WRITTEN[language]]


def _called(function, data):
    """What a function of a module gives: it takes its part of the data."""
    return function(**{n: data[n] for n in inspect.signature(function).parameters})


def _function_names(source):
    """The functions of a module, the model being the last one."""
    found = [n.name for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)]
    return [name for name in found if name != "observed"]


def _data(language, spec):
    """The data of a spec as its module's functions take them."""
    if language == "tfp":
        parts = Parts(spec)
        return {parts.identifiers[d.name]: d.values for d in parts.spec.data}
    arguments = model_function(MODELS[language](), spec).arguments
    return {arguments[d.name]: d.values for d in spec.data}


#: The languages in which a model is a function of data, some of them optional.
MODELS = {"numpyro": NumPyro, "pyro": PyroLanguage}


def _read(language, joint):
    """The joint that the module of a joint says."""
    source = joint.to_source(language)
    space, data = execute(source), _data(language, joint.spec)
    model = space[_function_names(source)[-1]]
    with LIBRARIES[language].float64():
        if language == "tfp":
            model = _called(model, data)
            data = _called(space["observed"], data) if "observed" in space else {}
        return getattr(jb, f"from_{language}")(model, **data)


def _as_written(language, spec):
    """The spec in what a language can say, with the names that a module uses."""
    if language != "tfp":
        return spec
    parts = Parts(spec)
    written = {s.name: parts.identifiers[s.name] for s in parts.spec.samples}
    return rename(_without_plates(parts.spec), written)


def _without_plates(spec):
    """The spec with plates as shapes, and without what TFP has no place for."""

    def plain(statement):
        if isinstance(statement, Sample):
            shape = spec.batch_shape(statement)
            return replace(statement, plates=(), shape=shape, hints=())
        if isinstance(statement, Scan):
            return replace(statement, body=tuple(map(plain, statement.body)))
        return statement

    statements = normal(spec).statements
    kept = (plain(s) for s in statements if not isinstance(s, Deterministic))
    return replace(spec, statements=tuple(kept), plates=())


def _as_read(language, spec, said):
    """The spec, where TFP was read with the data that it was written with."""
    if language != "tfp":
        return spec
    found = normal(spec)
    same = {d.name: _same(d, said.data) for d in found.data}
    renamed = rename(found, {name: d.name for name, d in same.items()})
    return replace(renamed, data=tuple(same.values()))


def _same(data, others):
    """The data of the same values, of whatever kind; or else these."""
    found = (d for d in others if np.array_equal(d.values, data.values))
    return next(found, data)


def _scores(joint, points):
    return [float(joint.log_prob(values)) for values in points]


def _points(joint):
    """Points in the support of every latent site: constrained from free coordinates."""
    compiled, random = joint.compile(), np.random.default_rng(0)
    for _ in range(POINTS):
        free = {
            name: random.integers(0, 2, site.free)
            if site.discrete
            else random.normal(0.0, 0.3, site.free)
            for name, site in analyse(joint.spec).latent.items()
        }
        values = compiled.constrain(free)
        yield {n: compiled.numpy(x) for n, x in values.items() if n in free}


def _scores_alike(joint, back):
    points = list(_points(joint))
    wanted = _scores(joint, points)
    assert np.isfinite(wanted).all()
    np.testing.assert_allclose(_scores(back, points), wanted, rtol=TOLERANCE)


@pytest.mark.parametrize(("language", "name"), ALL)
def test_example_comes_back(language, name):
    joint = jb.load(str(example(name)))
    back = _read(language, joint)
    said = jb.Joint(_as_written(language, joint.spec))
    read = _as_read(language, back.spec, said.spec)
    assert normal(said.spec) == normal(read), back.dumps()
    _scores_alike(said, back)
