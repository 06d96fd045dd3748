"""The local level model of the Nile's flow at Aswan, 1871 to 1970, its states sampled.

After Durbin and Koopman (2012), Time Series Analysis by State Space Methods. Data
typed in: annual flow in 10^8 cubic metres, Cobb (1978).
"""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.infer import MCMC, NUTS


def nile(flow_data):
    first = pyro.sample("first", dist.Normal(1000.0, 500.0))
    sigma_level = pyro.sample("sigma_level", dist.HalfNormal(100.0))
    sigma_flow = pyro.sample("sigma_flow", dist.HalfNormal(200.0))
    year_carry = first
    level = []
    for t in range(len(flow_data)):
        year_slice = flow_data[t]
        level_t = pyro.sample(f"level_{t}", dist.Normal(year_carry, sigma_level))
        pyro.sample(f"flow_{t}", dist.Normal(level_t, sigma_flow), obs=year_slice)
        level.append(level_t)
        year_carry = level_t
    level = torch.stack(level)
    pyro.deterministic("fall", level[27] - level[28])


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
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(nile)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
