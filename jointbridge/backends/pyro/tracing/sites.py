"""The messages of one run: what each statement of a model says, in order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pyro
import torch
from pyro.poutine.messenger import Messenger
from pyro.poutine.subsample_messenger import _Subsample
from torch.distributions import biject_to

from jointbridge.backends.arrays.torch import keys
from jointbridge.backends.pyro.tracing.constructions import Constructions, Made
from jointbridge.backends.pyro.tracing.nodes import Node, refusal
from jointbridge.backends.pyro.tracing.places import place_of, user_frame
from jointbridge.backends.pyro.tracing.tape import Tape

Tensor: TypeAlias = torch.Tensor


@dataclass(eq=False, slots=True)
class Statement:
    """One message, with nodes in place of tensors.

    Attributes:
        kind: `sample` or `param`.
        made: The distribution as it was constructed.
        fn: The distribution as it stands in its plates.
        frames: The plates around it, Pyro's own records of them.
    """

    kind: str
    name: str
    value: Node
    where: str
    made: Made | None = None
    fn: Any = None
    observed: bool = False
    mask: Any = None
    scale: Any = 1.0
    frames: tuple[Any, ...] = ()
    infer: dict[str, Any] = field(default_factory=dict)
    constraint: Any = None
    init: Any = None


class Feasible(Messenger):
    """Gives each latent site a value inside its support; no random state is changed.

    Args:
        seed: Another seed gives other values.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.seed = seed
        self.values: dict[str, Tensor] = {}

    def _pyro_sample(self, msg: Any) -> None:
        if isinstance(msg["fn"], _Subsample):
            _refuse_random_subsample(msg)
        elif msg["value"] is None and not msg["done"]:
            msg["value"] = self.draw(msg["name"], msg["fn"])

    def draw(self, name: str, fn: Any) -> Tensor:
        """A value for a site, another one for every site."""
        with keys(self.seed + len(self.values)):
            value = feasible(fn)
        self.values[name] = value
        return value


class Recorder(Feasible):
    """Writes down every message; the outermost of all handlers.

    Args:
        tape: Where torch calls are written down.
        constructions: The distributions of the run.
        seed: For the values of latent sites.
    """

    def __init__(self, tape: Tape, constructions: Constructions, seed: int) -> None:
        super().__init__(seed)
        self.tape = tape
        self.constructions = constructions
        self.statements: list[Statement] = []

    def draw(self, name: str, fn: Any) -> Tensor:
        """A value for a site, which the tape knows by its name."""
        with self.tape.silent():
            value = super().draw(name, fn)
            value = value.detach().clone()
        self.tape.name(value, name)
        return value

    def _pyro_post_sample(self, msg: Any) -> None:
        if isinstance(msg["fn"], _Subsample):
            return
        self.tape.look()
        _require_distribution(msg)
        self.statements.append(
            Statement(
                "sample",
                msg["name"],
                self.tape.node(msg["value"]),
                place_of(user_frame()),
                made=self.constructions.of(msg["fn"]),
                fn=msg["fn"],
                observed=msg["is_observed"],
                mask=self.tape.taken(msg["mask"]),
                scale=self.tape.taken(msg["scale"]),
                frames=msg["cond_indep_stack"],
                infer=dict(msg["infer"] or {}),
            )
        )

    def _pyro_post_param(self, msg: Any) -> None:
        self.tape.look()
        given = msg["args"][-1] if msg["args"] else None
        init = self.tape.taken(given) if torch.is_tensor(given) else None
        node = self.tape.name(msg["value"], msg["name"])
        if any(s.name == msg["name"] for s in self.statements):
            return
        self.statements.append(
            Statement(
                "param",
                msg["name"],
                node,
                place_of(user_frame()),
                constraint=self.constructions.argument(_constraint(msg["name"])),
                init=init,
                frames=msg["cond_indep_stack"],
            )
        )


def _constraint(name: str) -> Any:
    """The constraint of a parameter; a message of a `PyroModule` does not say it."""
    return pyro.get_param_store().get_state()["constraints"][name]


def _require_distribution(msg: Any) -> None:
    if not isinstance(msg["fn"], torch.distributions.Distribution):
        message = (
            f"site {msg['name']!r} has {type(msg['fn']).__name__} for a distribution"
        )
        raise refusal(message, "unknown-family", place_of(user_frame()))


def _refuse_random_subsample(msg: Any) -> None:
    fn = msg["fn"]
    drawn = msg["value"] is None and fn.subsample_size is not None
    if drawn and fn.subsample_size < fn.size:
        raise refusal(
            f"plate {msg['name']!r} draws {fn.subsample_size} of {fn.size} at random",
            "hidden-randomness",
            place_of(user_frame()),
            "read the model without subsample_size, or give subsample=indices",
        )


def feasible(fn: Any) -> Tensor:
    """A value inside the support; a moderate one where it is continuous."""
    if not _is_discrete(fn):
        try:
            bijector = biject_to(fn.support)
            shape = bijector.inverse_shape(fn.shape())
            free = 2.0 * torch.rand(shape, dtype=_dtype(fn)) - 1.0
            value = bijector(free).detach()
            if value.shape == fn.shape():
                return value
        except (NotImplementedError, RuntimeError, TypeError):
            pass  # torch cannot transform this support
    with torch.no_grad():
        return fn.sample()


def _is_discrete(fn: Any) -> bool:
    try:
        return bool(fn.support.is_discrete)
    except NotImplementedError:
        return True


def _dtype(fn: Any) -> torch.dtype:
    """The width of a distribution's parameters."""
    for value in vars(fn).values():
        if isinstance(value, torch.Tensor) and value.is_floating_point():
            return value.dtype
        if isinstance(value, torch.distributions.Distribution):
            return _dtype(value)
    return torch.get_default_dtype()


@contextmanager
def untouched(seed: int) -> Iterator[None]:
    """Pyro's parameters and torch's random state as they were, afterwards."""
    store = pyro.get_param_store()
    with ExitStack() as stack:
        stack.enter_context(keys(seed))
        stack.enter_context(store.scope(store.get_state()))
        yield
