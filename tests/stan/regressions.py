"""The linear regressions of posteriordb, in jointbridge's words; see `models`."""

import numpy as np

import jointbridge as jb


def flat(name, support, shape=()):
    return jb.sample(name, jb.ImproperUniform(support), shape=shape)


def _regress(outcome, *columns, sigma=None):
    """outcome ~ normal(beta[0] + beta[1] * columns[0] + ..., sigma)."""
    beta = flat("beta", jb.supports.real, shape=len(columns) + 1)
    prior = jb.ImproperUniform(jb.supports.positive) if sigma is None else sigma
    sigma = jb.sample("sigma", prior)
    mean = beta[0] + sum(beta[i + 1] * column for i, column in enumerate(columns))
    jb.sample("outcome", jb.Normal(mean, sigma), obs=outcome)


def _standard(x):
    return (x - np.mean(x)) / np.std(x, ddof=1)


@jb.model
def earn_height(earn, height):
    _regress(earn, height)


@jb.model
def log10earn_height(earn, height):
    _regress(np.log10(earn), height)


@jb.model
def logearn_height(earn, height):
    _regress(jb.log(earn), height)


@jb.model
def logearn_height_male(earn, height, male):
    _regress(jb.log(earn), height, male)


@jb.model
def logearn_interaction(earn, height, male):
    _regress(jb.log(earn), height, male, height * male)


@jb.model
def logearn_interaction_z(earn, height, male):
    z_height = _standard(height)
    _regress(jb.log(earn), z_height, male, z_height * male)


@jb.model
def logearn_logheight_male(earn, height, male):
    _regress(jb.log(earn), jb.log(height), male)


@jb.model
def kidscore_momhs(kid_score, mom_hs):
    _regress(kid_score, mom_hs, sigma=jb.HalfCauchy(2.5))


@jb.model
def kidscore_momiq(kid_score, mom_iq):
    _regress(kid_score, mom_iq, sigma=jb.HalfCauchy(2.5))


@jb.model
def kidscore_momhsiq(kid_score, mom_hs, mom_iq):
    _regress(kid_score, mom_hs, mom_iq, sigma=jb.HalfCauchy(2.5))


@jb.model
def kidscore_interaction(kid_score, mom_hs, mom_iq):
    _regress(kid_score, mom_hs, mom_iq, mom_hs * mom_iq, sigma=jb.HalfCauchy(2.5))


@jb.model
def kidscore_interaction_c(kid_score, mom_hs, mom_iq):
    hs, iq = mom_hs - np.mean(mom_hs), mom_iq - np.mean(mom_iq)
    _regress(kid_score, hs, iq, hs * iq)


@jb.model
def kidscore_interaction_c2(kid_score, mom_hs, mom_iq):
    hs, iq = mom_hs - 0.5, mom_iq - 100
    _regress(kid_score, hs, iq, hs * iq)


@jb.model
def kidscore_interaction_z(kid_score, mom_hs, mom_iq):
    hs, iq = _standard(mom_hs) / 2, _standard(mom_iq) / 2
    _regress(kid_score, hs, iq, hs * iq)


@jb.model
def kidscore_mom_work(kid_score, mom_work):
    _regress(kid_score, *(mom_work == level for level in (2, 3, 4)))


@jb.model
def mesquite(weight, diam1, diam2, canopy_height, total_height, density, group):
    _regress(weight, diam1, diam2, canopy_height, total_height, density, group)


@jb.model
def logmesquite(weight, diam1, diam2, canopy_height, total_height, density, group):
    sizes = (diam1, diam2, canopy_height, total_height, density)
    _regress(jb.log(weight), *map(jb.log, sizes), group)


@jb.model
def logmesquite_logva(weight, diam1, diam2, canopy_height, group):
    area = diam1 * diam2
    volume = area * canopy_height
    _regress(jb.log(weight), jb.log(volume), jb.log(area), group)


@jb.model
def logmesquite_logvas(
    weight, diam1, diam2, canopy_height, total_height, density, group
):
    area, shape = diam1 * diam2, diam1 / diam2
    logs = map(jb.log, (area * canopy_height, area, shape, total_height, density))
    _regress(jb.log(weight), *logs, group)


@jb.model
def logmesquite_logvash(weight, diam1, diam2, canopy_height, total_height, group):
    area, shape = diam1 * diam2, diam1 / diam2
    logs = map(jb.log, (area * canopy_height, area, shape, total_height))
    _regress(jb.log(weight), *logs, group)


@jb.model
def logmesquite_logvolume(weight, diam1, diam2, canopy_height):
    _regress(jb.log(weight), jb.log(diam1 * diam2 * canopy_height))


@jb.model
def nes(partyid7, real_ideo, race_adj, educ1, gender, income, age_discrete):
    ages = (age_discrete == group for group in (2, 3, 4))
    _regress(partyid7, real_ideo, race_adj, *ages, educ1, gender, income)


@jb.model
def blr(X, y, D):
    beta = jb.sample("beta", jb.Normal(0.0, 10.0), shape=D)
    sigma = jb.sample("sigma", jb.HalfNormal(10.0))
    jb.sample("y", jb.Normal(X @ beta, sigma), obs=y)


@jb.model
def kilpisjarvi(x, y, pmualpha, psalpha, pmubeta, psbeta):
    alpha = jb.sample("alpha", jb.Normal(pmualpha, psalpha))
    beta = jb.sample("beta", jb.Normal(pmubeta, psbeta))
    sigma = flat("sigma", jb.supports.positive)
    jb.sample("y", jb.Normal(alpha + beta * x, sigma), obs=y)
