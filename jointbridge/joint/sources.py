"""Where joints come from: files, texts, models of a library, Python functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from jointbridge import author, backends, document
from jointbridge.document import Limits
from jointbridge.joint.verbs import Joint


def load(path: str, *, limits: Limits = Limits()) -> Joint:  # noqa: B008 - frozen
    """The joint in a file; `-` reads standard input.

    Raises:
        SpecError: The file is not a valid joint; every problem is listed.
        LimitError: It is too large.
        FileError: It cannot be read.
    """
    return Joint(document.load(path, limits=limits))


def loads(text: str, *, limits: Limits = Limits()) -> Joint:  # noqa: B008 - frozen
    """The joint in a text; see `load`."""
    return Joint(document.loads(text, limits=limits))


def reader(backend: str) -> Callable[..., Joint]:
    """`from_NAME`: models of a library's users as joints.

    Args:
        backend: The name of a backend.
    """

    def read(
        model: Any, *args: Any, options: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Joint:
        """The joint that a model says.

        Args:
            model: A model function or a joint distribution of the library.
            *args: What the model is called with.
            options: How to read it.
            **kwargs: What the model is called with, by name.

        Raises:
            ReadError: The model cannot be said as a joint; names the site, the file and
                the line, the reason and a way out.
        """
        found = backends.get(backend).read(model, args, kwargs, options or {})
        return Joint(found.spec, found)

    read.__name__ = read.__qualname__ = f"from_{backend}"
    return read


def model(function: Callable[..., Any]) -> Callable[..., Joint]:
    """A Python function as a model: calling it gives a `Joint`.

    The body runs once with symbolic values; the words are NumPyro's (`sample`, `plate`,
    `deterministic`, `factor`, `param`), families and functions come from jointbridge.

    Example:
        >>> @jb.model
        ... def coin(flips):
        ...     p = jb.sample("p", jb.Beta(1.0, 1.0))
        ...     jb.sample("flips", jb.Bernoulli(probs=p), obs=flips)
        >>> joint = coin([1, 0, 1, 1])
    """
    recorded = author.model(function)

    @wraps(function)
    def build(*args: Any, **kwargs: Any) -> Joint:
        return Joint(recorded.spec(*args, **kwargs))

    return build
