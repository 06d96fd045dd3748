"""A series of states with linear transitions and normal noise, which Pyro lacks."""

from __future__ import annotations

from typing import Any, TypeAlias

import torch
from pyro.distributions import TorchDistribution, constraints

from jointbridge.backends.pyro.distributions import MultivariateNormal

Tensor: TypeAlias = torch.Tensor


class GaussianStateSpace(TorchDistribution):
    """States, each `transition_matrix` @ the one before, and normal noise.

    Args:
        num_steps: How many states.
        transition_matrix: What a state is sent on with.
        covariance_matrix: The covariance of the noise; or
        precision_matrix: its inverse; or
        scale_tril: its Cholesky factor.
        initial_value: The state before the first.
        validate_args: As for every Pyro distribution.
    """

    arg_constraints = {  # noqa: RUF012
        "transition_matrix": constraints.independent(constraints.real, 2),
        "scale_tril": constraints.lower_cholesky,
        "initial_value": constraints.real_vector,
    }
    support = constraints.independent(constraints.real, 2)
    has_rsample = True

    def __init__(
        self,
        num_steps: int,
        transition_matrix: Tensor,
        covariance_matrix: Tensor | None = None,
        precision_matrix: Tensor | None = None,
        scale_tril: Tensor | None = None,
        initial_value: Tensor | float = 0.0,
        validate_args: bool | None = None,
    ) -> None:
        size = transition_matrix.shape[-1]
        start = torch.as_tensor(initial_value).to(transition_matrix)
        start = start.expand(torch.broadcast_shapes(start.shape, (size,)))
        noise = MultivariateNormal(
            transition_matrix.new_zeros(size),
            covariance_matrix,
            precision_matrix,
            scale_tril,
            validate_args=False,
        )
        batch = torch.broadcast_shapes(
            noise.batch_shape, transition_matrix.shape[:-2], start.shape[:-1]
        )
        self.num_steps = num_steps
        self.transition_matrix = transition_matrix.expand((*batch, size, size))
        self.scale_tril = noise.scale_tril.expand((*batch, size, size))
        self.initial_value = start.expand((*batch, size))
        event = torch.Size((num_steps, size))
        super().__init__(batch, event, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with a larger batch shape."""
        given = (self.transition_matrix, self.scale_tril)
        matrix, tril = (x.expand((*batch_shape, *x.shape[-2:])) for x in given)
        return GaussianStateSpace(
            self.num_steps,
            matrix,
            scale_tril=tril,
            initial_value=self.initial_value,
            validate_args=self._validate_args,
        )

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density."""
        first = self.initial_value.expand(value[..., 0, :].shape)
        before = torch.cat([first[..., None, :], value[..., :-1, :]], dim=-2)
        noise = value - before @ self.transition_matrix.mT
        tril = self.scale_tril[..., None, :, :]
        zero = noise.new_zeros(noise.shape[-1])
        each = MultivariateNormal(zero, scale_tril=tril, validate_args=False)
        return each.log_prob(noise).sum(-1)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        """Draws that gradients pass through."""
        shape = self._extended_shape(torch.Size(sample_shape))
        z = torch.empty(shape, dtype=self.scale_tril.dtype).normal_()
        noise = z @ self.scale_tril.mT
        state, states = self.initial_value[..., None], []
        for step in range(self.num_steps):
            state = self.transition_matrix @ state + noise[..., step, :, None]
            states.append(state[..., 0])
        return torch.stack(states, dim=-2)
