"""A joint as a black box, beside the models of the libraries."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from jointbridge import backends
from jointbridge.analysis import Site
from jointbridge.backends.blackbox import BlackBox, Term, Values
from jointbridge.backends.compiled import Compiled
from jointbridge.backends.program import Program
from jointbridge.comparison.points import free_points, one
from jointbridge.comparison.textbook import program_of
from jointbridge.errors import JointBridgeError
from jointbridge.evaluate import Evaluator
from jointbridge.expression import (
    Distribution,
    Name,
    Node,
    Number,
    Support,
    Transform,
    is_many,
    rebuild,
)
from jointbridge.spec import Factor, Sample, Spec
from jointbridge.support import SUPPORTS


class JointBlackBox(BlackBox):
    """A joint, scored by the reference backend.

    Args:
        spec: The joint; its data must be bound.
    """

    backend = backends.REFERENCE

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        reference = backends.get(backends.REFERENCE)
        self.compiled = Compiled(spec, reference, keep_unmapped=True)
        self.written: Program = program_of(spec)

    def draw(self, seed: int) -> dict[str, np.ndarray]:
        """A value for each latent site, standard normal in unconstrained coordinates."""
        free = free_points(self.compiled, 1, seed)
        found = self.compiled.constrain(free)
        values = {n: self.compiled.numpy(x) for n, x in found.items()}
        return dict(one(values, 0))

    def terms(self, values: Values) -> dict[str, Term]:
        """Every site and factor at the values."""
        known = self.compiled.value_types
        given = {n: x for n, x in values.items() if n in known}
        parts = {
            n: float(self.compiled.numpy(x))
            for n, x in self.compiled.log_prob_parts(given).items()
        }
        env = self._environment(given)
        found: dict[str, Term] = {}
        for statement in self.spec.statements:
            if isinstance(statement, Factor):
                name = statement.name
                found[name] = Term(name, parts[name], observed=True, words="factor")
        for name, site in self.compiled.sites.items():
            found[name] = self._term(site, parts[name], env)
        return {name: found[name] for name in parts}

    def gradient(self, values: Values) -> dict[str, np.ndarray]:
        """The gradient for each latent site that does not count."""
        known = self.compiled.value_types
        given = {n: x for n, x in values.items() if n in known}
        _, gradients = self.compiled.value_and_grad(given)
        return {n: self.compiled.numpy(x) for n, x in gradients.items()}

    def _environment(self, values: Values) -> dict[str, Any]:
        """The values of all names, as far as NumPy can compute them."""
        env: dict[str, Any] = dict(self.written.data)
        for name, site in self.compiled.sites.items():
            if name in values:
                kind = site.type.kind
                env[name] = self.written.arrays.array(values[name], kind)
        try:
            with np.errstate(all="ignore"):
                for statement, evaluate in self.written.walk(env):
                    if isinstance(statement, Sample) and statement.name not in env:
                        site = self.written.analysis.sites[statement.name]
                        env[statement.name] = self.written.observed(site, evaluate)
        except (JointBridgeError, NotImplementedError, KeyError):
            pass  # what is known so far is enough to describe the sites before
        return {**self._observations, **env}

    @cached_property
    def _observations(self) -> dict[str, Any]:
        """What data alone says was observed, inside recurrences too."""
        return self.written.observations()

    def _term(self, site: Site, part: float, env: dict[str, Any]) -> Term:
        sample = site.sample
        evaluate = self.written.evaluator(env)
        arrays: dict[str, np.ndarray] = {}
        dist: Distribution | None
        try:
            dist = self._captured(sample.dist, evaluate, arrays)
            mask = None if sample.mask is None else evaluate(sample.mask)
            scale = None if sample.scale is None else evaluate(sample.scale)
        except (KeyError, JointBridgeError, NotImplementedError):
            dist, mask, scale = None, None, None
        return Term(
            site.name,
            part,
            value=np.asarray(self._value(site, env)),
            observed=sample.observed is not None,
            discrete=site.discrete,
            curved=SUPPORTS[site.support.name].curved,
            words=sample.dist.family,
            batch=site.batch,
            mask=mask,
            scale=scale,
            dist=dist,
            arrays=arrays,
        )

    @staticmethod
    def _value(site: Site, env: dict[str, Any]) -> Any:
        return env.get(site.name, np.zeros(site.type.shape))

    def _captured(
        self, node: Node, evaluate: Evaluator, arrays: dict[str, np.ndarray]
    ) -> Any:
        """A distribution over names of arrays: its parameters as numbers."""
        if isinstance(node, Distribution):
            params = (
                (name, self._captured(x, evaluate, arrays)) for name, x in node.params
            )
            return Distribution(node.family, tuple(params))
        if isinstance(node, Transform) or is_many(node):
            return rebuild(node, lambda x: self._captured(x, evaluate, arrays))
        if isinstance(node, (Number, Support)):
            return node
        name = f"p{len(arrays)}"
        arrays[name] = np.asarray(evaluate(node))
        return Name(name)
