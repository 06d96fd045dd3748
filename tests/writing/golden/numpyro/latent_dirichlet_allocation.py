"""Topics in a small corpus: every word of a document is of one of two topics.

After Blei, Ng and Jordan (2003), Latent Dirichlet allocation; the topics of the
words are summed out. Data simulated with numpy.random.default_rng(5): 6 documents, 12
words each, a vocabulary of 5.
"""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

N_DOCUMENT = 6
N_TOPIC = 2


def latent_dirichlet_allocation(document_idx, words=None):
    with numpyro.plate("document", N_DOCUMENT):
        theta = numpyro.sample("theta", dist.Dirichlet(jnp.array([1.0, 1.0])))
    with numpyro.plate("topic", N_TOPIC):
        phi = numpyro.sample("phi", dist.Dirichlet(jnp.ones(5)))
    with numpyro.plate("word", len(document_idx)):
        numpyro.sample(
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
    numpyro.enable_x64()
    mcmc = MCMC(NUTS(latent_dirichlet_allocation), num_warmup=1000, num_samples=1000)
    mcmc.run(random.PRNGKey(0), **DATA)
    mcmc.print_summary()
