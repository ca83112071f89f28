"""``ringfence explain-csp POLICY|URL|FILE|-``, with a Django project or without one."""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from ringfence.rings.csp.browser.enforce import Enforced, Level
from ringfence.rings.csp.browser.receive import Received, receive
from ringfence.rings.csp.evaluate import evaluate, nonces
from ringfence.rings.csp.explain import document, lines
from ringfence.rings.csp.fetch import SECONDS, Fetched, FetchError, fetch
from ringfence.rings.csp.grade import Grade
from ringfence.terminal import printable

__all__ = ["add_arguments", "handle"]

#: Characters of a file, or of standard input, that are read.
_FILE_LIMIT = 1024 * 1024

_URL = re.compile(r"https?://", re.IGNORECASE)
_HEADER = re.compile(r"[ \t]*content-security-policy(-report-only)?[ \t]*:(.*)", re.IGNORECASE)
_FRAMING = re.compile(r"[ \t]*x-frame-options[ \t]*:(.*)", re.IGNORECASE)
_LETTERS = {grade.letter: grade for grade in Grade}

_GRADED, _FAILED = 0, 1


class _Unreadable(Exception):  # noqa: N818 - said to the user, never seen as an error
    """Why there is no policy to judge."""


class _Subject(NamedTuple):
    policies: tuple[Received, ...]
    repeated: frozenset[str] = frozenset()
    fetched: Fetched | None = None
    x_frame_options: str = ""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "policy",
        help="a policy, an http or https URL that sends one, a file that holds one (or a "
        "response's headers), or - for standard input",
    )
    parser.add_argument(
        "--level", type=int, choices=[1, 2, 3], default=3, help="browsers' CSP level; default: 3"
    )
    parser.add_argument(
        "--report-only", action="store_true", help="the policy given is only reported on"
    )
    parser.add_argument("--format", choices=["text", "json"], default="text", help="default: text")
    parser.add_argument(
        "--at-least", choices=list(_LETTERS), help="exit with 1 where the grade is worse"
    )
    parser.add_argument(
        "--timeout", type=float, default=SECONDS, help="seconds to wait for a URL; default: 15"
    )


def handle(stdout: TextIO, stderr: TextIO, options: Mapping[str, Any]) -> int:
    """Print the explanation; return 0, or 1 where there is nothing to judge or it is too bad.

    Nothing from the policy or the network reaches the terminal unescaped.
    """
    try:
        subject = _subject(options)
    except (_Unreadable, FetchError) as error:
        stderr.write(f"{printable(str(error))}\n")
        return _FAILED
    evaluations = {
        level: evaluate(
            subject.policies,
            level,
            repeated=subject.repeated,
            x_frame_options=subject.x_frame_options,
        )
        for level in Level
    }
    evaluation = evaluations[Level(options["level"])]
    grades = {level: each.grade.letter for level, each in evaluations.items()}
    if options["format"] == "json":
        told = document(evaluation, grades)
        if subject.fetched is not None:
            told["hops"] = [{"status": status, "url": url} for status, url in subject.fetched.hops]
        stdout.write(json.dumps(told, indent=2) + "\n")
    else:
        if subject.fetched is not None:
            hops = [f"{printable(url)}  {status}" for status, url in subject.fetched.hops]
            stdout.write("\n".join((*hops, "", "")))
        stdout.write("\n".join(lines(evaluation, grades)) + "\n")
    wanted = options["at_least"]
    return _FAILED if wanted and evaluation.grade > _LETTERS[wanted] else _GRADED


def _subject(options: Mapping[str, Any]) -> _Subject:
    given = options["policy"]
    if _URL.match(given):
        return _from_url(given, options["timeout"])
    text = _text(given)
    framing = ", ".join(found[1] for line in text.splitlines() if (found := _FRAMING.match(line)))
    policies = _from_text(text, enforced=not options["report_only"])
    return _Subject(policies, x_frame_options=framing)


def _text(given: str) -> str:
    if given == "-":
        return sys.stdin.read(_FILE_LIMIT)
    try:
        path = Path(given)
        if not path.is_file():
            return given
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(_FILE_LIMIT)
    except (OSError, ValueError) as error:
        # Too long for a file's name, or with a character that none has: it is a policy.
        if isinstance(error, (PermissionError, IsADirectoryError)):
            raise _Unreadable(f"{given} cannot be read: {error.strerror}.") from error
        return given


def _from_text(text: str, *, enforced: bool) -> tuple[Received, ...]:
    """Read a policy, or the lines of a response's head that hold policies."""
    named = [found for line in text.splitlines() if (found := _HEADER.fullmatch(line))]
    if not named:
        return receive(text, enforced=enforced)
    return tuple(
        policy
        for found in named
        for policy in receive(found[2], enforced=enforced and found[1] is None)
    )


def _from_url(url: str, seconds: float) -> _Subject:
    first = fetch(url, seconds)
    policies = _received(first)
    held = nonces(Enforced(policy) for policy in policies)
    if not held:
        return _Subject(policies, frozenset(), first, first.x_frame_options)
    # Whether a nonce is fresh shows only in a second answer.
    again = _received(fetch(first.hops[-1][1], seconds))
    repeated = held & nonces(Enforced(policy) for policy in again)
    return _Subject(policies, frozenset(repeated), first, first.x_frame_options)


def _received(fetched: Fetched) -> tuple[Received, ...]:
    return (
        *receive(fetched.enforced),
        *receive(fetched.report_only, enforced=False),
    )
