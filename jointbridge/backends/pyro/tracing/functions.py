"""Torch's functions as the tape sees them: which look into values, draw or write."""

from __future__ import annotations

from typing import Any

#: Ways in which Python looks into a tensor: the code of the refusal, what it is called
#: and what to do instead.
_LOOKS = {
    "__bool__": (
        "branch",
        "branches on",
        "use torch.where(condition, x, y), or a mask, instead of `if`",
    ),
    "is_nonzero": ("branch", "branches on", "use torch.where instead of `if`"),
    "equal": ("branch", "branches on", "use torch.where instead of `if`"),
    "allclose": ("branch", "branches on", "use torch.where instead of `if`"),
    "__index__": (
        "dynamic",
        "takes a Python integer from",
        (
            "a spec has a fixed number of sites and fixed shapes; index with the tensor"
            " itself, or mask what is not used"
        ),
    ),
    "__int__": (
        "dynamic",
        "takes a Python integer from",
        (
            "a spec has a fixed number of sites and fixed shapes; index with the tensor"
            " itself, or mask what is not used"
        ),
    ),
}
_HANDED = (
    "numpy-on-site",
    "hands Python or NumPy",
    "keep it a tensor and use torch's own functions",
)
TRAPS = {
    **_LOOKS,
    **dict.fromkeys(
        ("__float__", "__complex__", "item", "tolist", "numpy", "__array__"),
        _HANDED,
    ),
}

#: Functions that draw: what rests on their result is another model in every run.
RANDOM = frozenset(
    [
        "rand",
        "randn",
        "randint",
        "randperm",
        "normal",
        "bernoulli",
        "multinomial",
        "poisson",
        "binomial",
        "rand_like",
        "randn_like",
        "randint_like",
        "_standard_gamma",
        "_sample_dirichlet",
        "uniform_",
        "normal_",
        "random_",
        "exponential_",
        "cauchy_",
        "log_normal_",
        "geometric_",
        "bernoulli_",
        "rrelu",
        "dropout1d",
        "dropout2d",
        "dropout3d",
        "alpha_dropout",
        "feature_alpha_dropout",
        "gumbel_softmax",
        "trunc_normal_",
        "kaiming_uniform_",
        "kaiming_normal_",
        "xavier_uniform_",
        "xavier_normal_",
        "orthogonal_",
        "sparse_",
    ]
)

#: Functions whose result takes only shape and dtype from a tensor.
SHAPE_ONLY = frozenset(
    [
        "zeros_like",
        "ones_like",
        "empty_like",
        "new_zeros",
        "new_ones",
        "new_empty",
        "new_tensor",
    ]
)


def spelled(func: Any) -> str:
    """The name of a torch function; of an attribute, `.name`."""
    name: str = getattr(func, "__name__", "") or str(func)
    if name == "__get__":
        return "." + str(getattr(getattr(func, "__self__", None), "__name__", ""))
    return name


def changes_in_place(name: str) -> bool:
    """Whether a function changes its first argument."""
    if name in ("__setitem__", "requires_grad_", "retain_grad"):
        return name == "__setitem__"
    return name.endswith("_") and not name.endswith("__")


def draws(call: str, args: Any, kwargs: Any) -> bool:
    """Whether a function draws; `dropout` does so while a module is trained."""
    if call == "dropout":
        return bool(kwargs.get("training", args[2] if len(args) > 2 else True))
    return call in RANDOM
