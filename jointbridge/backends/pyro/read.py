"""A user's Pyro model as a spec: run once, written down, said in our words, scored again.

The run uses real tensors and changes nothing: random states, the parameter store and the
default dtype are as before. At the end the spec is scored against the model itself, at the
point of the run and at another one; what the run did not show would show there.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import torch
from torch.distributions import Distribution

from jointbridge.backends.base import Backend
from jointbridge.backends.graphs import everything
from jointbridge.backends.keeping import kept_by
from jointbridge.backends.pyro.given import tensor
from jointbridge.backends.pyro.joint_distribution import JointDistribution
from jointbridge.backends.pyro.tracing.constants import Constants
from jointbridge.backends.pyro.tracing.constructions import Constructions
from jointbridge.backends.pyro.tracing.families import Families
from jointbridge.backends.pyro.tracing.namespace import Namespace, unwrapped
from jointbridge.backends.pyro.tracing.plates import Plates
from jointbridge.backends.pyro.tracing.raising import Raiser
from jointbridge.backends.pyro.tracing.rules import RULES
from jointbridge.backends.pyro.tracing.sites import Recorder, Statement, untouched
from jointbridge.backends.pyro.tracing.statements import Statements
from jointbridge.backends.pyro.tracing.tape import Tape
from jointbridge.backends.pyro.tracing.verify import Steps, verify
from jointbridge.backends.reading import Notebook, ReadError, Reading
from jointbridge.backends.rerolling import Rerolling, bases
from jointbridge.backends.sharing import share
from jointbridge.expression import names as names_of
from jointbridge.shapes import Scope
from jointbridge.spec import Spec

#: Seeds for the values of latent sites: of the run, and of the second look.
FIRST, SECOND = 20, 1917


def read_model(
    backend: Backend,
    model: Any,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    options: Mapping[str, Any],
) -> Reading:
    """The spec of a model, as `Backend.read` gives it.

    Raises:
        ReadError: The model cannot be said as a spec.
    """
    if options:
        message = f"no option {next(iter(options))!r}: reading a Pyro model takes none"
        raise ReadError(message, code="usage")
    if isinstance(model, JointDistribution):
        model = model.model()
    if not callable(model) or isinstance(model, Distribution):
        message = f"a {type(model).__name__} is no Pyro model"
        raise ReadError(message, code="usage", hint="hand in the model function")
    args = tuple(map(tensor, args))
    kwargs = {name: tensor(x) for name, x in kwargs.items()}
    notebook = Notebook()
    namespace = Namespace(model, args, kwargs)
    messages = _run(model, args, kwargs, Tape(namespace, notebook))
    spec, steps = _spec(model, messages, namespace, notebook)
    verify(spec, steps, backend, model, args, kwargs, (FIRST, SECOND))
    return Reading(spec, tuple(notebook.notes), _source(model))


def _run(
    model: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], tape: Tape
) -> list[Statement]:
    """One run of the model, written down."""
    constructions = Constructions(tape)
    recorder = Recorder(tape, constructions, FIRST)
    quietly = untouched(FIRST)
    watched = kept_by(constructions.density), constructions.watched(), tape, recorder
    with torch.inference_mode(False), quietly, ExitStack() as stack:
        for context in watched:
            stack.enter_context(context)
        model(*args, **kwargs)
    return recorder.statements


def _spec(
    model: Any, messages: list[Statement], namespace: Namespace, notebook: Notebook
) -> tuple[Spec, Steps]:
    """What the messages of a run say, and what the steps of recurrences are called."""
    given = {m.name for m in messages}
    taken = given | bases(given)
    scope = Scope()
    plates = Plates(taken, notebook)
    constants = Constants(namespace, scope, taken, notebook)
    raiser = Raiser(scope, constants, notebook, RULES)
    families = Families(raiser)
    raiser.families = families
    said = Statements(raiser, families, plates, notebook)
    rerolling = Rerolling(
        scope,
        raiser.labels,
        taken,
        bases(given) - given,
        plates.statements,
        constants.numbers,
    )
    rerolled = rerolling([said.of(message) for message in messages])
    _note(rerolled.steps, notebook)
    statements = share(rerolled.statements, raiser.labels, taken)
    used = frozenset[str]().union(
        *(names_of(root) for s in statements for root in everything(s))
    )
    found = unwrapped(model)
    spec = Spec(
        statements,
        name=getattr(found, "__name__", type(found).__name__),
        plates=plates.statements(),
        data=constants.statements(used),
        description=(inspect.getdoc(found) or "").partition("\n\n")[0],
    )
    return spec, rerolled.steps


def _note(steps: Steps, notebook: Notebook) -> None:
    """Says which sites have become one."""
    for name, found in steps.items():
        text = f"{found[0]!r} to {found[-1]!r} are the {len(found)} steps of {name!r}"
        notebook.note("named", name, text)


def _source(model: Any) -> str:
    """Where the model stands, as `model.py:radon`."""
    found = unwrapped(model)
    code = getattr(found, "__code__", None)
    name = getattr(found, "__qualname__", type(found).__name__)
    return f"{Path(code.co_filename).name}:{name}" if code else str(name)
