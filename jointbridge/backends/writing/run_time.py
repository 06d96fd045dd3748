"""What expressions give where the written model runs: a number, NumPy's array, or another.

Python computes some operators of plain numbers in another way than an array does, and a
traced index is refused by NumPy's arrays.
"""

from __future__ import annotations

from typing import Any

from jointbridge.expression import Call, Index, Name, Number, Slice
from jointbridge.functions import FUNCTIONS

#: Functions of plain numbers that Python itself computes in another way or refuses.
_TREACHEROUS = {"divide", "power", "logical_not"}


class RunTime:
    """What is known of the values of names.

    Args:
        plain: Names that may stand for plain numbers.
        foreign: Names that may stand for arrays of NumPy.
    """

    def __init__(self, plain: set[str], foreign: set[str]) -> None:
        self.plain = plain
        self.foreign = foreign

    def define(self, name: str, value: Any) -> None:
        """Remember what a name stands for."""
        if not self.is_array(value):
            self.plain.add(name)
        if not self.is_native(value):
            self.foreign.add(name)

    def is_array(self, node: Any) -> bool:
        """Whether it is an array, and not perhaps a plain number."""
        match node:
            case Number():
                return False
            case Name(name_):
                return name_ not in self.plain
            case Call("cast", (Number(),), _):
                return False
            case Call(function, args, _):
                is_operator = FUNCTIONS[function].symbol is not None
                known = not is_operator or any(map(self.is_array, args))
                return known or not self.is_safe(node)
        return True

    def is_native(self, node: Any) -> bool:
        """Whether it is an array of the library, and not perhaps of NumPy."""
        match node:
            case Number():
                return False
            case Name(name_):
                return name_ not in self.plain and name_ not in self.foreign
            case Index(base, items):
                return self.is_native(base) or any(map(self._is_drawn, items))
            case Call(function, args, _):
                is_operator = FUNCTIONS[function].symbol is not None
                return not is_operator or any(map(self.is_native, args))
        return True

    def _is_drawn(self, item: Any) -> bool:
        static = isinstance(item, (Number, Slice)) or item in (None, ...)
        return not static and self.is_native(item)

    def is_safe(self, node: Call) -> bool:
        """Whether Python computes an operator of plain numbers as an array would."""
        if node.function not in _TREACHEROUS or any(map(self.is_array, node.args)):
            return True
        if node.function == "logical_not":
            return False
        last = node.args[-1]
        if node.function == "divide":
            return not isinstance(last, Number) or last.value != 0
        small = isinstance(last, Number) and 0 <= last.value <= 9
        return small and type(last.value) is int  # type: ignore[union-attr]
