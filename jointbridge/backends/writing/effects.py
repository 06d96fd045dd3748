"""Model functions of libraries with `sample`, `plate`, `param` and `factor` statements."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from jointbridge.analysis import Analysis, Site
from jointbridge.backends.writing.distributions import Distributions
from jointbridge.backends.writing.expressions import Expressions
from jointbridge.backends.writing.language import Language
from jointbridge.backends.writing.names import Identifiers
from jointbridge.backends.writing.plates import Key, Keys, Plates, is_last, keys
from jointbridge.backends.writing.python import (
    Code,
    assign,
    call,
    fill,
    literal,
    method,
    name,
    with_,
)
from jointbridge.expression import Call
from jointbridge.spec import (
    Deterministic,
    Factor,
    Let,
    Param,
    Sample,
    Scan,
)


class Effects(Language):
    """A language whose models are functions with sample statements.

    Attributes:
        module: The module with `sample` and the others.
        scale: A template of the context that multiplies densities with `x`.
        plates_once: Whether a plate stands at one axis of a model only.
    """

    module: ClassVar[str]
    scale: ClassVar[str]
    plates_once: ClassVar[bool] = False

    def plate(self, title: Code, size: Code, dim: Code | None) -> Code:
        """A plate."""
        return call(f"{self.module}.plate", [title, size], dim=dim)

    def drawn(self, code: Code, site: Site) -> Code:
        """A sample statement whose value is read."""
        del site
        return code

    def label(self, title: str, step: Code | None) -> Code:
        """The name of a site, in a step of a loop if there is one."""
        del step
        return literal(title)

    def prepared(self, body: list[ast.stmt], data: Sequence[str]) -> list[ast.stmt]:
        """A body with what must be done to the data first."""
        del data
        return body

    @abstractmethod
    def scan(self, writer: Model, scan: Scan) -> list[ast.stmt]:
        """The statements of a recurrence."""


@dataclass
class Block:
    """Statements that stand in the same contexts; None where any will do."""

    contexts: Keys | None
    body: list[ast.stmt]
    scale: Code | None = None

    @property
    def key(self) -> Any:
        """What must be equal for two blocks to be one."""
        return self.contexts, None if self.scale is None else ast.dump(self.scale)


@dataclass
class Model:
    """Writes the body of a model function, or of a step of a recurrence."""

    language: Effects
    analysis: Analysis
    expressions: Expressions
    used: frozenset[str]
    plates: Plates
    step: Code | None = None

    def __post_init__(self) -> None:
        self.distributions = Distributions(self.expressions)

    @property
    def identifiers(self) -> Identifiers:
        """What names are called."""
        return self.expressions.identifiers

    def body(self, statements: Sequence[Any], sites: dict[str, Site]) -> list[ast.stmt]:
        """The statements of a body, those in the same plates under one `with`."""
        blocks = [block for s in statements for block in self.blocks(s, sites)]
        return self.placed(merged(blocks))

    def blocks(self, statement: Any, sites: dict[str, Site]) -> list[Block]:
        """A statement with the contexts that it needs."""
        match statement:
            case Sample():
                return [self.sample(sites[statement.name])]
            case Let(title, value) | Deterministic(title, value):
                return self.value(statement, title, value)
            case Factor():
                return [Block((), [ast.Expr(self.factor(statement))])]
            case Param():
                code = self.param(statement)
                return [Block((), [assign(self.identifiers[statement.name], code)])]
        return [Block((), self.language.scan(self, statement))]

    # -- statements -----------------------------------------------------------

    def value(self, statement: Any, title: str, value: Any) -> list[Block]:
        """A let or a deterministic."""
        self.expressions.define(title, value)
        if isinstance(statement, Deterministic):
            code = self.effect("deterministic", title, self.full(value))
        elif title not in self.used:
            return []
        else:
            code = self.expressions(value)
        return [Block(None, [self.kept(title, code)])]

    def full(self, value: Any) -> Code:
        """A value as a statement takes it."""
        return self.expressions.as_array(value, self.expressions.scope.type(value).kind)

    def factor(self, statement: Factor) -> Code:
        """A factor, an array of it summed."""
        code = self.full(statement.value)
        if self.analysis.scope.type(statement.value).rank:
            code = self.summed(statement.value, code)
        return self.effect("factor", statement.name, code)

    def summed(self, value: Any, code: Code) -> Code:
        """The sum of an array."""
        if isinstance(code, (ast.Call, ast.Name, ast.Subscript)):
            return method(code, "sum")
        return self.full(Call("sum", (value,)))

    def param(self, statement: Param) -> Code:
        """A learnable value."""
        init = self.expressions.as_array(statement.init, "float")
        support = statement.support
        constraint = None
        if support.name != "real":
            constraint = self.distributions.support(support)
        return self.effect("param", statement.name, init, constraint=constraint)

    def effect(self, word: str, title: str, *args: Code, **more: Code | None) -> Code:
        """`numpyro.word("title", …)`."""
        path = f"{self.language.module}.{word}"
        return call(path, [self.language.label(title, self.step), *args], **more)

    def kept(self, title: str, code: Code) -> ast.stmt:
        """A statement whose value has a name if anyone reads it."""
        if title in self.used:
            return assign(self.identifiers[title], code)
        return ast.Expr(code)

    def sample(self, site: Site) -> Block:
        """A sample statement with its plates and its scale."""
        sample = site.sample
        hints = literal(dict(sample.hints)) if sample.hints else None
        observed = self.observed(site)
        code = self.effect(
            "sample", site.name, self.distribution(site), obs=observed, infer=hints
        )
        if site.name in self.used:
            code = self.language.drawn(code, site)
        scale = None
        if sample.scale is not None:
            scale = self.expressions(sample.scale)
        return Block(keys(sample), [self.kept(site.name, code)], scale)

    def observed(self, site: Site) -> Code | None:
        """The observed value in its full shape."""
        node = site.sample.observed
        if node is None:
            return None
        kind = self.expressions.scope.type(node).kind
        code = self.expressions.as_shape(node, site.type.shape, kind)
        return self.language.scored(code, kind, site.sample.dist)

    # -- the distribution of a site -------------------------------------------

    def distribution(self, site: Site) -> Code:
        """The distribution of a site with its own shape and mask."""
        code = self.distributions(site.sample.dist)
        own = len(site.sample.shape)
        wanted = self.expansion(site)
        if wanted is not None:
            code = method(code, "expand", wanted)
        if own:
            code = method(code, "to_event", literal(own))
        if site.sample.mask is not None:
            mask = self.expressions.as_kind(site.sample.mask, "bool")
            code = method(code, "mask", mask)
        return code

    def expansion(self, site: Site) -> Code | None:
        """The shape that a distribution must be expanded to besides its plates."""
        sample, given = site.sample, site.dist.batch
        own = len(sample.shape)
        leading = bool(sample.plates) and sample.plates[0] is None
        padded = (1,) * (len(site.batch) - len(given)) + given
        has_shape = len(given) >= own and given[len(given) - own :] == sample.shape
        if has_shape and not leading:
            return None
        sizes = [
            self.expressions.sizes.size(("shape", sample.name, n), size)
            for n, size in enumerate(sample.shape)
        ]
        if leading or len(given) > own:
            rest = padded[: len(padded) - own]
            sizes = [*(literal(n) for n in rest), *sizes]
        return ast.List(sizes)

    # -- contexts -------------------------------------------------------------

    def placed(self, blocks: list[Block]) -> list[ast.stmt]:
        """Blocks in their `with` statements; a plate used twice has a name."""
        found: list[ast.stmt] = []
        often = _often(blocks)
        for block in blocks:
            if not block.contexts and block.scale is None:
                found += block.body
                continue
            items: list[Code] = []
            for key in block.contexts or ():
                if key in often and key not in self.plates.made:
                    code = self.plate(key, often[key])
                    title = self.plates.make(key, self.identifiers)
                    found.append(assign(title, code))
                known = self.plates.made.get(key)
                alone = is_last(block.contexts or ())
                items.append(name(known) if known else self.plate(key, alone))
            if block.scale is not None:
                items.append(fill(self.language.scale, x=block.scale))
            found.append(with_(items, block.body))
        return found

    def plate(self, key: Key, alone: bool) -> Code:
        """A plate of the library; its axis is written unless it always stands alone."""
        plate, axis = key
        size = self.expressions.sizes.plate(plate)
        place = None if alone else literal(axis)
        return self.language.plate(literal(self.plates.title(key)), size, place)


def merged(blocks: list[Block]) -> list[Block]:
    """Neighbours in the same contexts as one; what needs none may stand among them."""
    found: list[Block] = []
    for block in blocks:
        between = found.pop() if _is_between(found, block) else None
        if between is not None:
            found[-1].body += between.body
        if found and found[-1].key == block.key:
            found[-1].body += block.body
        else:
            found.append(block)
    return found


def _is_between(found: list[Block], block: Block) -> bool:
    """Whether the last block stands between two that are in the same plates."""
    if len(found) < 2 or not block.contexts:
        return False
    return found[-1].contexts is None and found[-2].key == block.key


def _often(blocks: list[Block]) -> dict[Key, bool]:
    """The plates that stand in several blocks, and whether always alone."""
    alone: dict[Key, list[bool]] = {}
    for block in blocks:
        for key in block.contexts or ():
            alone.setdefault(key, []).append(is_last(block.contexts or ()))
    return {key: all(found) for key, found in alone.items() if len(found) > 1}
