"""The local level model of the Nile's flow at Aswan, 1871 to 1970, its states sampled.

After Durbin and Koopman (2012), Time Series Analysis by State Space Methods. Data
typed in: annual flow in 10^8 cubic metres, Cobb (1978). Not in the joint: fall
(deterministic).
"""

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import random


def nile(flow_data):
    def model():
        """Every step is a component; a list could not hold the loop."""
        first = yield tfd.Normal(jnp.array(1000.0), 500.0, name="first")
        sigma_level = yield tfd.HalfNormal(jnp.array(100.0), name="sigma_level")
        sigma_flow = yield tfd.HalfNormal(jnp.array(200.0), name="sigma_flow")
        year_carry = first
        for t in range(len(flow_data)):
            level = yield tfd.Normal(year_carry, sigma_level, name=f"level_{t}")
            yield tfd.Normal(level, sigma_flow, name=f"flow_{t}")
            year_carry = level

    return tfd.JointDistributionCoroutineAutoBatched(model)


def observed(flow_data):
    pins = {}
    for t in range(len(flow_data)):
        year_slice = flow_data[t]
        pins[f"flow_{t}"] = year_slice
    return pins


# fmt: off
DATA = {
    "flow_data": np.array([
        1120.0, 1160.0, 963.0, 1210.0, 1160.0, 1160.0, 813.0, 1230.0, 1370.0, 1140.0,
        995.0, 935.0, 1110.0, 994.0, 1020.0, 960.0, 1180.0, 799.0, 958.0, 1140.0,
        1100.0, 1210.0, 1150.0, 1250.0, 1260.0, 1220.0, 1030.0, 1100.0, 774.0, 840.0,
        874.0, 694.0, 940.0, 833.0, 701.0, 916.0, 692.0, 1020.0, 1050.0, 969.0, 831.0,
        726.0, 456.0, 824.0, 702.0, 1120.0, 1100.0, 832.0, 764.0, 821.0, 768.0, 845.0,
        864.0, 862.0, 698.0, 845.0, 744.0, 796.0, 1040.0, 759.0, 781.0, 865.0, 845.0,
        944.0, 984.0, 897.0, 822.0, 1010.0, 771.0, 676.0, 649.0, 846.0, 812.0, 742.0,
        801.0, 1040.0, 860.0, 874.0, 848.0, 890.0, 744.0, 749.0, 838.0, 1050.0, 918.0,
        986.0, 797.0, 923.0, 975.0, 815.0, 1020.0, 906.0, 901.0, 1170.0, 912.0, 746.0,
        919.0, 718.0, 714.0, 740.0,
    ]),
}
# fmt: on

if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    joint = nile(DATA["flow_data"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(DATA["flow_data"]),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
