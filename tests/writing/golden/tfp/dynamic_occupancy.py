"""Dynamic occupancy: which sites are occupied each season, seen with false alarms.

After MacKenzie et al. (2003) and Royle and Link (2006). Data simulated with
numpy.random.default_rng(7): 12 sites, 6 seasons.
"""

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import random


def dynamic_occupancy(seen_data):
    def model():
        """Every step is a component; a list could not hold the loop."""
        first = yield tfd.Beta(jnp.array(1.0), 1.0, name="first")
        stays = yield tfd.Beta(jnp.array(4.0), 1.0, name="stays")
        arrives = yield tfd.Beta(jnp.array(1.0), 4.0, name="arrives")
        detected = yield tfd.Beta(jnp.array(4.0), 2.0, name="detected")
        false_alarm = yield tfd.Beta(jnp.array(1.0), 20.0, name="false_alarm")
        season_carry = jnp.broadcast_to(first, (seen_data.shape[1],))
        for t in range(len(seen_data)):
            z = yield tfd.Independent(
                tfd.Bernoulli(probs=season_carry), 1, name=f"z_{t}"
            )
            yield tfd.Independent(
                tfd.Bernoulli(probs=jnp.where(z == 1, detected, false_alarm)),
                1,
                name=f"seen_{t}",
            )
            season_carry = jnp.where(z == 1, stays, arrives)

    return tfd.JointDistributionCoroutineAutoBatched(model)


def observed(seen_data):
    pins = {}
    for t in range(len(seen_data)):
        season_slice = seen_data[t]
        pins[f"seen_{t}"] = season_slice
    return pins


# fmt: off
DATA = {
    "seen_data": np.array([
        [0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 1, 1],
        [1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1, 1],
        [1, 0, 0, 0, 1, 0, 1, 1, 0, 1, 0, 1],
        [0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0],
        [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
        [1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0],
    ]),
}
# fmt: on

if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    joint = dynamic_occupancy(DATA["seen_data"])
    draws = joint.sample(1000, seed=random.PRNGKey(0))
    print(jax.tree.map(lambda x: x.mean(axis=0), draws))
