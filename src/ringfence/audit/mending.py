"""``--fix`` and ``--diff``: what is mended is shown, then written, and what was not is said."""

from __future__ import annotations

from typing import TextIO

from ringfence.audit.fixing import Again, Mended, mend
from ringfence.audit.model import Finding
from ringfence.audit.render import diff
from ringfence.audit.render.plain import harmless
from ringfence.audit.verdict import Verdict
from ringfence.audit.writing import write

__all__ = ["run"]

#: So many of what was not mended are told one by one.
_ROWS = 10


def run(
    verdict: Verdict,
    again: Again,
    stdout: TextIO,
    stderr: TextIO,
    *,
    unsafe: bool,
    writes: bool,
    colour: bool,
) -> Mended:
    """Mend what is shown of the tree; ``stdout`` gets the difference, ``stderr`` what became of it.

    :raises WriteError: if not all of it can be written; then nothing is.
    """
    mended = mend(verdict, again, unsafe=unsafe)
    shown = diff.render(mended.drafts, colour=colour)
    encoding = getattr(stdout, "encoding", None) or "utf-8"
    # An ending of its own would be added by a management command's stdout.
    target = getattr(stdout, "_out", stdout)
    target.write(shown.encode(encoding, "backslashreplace").decode(encoding))
    if writes and mended.drafts:
        write(mended.verdict.root, mended.drafts)
    _tell(mended, stderr, writes=writes)
    return mended


def _tell(mended: Mended, stderr: TextIO, *, writes: bool) -> None:
    fixed, files = len(mended.fixed), len(mended.drafts)
    done = "fixed" if writes else "would be fixed"
    stderr.write(f"ringfence: {_count(fixed, 'finding')} {done} in {_count(files, 'file')}\n")
    stderr.writelines(
        f"ringfence: not fixed: {_named(finding)}: {harmless(why)}\n"
        for finding, why in mended.dropped[:_ROWS]
    )
    if len(mended.dropped) > _ROWS:
        stderr.write(f"ringfence: nor {len(mended.dropped) - _ROWS} others\n")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _named(finding: Finding) -> str:
    return f"{finding.code} {harmless(finding.hit.place.path)}:{finding.hit.place.line}"
