"""Laws in a library's words: functions of a module that needs nothing of ours.

A law is Python over `m`, a library's functions, and `r`, its random numbers. Its own source
is read here, and what it calls of either is replaced by the library's words:

    bent = m.asinh((x - loc) / scale)     bent = jnp.arcsinh((value - self.loc) / self.scale)
    n = r.normal()                        n = random.normal(key, shape)

The functions and constants that it uses become definitions of the module.
"""

from __future__ import annotations

import ast
import copy
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from jointbridge.backends.writing.comments import Comment, commented
from jointbridge.backends.writing.python import Code, assign, fill, literal, name


@dataclass(frozen=True)
class Words:
    """How a library says what laws are written in.

    Attributes:
        functions: By function of `m`, a template over its arguments `a`, `b`, `c`:
            `"jnp.sum(a, axis=-1)"`.
        draws: By function of `r`, a template over `a`, `shape` and `key`.
        helpers: Functions that the templates call and that the library lacks.
        inf: What infinity is called.
        split: A template of `n` keys from a `key`; empty where draws take no key.
    """

    functions: Mapping[str, str]
    draws: Mapping[str, str]
    helpers: Mapping[str, Callable[..., Any]]
    inf: str
    split: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The parameters that bring fresh random numbers, each for one use."""
        return ("key",) if self.split else ()

    @property
    def random(self) -> tuple[str, ...]:
        """The parameters that stand for `r`."""
        return (*self.keys, "shape")


class Definitions:
    """The functions and constants of a module, each after what it uses.

    Args:
        words: The library's words.
    """

    def __init__(self, words: Words) -> None:
        self.words = words
        self.constants: dict[str, list[ast.stmt]] = {}
        self.functions: dict[str, ast.stmt] = {}

    def body(
        self, function: Any, names: Mapping[str, Code], key: str = "key"
    ) -> list[ast.stmt]:
        """The statements of a function in the library's words.

        Args:
            function: A function of laws, or one that the templates call.
            names: What stands for its parameters.
            key: What the key of its random numbers is called.
        """
        definition = _definition(function)
        return _Spelling(self, function, definition, names).block(definition.body, key)

    def function(self, function: Any) -> str:
        """The name of a function, which is defined from now on."""
        title: str = function.__name__
        if title not in self.functions:
            definition = _definition(function)
            parameters = [a.arg for a in definition.args.args]
            kept = {n: name(n) for n in parameters}
            made = copy.deepcopy(definition)
            made.body = self.body(function, kept)
            _simplify(made, self.words.random)
            self.functions[title] = made
        return title

    def constant(self, title: str, module: ModuleType) -> None:
        """Define a constant of a module of laws, with those of the same statement."""
        if title in self.constants:
            return
        found = next(s for s in _assignments(module) if title in _targets(s[-1]))
        for node in ast.walk(found[-1]):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                self.named(node.id, vars(module))
        self.constants |= dict.fromkeys(_targets(found[-1]), found)

    def named(self, title: str, known: Mapping[str, Any]) -> None:
        """Define what a name stands for, if the laws do."""
        value = known.get(title)
        if isinstance(value, FunctionType):
            self.function(value)
        elif title in known and not isinstance(value, ModuleType):
            self.constant(title, _home(title, known))

    @property
    def titles(self) -> set[str]:
        """The names of all of them."""
        return {*self.constants, *self.functions}

    def statements(self) -> tuple[list[ast.stmt], list[ast.stmt]]:
        """The constants, and the functions."""
        unique = {id(found): found for found in self.constants.values()}
        constants = [copy.deepcopy(s) for found in unique.values() for s in found]
        return constants, list(self.functions.values())


class _Spelling(ast.NodeTransformer):
    """Puts one function into a library's words."""

    def __init__(
        self,
        definitions: Definitions,
        function: Any,
        definition: ast.FunctionDef,
        names: Mapping[str, Code],
    ) -> None:
        self.definitions, self.words = definitions, definitions.words
        self.known, self.names = function.__globals__, names
        self.local = {n for node in ast.walk(definition) for n in _bound(node)}

    def block(self, body: list[ast.stmt], key: str) -> list[ast.stmt]:
        """The statements of a function, with a key for each of its draws."""
        made = [self.visit(copy.deepcopy(s)) for s in body]
        uses = sum(_is_key(node) for s in made for node in ast.walk(s))
        keys = _Keys([name(key)] if uses == 1 else [_numbered(n) for n in range(uses)])
        made = [keys.visit(s) for s in made]
        if uses < 2:
            return made
        split = fill(self.words.split, key=name(key), n=literal(uses))
        return [assign("keys", split), *made]

    def visit_Call(self, node: ast.Call) -> ast.AST:
        match node.func:
            case ast.Attribute(ast.Name("m"), attribute):
                return self._word(self.words.functions[attribute], node.args)
            case ast.Attribute(ast.Name("r"), attribute):
                return self._word(self.words.draws[attribute], node.args)
        node.args = [a for given in node.args for a in self._passed(given)]
        return self.generic_visit(node)

    def _word(self, template: str, args: Iterable[Code]) -> Code:
        parts = dict(zip("abc", map(self.visit, args), strict=False))
        made = fill(template, **parts, key=name(_KEY))
        for node in ast.walk(ast.parse(template)):
            if isinstance(node, ast.Name) and node.id in self.words.helpers:
                self.definitions.function(self.words.helpers[node.id])
        return made

    def _passed(self, given: Code) -> list[Code]:
        """What is passed on to a function in the place of an argument."""
        match given:
            case ast.Name("m"):
                return []
            case ast.Name("r"):
                return [name(_KEY if n == "key" else n) for n in self.words.random]
        return [given]

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self.names and isinstance(node.ctx, ast.Load):
            return copy.deepcopy(self.names[node.id])
        if node.id not in self.local:
            self.definitions.named(node.id, self.known)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if ast.unparse(node) == "math.inf":
            return fill(self.words.inf)
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """A function inside, which draws with keys of its own in the same shape."""
        takes_random = any(a.arg == "r" for a in node.args.args)
        node.body = self.block(node.body, "key" if takes_random else _KEY)
        _simplify(node, self.words.keys)
        return node

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        assert isinstance(node.exc, ast.Call)
        message = self.visit(node.exc.args[0])
        return ast.Raise(ast.Call(name("ValueError"), [message], []))


