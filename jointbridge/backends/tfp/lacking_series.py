"""Series that TFP lacks, as texts of classes; see `helpers`."""

from __future__ import annotations

_GAUSSIAN_STATE_SPACE = '''
class GaussianStateSpace(tfd.Distribution):
    """States, each `transition_matrix` @ the one before, and normal noise."""

    def __init__(
        self,
        num_steps,
        transition_matrix,
        scale_tril,
        initial_value,
        name="GaussianStateSpace",
    ):
        self.transition_matrix = jnp.asarray(transition_matrix)
        self.scale_tril = jnp.asarray(scale_tril)
        self.initial_value = jnp.asarray(initial_value)
        self.shape = [num_steps, self.scale_tril.shape[-1]]
        kind = tfd.FULLY_REPARAMETERIZED
        super().__init__(self.scale_tril.dtype, kind, False, True, name=name)

    def _batch_shape(self):
        matrices = self.transition_matrix.shape[:-2], self.scale_tril.shape[:-2]
        shape = jnp.broadcast_shapes(*matrices, self.initial_value.shape[:-1])
        return tfp.tf2jax.TensorShape(shape)

    def _event_shape(self):
        return tfp.tf2jax.TensorShape(self.shape)

    def _log_prob(self, value):
        first = jnp.broadcast_to(self.initial_value, value[..., 0, :].shape)
        before = jnp.concatenate([first[..., None, :], value[..., :-1, :]], axis=-2)
        noise = value - before @ jnp.swapaxes(self.transition_matrix, -2, -1)
        tril = self.scale_tril[..., None, :, :]
        return tfd.MultivariateNormalTriL(0.0, tril).log_prob(noise).sum(-1)

    def _sample_n(self, n, seed=None):
        shape = [n, *self.batch_shape, *self.shape]
        normal = random.normal(seed, shape, self.dtype)
        noise = normal @ jnp.swapaxes(self.scale_tril, -2, -1)
        state, states = self.initial_value[..., None], []
        for step in range(self.shape[0]):
            state = self.transition_matrix @ state + noise[..., step, :, None]
            states.append(state[..., 0])
        return jnp.stack(states, axis=-2)

    def _default_event_space_bijector(self):
        return tfb.Identity()
'''

SERIES = {"GaussianStateSpace": _GAUSSIAN_STATE_SPACE}
