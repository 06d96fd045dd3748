"""Hidden causes that are summed out, by a family or by hand."""

import numpy as np

import jointbridge as jb


@jb.model
def gaussian_mixture(y):
    """Velocities of 82 galaxies: a mixture of three normal distributions.

    Data typed in: 1000 km/s, Roeder (1990), Density estimation with confidence sets
    exemplified by superclusters and voids in the galaxies.
    """
    theta = jb.sample("theta", jb.Dirichlet([1.0, 1.0, 1.0]))
    with jb.plate("component", 3):
        mu = jb.sample("mu", jb.Normal(20.0, 10.0))
        sigma = jb.sample("sigma", jb.InverseGamma(2.0, 1.0))
    with jb.plate("galaxy", len(y)):
        jb.sample("y", jb.Mixture(probs=theta, components=jb.Normal(mu, sigma)), obs=y)


GALAXIES = [
    *(9.172, 9.350, 9.483, 9.558, 9.775, 10.227, 10.406, 16.084, 16.170, 18.419),
    *(18.552, 18.600, 18.927, 19.052, 19.070, 19.330, 19.343, 19.349, 19.440, 19.473),
    *(19.529, 19.541, 19.547, 19.663, 19.846, 19.856, 19.863, 19.914, 19.918, 19.973),
    *(19.989, 20.166, 20.175, 20.179, 20.196, 20.215, 20.221, 20.415, 20.629, 20.795),
    *(20.821, 20.846, 20.875, 20.986, 21.137, 21.492, 21.701, 21.814, 21.921, 21.960),
    *(22.185, 22.209, 22.242, 22.249, 22.314, 22.374, 22.495, 22.746, 22.747, 22.888),
    *(22.914, 23.206, 23.241, 23.263, 23.484, 23.538, 23.542, 23.666, 23.706, 23.711),
    *(24.129, 24.285, 24.289, 24.366, 24.717, 24.990, 25.633, 26.960, 26.995, 32.065),
    *(32.789, 34.279),
]


@jb.model
def zero_inflated_poisson(y):
    """Movements of a fetal lamb in 240 intervals of five seconds, most of them still.

    Data typed in as a table of counts: Leroux and Puterman (1992), Maximum-penalized-
    likelihood estimation for independent and Markov-dependent mixture models.
    """
    gate = jb.sample("gate", jb.Beta(1.0, 1.0))
    rate = jb.sample("rate", jb.Gamma(2.0, 1.0))
    with jb.plate("interval", len(y)):
        jb.sample("y", jb.ZeroInflated(jb.Poisson(rate), gate=gate), obs=y)


LAMB = np.repeat([0, 1, 2, 3, 4, 7], [182, 41, 12, 2, 2, 1])


@jb.model
def latent_dirichlet_allocation(document_idx, words):
    """Topics in a small corpus: every word of a document is of one of two topics.

    After Blei, Ng and Jordan (2003), Latent Dirichlet allocation; the topics of the words
    are summed out. Data simulated with numpy.random.default_rng(5): 6 documents, 12 words
    each, a vocabulary of 5.
    """
    document_idx = jb.data("document_idx", document_idx)
    with jb.plate("document", 6):
        theta = jb.sample("theta", jb.Dirichlet([1.0, 1.0]))
    with jb.plate("topic", 2):
        phi = jb.sample("phi", jb.Dirichlet([1.0, 1.0, 1.0, 1.0, 1.0]))
    with jb.plate("word", len(words)):
        probs = (theta @ phi)[document_idx]
        jb.sample("words", jb.Categorical(probs=probs), obs=words)


def simulated_corpus(documents=6, length=12):
    random = np.random.default_rng(5)
    theta = random.dirichlet([0.5, 0.5], documents)
    phi = random.dirichlet([0.5] * 5, 2)
    document = np.repeat(np.arange(documents), length)
    return document, np.array([random.choice(5, p=p) for p in (theta @ phi)[document]])


@jb.model
def change_point(disasters):
    """Coal-mining disasters, 1851 to 1962: a rate that changed once, the year summed out.

    Entry t of `log_year` is the log density of a change before year t. After the Stan
    User's Guide, Latent Discrete Parameters. Data typed in: Jarrett (1979), A note on the
    intervals between coal-mining disasters, as tabulated by Carlin, Gelfand and Smith.
    """
    disasters = jb.data("disasters", disasters)
    early = jb.sample("early", jb.Exponential(1.0))
    late = jb.sample("late", jb.Exponential(1.0))
    log_early = jb.cumsum(jb.log_prob(jb.Poisson(early), disasters))
    log_late = jb.let("log_late", jb.cumsum(jb.log_prob(jb.Poisson(late), disasters)))
    before = jb.let("before", jb.concatenate([[0.0], log_early[:-1]]))
    after = log_late[-1] - jb.concatenate([[0.0], log_late[:-1]])
    log_year = jb.deterministic("log_year", before + after - jb.log(len(disasters)))
    jb.factor("likelihood", jb.logsumexp(log_year))


COAL = """
4 5 4 1 0 4 3 4 0 6 3 3 4 0 2 6 3 3 5 4 5 3 1 4 4 1 5 5 3 4 2 5 2 2 3 4 2 1 3 2 2 1 1
1 1 3 0 0 1 0 1 1 0 0 3 1 0 3 2 2 0 1 1 1 0 1 0 1 0 0 0 2 1 0 0 0 1 1 0 2 3 3 1 1 2 1
1 1 1 2 4 2 0 0 0 1 4 0 0 0 1 0 0 0 0 0 1 0 0 1 0 1
"""
DISASTERS = [int(count) for count in COAL.split()]


@jb.model
def capture_recapture(y):
    """The size of a closed population by data augmentation: model M_t.

    Row i tells on which of four occasions animal i was caught; rows that were never caught
    may be animals or not. After Kéry and Schaub (2012), Bayesian Population Analysis using
    WinBUGS, section 6.2. Data simulated with numpy.random.default_rng(6): 40 animals,
    augmented to 60 rows.
    """
    y = jb.data("y", y)
    omega = jb.sample("omega", jb.Uniform(0.0, 1.0))
    with jb.plate("occasion", y.shape[1]):
        p = jb.sample("p", jb.Uniform(0.0, 1.0))
    caught = jb.sum(y, axis=-1) > 0
    log_history = jb.sum(jb.log_prob(jb.Bernoulli(probs=p), y), axis=-1)
    animal = jb.let("animal", jb.log(omega) + log_history)
    either = jb.logaddexp(animal, jb.log1p(-omega))
    jb.factor("histories", jb.where(caught, animal, either))


def simulated_captures(animals=40, rows=60):
    random = np.random.default_rng(6)
    y = random.binomial(1, [0.2, 0.35, 0.3, 0.15], (animals, 4))
    y = y[y.any(axis=1)]
    return np.concatenate([y, np.zeros((rows - len(y), 4), int)])


MODELS = {
    "gaussian-mixture": lambda: gaussian_mixture(GALAXIES),
    "zero-inflated-poisson": lambda: zero_inflated_poisson(LAMB),
    "latent-dirichlet-allocation": lambda: latent_dirichlet_allocation(
        *simulated_corpus()
    ),
    "change-point": lambda: change_point(DISASTERS),
    "capture-recapture": lambda: capture_recapture(simulated_captures()),
}
