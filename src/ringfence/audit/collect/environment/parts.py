"""What a reader of one file gathers, and texts with variables of the shell in them."""

from __future__ import annotations

import re
from typing import Final

from ringfence.audit.model import Command, Place, Variable

__all__ = ["Parts", "interpolated"]

#: No file that people write sets more.
_MOST: Final = 2000
_LONGEST: Final = 10_000
#: Values that can be shown, whatever is called so: switches, ports, hosts, origins.
_HOST: Final = (
    r"(?:\*|(?:https?://)?(?:\*\.)?(?:[a-z][a-z-]{0,40}\.){0,6}[a-z][a-z-]{0,40}(?::\d{1,5})?)"
)
_PLAIN: Final = re.compile(rf"|\d{{1,5}}|{_HOST}(?:[,;] ?{_HOST}){{0,9}}", re.IGNORECASE)
_SECRET: Final = re.compile(
    r"secret|pass|key|token|credential|salt|dsn|pwd|auth|pin", re.IGNORECASE
)
_REFERENCE: Final = re.compile(
    r"\$(?:\{([A-Za-z_]\w{0,100})(?::?([-?+=])([^{}]{0,1000}))?\}|([A-Za-z_]\w{0,100}))"
)


class Parts:
    """The lines of a file, and what is found in them."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.lines = text.split("\n")
        self.variables: list[Variable] = []
        self.commands: list[Command] = []
        self.uses: list[str] = []
        self._starts: dict[str, int] | None = None

    def variable(self, name: str, value: str | None, line: int) -> None:
        """Note that ``name`` is set; of a secret nothing but the name is kept for showing."""
        if len(self.variables) >= _MOST or (value is not None and len(value) > _LONGEST):
            return
        place = Place(self.path, line, line, name, f"{name}={_shown(name, value)}")
        self.variables.append(Variable(name, value, place))

    def command(self, text: str, line: int) -> None:
        """Note what is started."""
        if len(self.commands) < _MOST:
            one_line = " ".join(text.split())[:2000]
            self.commands.append(Command(one_line, Place(self.path, line, line, "", "")))

    def line_of(self, name: str) -> int:
        """Return the first line that begins with ``name``, quoted or not; 1 if none does."""
        if self._starts is None:
            self._starts = {}
            for number, line in enumerate(self.lines, 1):
                for word in re.split(r"[=:]", line, maxsplit=1)[:1]:
                    self._starts.setdefault(word.strip(" \t\"'{"), number)
        return self._starts.get(name, 1)


def _shown(name: str, value: str | None) -> str:
    """Return of a value what may be printed: nothing of what could be a secret."""
    if value is None:
        return ""
    return value if _PLAIN.fullmatch(value) and not _SECRET.search(name) else "…"


def interpolated(value: str, *, bare: bool = True) -> str | None:
    """Return a value with the defaults of the variables in it; None if one has none.

    ``bare`` says that ``$NAME`` is a variable, too, and not only ``${NAME}``.

    >>> interpolated("${DEBUG:-1}"), interpolated("${DEBUG}"), interpolated("a$b", bare=False)
    ('1', None, 'a$b')
    """
    if "$" not in value:
        return value
    unknown = False

    def default(found: re.Match[str]) -> str:
        nonlocal unknown
        if found[4] and not bare and found[0] != value:
            return found[0]
        if found[2] != "-":
            unknown = True
        return found[3] or ""

    result = _REFERENCE.sub(default, value.replace("$$", "\0"))
    return None if unknown else result.replace("\0", "$")
