"""Classes of families that a library lacks, from their laws and a template of the library's.

A template is the text of a class, in which words in capitals stand for what differs:

    TITLE, MEANING       the family's name, and what it is
    PARAMETERS           those of its constructor
    ARRAYS               statements that keep them as arrays of `self`
    BATCH, EVENT, DTYPE  its shapes and its width, from these
    DENSITY, DRAW        statements of its law: of `value`; of `shape` and the key
    CONSTRAINTS          what its parameters have to be, and where its values lie
    SUPPORT              where they lie
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from jointbridge.backends.laws import LAWS
from jointbridge.backends.writing.comments import inlined
from jointbridge.backends.writing.law_parameters import Arrays, Parameters
from jointbridge.backends.writing.law_supports import Inside, bounds_of, inside
from jointbridge.backends.writing.laws import Definitions, Words
from jointbridge.backends.writing.layout import statements
from jointbridge.backends.writing.python import (
    Code,
    assign,
    call,
    dotted,
    fill,
    literal,
    name,
)
from jointbridge.backends.writing.templates import filled
from jointbridge.expression import Number, Support
from jointbridge.families import FAMILIES, Family
from jointbridge.support import SUPPORTS

#: Writes a constraint, or whatever says where values lie, from a name, bounds
#: and the size of a vector.
Constraint = Callable[[str, Sequence[Code], Code | None], Code]


@dataclass(frozen=True)
class Classes:
    """How a library writes classes.

    Attributes:
        words: Its words for laws.
        template: The text of a class whose draws gradients pass through.
        detached: The same where they do not.
        arrays: How it makes arrays of parameters.
        constraint: Writes its constraints.
        families: Those that are written so.
        key: What the key is called where a class draws.
        whole: A template of counts from draws `a`.
        takes_numbers: Whether values may be no arrays.
    """

    words: Words
    template: str
    detached: str
    arrays: Arrays
    constraint: Constraint
    families: Collection[str]
    key: str = "key"
    whole: str = "a"
    takes_numbers: bool = False


class Helpers(NamedTuple):
    """Texts that stand before a model.

    Attributes:
        texts: Functions, and the classes that use them.
        numbers: Constants.
    """

    texts: list[str]
    numbers: str


def helpers(
    classes: Classes, code: Sequence[ast.AST], taken: Collection[str]
) -> Helpers:
    """The classes that code uses, and what they use.

    Args:
        classes: How the library writes them.
        code: What calls them.
        taken: The names that the module has otherwise.
    """
    nodes = (node for part in code for node in ast.walk(part))
    used = dict.fromkeys(n.id for n in nodes if isinstance(n, ast.Name))
    definitions = Definitions(classes.words)
    made = [
        _Class(classes, definitions, FAMILIES[title]).statement()
        for title in used
        if title in classes.families
    ]
    constants, functions = definitions.statements()
    renamed = _Renamed(definitions.titles & {*taken})
    texts = [statements([renamed.visit(node)]) for node in (*functions, *made)]
    return Helpers(texts, statements([renamed.visit(node) for node in constants]))


class _Renamed(ast.NodeTransformer):
    """Gives definitions other names than those of a model and its sizes."""

    def __init__(self, taken: Collection[str]) -> None:
        self.taken = taken

    def _free(self, title: str) -> str:
        return f"{title}_" if title in self.taken else title

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._free(node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self._free(node.arg)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self._free(node.name)
        return self.generic_visit(node)


class _Class:
    """Writes the class of one family."""

    def __init__(
        self, classes: Classes, definitions: Definitions, family: Family
    ) -> None:
        self.classes, self.definitions, self.family = classes, definitions, family
        self.law = LAWS[family.name]
        self.parameters = Parameters(classes.arrays, family)
        self.own = self.parameters.own

    def statement(self) -> ast.stmt:
        """The class."""
        passes = self.law.reparameterized and not self.family.discrete
        template = self.classes.template if passes else self.classes.detached
        text = template.replace("TITLE", self.family.name)
        text = text.replace("MEANING", self._meaning())
        arrays, batch, event = self.parameters.arrays()
        blocks = {
            "ARRAYS": arrays,
            "DENSITY": self._density(),
            "DRAW": self._draw(),
            "CONSTRAINTS": self._constraints(),
        }
        codes = {
            "BATCH": batch,
            "EVENT": event,
            "DTYPE": self.parameters.dtype(),
            "SUPPORT": self._constraint(),
        }
        return filled(text, codes, blocks, self.parameters.signature())

    def _meaning(self) -> str:
        """The meaning as a sentence; a parameter is called what it is called."""
        said = self.family.meaning
        first, _, _ = said.partition(" ")
        start = said[0] if first in self.own else said[0].upper()
        return f"{start}{said[1:]}."

    # -- where values lie -----------------------------------------------------

    def _support(self) -> tuple[str, list[Code]]:
        """The name of the support, with its bounds."""
        names = {**self.own, **self.parameters.sizes()}
        return bounds_of(self.family.support, names)

    def _constraint(self) -> Code:
        axes = self.family.axes
        size = self.parameters.sizes()[axes[0]] if axes else None
        return self.classes.constraint(*self._support(), size)

    def _constraints(self) -> list[ast.stmt]:
        domains = {n: self._domain(n) for n in self.family.parameters}
        keys: list[Code | None] = [literal(n) for n in domains]
        known = assign("arg_constraints", ast.Dict(keys, list(domains.values())))
        support = self._constraint()
        if not _reads_self(support):
            return [known, assign("support", support)]
        axes, discrete = len(self.family.axes), self.family.discrete
        text = (
            f"@constraints.dependent_property(is_discrete={discrete}, event_dim={axes})\n"
            "def support(self): return SUPPORT"
        )
        return [known, filled(text, {"SUPPORT": support}, {})]

    def _domain(self, title: str) -> Code:
        """What a parameter has to be, where that does not depend on others."""
        row = self.family.parameters[title]
        domain: Support = row.domain
        numbers = [b.value for _, b in domain.params if isinstance(b, Number)]
        axes = len(row.axes) - SUPPORTS[domain.name].rank
        if row.choice or len(numbers) < len(domain.params):
            return dotted("constraints.dependent")
        bounds = [literal(x) for x in numbers]
        found = self.classes.constraint(domain.name, bounds, None)
        if not axes:
            return found
        return call("constraints.independent", [found, literal(axes)])

    # -- the law --------------------------------------------------------------

    def _density(self) -> list[ast.stmt]:
        names = {"x": name("value"), **self.own}
        body = inlined(self.definitions.body(self.law.log_prob, names))
        title, bounds = self._support()
        within = inside(SUPPORTS[title], bounds, self.classes.words)
        if within is None:
            return [*self._as_array(), *body]
        return self._guarded(body, within)

    def _guarded(self, body: list[ast.stmt], within: Inside) -> list[ast.stmt]:
        """A density that is 0 where the value is not possible."""
        where, test = self.classes.words.functions["where"], name("possible")
        before, found = _returned(body)
        if not isinstance(found, ast.Name):
            before.append(assign("density", found))
            found = name("density")
        # No gradient comes from where the density is not asked for.
        safe = fill(where, a=test, b=name("value"), c=within.point)
        none = fill(f"-{self.classes.words.inf}")
        return [
            assign("possible", within.test),
            assign("value", safe),
            *before,
            ast.Return(fill(where, a=test, b=found, c=none)),
        ]

    def _as_array(self) -> list[ast.stmt]:
        """What makes an array of a number or a list, where the law takes no other."""
        if not self.classes.takes_numbers or not self.parameters.sizes():
            return []
        return [assign("value", fill(self.classes.arrays.one, a=name("value")))]

    def _draw(self) -> list[ast.stmt]:
        key = self.classes.key
        body = inlined(self.definitions.body(self.law.draw, self.own, key))
        if not self.family.discrete:
            return body
        before, found = _returned(body)
        return [*before, ast.Return(fill(self.classes.whole, a=found))]


def _returned(body: list[ast.stmt]) -> tuple[list[ast.stmt], Code]:
    """What stands before the result of a function, and the result."""
    *before, last = body
    assert isinstance(last, ast.Return)
    assert last.value is not None
    return before, last.value


def _reads_self(code: Code) -> bool:
    return any(isinstance(n, ast.Name) and n.id == "self" for n in ast.walk(code))
