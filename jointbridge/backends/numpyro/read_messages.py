"""What NumPyro's messages say, written down while a model runs on abstract values.

The recorder is the outermost handler: plates, masks, reparametrisations and conditions
of the model have changed a message by the time it gets here. No site is sampled: its
value is an input of the traced function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro.distributions as dist
from numpyro.primitives import Messenger

from jointbridge.backends.arrays.raising.surroundings import widened
from jointbridge.backends.arrays.raising.tracing import place_here
from jointbridge.backends.numpyro import read_scan
from jointbridge.backends.numpyro.read_distributions import (
    Leaves,
    number,
    support,
    unwrapped,
    value_type,
)
from jointbridge.backends.numpyro.read_families import spelling
from jointbridge.backends.numpyro.read_inputs import Inputs, Settings
from jointbridge.backends.numpyro.read_records import (
    DeterministicRecord,
    FactorRecord,
    ParamRecord,
    SiteRecord,
)
from jointbridge.backends.reading import Notebook, ReadError
from jointbridge.expression import Distribution, Node


class Recorder(Messenger):
    """Writes down every message, and answers with abstract values.

    Args:
        inputs: Gives the values of sites.
        notes: Takes what a reader should know.
        settings: How the model is traced.
    """

    def __init__(
        self, inputs: Inputs, notes: Notebook, settings: Settings, depth: int = 0
    ) -> None:
        super().__init__(None)
        self.inputs, self.notes, self.settings = inputs, notes, settings
        self.depth = depth
        self.leaves = Leaves(own=set() if settings.own else None)
        self.records: list[Any] = []
        self.plates: dict[str, int] = {}
        self.names: set[str] = set()
        #: A param that the model is about to make first values for.
        self.awaited = ""
        #: The rows of subsampled plates.
        self.indices: dict[str, np.ndarray] = {}
        #: Observed values that are no inputs, with names for them.
        self.observed: dict[str, np.ndarray] = {}

    def process_message(self, msg: Any) -> None:
        """Answers one message."""
        answer: Callable[[Any], None] | None = getattr(self, f"_{msg['type']}", None)
        if answer is not None:
            answer(msg)

    def inner(self, given: Mapping[str, Any] | None) -> Recorder:
        """A recorder for one step of a scan."""
        found = Recorder(Inputs(given), self.notes, self.settings, self.depth + 1)
        found.leaves.own = self.leaves.own
        return found

    def scan_key(self) -> str:
        """A mark for the next scan."""
        number = sum(isinstance(r, read_scan.ScanRecord) for r in self.records)
        return f"\0scan{number}."

    def claim(self, name: str) -> str:
        """The name of a new site.

        Raises:
            ReadError: There is one of that name.
        """
        if name in self.names:
            message = f"two sites are called {name!r}"
            raise ReadError(
                message,
                code="duplicate-name",
                path=place_here(),
                hint="give each its own name, as f'x{i}' in a loop",
            )
        self.names.add(name)
        return name

    # -- messages -------------------------------------------------------------

    def _sample(self, msg: Any) -> None:
        made, value = msg["fn"], msg["value"]
        if sample_shape := tuple(msg["kwargs"].get("sample_shape") or ()):
            made = made.expand((*sample_shape, *made.batch_shape))
        if value is not None:
            made = self._as_observed(made, jnp.shape(value))
        found = unwrapped(made)
        if isinstance(found.core, dist.Unit):
            self.records.append(self._factor(msg, found))
            return
        spelled = spelling(msg, found.core, self.leaves, density=self.settings.density)
        if spelled is None:
            self._by_density(msg, made)
            return
        record = self._site(msg, made, found, spelled)
        wanted = value_type(made)
        if value is None:
            msg["value"] = self._latent(record.name, wanted)
        else:
            record.observed = self.leaves.add(value)
            if not isinstance(value, jax.core.Tracer) and jnp.ndim(value):
                self.observed[f"{record.name}_obs"] = widened(np.asarray(value))
            self._note_substituted(msg, record)
            msg["value"] = self._marked(record.name, value, wanted)
        self.records.append(record)

    @staticmethod
    def _as_observed(made: Any, shape: tuple[int, ...]) -> Any:
        """The distribution with a copy for each value that was observed."""
        batch = jnp.broadcast_shapes(
            made.batch_shape, shape[: max(len(shape) - made.event_dim, 0)]
        )
        return made if batch == tuple(made.batch_shape) else made.expand(batch)

    # -- records --------------------------------------------------------------

    def _by_density(self, msg: Any, made: Any) -> None:
        """A site without a family: its density as a factor."""
        name, value, where = msg["name"], msg["value"], place_here()
        family = type(unwrapped(made).core).__name__
        term = self.claim(name)
        if value is None:
            region = support(made.support, self.leaves, tuple(made.event_shape))
            improper = Distribution("ImproperUniform", (("support", region),))
            frames = {f.dim: (f.name, f.size) for f in msg["cond_indep_stack"]}
            batch = tuple(made.batch_shape)
            self.records.append(SiteRecord(name, improper, frames, batch, ()))
            value = msg["value"] = self._latent(name, value_type(made))
            term = self.claim(f"{name}_log_density")
        density = made.log_prob(value)
        if msg["scale"] is not None:
            density = msg["scale"] * density
        node = self.leaves.add(density)
        self.records.append(FactorRecord(term, node, jnp.shape(density), where))
        text = f"{family} is no family of the catalogue: kept as its density, a factor"
        if term != name:
            text += ", so that nothing draws it from its prior"
        self.notes.note("assumed", name, text)

    def _latent(self, name: str, wanted: Any) -> Any:
        if name in self.settings.known:
            return np.zeros(wanted.shape, wanted.dtype)[()]
        return self.inputs.take(name, wanted)

    def _marked(self, name: str, value: Any, wanted: Any) -> Any:
        """The value, as an input of its own where the site has the same type."""
        same = jnp.shape(value) == wanted.shape
        same = same and jnp.result_type(value) == wanted.dtype
        return self.inputs.take(name, wanted) if same and self.settings.marks else value

    def _note_substituted(self, msg: Any, record: SiteRecord) -> None:
        if not msg["is_observed"]:
            text = "a handler fixed its value, which is kept as an observation"
            self.notes.note("assumed", record.name, text)

    def _site(
        self, msg: Any, made: Any, found: Any, spelled: Distribution
    ) -> SiteRecord:
        name = self.claim(msg["name"])
        where = place_here()
        frames = msg["cond_indep_stack"]
        self.plates |= {f.name: f.size for f in frames}
        return SiteRecord(
            name,
            spelled,
            {f.dim: (f.name, f.size) for f in frames},
            tuple(made.batch_shape),
            found.shape,
            mask=None if found.mask is None else self.leaves.add(found.mask),
            scale=self._scale(msg, found),
            hints=self._hints(name, msg),
            where=where,
        )

    def _scale(self, msg: Any, found: Any) -> Node | None:
        scale = msg["scale"]
        if scale is None or number(scale) == number(1.0):
            return None
        if jnp.ndim(scale) and found.shape:
            scale = jnp.asarray(scale)[(..., *(None,) * len(found.shape))]
        return self.leaves.add(scale)

    def _hints(self, name: str, msg: Any) -> dict[str, Any]:
        hints = {}
        for key, value in (msg.get("infer") or {}).items():
            if isinstance(value, (str, int, float, bool)):
                hints[key] = value
            elif not key.startswith("_"):
                self.notes.note("dropped", name, f"the hint {key!r} is no plain word")
        return hints

    def _factor(self, msg: Any, found: Any) -> FactorRecord:
        name = self.claim(msg["name"])
        value = found.core.log_factor
        if found.mask is not None:
            value = jnp.where(found.mask, value, 0.0)
        if msg["scale"] is not None:
            value = msg["scale"] * value
        batch = tuple(msg["fn"].batch_shape)
        return FactorRecord(name, self.leaves.add(value), batch, place_here())

    def _deterministic(self, msg: Any) -> None:
        name, value = self.claim(msg["name"]), msg["value"]
        try:
            node = self.leaves.add(value)
        except (TypeError, ValueError):
            text = f"it is a {type(value).__name__}, and no array"
            self.notes.note("dropped", name, text)
            return
        self.records.append(DeterministicRecord(name, node, place_here()))
        if self.settings.marks and isinstance(value, jax.core.Tracer):
            wanted = jax.ShapeDtypeStruct(jnp.shape(value), jnp.result_type(value))
            msg["value"] = self.inputs.take(name, wanted)

    def _param(self, msg: Any) -> None:
        name = msg["name"]
        init = self.settings.params.get(name, msg["args"][0] if msg["args"] else None)
        if callable(msg["fn"]) and not msg["args"]:
            init = msg["fn"]()
        if msg["value"] is not None:
            return  # a handler gave it a value: it is learnt no more
        if init is None:
            self.awaited = name
            return
        constraint = msg["kwargs"].get("constraint", dist.constraints.real)
        flat, treedef = jax.tree_util.tree_flatten_with_path(init)
        values = [self._one_param(name, p, v, constraint) for p, v in flat]
        msg["value"] = jax.tree_util.tree_unflatten(treedef, values)

    def _one_param(self, name: str, path: Any, value: Any, constraint: Any) -> Any:
        name = self.claim(name + jax.tree_util.keystr(path, simple=True, separator="."))
        value = jnp.asarray(value, float)
        rank = constraint.event_dim
        shape = value.shape[value.ndim - rank :]
        found = support(constraint, self.leaves, shape)
        node = self.leaves.add(value)
        self.records.append(ParamRecord(name, node, found, place_here()))
        wanted = jax.ShapeDtypeStruct(value.shape, value.dtype)
        return self.inputs.take(name, wanted)

    def _plate(self, msg: Any) -> None:
        if msg["value"] is not None:
            return
        size, kept = msg["args"]
        name = f"{msg['name']}_indices"
        text = f"{kept} of {size}: the first ones, unless other {name!r} are bound"
        self.notes.note("assumed", msg["name"], text)
        self.indices[name] = np.arange(kept)
        msg["value"] = self.inputs.take(name, jax.ShapeDtypeStruct((kept,), int))

    def _control_flow(self, msg: Any) -> None:
        read_scan.record(self, msg)

    def _prng_key(self, msg: Any) -> None:
        del msg
        message = "the model draws random numbers outside of a sample statement"
        hint = "make them a sample site, or draw them before and pass them in"
        if self.awaited:
            message = f"the first values of {self.awaited!r} are drawn at random"
            hint = f"pass them: options={{'params': {{{self.awaited!r}: ...}}}}"
        path = place_here()
        raise ReadError(message, code="hidden-randomness", path=path, hint=hint)

    def _mutable(self, msg: Any) -> None:
        message = f"the mutable value {msg['name']!r} changes while the model runs"
        raise ReadError(message, path=place_here(), hint="pass it in as an argument")
