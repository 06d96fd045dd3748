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
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from jointbridge.backends.laws import LAWS
from jointbridge.backends.writing.law_supports import bounds_of, inside
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
        array: A template of an array from `a`.
        arrays: What makes arrays of several that have one shape.
        shapes: What gives the shape of several shapes together.
        constraint: Writes its constraints.
        families: Those that are written so.
        key: What the key is called where a class draws.
        whole: A template of counts from draws `a`.
    """

    words: Words
    template: str
    detached: str
    array: str
    arrays: str
    shapes: str
    constraint: Constraint
    families: Collection[str]
    key: str = "key"
    whole: str = "a"


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
    blocks = [[node] for node in (*functions, *made)]
    texts = [statements(_renamed(block, taken)) for block in blocks]
    return Helpers(texts, statements(_renamed(constants, taken)))


def _renamed(block: list[ast.stmt], taken: Collection[str]) -> list[ast.stmt]:
    """Statements whose own names are not those of a model and its sizes."""
    for node in (n for statement in block for n in ast.walk(statement)):
        match node:
            case ast.Name(title) if title in taken:
                node.id = f"{title}_"
            case ast.FunctionDef(title) if title in taken:
                node.name = f"{title}_"
    return block


class _Class:
    """Writes the class of one family."""

    def __init__(
        self, classes: Classes, definitions: Definitions, family: Family
    ) -> None:
        self.classes, self.definitions, self.family = classes, definitions, family
        self.law = LAWS[family.name]
        self.own: dict[str, Code] = {n: dotted(f"self.{n}") for n in family.parameters}

    def statement(self) -> ast.stmt:
        """The class."""
        passes = self.law.reparameterized and not self.family.discrete
        template = self.classes.template if passes else self.classes.detached
        text = template.replace("TITLE", self.family.name)
        text = text.replace("MEANING", self._meaning())
        arrays, batch, event = self._arrays()
        blocks = {
            "ARRAYS": arrays,
            "DENSITY": self._density(),
            "DRAW": self._draw(),
            "CONSTRAINTS": self._constraints(),
        }
        support = self._constraint()
        first = next(iter(self.own.values()), fill(self.classes.array, a=literal(0.0)))
        dtype = fill("a.dtype", a=first)
        codes = {"BATCH": batch, "EVENT": event, "DTYPE": dtype, "SUPPORT": support}
        filler = _Filler(codes, blocks, self._parameters())
        made: ast.stmt = filler.visit(ast.parse(text).body[0])
        return made

    def _meaning(self) -> str:
        """The meaning as a sentence; a parameter is called what it is called."""
        said = self.family.meaning
        first, _, _ = said.partition(" ")
        start = said[0] if first in self.own else said[0].upper()
        return f"{start}{said[1:]}."

    # -- parameters -----------------------------------------------------------

    def _parameters(self) -> tuple[list[ast.arg], list[Code]]:
        rows = self.family.parameters.values()
        defaults: list[Code] = []
        for row in rows:
            if row.choice:
                defaults.append(literal(None))
            elif row.default is not None:
                defaults.append(literal(float(row.default.value)))
        return [ast.arg(row.name) for row in rows], defaults

    def _arrays(self) -> tuple[list[ast.stmt], Code, Code]:
        """The statements that keep the parameters, and the shapes."""
        rows = self.family.parameters
        nothing: Code = ast.Tuple([])
        if not rows:
            return [], nothing, nothing
        first = next(iter(rows))
        if len(rows) > 1 and not any(r.choice or r.axes for r in rows.values()):
            targets = ast.Tuple(list(self.own.values()))
            together = call(self.classes.arrays, map(name, rows))
            shape = fill("a.shape", a=self.own[first])
            return [assign(targets, together)], shape, nothing
        made = [assign(self.own[n], self._array(n)) for n in rows]
        return [*made, *self._given()], self._batch(), self._event()

    def _array(self, title: str) -> Code:
        code = fill(self.classes.array, a=name(title))
        if not self.family.parameters[title].choice:
            return code
        return fill("None if a is None else made", a=name(title), made=code)

    def _given(self) -> list[ast.stmt]:
        """The one of alternatives that is there."""
        if not self._choices():
            return []
        first, second = self._choices()
        either = fill(
            "b if first is None else a",
            first=name(first),
            a=self.own[first],
            b=self.own[second],
        )
        return [assign("weights", either)]

    def _choices(self) -> list[str]:
        return [n for n, row in self.family.parameters.items() if row.choice]

    def _measured(self) -> dict[str, Code]:
        """The parameters that have shapes, alternatives as one."""
        rows = self.family.parameters
        return {
            n: name("weights") if row.choice else self.own[n]
            for n, row in rows.items()
            if not row.choice or n == self._choices()[0]
        }

    def _batch(self) -> Code:
        rows = self.family.parameters
        shapes = [
            fill("a.shape[:-1]" if rows[n].axes else "a.shape", a=code)
            for n, code in self._measured().items()
        ]
        return shapes[0] if len(shapes) == 1 else call(self.classes.shapes, shapes)

    def _event(self) -> Code:
        if not self.family.axes:
            return ast.Tuple([])
        return fill("a.shape[-1:]", a=self._with_axes())

    def _with_axes(self) -> Code:
        rows = self.family.parameters
        return next(code for n, code in self._measured().items() if rows[n].axes)

    # -- where values lie -----------------------------------------------------

    def _support(self) -> tuple[str, list[Code]]:
        """The name of the support, with its bounds."""
        sizes = {axis: fill("a.shape[-1]", a=self.own[n]) for axis, n in self._axes()}
        found, bounds = bounds_of(self.family.support, {**self.own, **sizes})
        return found, bounds

    def _constraint(self) -> Code:
        size = fill("a.shape[-1]", a=self._with_axes()) if self.family.axes else None
        return self.classes.constraint(*self._support(), size)

    def _axes(self) -> list[tuple[str, str]]:
        rows = self.family.parameters.items()
        return [(axis, n) for n, row in rows for axis in row.axes]

    def _constraints(self) -> list[ast.stmt]:
        domains = {n: self._domain(n) for n in self.family.parameters}
        keys: list[Code | None] = [literal(n) for n in domains]
        known = assign("arg_constraints", ast.Dict(keys, list(domains.values())))
        support = self._constraint()
        if not any(
            isinstance(n, ast.Attribute) and _is_own(n) for n in _nodes(support)
        ):
            return [known, assign("support", support)]
        axes, discrete = len(self.family.axes), self.family.discrete
        text = (
            f"@constraints.dependent_property(is_discrete={discrete}, event_dim={axes})\n"
            "def support(self): return SUPPORT"
        )
        filler = _Filler({"SUPPORT": support}, {}, ([], []))
        return [known, filler.visit(ast.parse(text).body[0])]

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
        return (
            found if not axes else call("constraints.independent", [found, literal(1)])
        )

    # -- the law --------------------------------------------------------------

    def _density(self) -> list[ast.stmt]:
        names = {"x": name("value"), **self.own}
        *body, last = self.definitions.body(self.law.log_prob, names)
        assert isinstance(last, ast.Return)
        assert last.value is not None
        title, bounds = self._support()
        within = inside(SUPPORTS[title], bounds, self.classes.words)
        if within is None:
            return [*body, last]
        where, found = self.classes.words.functions["where"], last.value
        if not isinstance(found, ast.Name):
            body.append(assign("density", found))
            found = name("density")
        test, none = name("possible"), fill(f"-{self.classes.words.inf}")
        # No gradient comes from where the density is not asked for.
        safe = fill(where, a=test, b=name("value"), c=within.point)
        return [
            assign("possible", within.test),
            assign("value", safe),
            *body,
            ast.Return(fill(where, a=test, b=found, c=none)),
        ]

    def _draw(self) -> list[ast.stmt]:
        *body, last = self.definitions.body(self.law.draw, self.own, self.classes.key)
        assert isinstance(last, ast.Return)
        assert last.value is not None
        if not self.family.discrete:
            return [*body, last]
        return [*body, ast.Return(fill(self.classes.whole, a=last.value))]


class _Filler(ast.NodeTransformer):
    """Puts what differs into a template."""

    def __init__(
        self,
        codes: Mapping[str, Code],
        blocks: Mapping[str, list[ast.stmt]],
        parameters: tuple[list[ast.arg], list[Code]],
    ) -> None:
        self.codes, self.blocks, self.parameters = codes, blocks, parameters

    def visit_Expr(self, node: ast.Expr) -> ast.AST | list[ast.stmt]:
        match node.value:
            case ast.Name(title) if title in self.blocks:
                return self.blocks[title]
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.codes.get(node.id, node)

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        places = [n for n, a in enumerate(node.args) if a.arg == "PARAMETERS"]
        if places:
            names, defaults = self.parameters
            after = node.args[places[0] + 1 :]
            node.args = [*node.args[: places[0]], *names, *after]
            # What stands behind has its own.
            node.defaults = [*defaults, *node.defaults]
        return node


def _nodes(code: Code) -> list[ast.AST]:
    return list(ast.walk(code))


def _is_own(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "self"
