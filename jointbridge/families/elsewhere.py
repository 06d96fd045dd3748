"""Distributions of the libraries that are no family here, and what to write instead.

The catalogue has what is a density of its own.  The rest is said in other words, has no
density to compare, or is not there yet; none is left out without a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Elsewhere:
    """One row.

    Attributes:
        name: The name in the libraries.
        word: `said` in other words, `never`, or `not_yet`.
        instead: What to write, or why there is nothing to write.
    """

    name: str
    word: Literal["said", "never", "not_yet"]
    instead: str


_SCAN = "a recurrence: a scan with sample statements in its body"
_DENSE = "a vector of known mean and covariance: MultivariateNormal"
_ONE_LIBRARY = "one library alone has it; its density can be a factor"

_ROWS = [
    Elsewhere("TruncatedNormal", "said", "Truncated(base=Normal(…), low=…, high=…)"),
    Elsewhere("TruncatedCauchy", "said", "Truncated(base=Cauchy(…), low=…, high=…)"),
    Elsewhere("TruncatedDistribution", "said", "Truncated(base=…, low=…, high=…)"),
    Elsewhere("FoldedNormal", "said", "Folded(base=Normal(…))"),
    Elsewhere("FoldedDistribution", "said", "Folded(base=…)"),
    Elsewhere("ZeroInflatedPoisson", "said", "ZeroInflated(base=Poisson(…), gate=…)"),
    Elsewhere(
        "ZeroInflatedNegativeBinomial",
        "said",
        "ZeroInflated(base=NegativeBinomial(…), gate=…)",
    ),
    Elsewhere("ZeroInflatedDistribution", "said", "ZeroInflated(base=…, gate=…)"),
    Elsewhere("Inflated", "said", "ZeroInflated(base=…, gate=…), or Hurdle"),
    Elsewhere("HurdlePoisson", "said", "Hurdle(base=Poisson(…), gate=…)"),
    Elsewhere("HurdleGamma", "said", "Hurdle(base=Gamma(…), gate=…)"),
    Elsewhere("HurdleLogNormal", "said", "Hurdle(base=LogNormal(…), gate=…)"),
    Elsewhere("MixtureSameFamily", "said", "Mixture(probs=…, components=…)"),
    Elsewhere("TransformedDistribution", "said", "Transformed(base=…, transform=…)"),
    Elsewhere("LeftCensoredDistribution", "said", "LeftCensored(base=…, censored=…)"),
    Elsewhere("RightCensoredDistribution", "said", "RightCensored(base=…, censored=…)"),
    Elsewhere("Independent", "said", "the `shape` of a site, or a plate"),
    Elsewhere("Sample", "said", "the `shape` of a site, or a plate"),
    Elsewhere("ExpandedDistribution", "said", "the `shape` of a site, or a plate"),
    Elsewhere("MaskedDistribution", "said", "the `mask` of a site"),
    Elsewhere("Masked", "said", "the `mask` of a site"),
    Elsewhere("Unit", "said", "a factor: jb.factor(name, log_factor)"),
    Elsewhere("Deterministic", "said", "jb.deterministic, or Delta(v)"),
    Elsewhere("Empirical", "said", "FiniteDiscrete(outcomes=…, logits=…)"),
    Elsewhere("SphericalUniform", "said", "ProjectedNormal(concentration=zeros)"),
    Elsewhere("ExtendedBinomial", "said", "Binomial: values outside have density 0"),
    Elsewhere("ExtendedBetaBinomial", "said", "BetaBinomial, alike"),
    Elsewhere("Autoregressive", "said", _SCAN),
    Elsewhere("MarkovChain", "said", _SCAN),
    Elsewhere("EulerMaruyama", "said", _SCAN),
    Elsewhere("HiddenMarkovModel", "said", "a scan over forward sums and a factor"),
    Elsewhere("DiscreteHMM", "said", "a scan over forward sums and a factor"),
    Elsewhere("LinearGaussianStateSpaceModel", "said", _SCAN),
    Elsewhere("GaussianHMM", "said", _SCAN),
    Elsewhere("GaussianProcess", "said", f"{_DENSE}, its kernel an expression"),
    Elsewhere("StudentTProcess", "said", "MultivariateStudentT, its kernel a matrix"),
    Elsewhere("Stable", "never", "its density has no closed form in any library"),
    Elsewhere(
        "Horseshoe",
        "never",
        "its density is an approximation; write scale ~ HalfCauchy, x ~ Normal(0, scale)",
    ),
    Elsewhere(
        "PoissonLogNormalQuadratureCompound",
        "never",
        "an approximation by quadrature; write rate ~ LogNormal, x ~ Poisson(rate)",
    ),
    Elsewhere(
        "LogNormalNegativeBinomial",
        "never",
        "an approximation by quadrature; write the noise as a site",
    ),
    Elsewhere(
        "DeterminantalPointProcess",
        "never",
        "its value is a set, whose draws no other library has",
    ),
    Elsewhere("QuantizedDistribution", "not_yet", "a difference of two cdfs: a factor"),
    Elsewhere(
        "IntervalCensoredDistribution",
        "not_yet",
        "its value is a pair; a factor, or Truncated",
    ),
    Elsewhere(
        "TruncatedGamma",
        "not_yet",
        "torch has no gradient of the incomplete gamma function in its shape",
    ),
    Elsewhere(
        "GaussianCopulaBeta",
        "not_yet",
        "torch has neither the distribution function of a Beta nor its quantiles",
    ),
    *(
        Elsewhere(name, "not_yet", _ONE_LIBRARY)
        for name in (
            *("NormalInverseGaussian", "NoncentralChi2", "LambertWNormal", "Skellam"),
            *("BetaQuotient", "Bates", "StoppingRatioLogistic", "TwoPieceStudentT"),
            *("SoftAsymmetricLaplace", "MatrixTLinearOperator"),
        )
    ),
]

ELSEWHERE = {row.name: row for row in _ROWS}
assert len(ELSEWHERE) == len(_ROWS), "a distribution has two rows"
