r"""What stands in an audited tree may be hostile: what of it is shown, and how.

A file's name or line may hold escape sequences for the terminal, or characters that turn the
reading direction; and a line may hold a secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from ringfence.audit.collect import tree
from ringfence.audit.collect.environment.names import form_of
from ringfence.audit.model import Finding, Place

__all__ = [
    "Line",
    "by_code",
    "excerpt",
    "harmless",
    "is_url",
    "message",
    "redacted",
    "text_of",
    "where",
]

#: No line is shown wider.
_WIDTH: Final = 160

_SECRET_WORD: Final = re.compile(
    r"secret|passw|pwd|token|api_?key|private_?key|access_?key|credential|signing|salt|dsn",
    re.IGNORECASE,
)
#: What templates and forms are full of.
_NO_SECRET: Final = re.compile(r"csrf_?token|csrf_input|csrfmiddlewaretoken", re.IGNORECASE)
_STRING: Final = re.compile(r"""([=:,]\s?\(?\s?[rbuRBU]{0,2})("[^"]{4,}"|'[^']{4,}')""")
#: The name of something that can be imported.
_DOTTED: Final = re.compile(r"[a-z_]{2,32}(?:\.[A-Za-z_0-9]{1,32}){2,8}")
#: What no one types: long runs of what keys are made of.
_RUN: Final = re.compile(r"[A-Za-z0-9+/_=-]{32,}")
_USER_INFO: Final = re.compile(r"(://[^\s:/@'\"]{0,64}:)[^\s@/'\"]{1,200}@")


def harmless(text: str) -> str:
    r"""Return ``text`` on one line, with every character that commands or hides spelt out.

    Control and format characters (line breaks and changes of the reading direction among them),
    lone surrogates and what has no character become escapes.

    >>> harmless("a\x1b[2Jb\u202ec\nd é")
    'a\\x1b[2Jb\\u202ec\\nd é'
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _spelt_out(char) for char in text)


def redacted(line: str) -> str:
    """Return a line of somebody's source without what may be a secret in it.

    >>> redacted('SECRET_KEY = env("SECRET_KEY", default="correct horse")')
    'SECRET_KEY = env("SECRET_KEY", default="…")'
    >>> redacted('"postgres://shop:hunter2@db/shop"')
    '"postgres://shop:…@db/shop"'
    """
    line = _USER_INFO.sub(r"\1…@", line)
    if _SECRET_WORD.search(_NO_SECRET.sub("", line)):
        line = _STRING.sub(_without_string, line)
    return _RUN.sub(_without_key, line)


def is_url(path: str) -> bool:
    """Whether a place is a page of a site, and no file.

    >>> is_url("https://shop.example/"), is_url("shop/views.py")
    (True, False)
    """
    return path.startswith(("https://", "http://"))


def where(place: Place) -> str:
    """Return a place as people read it: a file's line, or what was asked for."""
    path = harmless(place.path)
    return f"{path}:{place.line}" if place.line else path


def by_code(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return findings by their code, each where its first one stood."""
    together: dict[str, list[Finding]] = {}
    for finding in findings:
        together.setdefault(finding.code, []).append(finding)
    return together


def message(finding: Finding) -> str:
    """Return what a finding says in one paragraph: why it matters, and what to write instead."""
    hit = finding.hit
    # The first letter is left as it is: it may be the name of something.
    fix = " ".join(map(harmless, hit.fix.split("\n")))
    return f"{harmless(hit.reason)} Fix: {fix}" if fix else harmless(hit.reason)


class Line(NamedTuple):
    """One line of an excerpt, safe to print, and whether the finding is on it."""

    number: int
    text: str
    marked: bool


def text_of(root: Path) -> Callable[[str], list[str]]:
    """Return what gives the lines of a file of the tree at ``root``, none if they cannot be had."""

    @lru_cache(maxsize=4)
    def lines(path: str) -> list[str]:
        absolute = root / path if root.is_dir() else root
        if ".." in path.split("/") or not absolute.is_relative_to(root):
            return []
        kind = "python" if path.endswith((".py", ".pyw")) else "template"
        text = tree.read(tree.File(path, absolute, kind, 0))
        return text.split("\n") if isinstance(text, str) else []

    return lines


def excerpt(finding: Finding, lines: Callable[[str], list[str]], around: int = 1) -> list[Line]:
    """Return the lines of a finding and those around it.

    A finding without text is about something that must not be shown: then there are none. If the
    file changed since it was read, it is the line as it was then, alone. So is a line of a file of
    the environment: what stands around it may be secrets, and their names need not say so.
    """
    place = finding.hit.place
    if not place.text or is_url(place.path):
        return []
    of_file = [] if form_of(place.path) else lines(place.path)
    at = place.line - 1
    if not 0 <= at < len(of_file) or of_file[at].strip()[:200] != place.text[:200].strip():
        return [Line(place.line, _shown(place.text), marked=True)]
    last = min(max(place.end_line, place.line), place.line + 3)
    first = max(0, at - around)
    return [
        Line(number, _shown(line), place.line <= number <= last)
        for number, line in enumerate(of_file[first : last + around], first + 1)
    ]


def _shown(line: str) -> str:
    line = redacted(line.expandtabs(4).rstrip()[: 4 * _WIDTH])
    line = harmless(line)
    return line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…"


def _spelt_out(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def _without_string(found: re.Match[str]) -> str:
    if _DOTTED.fullmatch(found[2], 1, len(found[2]) - 1):
        return found[0]
    return f"{found[1]}{found[2][0]}…{found[2][0]}"


def _without_key(found: re.Match[str]) -> str:
    """Leave out a run that stands in quotes or alone, if it is no word, name or path."""
    run, whole = found[0], found.string
    before, after = whole[: found.start()].strip(), whole[found.end() :].strip()
    quoted = before[-1:] in ("'", '"') and after[:1] in ("'", '"')
    if not quoted and (before or after):
        return run
    words = run.replace("/", " ").replace("_", " ").replace("-", " ").split()
    random = any(char.isdigit() for char in run) and max(map(len, words), default=0) >= 16
    return "…" if random else run
