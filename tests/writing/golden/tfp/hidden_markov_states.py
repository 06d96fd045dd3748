"""The hidden Markov model with its states as sites, for engines that enumerate them.

After Damiano, Peterson and Weylandt (2018), A tutorial on hidden Markov models using
Stan. Data simulated with numpy.random.default_rng(2): 60 observations.
"""

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import random

N_STATE = 2


def hidden_markov_states(y_data):
    def model():
        """Every step is a component; a list could not hold the loop."""
        theta = yield tfd.Sample(
            tfd.Dirichlet(jnp.array([1.0, 1.0])), N_STATE, name="theta"
        )
        low = yield tfd.Normal(jnp.array(3.0), 1.0, name="low")
        gap = yield tfd.HalfNormal(jnp.array(10.0), name="gap")
        mu = jnp.stack([low, low + gap])
        time_carry = jnp.asarray(0, dtype=int)
        for t in range(len(y_data)):
            z = yield tfd.Categorical(probs=theta[time_carry], name=f"z_{t}")
            yield tfd.Normal(mu[z], 1.0, name=f"y_{t}")
            time_carry = z

    return tfd.JointDistributionCoroutineAutoBatched(model)


def observed(y_data):
    pins = {}
    for t in range(len(y_data)):
        time_slice = y_data[t]
        pins[f"y_{t}"] = time_slice
    return pins


# fmt: off
DATA = {
    "y_data": np.array([
        2.48, 6.56, 10.14, 9.77, 8.45, 8.69, 8.21, 8.9, 2.39, 2.11, 3.19, 9.41, 9.78,
        7.36, 7.5, 9.13, 3.72, 3.28, 3.87, 8.58, 4.8, 7.92, 3.97, 4.32, 4.13, 1.58,
        10.22, 10.0, 9.27, 8.23, 8.8, 7.17, 9.65, 7.47, 10.2, 10.51, 2.26, 2.92, 8.11,
        3.35, 2.72, 9.89, 8.24, 8.09, 10.15, 2.16, 2.33, 2.16, 3.05, 2.3, 2.18, 2.74,
        9.91, 11.46, 8.54, 7.95, 8.04, 1.03, 2.84, 10.68,
    ]),
}
# fmt: on

if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    joint = hidden_markov_states(DATA["y_data"])
    draws = joint.sample(1000, seed=random.PRNGKey(0))
    print(jax.tree.map(lambda x: x.mean(axis=0), draws))