#: Stands for a key until it is known how many are needed.
_KEY = "\0key"


class _Keys(ast.NodeTransformer):
    """Gives every draw its key."""

    def __init__(self, keys: list[Code]) -> None:
        self.keys = keys

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.keys.pop(0) if _is_key(node) else node


def _is_key(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == _KEY


def _numbered(number: int) -> Code:
    return ast.Subscript(name("keys"), literal(number))


@cache
def _definition(function: Any) -> ast.FunctionDef:
    """The source of a function as a tree, with its comments; not to be changed."""
    text = textwrap.dedent(inspect.getsource(function))
    (found,) = commented(text)
    assert isinstance(found, ast.FunctionDef)
    return found


@cache
def _assignments(module: ModuleType) -> list[list[ast.stmt]]:
    """The constants of a module, each a statement with its comments before it."""
    found: list[list[ast.stmt]] = []
    before: list[ast.stmt] = []
    for statement in commented(inspect.getsource(module)):
        before.append(statement)
        if isinstance(statement, ast.Assign):
            found.append(before)
        if not isinstance(statement, Comment):
            before = []
    return found


def _home(title: str, known: Mapping[str, Any]) -> ModuleType:
    """The module that a constant was imported from."""
    module = sys.modules[known["__name__"]]
    if any(title in _targets(s[-1]) for s in _assignments(module)):
        return module
    tree = ast.parse(inspect.getsource(module))
    source = next(
        node.module
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and title in {a.name for a in node.names}
    )
    return sys.modules[str(source)]


def _targets(statement: ast.stmt) -> list[str]:
    assert isinstance(statement, ast.Assign)
    nodes = (n for target in statement.targets for n in ast.walk(target))
    return [n.id for n in nodes if isinstance(n, ast.Name)]


def _bound(node: ast.AST) -> list[str]:
    """The names that a node of a function makes its own."""
    match node:
        case ast.arg(title) | ast.Name(title, ast.Store()) | ast.FunctionDef(title):
            return [title]
    return []


def _simplify(node: ast.FunctionDef, random: Iterable[str]) -> None:
    """Without annotations, without `m`, and with a library's parameters for `r`."""
    arguments = []
    for argument in node.args.args:
        if argument.arg == "r":
            arguments += [ast.arg(n) for n in random]
        elif argument.arg != "m":
            arguments.append(ast.arg(argument.arg))
    node.args.args, node.returns = arguments, None
    match node.body:
        case [ast.Expr(ast.Constant(str(text)) as said), *_]:
            said.value = text.split("\n")[0]
