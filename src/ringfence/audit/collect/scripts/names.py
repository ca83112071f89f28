"""What is known of a script's names: in the script, and in each of its functions."""

from __future__ import annotations

from ringfence.audit.collect.scripts.lexer import tokens
from ringfence.audit.collect.scripts.structure import Structure
from ringfence.audit.collect.scripts.values import NOTHING, Value, joined
from ringfence.audit.facts.scripts import Origin

__all__ = ["LONGEST", "Names", "TooMuchError"]

#: So many links of a chain are followed, and so many functions around a place.
LONGEST = 40
#: So many names of a path are remembered together.
_LONGEST_KEY = 4


class TooMuchError(Exception):
    """More work than a script of this length is worth."""


class Names:
    """What is known of paths (``a``, ``this.b``), by the function that they are known in.

    ``text`` is a script, ``left`` how much more may be done with it.
    """

    def __init__(self, text: str) -> None:
        self.tokens = tokens(text)
        self.structure = Structure(self.tokens)
        # A real script needs two steps a token.
        self.left = 10 * len(self.tokens) + 5_000
        self.current = -1
        #: What is known of paths, of the script's own and then of each function's.
        self.known: list[dict[str, Value]] = [{}]
        self.elements: set[str] = set()
        for number, function in enumerate(self.structure.functions):
            self.known.append(
                {
                    name: Value((Origin("parameter", "", (name,), number),))
                    for names in function.parameters
                    for name in names
                }
            )

    def scopes(self) -> list[int]:
        """Return the functions around here, the innermost first, and -1 for the script."""
        found: list[int] = []
        number = self.current
        while number >= 0 and len(found) < LONGEST:
            found.append(number)
            number = self.structure.functions[number].parent
        return [*found, -1]

    def look_up(self, path: list[str]) -> tuple[Value, int] | None:
        """Return what is known of the longest part of a path, and how long that is."""
        for number in self.scopes():
            scope = self.known[number + 1]
            if not scope:
                continue
            if path == ["this"] and number != self.current:
                # Every function has one of its own.
                return None
            for length in range(min(len(path), _LONGEST_KEY), 0, -1):
                value = scope.get(".".join(path[:length]))
                if value is not None:
                    return value, length
        return None

    def give(self, number: int, index: int, value: Value, behind: str = "") -> None:
        """Note that a function's parameter, or a name behind it, may be this."""
        function = self.structure.functions[number]
        if not value.origins or index >= len(function.parameters):
            return
        names = function.parameters[index]
        whole = len(names) == 1
        for name in names:
            key = f"{name}.{behind}" if behind and whole else name
            if behind and not whole and name != behind:
                continue
            old = self.known[number + 1].get(key, NOTHING)
            new = value if whole or behind else value.named(name)
            self.known[number + 1][key] = joined(old, new)

    def function_at(self, first: int, last: int) -> int:
        """Return the function that an argument is, -1 if it is none of this script's."""
        number = self.structure.starting.get(first)
        if number is not None:
            return number
        if last - first == 1 or (last - first == 3 and self.structure.text(first) == "this"):
            return self.structure.by_name.get(self.structure.text(last - 1), -1)
        return -1
