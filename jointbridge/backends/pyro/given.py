"""What a user's model is called with, as tensors."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch


def tensor(value: Any) -> Any:
    """A tensor from a NumPy array, with floats of 64 bits; anything else as it is.

    Torch hands its own tensors to NumPy where it meets an array of NumPy's.
    """
    if not isinstance(value, (np.ndarray, np.generic)):
        return value
    found = torch.tensor(np.asarray(value))
    return found.double() if found.is_floating_point() else found


def float64_tensor(value: Any) -> Any:
    """The same, and tensors of floats in 64 bits."""
    if torch.is_tensor(value) and value.is_floating_point():
        return value.detach().double().clone()
    return tensor(value)
