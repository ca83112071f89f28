"""What the literal text of a template is granted, as rows of an explanation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ringfence.rings.escaping.effects import (
    HAS_TOKEN,
    Begin,
    Code,
    End,
    Form,
    FormEnd,
    Integrity,
    Recorded,
    Window,
)
from ringfence.rings.escaping.schemes import scheme_of

if TYPE_CHECKING:
    from ringfence.rings.escaping.policy import EscapingPolicy

__all__ = ["Row", "Telling"]

_FOREIGN = frozenset(("//", "\\\\", "/\\", "\\/"))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the explanation.

    ``kind`` is ``"variable"``, ``"grant"`` or ``"note"``; ``what`` its source text, or the tag
    that is granted something; ``context`` what a variable stands in, in the documentation's words
    ("" for the others), ``how`` what is done. ``fix`` is said for what is refused.
    """

    kind: str
    template: str
    line: int
    what: str
    context: str
    how: str
    fix: str = ""


class Telling:
    """Rows, and what is remembered between the texts that grants are found in."""

    def __init__(self, policy: EscapingPolicy) -> None:
        self.policy = policy
        self.rows: list[Row] = []
        #: The template that is being read.
        self.name = ""
        #: Whether data stands in what is being recorded.
        self.data = False
        self.recorded_line = 0
        self.form: tuple[int, str | None] | None = None

    def effect(self, effect: Any, text: str, at: int, line: int) -> None:
        """Tell what an effect of literal text does."""
        here = line + text.count("\n", 0, at)
        if isinstance(effect, Code):
            self.code(effect, _line_of_tag(effect.tag.name, text, at, line))
        elif isinstance(effect, Recorded):
            self.grant(here, effect.kind, self.hashed(effect.hash, effect.kind))
        elif isinstance(effect, Begin):
            self.data, self.recorded_line = False, here
        elif isinstance(effect, End) and effect.kind in ("handler", "style attribute"):
            self.grant(self.recorded_line or here, effect.kind, self.hashed(None, effect.kind))
        elif isinstance(effect, Window):
            if self.policy.noopener:
                self.grant(here, "target=_blank", 'rel="noopener"')
        elif isinstance(effect, Integrity):
            if self.policy.integrity:
                self.grant(
                    _line_of_tag(effect.tag.name, text, at, line),
                    f"<{effect.tag.name}>",
                    "integrity, where the static files' storage knows the file",
                )
        elif isinstance(effect, Form):
            line_of_form = _line_of_tag("form", text, at, line)
            self.form = (line_of_form, effect.action) if effect.posts else None
        elif effect is HAS_TOKEN:
            self.form = None
        elif isinstance(effect, FormEnd):
            self.form_end()

    def code(self, code: Code, line: int) -> None:
        """Tell what a script, a style or a link is granted."""
        what = f"<{code.tag.name}>"
        if not self.policy.provenance:
            return
        if code.has_nonce:
            self.grant(line, what, "has a nonce of its own")
        elif code.inline and code.hash is not None and self.policy.hashes != "never":
            self.grant(line, what, f"nonce, or hash {code.hash}")
        elif code.inline and self.policy.hashes == "always":
            self.grant(line, what, "nonce, or the hash of its final text")
        else:
            self.grant(line, what, "nonce")

    def hashed(self, text_hash: str | None, kind: str) -> str:
        """Tell what a handler or a style attribute is granted."""
        handlers = self.policy.handlers
        if not self.policy.provenance or handlers == "none":
            return f'no hash: "handlers" is "{handlers}"' if self.policy.provenance else ""
        directive = "script-src-attr" if kind == "handler" else "style-src-attr"
        if text_hash is not None:
            return f"hash {text_hash} in {directive}"
        if handlers == "all" or not self.data:
            return f"hash of its final text in {directive}"
        return 'no hash: a variable stands in it, and "handlers" is "literal"'

    def form_end(self) -> None:
        """Tell whether the form that ends here is given a token."""
        form, self.form = self.form, None
        if form is None or not self.policy.csrf_token:
            return
        line, action = form
        if action is not None and (scheme_of(action.strip()) or action.strip()[:2] in _FOREIGN):
            self.grant(line, "<form>", "no CSRF token: unless its action is this site's own")
        else:
            self.grant(line, "<form>", "CSRF token, where the CSRF ring needs one")

    # Rows

    def add(self, row: Row) -> None:
        """Add a row."""
        self.rows.append(row)

    def grant(self, line: int, what: str, how: str) -> None:
        """Add what a tag or an attribute is granted."""
        if how:
            self.add(Row("grant", self.name, line, what, "", how))

    def note(self, line: int, what: str, how: str) -> None:
        """Add something that is worth knowing."""
        self.add(Row("note", self.name, line, what, "", how))


def _line_of_tag(name: str, text: str, at: int, line: int) -> int:
    begins = [
        found.start() for found in re.finditer(rf"<{re.escape(name)}\b", text[:at], re.IGNORECASE)
    ]
    return line + text.count("\n", 0, begins[-1] if begins else at)
