"""`@jb.model`: a Python function that says a joint when it is called."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import update_wrapper
from typing import Any

from jointbridge.author.location import at_users_line
from jointbridge.author.recorder import Recorder
from jointbridge.errors import SpecError
from jointbridge.spec import Spec


class Model:
    """A function of sample statements; calling it runs it once and records them.

    Args:
        function: The function.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        update_wrapper(self, function)

    def __repr__(self) -> str:
        return f"<model {self._name}{inspect.signature(self.function)}>"

    def __call__(self, *args: Any, **kwargs: Any) -> Spec:
        """The spec that the function says when it is called so."""
        return self.spec(*args, **kwargs)

    @at_users_line
    def spec(self, *args: Any, **kwargs: Any) -> Spec:
        """What the function says, as plain data.

        Raises:
            SpecError: A statement is wrong; the message has its line.
        """
        recorder = Recorder(self._name, self._arguments(args, kwargs))
        with recorder.recording():
            self.function(*args, **kwargs)
            return recorder.spec(inspect.getdoc(self.function) or "")

    @property
    def _name(self) -> str:
        return str(getattr(self.function, "__name__", "joint"))

    def _arguments(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> dict[str, Any]:
        """The arguments by name; a dict among them counts as its items."""
        signature = inspect.signature(self.function)
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError as error:
            message = f"{self._name}: {error}"
            hint = f"it is called as {self._name}{signature}"
            raise SpecError(message, code="arguments", hint=hint) from None
        bound.apply_defaults()
        found: dict[str, Any] = {}
        for name, value in bound.arguments.items():
            items = value.items() if isinstance(value, Mapping) else [(name, value)]
            for key, item in items:
                found.setdefault(str(key), item)
        return found


def model(function: Callable[..., Any]) -> Model:
    """Turn a function of `jb.sample` statements into a model.

    Args:
        function: A function written with the words of jointbridge.

    Returns:
        A callable with the same arguments that gives the spec.
    """
    return Model(function)
