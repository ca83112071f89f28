"""Cookies set without ``Secure`` and ``HttpOnly``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.audit.model import UNKNOWN, Call, Hit, Project, Rule, Value
from ringfence.audit.rules._python import argument, ending
from ringfence.finding import Confidence

#: Cookies that a page's own script reads, and that tell nobody anything.
_HARMLESS = re.compile(
    r"(?i)lang|locale|theme|timezone|^tz|consent|banner|dismiss|pref|sidebar|collaps|seen|hide|mode"
    r"|view|sort|layout|filter|width|size|tab|page|csrf|color|colour|accepted|download|flash|django_"
)


def check(project: Project) -> Iterator[Hit]:
    """Find cookies that a script may read and that go over plain http."""
    for call in ending(project, "set_cookie", "set_signed_cookie"):
        missing = [flag for flag in ("secure", "httponly") if _is_off(call.kwargs.get(flag))]
        if not missing or "**" in call.kwargs:
            continue
        yield Hit(
            call.place,
            f"The cookie is set without {' and '.join(missing)}: "
            + ("it goes over plain http" if "secure" in missing else "scripts read it")
            + (", and scripts read it." if len(missing) == 2 else "."),
            "response.set_cookie(…, secure=True, httponly=True, samesite='Lax')",
            _confidence(call, missing),
        )


def _is_off(flag: Value | None) -> bool:
    return flag is None or flag.literal in {False, None}


def _confidence(call: Call, missing: list[str]) -> Confidence:
    name = argument(call, 0, "key").literal
    if len(missing) < 2 or (isinstance(name, str) and _HARMLESS.search(name)):
        return Confidence.LOW
    # Without a name that can be read there is nothing to say what it is for.
    return Confidence.LOW if name is UNKNOWN else Confidence.MEDIUM


RULE = Rule("COOK471", "python", check)
