"""What tests of written classes ask of a library: its densities and draws."""

from contextlib import contextmanager
from importlib import import_module

import jax
import jax.numpy as jnp
import numpy as np
import torch

from jointbridge.backends.arrays.jax import precision
from jointbridge.backends.tfp.quiet import quiet
from tests.porting.native import LIBRARIES as NATIVE


def _module(language, part):
    return import_module(f"jointbridge.backends.{language}.{part}")


class Jax:
    """Either library on JAX; they draw in ways of their own."""

    def __init__(self, language, draw):
        self._draw = draw
        self.written = _module(language, "write_laws").CLASSES
        self.lacking = _module(language, "write_laws").LACKING

    @contextmanager
    def double(self):
        """Arrays of float64."""
        with precision("float64"), quiet():
            yield

    def array(self, value):
        """An array of float64."""
        return jnp.asarray(value, float)

    def scored(self, make, given, value):
        """Log densities, and the gradients of their sum, parameters first."""

        def total(given, value):
            found = make(**given).log_prob(value)
            return jnp.sum(found), found

        gradient = jax.grad(total, argnums=(0, 1), has_aux=True)
        (by_parameter, by_value), found = gradient(given, value)
        return [found, *by_parameter.values(), by_value]

    def draws(self, made, count, seed):
        """Many draws, compiled."""
        key = jax.random.PRNGKey(seed)
        return np.asarray(jax.jit(lambda key: self._draw(made, key, count))(key))


class Torch:
    """Pyro."""

    def __init__(self):
        self.written = _module("pyro", "write_laws").CLASSES
        self.lacking = _module("pyro", "write_laws").LACKING

    def double(self):
        """Tensors of float64."""
        return NATIVE["pyro"].float64()

    def array(self, value):
        """A tensor of float64."""
        return torch.as_tensor(np.asarray(value, float))

    def scored(self, make, given, value):
        """Log densities, and the gradients of their sum, parameters first."""
        free = {n: x.clone().requires_grad_() for n, x in given.items()}
        at = value.clone().requires_grad_()
        found = make(**free).log_prob(at)
        wanted = [*free.values(), at]
        slopes = torch.autograd.grad(found.sum(), wanted, allow_unused=True)
        kept = [
            torch.zeros_like(x) if s is None else s
            for x, s in zip(wanted, slopes, strict=True)
        ]
        return [found.detach(), *kept]

    def draws(self, made, count, seed):
        """Many draws, from torch's own generator."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return made.sample((count,)).numpy()


LIBRARIES = {
    "numpyro": Jax("numpyro", lambda made, key, count: made.sample(key, (count,))),
    "pyro": Torch(),
    "tfp": Jax("tfp", lambda made, key, count: made.sample(count, seed=key)),
}
