"""A test piece for samplers, people who answer items, and patients who are followed."""

import numpy as np

import jointbridge as jb


@jb.model
def funnel():
    """Neal's funnel: the scale of nine variables is a tenth one.

    Neal (2003), Slice sampling, section 8. There is no data.
    """
    v = jb.sample("v", jb.Normal(0.0, 3.0))
    with jb.plate("dimension", 9):
        jb.sample("x", jb.Normal(0.0, jb.exp(v / 2)))


@jb.model
def item_response(y):
    """Item response theory: 20 persons answer 6 items that discriminate (2PL).

    After the Stan User's Guide, Item-Response Theory Models. Data simulated with
    numpy.random.default_rng(7): one row an item, one column a person.
    """
    items, persons = y.shape
    item, person = jb.plate("item", items, dim=-2), jb.plate("person", persons, dim=-1)
    mu_b = jb.sample("mu_b", jb.Normal(0.0, 2.0))
    sigma_b = jb.sample("sigma_b", jb.HalfCauchy(2.0))
    with item:
        a = jb.sample("a", jb.LogNormal(0.0, 0.5))
        b = jb.sample("b", jb.Normal(mu_b, sigma_b))
    with person:
        theta = jb.sample("theta", jb.Normal(0.0, 1.0))
    with item, person:
        jb.sample("y", jb.Bernoulli(logits=a * (theta - b)), obs=y)


def simulated_answers(items=6, persons=20):
    random = np.random.default_rng(7)
    a = random.lognormal(0.0, 0.4, (items, 1))
    b = random.normal(0.0, 1.0, (items, 1))
    theta = random.normal(size=persons)
    return random.binomial(1, 1 / (1 + np.exp(-a * (theta - b))))


@jb.model
def weibull_survival(weeks, relapse, treated):
    """Weeks in remission of 42 leukaemia patients, twelve without a relapse when last seen.

    A relapse counts with its density, being without one with the survival function. Data
    typed in: Freireich et al. (1963), 6-mercaptopurine (treated) against placebo.
    """
    weeks, relapse = jb.data("weeks", weeks), jb.data("relapse", relapse)
    treated = jb.data("treated", treated)
    alpha = jb.sample("alpha", jb.Normal(0.0, 5.0))
    beta = jb.sample("beta", jb.Normal(0.0, 2.0))
    shape = jb.sample("shape", jb.Gamma(2.0, 1.0))
    scale = jb.let("scale", jb.exp(alpha + beta * treated))
    density = jb.log_prob(jb.Weibull(scale, shape), weeks)
    survival = -((weeks / scale) ** shape)
    jb.factor("likelihood", jb.where(relapse, density, survival))


# A plus marks a patient without a relapse when last seen.
TREATED = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"
PATIENTS = f"{TREATED} {PLACEBO}".split()
WEEKS = [float(patient.rstrip("+")) for patient in PATIENTS]
RELAPSE = [not patient.endswith("+") for patient in PATIENTS]


MODELS = {
    "funnel": funnel,
    "item-response": lambda: item_response(simulated_answers()),
    "weibull-survival": lambda: weibull_survival(WEEKS, RELAPSE, [1] * 21 + [0] * 21),
}
