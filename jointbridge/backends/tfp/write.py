"""TFP modules from specs: a function that makes the joint, its data, and a run of NUTS."""

from __future__ import annotations

import ast
from dataclasses import replace

import numpy as np

from jointbridge.backends.tfp.helpers import HELPERS
from jointbridge.backends.tfp.spelling import IMPORTS
from jointbridge.backends.tfp.write_laws import CLASSES
from jointbridge.backends.tfp.write_model import Component, Parts, is_loop
from jointbridge.backends.tfp.write_observed import observed as observed_of
from jointbridge.backends.writing import data as data_of
from jointbridge.backends.writing.helpers import used
from jointbridge.backends.writing.law_classes import helpers
from jointbridge.backends.writing.module import module
from jointbridge.backends.writing.python import (
    Code,
    assign,
    call,
    function,
    literal,
    name,
)
from jointbridge.errors import UnsupportedError
from jointbridge.spec import Deterministic, Factor, Sample, Spec

_STYLES = ("sequential", "coroutine")


def write(spec: Spec, style: str | None = None) -> str:
    """The text of a TFP module.

    Args:
        spec: A spec without errors.
        style: `sequential`, a list of distributions and of functions that make them, or
            `coroutine`, a function that yields them. Without a style, a spec is a list
            unless it has sites in a scan, each step of which only a coroutine can yield.

    Raises:
        UnsupportedError: TFP cannot say the spec, or there is no such style.
    """
    if style not in (None, *_STYLES):
        message = f"TFP has no style {style!r}"
        raise UnsupportedError(message, hint=f"there are {' and '.join(_STYLES)}")
    parts = Parts(spec)
    style = style or _STYLES[bool(parts.loops)]
    body = _sequential(parts) if style == "sequential" else _coroutine(parts)
    arguments = parts.arguments
    titles = [parts.identifiers[d] for d in arguments]
    learned = [parts.identifiers[p] for p in parts.learned]
    functions: list[ast.stmt] = [
        function(parts.title, [*titles, *learned], body, len(learned))
    ]
    observed = observed_of(parts)
    if observed is not None:
        functions.append(observed[0])
    taken = {parts.title, *parts.sizes.constants, "observed"}
    found = helpers(CLASSES, functions, taken)
    texts = used(HELPERS, ast.Module(functions, []))
    functions = [*(ast.parse(text).body[0] for text in texts), *functions]
    main = _main(parts, arguments, observed[1] if observed else None)
    constants = parts.sizes.constants
    known = _arguments(parts)
    return module(_described(parts), IMPORTS, constants, functions, known, main, *found)


def stored(spec: Spec) -> dict[str, np.ndarray]:
    """The arrays that the module loads from the `.npz` file beside it."""
    parts = Parts(spec)
    return data_of.stored(parts.spec, _arguments(parts))


def _described(parts: Parts) -> Spec:
    """The spec with a word on what the joint does without, and on what it learns."""
    needed = {s.name for s in parts.needed[1]}
    values = (s for s in parts.spec.statements if isinstance(s, Deterministic))
    notes = {
        "Not in the joint: {} (deterministic).": [
            s.name for s in values if s.name not in needed
        ],
        "To be learned, with first values: {}.": parts.learned,
    }
    if not any(notes.values()):
        return parts.spec
    before = parts.spec.description.strip() or f"The model {parts.spec.name!r}."
    dot = "" if before.endswith(".") else "."
    texts = [n.format(", ".join(names)) for n, names in notes.items() if names]
    return replace(parts.spec, description=" ".join([f"{before}{dot}", *texts]))


def _arguments(parts: Parts) -> dict[str, str]:
    return {d.name: parts.identifiers[d.name] for d in parts.spec.data}


# -- styles -------------------------------------------------------------------


def _sequential(parts: Parts) -> list[ast.stmt]:
    """A list of distributions, and of makers that take those before, latest first."""
    for loop in parts.loops:
        message = f"a list of distributions has no loop over steps, as {loop.name!r} is"
        raise UnsupportedError(message, hint="write it with style='coroutine'")
    body = parts.arrays()
    elements: list[Code] = []
    for place, component in enumerate(parts.components):
        made, element = _element(parts, place, component)
        body += made
        elements.append(element)
    code = call(
        "tfd.JointDistributionSequential",
        [ast.List(elements)],
        batch_ndims=literal(0),
        use_vectorized_map=literal(True),
    )
    return [*body, ast.Return(code)]


def _element(
    parts: Parts, place: int, component: Component
) -> tuple[list[ast.stmt], Code]:
    sites, between = parts.rests_on(component)
    lines = [line for s in between if not parts.is_fixed(s) for line in parts.value(s)]
    code = parts.component(component)
    before = [c.name for c in parts.components[:place]]
    if not sites:
        return [], code
    earliest = min(before.index(site) for site in sites)
    taken = [parts.identifiers[n] for n in before[earliest:][::-1]]
    if not lines:
        return [], ast.Lambda(function("_", taken, []).args, code)
    title = parts.identifiers.new(f"make_{parts.identifiers[component.name]}")
    return [function(title, taken, [*lines, ast.Return(code)])], name(title)


def _coroutine(parts: Parts) -> list[ast.stmt]:
    """A function that yields the distributions and is sent their values."""
    before = parts.arrays()
    read, needed = parts.needed
    loops = {s.name: s for s in needed if is_loop(s)}
    body: list[ast.stmt] = [_note()] if loops else []
    for statement in parts.spec.statements:
        if isinstance(statement, (Sample, Factor)):
            code = ast.Yield(parts.component(statement))
            title = parts.identifiers[statement.name]
            is_read = statement.name in read
            body.append(assign(title, code) if is_read else ast.Expr(code))
        elif statement.name in loops:
            body += parts.value(loops[statement.name])
        elif statement in needed and statement not in parts.fixed:
            body += parts.value(statement)
    title = parts.identifiers.new("model")
    joint = call("tfd.JointDistributionCoroutineAutoBatched", [name(title)])
    return [*before, function(title, [], body), ast.Return(joint)]


def _note() -> ast.stmt:
    """Why a spec with loops is a coroutine."""
    return ast.Expr(
        literal("Every step is a component; a list could not hold the loop.")
    )


# -- how to run it ------------------------------------------------------------


def _main(parts: Parts, arguments: list[str], observed: list[str] | None) -> str:
    joint = f"joint = {parts.title}({_data(parts, arguments)})\n"
    pins = "" if observed is None else f"observed({_data(parts, observed)})"
    latent = parts.analysis.latent.values()
    # None that counts, or that no smooth map leads to.
    if not latent or not all(s.mapped for s in latent):
        return f"{_WIDE}{joint}{_SAMPLE}"
    more = f"    **{pins},\n" if pins else ""
    return f"{_WIDE}{joint}{_NUTS.format(more=more)}"


def _data(parts: Parts, data: list[str]) -> str:
    titles = (parts.identifiers[d] for d in data)
    return ", ".join(f'DATA["{title}"]' for title in titles)


_WIDE = 'jax.config.update("jax_enable_x64", True)\n'

_SAMPLE = """\
draws = joint.sample(1000, seed=random.PRNGKey(0))
print(jax.tree.map(lambda x: x.mean(axis=0), draws))
"""

_NUTS = """\
draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
    1000,
    joint,
    n_chains=4,
    seed=random.PRNGKey(0),
{more})
print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
"""
