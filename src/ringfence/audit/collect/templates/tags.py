"""What is known of tags by their names, and of one that is open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ringfence.audit.collect.templates.expressions import listed
from ringfence.rings.escaping.language import Language

__all__ = [
    "APART",
    "BEHIND_HOST",
    "BETWEEN",
    "BRANCHING",
    "DEEPEST",
    "HARMLESS",
    "HOLDS_NONE",
    "MARKS",
    "MAY_HOLD_TOKEN",
    "OFF",
    "QUOTED_NAME",
    "RENDER_NOTHING",
    "SAFE_WORD",
    "Frame",
]

BRANCHING: Final = listed("if for ifchanged ifequal ifnotequal unless ifnot switch")
BETWEEN: Final = listed("else elif elseif elsif empty case")
#: What these hold is rendered elsewhere, or to a variable.
APART: Final = listed("macro call set filter capture asvar partialdef")
RENDER_NOTHING: Final = listed(
    "load extends set import from do csrf_token regroup cycle_reset resetcycle"
    " get_current_language get_available_languages get_language_info include with autoescape"
    " spaceless plural pluralize get_static_prefix get_media_prefix include_media break"
    " continue debug lorem"
)
QUOTED_NAME: Final = re.compile(r"""["']([^"'\n]{1,300})["']""")
#: A tag of the project's own that has to do with forms may render a token; these do not.
MAY_HOLD_TOKEN: Final = re.compile(r"form|field|csrf|crispy", re.IGNORECASE)
HOLDS_NONE: Final = re.compile(r"bootstrap_|render_field|form_field|url$|trans|crispy_field|field$")
SAFE_WORD: Final = re.compile(r"\|\s*+safe(?:seq)?\b")
#: Where Django's escaping is enough: these are not noted, for there are very many of them.
HARMLESS: Final = frozenset(("text", "attribute", "plain", "comment"))
BEHIND_HOST: Final = ("URL path", "URL query", "URL parameter", "URL fragment", "descriptor")
#: Functions of Jinja2's that mark what they are given as markup.
MARKS: Final = re.compile(
    r"(?:Markup|markupsafe\.Markup|mark_safe|safe|jinja2\.Markup)\((?![\"']|\w*escape)"
)
OFF: Final = frozenset(("off", "false", "False"))
#: Only so many open tags are looked through for the one that an end tag ends.
DEEPEST: Final = 400


@dataclass(slots=True)
class Frame:
    """An open tag: what was before it, and where its first branch ended."""

    name: str
    before: Language
    autoescape: bool
    since: int
    scope: str
    first: Language | None = None
