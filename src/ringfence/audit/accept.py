"""Findings that somebody has looked at and accepted, in the place where they stand.

``# ringfence: accept CODE reason`` in Python, ``{# ringfence: accept CODE reason #}`` in a template
and ``// ringfence: accept CODE reason`` in a script hold for their own line, and for the next one
where nothing else stands on theirs.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace

from ringfence.audit.model import (
    Finding,
    Hit,
    Place,
    Project,
    PythonFacts,
    ScriptFacts,
    TemplateFacts,
)

__all__ = ["Accepted", "applied", "in_python", "in_script", "in_template", "unknown", "unreasoned"]

#: ``{line: ((code, reason), …)}``.
Accepted = Mapping[int, tuple[tuple[str, str], ...]]

_MARK = "ringfence: accept"
#: So many comments may stand one above the other.
_MOST_ABOVE = 20
#: So many lines of what was found are looked at for comments.
_MOST_LINES = 500
_WORDS = re.compile(r"ringfence: accept\b[ \t]*([A-Z]+[0-9]+)?[ \t:,-]*(.*)", re.DOTALL)


def in_python(text: str) -> Accepted:
    """Return what the comments of a module accept.

    >>> in_python("x = 1  # ringfence: accept SQL401 the table is ours")
    {1: (('SQL401', 'the table is ours'),)}
    """
    if _MARK not in text:
        return {}
    return _by_line(_python_comments(text))


def in_template(text: str) -> Accepted:
    """Return what the comments of a template accept, ``{# … #}`` of either language."""
    if _MARK not in text:
        return {}
    return _by_line(_template_comments(text))


def in_script(text: str) -> Accepted:
    """Return what the comments of a script accept: ``//`` to the end of a line.

    >>> in_script("box.innerHTML = x; // ringfence: accept XSS405 x is ours")
    {1: (('XSS405', 'x is ours'),)}
    """
    if _MARK not in text:
        return {}
    return _by_line(_script_comments(text))


def applied(findings: Iterable[Finding], project: Project) -> list[Finding]:
    """Return ``findings``, those that a comment accepts with its reason."""
    return [
        replace(finding, accepted=_reason_for(finding, _accepted_in(project, finding)))
        for finding in findings
    ]


def unreasoned(project: Project) -> Iterator[Hit]:
    """Yield the comments that give no reason, or no code: they accept nothing."""
    for path, line, code, reason in _comments(project):
        if not code:
            why = "this comment names no code, so it accepts nothing."
        elif not reason:
            why = "what is accepted without a reason cannot be judged again; it accepts nothing."
        else:
            continue
        yield Hit(_place(path, line, code), why, f"# {_MARK} {code or 'CODE'} why it is safe here")


def unknown(project: Project, codes: Container[str]) -> Iterator[Hit]:
    """Yield the comments that accept a code which is not one of ``codes``."""
    for path, line, code, _ in _comments(project):
        if code and code not in codes:
            why = f"there is no code {code}, so this comment accepts nothing."
            yield Hit(_place(path, line, code), why, "Write the code of the finding, or remove it.")


def _comments(project: Project) -> Iterator[tuple[str, int, str, str]]:
    """Yield path, line, code and reason of each comment, once."""
    files: Iterable[PythonFacts | TemplateFacts | ScriptFacts] = (
        *project.python.values(),
        *project.templates.values(),
        *project.scripts.values(),
    )
    for facts in files:
        told: set[tuple[tuple[str, str], int]] = set()
        for line, entries in sorted(facts.accepted.items()):
            for entry in entries:
                # One that stands alone is listed for the line below it, too.
                if (entry, line - 1) not in told:
                    yield facts.path, line, *entry
                told.add((entry, line))


def _place(path: str, line: int, code: str) -> Place:
    return Place(path, line, text=f"{_MARK} {code}".strip())


def _accepted_in(project: Project, finding: Finding) -> Accepted:
    path = finding.hit.place.path
    facts = project.python.get(path) or project.templates.get(path) or project.scripts.get(path)
    return {} if facts is None else facts.accepted


def _reason_for(finding: Finding, accepted: Accepted) -> str:
    place = finding.hit.place
    if not accepted:
        return ""
    last = min(max(place.line, place.end_line), place.line + _MOST_LINES)
    for line in range(place.line, last + 1):
        for code, reason in accepted.get(line, ()):
            if code == finding.code and reason:
                return reason
    return ""


def _python_comments(text: str) -> list[tuple[int, str, bool]]:
    """Return line, text, and whether nothing else stands on the line."""
    try:
        return [
            (token.start[0], token.string, not token.line[: token.start[1]].strip())
            for token in tokenize.generate_tokens(io.StringIO(text).readline)
            if token.type == tokenize.COMMENT and _MARK in token.string
        ]
    except (tokenize.TokenError, SyntaxError, RecursionError):
        # No Python of today, so no telling what is a string: what looks like a comment is one.
        parts = ((at, *line.partition("#")) for at, line in enumerate(text.split("\n"), 1))
        return [
            (at, comment, not before.strip())
            for at, before, _, comment in parts
            if _MARK in comment
        ]


def _template_comments(text: str) -> Iterator[tuple[int, str, bool]]:
    for number, line in enumerate(text.split("\n"), 1):
        start = line.find("{#")
        first, last = len(line) - len(line.lstrip()), len(line.rstrip())
        while start >= 0:
            end = line.find("#}", start)
            if end < 0:
                break
            comment = line[start + 2 : end].strip("- ")
            if _MARK in comment:
                yield number, comment, start <= first and end + 2 >= last
            start = line.find("{#", end)


def _script_comments(text: str) -> Iterator[tuple[int, str, bool]]:
    for number, line in enumerate(text.split("\n"), 1):
        before, slashes, comment = line.partition("//")
        while slashes and _MARK in comment.partition("//")[2]:
            more, _, comment = comment.partition("//")
            before += more
        if slashes and comment.strip().startswith(_MARK):
            yield number, comment.strip(), not before.strip()


def _by_line(comments: Iterable[tuple[int, str, bool]]) -> Accepted:
    by_line: dict[int, list[tuple[str, str]]] = {}
    found = list(comments)
    alone = {line for line, _, is_alone in found if is_alone}
    for line, comment, _ in found:
        words = _WORDS.search(comment)
        if words is None:
            continue
        entry = (words[1] or "", " ".join(words[2].split()))
        for covered in range(line, line + _MOST_ABOVE + 1):
            by_line.setdefault(covered, []).append(entry)
            if covered not in alone:  # several may stand one above the other
                break
    return {line: tuple(entries) for line, entries in by_line.items()}
