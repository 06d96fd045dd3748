"""The torch calls of one run of a model, as a graph of what came from what.

    loc = a + b * x         Node add ── Node a   (site)
                                 └───── Node mul ── Node b  (site)
                                                └── Node x  (data)

Calls are written down at the level that users write them (`softplus`, `__getitem__`), with
real tensors; what a value rests on follows it. Python must not look into a value that rests
on a site: a branch on it would be frozen without anyone noticing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import torch
from torch.overrides import TorchFunctionMode

from jointbridge.backends.pyro.tracing.functions import (
    SHAPE_ONLY,
    TRAPS,
    changes_in_place,
    draws,
    spelled,
)
from jointbridge.backends.pyro.tracing.namespace import Namespace
from jointbridge.backends.pyro.tracing.nodes import (
    CHANGED,
    NOTHING,
    Node,
    Origin,
    hidden_randomness,
    origin_of,
    refusal,
)
from jointbridge.backends.pyro.tracing.places import (
    local_tensors,
    place_of,
    user_frame,
)
from jointbridge.backends.reading import Notebook

Tensor: TypeAlias = torch.Tensor


class Tape(TorchFunctionMode):
    """Writes down torch calls; see the module.

    Args:
        names: The arrays that the user knows by a name.
        notebook: Where branches on data are noted.
    """

    def __init__(self, names: Namespace, notebook: Notebook) -> None:
        super().__init__()
        self.names = names
        self.notebook = notebook
        self.nodes: dict[int, Node] = {}
        #: Everything is kept: the id of a tensor stays its own.
        self.order: list[Node] = []
        self._alive: list[Any] = []
        self._trusted = 0
        self._silent = 0

    # -- what the run says ----------------------------------------------------

    @contextmanager
    def trusted(self) -> Iterator[None]:
        """A library may look into values here, as to validate them."""
        self._trusted += 1
        try:
            yield
        finally:
            self._trusted -= 1

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Nothing is written down here."""
        self._silent += 1
        try:
            yield
        finally:
            self._silent -= 1

    @property
    def writing(self) -> bool:
        """Whether calls are written down now."""
        return not self._silent

    def node(self, x: Tensor) -> Node:
        """The node of a tensor; one that is new to the tape is a leaf."""
        found = self.nodes.get(id(x))
        if found is None:
            name = self.names.find(x)
            origin = Origin(data=frozenset({name})) if name else NOTHING
            return self._keep(x, Node(len(self.order), x, name=name, origin=origin))
        if found.version != _version(x):
            return self._keep(x, self._lost(found))
        return found

    def _lost(self, found: Node) -> Node:
        """What was changed in place through a view: nobody wrote down how."""
        sites = found.origin.sites | {found.label or "a value that was changed"}
        origin = found.origin | Origin(sites=sites)
        where = place_of(user_frame())
        return Node(
            len(self.order),
            found.value,
            CHANGED,
            origin=origin,
            where=where,
            label=found.label,
        )

    def name(self, x: Tensor, name: str) -> Node:
        """Says that a tensor is the value of a site or parameter."""
        origin = Origin(sites=frozenset({name}))
        node = Node(len(self.order), x, name=name, origin=origin)
        return self._keep(x, node)

    def taken(self, value: Any) -> Any:
        """Nodes in place of tensors, in whatever is handed to a function."""
        match value:
            case torch.Tensor():
                return self.node(value)
            case torch.Size():
                return tuple(value)
            case tuple() | list():
                return type(value)([self.taken(v) for v in value])
            case dict():
                return {k: self.taken(v) for k, v in value.items()}
            case slice():
                parts = (value.start, value.stop, value.step)
                return slice(*(self._whole(p) for p in parts))
        return value

    def add(self, call: str, result: Any, args: tuple[Any, ...], kwargs: Any) -> None:
        """Writes down a call with nodes for arguments."""
        frame = user_frame()
        self.look(frame)
        origin = origin_of((args, kwargs))
        where = place_of(frame)
        if call in SHAPE_ONLY:
            origin = NOTHING
        if draws(call, args, kwargs) and not self._trusted:
            origin = origin | Origin(random=where or call)
        node = Node(len(self.order), result, call, args, kwargs, origin, where=where)
        if isinstance(result, torch.Tensor):
            self._keep(result, node)
            return
        self.order.append(node)
        for place, item in enumerate(result):
            if isinstance(item, torch.Tensor) and id(item) not in self.nodes:
                part = Node(len(self.order), item, "output", (node, place), {}, origin)
                part.where = where
                self._keep(item, part)

    def look(self, frame: Any = None) -> None:
        """Takes names of local variables for values that have none."""
        for name, value in local_tensors(frame or user_frame()):
            node = self.nodes.get(id(value))
            if node is not None and not node.label:
                node.label = name

    # -- what torch says ------------------------------------------------------

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Runs a torch function and writes it down."""
        del types
        kwargs = kwargs or {}
        name = spelled(func)
        if self._silent or (name.startswith(".") and name not in _TENSOR_ATTRIBUTES):
            return func(*args, **kwargs)
        if name in TRAPS:
            self._trap(name, args)
            return func(*args, **kwargs)
        if changes_in_place(name):
            return self._change(func, name, args, kwargs)
        taken = self.taken(tuple(args)), self.taken(kwargs)
        result = func(*args, **kwargs)
        if _is_new(result, self.nodes):
            self.add(name, result, *taken)
        return result

    def _change(self, func: Any, name: str, args: Any, kwargs: Any) -> Any:
        """A function that changes its first argument: a new value of the same tensor."""
        target = args[0] if args else kwargs.get("tensor", kwargs.get("input"))
        before = self.node(target)
        if before.name:
            message = f"{before.name!r} is changed in place by {name}"
            raise refusal(
                message,
                "unknown-operation",
                place_of(user_frame()),
                "work on a copy: x = x.clone()",
            )
        if not before.origin.free:
            before.value = target.detach().clone()
        taken = self.taken(tuple(args)), self.taken(kwargs)
        result = func(*args, **kwargs)
        del self.nodes[id(target)]
        self.add(name, target, *taken)
        return result

    def _trap(self, name: str, args: Any) -> None:
        if self._trusted or not args or not isinstance(args[0], torch.Tensor):
            return
        node = self.node(args[0])
        code, does, hint = TRAPS[name]
        where = place_of(user_frame())
        if node.origin.sites:
            sites = ", ".join(map(repr, sorted(node.origin.sites)))
            message = f"the model {does} a value that rests on {sites}"
            raise refusal(message, code, where, hint)
        if node.origin.random:
            raise hidden_randomness(node)
        if node.origin.data:
            data = ", ".join(map(repr, sorted(node.origin.data)))
            text = f"{does} {data}: the spec holds for these values only"
            self.notebook.note("frozen", where, text)

    def _whole(self, x: Any) -> Any:
        """A bound of a slice as a Python integer."""
        if isinstance(x, torch.Tensor):
            self._trap("__index__", (x,))
            with self.silent():
                return int(x)
        return x

    def _keep(self, x: Tensor, node: Node) -> Node:
        node.version = _version(x)
        self.nodes[id(x)] = node
        self.order.append(node)
        self._alive.append(x)
        return node


#: Attributes whose value is a tensor made of the tensor's own.
_TENSOR_ATTRIBUTES = frozenset({".T", ".mT", ".data", ".real", ".H", ".mH"})


def _is_new(result: Any, known: dict[int, Node]) -> bool:
    """Whether something came out that the tape does not have."""
    if isinstance(result, torch.Tensor):
        return id(result) not in known
    return isinstance(result, (tuple, list)) and any(
        isinstance(r, torch.Tensor) for r in result
    )


def _version(x: Tensor) -> int:
    return 0 if x.is_inference() else x._version  # noqa: SLF001 - torch has no other
