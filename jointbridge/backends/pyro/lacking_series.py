"""Series that Pyro lacks, as texts of classes; see `helpers`."""

from __future__ import annotations

_GAUSSIAN_STATE_SPACE = '''\
class GaussianStateSpace(dist.TorchDistribution):
    """States, each `transition_matrix` @ the one before, and normal noise."""

    arg_constraints = {}
    support = constraints.independent(constraints.real, 2)

    def __init__(self, num_steps, transition_matrix, initial_value=0.0, **matrix):
        size = transition_matrix.shape[-1]
        zero = transition_matrix.new_zeros(size)
        self.noise = dist.MultivariateNormal(zero, **matrix)
        self.transition_matrix = transition_matrix
        self.initial_value = zero + initial_value
        shapes = self.noise.batch_shape, transition_matrix.shape[:-2]
        batch = torch.broadcast_shapes(*shapes, self.initial_value.shape[:-1])
        super().__init__(batch, (num_steps, size), validate_args=False)

    def log_prob(self, value):
        first = self.initial_value.expand(value[..., 0, :].shape)
        before = torch.cat([first[..., None, :], value[..., :-1, :]], dim=-2)
        noise = value - before @ self.transition_matrix.mT
        tril = self.noise.scale_tril[..., None, :, :]
        zero = torch.zeros_like(noise)
        each = dist.MultivariateNormal(zero, scale_tril=tril).log_prob(noise)
        return each.sum(-1)

    def rsample(self, sample_shape=()):
        shape = self.shape(sample_shape)
        normal = torch.empty(shape, dtype=self.initial_value.dtype).normal_()
        noise = normal @ self.noise.scale_tril.mT
        state, states = self.initial_value[..., None], []
        for step in range(self.event_shape[0]):
            state = self.transition_matrix @ state + noise[..., step, :, None]
            states.append(state[..., 0])
        return torch.stack(states, dim=-2)
'''

#: By class, its text.
SERIES = {"GaussianStateSpace": _GAUSSIAN_STATE_SPACE}
