"""The models of `jointbridge/examples`, written with the public authoring API.

The docstring of a model says where its data are from; it becomes the description of the
file.
"""

from collections.abc import Callable
from dataclasses import replace

import jointbridge as jb
from tests.examples import hierarchical, mixtures, others, regression, series

#: What makes the joint of each file.
MODELS: dict[str, Callable[[], jb.Joint]] = {
    **hierarchical.MODELS,
    **regression.MODELS,
    **series.MODELS,
    **mixtures.MODELS,
    **others.MODELS,
}


def authored(name: str) -> jb.Joint:
    """The joint of the file `name.jb.json`, its description on one line."""
    spec = MODELS[name]().spec
    return jb.Joint(replace(spec, description=" ".join(spec.description.split())))
