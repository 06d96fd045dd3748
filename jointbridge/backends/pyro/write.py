"""Pyro modules from specs: a model function, its data and a run of inference."""

from __future__ import annotations

import numpy as np

from jointbridge.backends.pyro.helpers import HELPERS, START
from jointbridge.backends.pyro.spelling import IMPORTS
from jointbridge.backends.pyro.write_language import PyroLanguage
from jointbridge.backends.pyro.write_laws import CLASSES
from jointbridge.backends.writing import data as data_of
from jointbridge.backends.writing.helpers import used
from jointbridge.backends.writing.law_classes import helpers as law_helpers
from jointbridge.backends.writing.model import Written, has_no_map, model_function
from jointbridge.backends.writing.module import module
from jointbridge.errors import UnsupportedError
from jointbridge.expression import Distribution, walk
from jointbridge.spec import Param, Spec


def write(spec: Spec, style: str | None = None) -> str:
    """The text of a Pyro module.

    Raises:
        UnsupportedError: Pyro cannot say the spec, or there is no such style.
    """
    if style not in (None, "model"):
        message = f"Pyro has no style {style!r}"
        raise UnsupportedError(message, hint="leave it out: there is one, 'model'")
    written = model_function(PyroLanguage(), spec)
    main, start = _main(spec, written)
    taken = {written.code.name, *written.constants}
    found = law_helpers(CLASSES, [written.code], taken)
    texts = [*found.texts, *used(HELPERS, written.code)]
    if start:
        texts.append(START)
    return module(
        spec,
        IMPORTS,
        written.constants,
        [written.code],
        written.arguments,
        main,
        texts,
        found.numbers,
    )


def stored(spec: Spec) -> dict[str, np.ndarray]:
    """The arrays that the module loads from the `.npz` file beside it."""
    return data_of.stored(spec, model_function(PyroLanguage(), spec).arguments)


def _main(spec: Spec, written: Written) -> tuple[str, bool]:
    """How to run the model, and whether it starts without draws."""
    title, data = written.code.name, "**data" if spec.data else ""
    given = {"title": title, "data": data, "more": f", {data}" if data else ""}
    load = _LOAD if data else _PLAIN
    latent = [site for site in spec.samples if site.observed is None]
    if any(isinstance(s, Param) for s in spec.statements):
        return load + _SVI.format(**given), False
    if not latent or any(map(has_no_map, latent)):
        return load + _PRIOR.format(**given), False
    undrawn = any(
        isinstance(n, Distribution) and n.family == "ImproperUniform"
        for site in latent
        for n in walk(site.dist)
    )
    if undrawn:
        nesting = max(len(site.plates) for site in spec.samples)
        given["start"] = f", max_plate_nesting={nesting}, init_strategy=start"
    return load + _NUTS.format(**{"start": "", **given}), undrawn


_PLAIN = "torch.set_default_dtype(torch.float64)\n"

_LOAD = """\
torch.set_default_dtype(torch.float64)
data = {name: torch.as_tensor(values) for name, values in DATA.items()}
"""

_NUTS = """\
kernel = NUTS({title}{start})
mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
mcmc.run({data})
mcmc.summary()
"""

_SVI = """\
guide = AutoNormal({title})
svi = SVI({title}, guide, pyro.optim.Adam({{"lr": 0.01}}), Trace_ELBO())
for _ in range(2000):
    svi.step({data})
print(dict(pyro.get_param_store()))
"""

_PRIOR = """\
draws = Predictive({title}, num_samples=1000)({data})
print({{name: values.mean(0) for name, values in draws.items()}})
"""
