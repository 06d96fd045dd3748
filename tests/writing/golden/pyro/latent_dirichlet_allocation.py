"""Topics in a small corpus: every word of a document is of one of two topics.

After Blei, Ng and Jordan (2003), Latent Dirichlet allocation; the topics of the
words are summed out. Data simulated with numpy.random.default_rng(5): 6 documents, 12
words each, a vocabulary of 5.
"""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.infer import MCMC, NUTS

N_DOCUMENT = 6
N_TOPIC = 2


def latent_dirichlet_allocation(document_idx, words=None):
    with pyro.plate("document", N_DOCUMENT):
        theta = pyro.sample("theta", dist.Dirichlet(torch.tensor([1.0, 1.0])))
    with pyro.plate("topic", N_TOPIC):
        phi = pyro.sample("phi", dist.Dirichlet(torch.ones(5)))
    with pyro.plate("word", len(document_idx)):
        pyro.sample(
            "words", dist.Categorical(probs=(theta @ phi)[document_idx]), obs=words
        )


# fmt: off
DATA = {
    "document_idx": np.array([
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4,
        4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5,
    ]),
    "words": np.array([
        2, 4, 2, 1, 2, 2, 2, 2, 1, 2, 0, 2, 2, 1, 2, 1, 1, 2, 1, 2, 2, 4, 4, 2, 2, 1,
        1, 2, 1, 1, 1, 4, 1, 1, 0, 1, 1, 4, 4, 1, 4, 1, 2, 1, 1, 0, 2, 2, 1, 1, 1, 1,
        1, 1, 3, 1, 1, 0, 0, 1, 1, 4, 4, 1, 1, 1, 2, 1, 1, 1, 1, 1,
    ]),
}
# fmt: on

if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(latent_dirichlet_allocation)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
