"""`jb.from_numpyro`: a NumPyro model as a spec.

    model ──► messages and a jaxpr ──► expressions ──► statements ──► lets ──► spec
              read_trace, read_scan    raising         read_statements, read_steps

No site is sampled and nothing is evaluated: what is computed of sites and arguments is
traced abstractly.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpyro
import numpyro.distributions as dist

from jointbridge.analysis import analyse, free_name
from jointbridge.backends.arrays.jax import precision
from jointbridge.backends.arrays.raising import Constants, Raised, raise_jaxpr
from jointbridge.backends.arrays.raising.surroundings import surroundings
from jointbridge.backends.arrays.raising.values import kind_of
from jointbridge.backends.base import Backend
from jointbridge.backends.numpyro.joint_distribution import JointDistribution
from jointbridge.backends.numpyro.read_arguments import Arguments, name_of
from jointbridge.backends.numpyro.read_inputs import Settings
from jointbridge.backends.numpyro.read_scan import ScanRecord
from jointbridge.backends.numpyro.read_spec import counted, reads, with_scans
from jointbridge.backends.numpyro.read_statements import Builder
from jointbridge.backends.numpyro.read_steps import Step, step_of
from jointbridge.backends.numpyro.read_trace import Traced, trace
from jointbridge.backends.numpyro.read_verify import verify
from jointbridge.backends.reading import Notebook, ReadError, Reading
from jointbridge.backends.sharing import share
from jointbridge.expression import Expression, Name
from jointbridge.expression import names as names_of
from jointbridge.spec import Data, Spec, Statement, Type

OPTIONS = {"params", "density"}


def read(
    backend: Backend,
    model: Any,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    options: Mapping[str, Any],
) -> Reading:
    """A NumPyro model as a spec.

    Args:
        backend: What scores classes of the user's that are taken for families.
        model: A model function, a `Distribution`, or what `joint.to_numpyro()` gives.
        args: Positional arguments of the model.
        kwargs: Keyword arguments of the model.
        options: `params`: initial values of params that the model does not give itself,
            by name, as `numpyro.module` has them. `density`: whether a site of a
            family that the catalogue lacks is kept as its density, a factor.

    Raises:
        ReadError: It cannot be said as a spec; names the site and the place.
    """
    if unknown := set(options) - OPTIONS:
        message = f"no option {min(unknown)!r}"
        raise ReadError(message, code="usage", hint=f"there is {sorted(OPTIONS)}")
    with precision("float64"):
        if isinstance(model, JointDistribution):
            model, kwargs = model.model_with_data()
        model = _function(model)
        call = Arguments(model, args, kwargs)
        settings = Settings(
            params=options.get("params", {}), density=bool(options.get("density"))
        )
        reader = _Reader(model, call, settings)
        found = reader.read()
        try:
            if reader.own:
                verify(found.spec, reader.own, backend, model, args, kwargs)
        except ReadError:
            if not settings.density:
                raise
            return _Reader(model, call, replace(settings, own=False)).read()
        return found


def _function(model: Any) -> Any:
    """The model function that is meant."""
    if isinstance(model, dist.Distribution):
        return partial(_one_site, model)
    if callable(model):
        return model
    message = f"a {type(model).__name__} is no NumPyro model"
    hint = "pass a model function, or a numpyro.distributions.Distribution"
    raise ReadError(message, code="usage", hint=hint)


def _one_site(made: Any) -> Any:
    return numpyro.sample("x", made)


@dataclass
class _Reader:
    """The state of one reading."""

    model: Any
    arguments: Arguments
    settings: Settings
    own: set[str] = field(default_factory=set)
    notes: Notebook = field(default_factory=Notebook)

    def read(self) -> Reading:
        traced = trace(self.arguments, self.settings, self.notes)
        self.own = traced.recorder.leaves.own or set()
        names = self._data_names(traced)
        constants = self._constants(traced, names)
        taken = {*traced.recorder.names, *traced.recorder.plates, *constants.data}
        steps = self._steps(traced, constants, taken)
        raised = self._raised(traced, constants, names, steps)
        statements, builder = self._statements(traced, raised, steps)
        indices = {n: Data.of(n, x) for n, x in traced.recorder.indices.items()}
        constants.data |= indices
        spec = self._spec(statements, builder, constants)
        return Reading(spec, tuple(self.notes.notes), self._source())

    # -- names ----------------------------------------------------------------

    def _data_names(self, traced: Traced) -> dict[int, str]:
        """A name for each array among the arguments that clashes with nothing."""
        sites, plates = traced.recorder.names, set(traced.recorder.plates)
        taken = sites | plates
        keys = [a.key for a in self.arguments.arrays.values()]
        found = {}
        for place, argument in self.arguments.arrays.items():
            plain = argument.key if keys.count(argument.key) == 1 else argument.name
            wanted = plain
            if plain in sites:
                wanted = f"{plain}_obs"
            elif plain in plates:
                wanted = f"{plain}_data"
            found[place] = free_name(wanted, taken)
            if found[place] != argument.name:
                text = f"the argument is called {found[place]!r} here"
                self.notes.note("named", argument.name, text)
        return found

    def _constants(self, traced: Traced, names: Mapping[int, str]) -> Constants:
        known: dict[str, Any] = {
            names[place]: argument.array
            for place, argument in self.arguments.arrays.items()
        }
        taken = traced.recorder.names | set(traced.recorder.plates)
        around = self.arguments.lists | surroundings(self.model)
        around |= traced.recorder.observed
        for name, array in around.items():
            if array.size > 1 and not any(_equal(array, k) for k in known.values()):
                clashes = name in taken or name in known
                wanted = f"{name}_data" if clashes else name
                known[free_name(wanted, taken | set(known))] = array
        return Constants(known, taken)

    def _steps(
        self, traced: Traced, constants: Constants, taken: set[str]
    ) -> dict[int, Step]:
        found = {}
        for record in traced.recorder.records:
            if isinstance(record, ScanRecord):
                found[id(record)] = step_of(record, taken)
                constants.taken |= taken
                found[id(record)].settle(constants, taken)
        return found

    # -- expressions and statements -------------------------------------------

    def _raised(
        self,
        traced: Traced,
        constants: Constants,
        names: Mapping[int, str],
        steps: Mapping[int, Step],
    ) -> Raised:
        results: dict[str, Expression] = {}
        for step in steps.values():
            results |= step.results
        inputs = [results.get(name, Name(name)) for name in traced.sites]
        inputs += [Name(names[place]) for place in traced.traced]
        types = _result_types(traced, inputs)
        return raise_jaxpr(traced.closed, inputs, names=constants, types=types)

    def _statements(
        self, traced: Traced, raised: Raised, steps: Mapping[int, Step]
    ) -> tuple[tuple[Statement, ...], Builder]:
        shapes = [tuple(v.aval.shape) for v in traced.closed.jaxpr.outvars]
        builder = Builder(raised, shapes, self.notes)
        labels = dict(raised.labels)
        used = frozenset[str]().union(*map(names_of, raised.outputs))
        used |= frozenset[str]().union(*(reads(s) for s in raised.scans))
        statements: list[Statement] = []
        for record in traced.recorder.records:
            if isinstance(record, ScanRecord):
                made, inner = steps[id(record)].statements(
                    builder, raised.constants, used
                )
                labels |= inner.labels
                self.notes.notes |= dict.fromkeys(inner.notes)
                builder.kept.append(inner)
                statements += made
            else:
                statements.append(builder.statement(record))
        self.notes.notes |= dict.fromkeys(raised.notes)
        placed = with_scans(statements, list(raised.scans))
        taken = {*builder.plates, *raised.scope.names}
        return share(placed, labels, taken), builder

    def _spec(
        self,
        statements: tuple[Statement, ...],
        builder: Builder,
        constants: Constants,
    ) -> Spec:
        used = frozenset[str]().union(*map(reads, statements))
        data = {n: d for n, d in constants.data.items() if n in used}
        for name, entry in constants.added.items():
            if name in used:
                data[name] = entry
                kept = f"an array of shape {list(entry.type.shape)} is kept as data"
                self.notes.note("folded", name, kept)
        function = getattr(self.model, "func", self.model)
        text: str | None = ""
        if inspect.isroutine(function):
            text = inspect.getdoc(function)
        spec = Spec(
            statements,
            name_of(self.model),
            tuple(builder.plates.values()),
            tuple(data.values()),
            (text or "").split("\n\n")[0].replace("\n", " "),
        )
        spec = counted(spec)
        if errors := analyse(spec).errors:
            first = errors[0]
            message = f"what was read does not fit together: {first.message}"
            raise ReadError(message, path=first.path, hint=first.hint)
        return spec

    def _source(self) -> str:
        try:
            file = inspect.getsourcefile(inspect.unwrap(self.model)) or ""
        except TypeError:
            file = ""
        name = name_of(self.model)
        return f"{Path(file).name}:{name}" if file else name


def _equal(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and bool(np.all((one == other) | (one != one)))


def _result_types(traced: Traced, inputs: list[Expression]) -> dict[str, Any]:
    """The types of stacked values that are no input by themselves."""
    found: dict[str, Any] = {}
    for record in traced.recorder.records:
        if isinstance(record, ScanRecord):
            length = (record.length,)
            for node, var in zip(inputs, traced.closed.jaxpr.invars, strict=False):
                base = getattr(node, "base", None)
                if isinstance(base, Name):
                    shape = (*length, *var.aval.shape)
                    found.setdefault(base.name, Type(shape, kind_of(var.aval)))
    return found
