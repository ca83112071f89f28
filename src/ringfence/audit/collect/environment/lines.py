"""Readers of what stands one on a line: ``.env``, ``Dockerfile``, ``Procfile``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from ringfence.audit.collect.environment.parts import Parts, interpolated

__all__ = ["read_dockerfile", "read_dotenv", "read_procfile"]

_ASSIGNS: Final = re.compile(
    r"[ \t]{0,20}(?:export[ \t]{1,20})?([A-Za-z_][A-Za-z0-9_.-]{0,200})[ \t]{0,20}=(.*)", re.DOTALL
)
#: A quoted text of more lines than this is none that was meant to be one.
_MOST_LINES: Final = 120
_PROCESS: Final = re.compile(r"([A-Za-z0-9_-]{1,60})[ \t]{0,20}:[ \t]{0,20}(\S.*)")
#: Processes of a Procfile that answer requests.
_WEB: Final = frozenset({"web", "asgi", "wsgi", "django", "app", "server", "site"})
_INSTRUCTION: Final = re.compile(r"[ \t]{0,40}([A-Za-z]{2,12})[ \t]{1,40}(.*)", re.DOTALL)
_FROM: Final = re.compile(
    r"(?:--\S{1,100}[ \t]{1,20}){0,4}(\S{1,300})(?:[ \t]{1,20}as[ \t]{1,20}(\S{1,100}))?.*",
    re.IGNORECASE | re.DOTALL,
)


def read_dotenv(parts: Parts) -> None:
    """Read ``NAME=value`` lines, quoted or not, as python-dotenv and compose do."""
    lines = parts.lines
    at = 0
    while at < len(lines):
        number, line = at + 1, lines[at]
        at += 1
        found = None if line.lstrip().startswith("#") else _ASSIGNS.fullmatch(line)
        if found is None:
            continue
        value = found[2].strip()
        quote = value[:1]
        if quote in ('"', "'"):
            end = value.find(quote, 1)
            last = min(at + _MOST_LINES, len(lines))
            while end < 0 and at < last:
                value += "\n" + lines[at]
                at += 1
                end = value.find(quote, len(value) - len(lines[at - 1]) - 1)
            if end < 0:
                at = number
                continue
            value = value[1:end]
        else:
            value = re.split(r"[ \t]#", value, maxsplit=1)[0].rstrip()
        known = value if quote == "'" else interpolated(value, bare=False)
        parts.variable(found[1], known, number)


def read_procfile(parts: Parts) -> None:
    """Read the commands of those processes that answer requests."""
    for number, line in enumerate(parts.lines, 1):
        found = _PROCESS.fullmatch(line.strip())
        if found is not None and found[1].lower() in _WEB:
            parts.command(found[2], number)


def read_dockerfile(parts: Parts) -> None:
    """Read the variables and the command of the last stage, and of those that it is built upon."""
    stages: dict[str, tuple[list[tuple[str, str | None, int]], list[tuple[str, int]]]] = {}
    variables: list[tuple[str, str | None, int]] = []
    commands: list[tuple[str, int]] = []
    for number, word, rest in _instructions(parts.lines):
        if word == "FROM":
            found = _FROM.fullmatch(rest)
            before = stages.get(found[1].lower()) if found is not None else None
            variables, commands = (list(before[0]), list(before[1])) if before else ([], [])
            if found is not None and found[2]:
                stages[found[2].lower()] = (variables, commands)
        elif word == "ENV":
            variables.extend((name, value, number) for name, value in _of_env(rest))
        elif word in ("CMD", "ENTRYPOINT"):
            # A later one takes the place of an earlier one; both together are one command.
            commands[:] = [each for each in commands if not each[0].startswith(f"{word} ")]
            commands.append((f"{word} {_shell(rest)}", number))
    for name, value, number in variables:
        parts.variable(name, value, number)
    for text, number in commands:
        parts.command(text.partition(" ")[2], number)


def _instructions(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yield line, name and rest of each instruction, its continuations joined."""
    begun: list[str] = []
    first = 0
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("#"):
            continue
        first = first if begun else number
        whole = line.rstrip()
        if whole.endswith("\\"):
            begun.append(whole[:-1])
            continue
        found = _INSTRUCTION.fullmatch(" ".join([*begun, whole]))
        begun = []
        if found is not None:
            yield first, found[1].upper(), found[2].strip()


def _of_env(rest: str) -> Iterator[tuple[str, str | None]]:
    """Yield what ``ENV a=b c="d e"`` sets, or ``ENV a b``."""
    first = rest.split(None, 1)
    if first and "=" not in first[0]:
        if len(first) == 2:
            yield first[0], interpolated(first[1])
        return
    for name, quoted, other, bare in re.findall(
        r"""([A-Za-z_]\w{0,200})=(?:"([^"]{0,2000})"|'([^']{0,2000})'|(\S{0,2000}))""", rest
    ):
        yield name, interpolated(quoted or other or bare)


def _shell(text: str) -> str:
    """Return a command as one line, also where it is written as a JSON list."""
    if text.startswith("[") and len(text) < 4000:
        try:
            words = json.loads(text)
        except (ValueError, RecursionError):
            return text
        if isinstance(words, list):
            return " ".join(each for each in words if isinstance(each, str))
    return text
