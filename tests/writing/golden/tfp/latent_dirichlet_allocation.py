"""Topics in a small corpus: every word of a document is of one of two topics.

After Blei, Ng and Jordan (2003), Latent Dirichlet allocation; the topics of the
words are summed out. Data simulated with numpy.random.default_rng(5): 6 documents, 12
words each, a vocabulary of 5.
"""

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import random

N_DOCUMENT = 6
N_TOPIC = 2


def latent_dirichlet_allocation(document_idx):
    document_idx = jnp.asarray(document_idx)
    return tfd.JointDistributionSequential(
        [
            tfd.Sample(tfd.Dirichlet(jnp.array([1.0, 1.0])), N_DOCUMENT, name="theta"),
            tfd.Sample(tfd.Dirichlet(jnp.ones(5)), N_TOPIC, name="phi"),
            lambda phi, theta: tfd.Independent(
                tfd.Categorical(probs=(theta @ phi)[document_idx]), 1, name="words"
            ),
        ],
        batch_ndims=0,
        use_vectorized_map=True,
    )


def observed(words):
    return {"words": words}


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
    jax.config.update("jax_enable_x64", True)
    joint = latent_dirichlet_allocation(DATA["document_idx"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(DATA["words"]),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
