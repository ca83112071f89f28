"""Who may frame a page, said in two headers that must agree.

``frame-ancestors`` wins in every browser: HTML's "check a navigation response's adherence to
X-Frame-Options" (section 7.4.2.2 of the living standard) ends at its second step where an enforced
policy holds that directive. X-Frame-Options can only say "nobody" and "this origin".
"""

from __future__ import annotations

from collections.abc import Collection

__all__ = ["agree", "frame_ancestors_for", "x_frame_options_for"]

#: The values that HTML's algorithm acts on. Every other one is as good as no header.
_KNOWN = frozenset({"deny", "allowall", "sameorigin"})


def _values(x_frame_options: str) -> frozenset[str]:
    # "get, decode, and split" strips tabs and spaces (Fetch, section 2.2.2); step 4 lowercases.
    return frozenset(part.strip(" \t\r\n").lower() for part in x_frame_options.split(","))


def frame_ancestors_for(x_frame_options: str) -> tuple[str, ...] | None:
    """Return the source list that says what browsers make of ``x_frame_options``.

    None where browsers ignore the value: ``ALLOWALL``, ``ALLOW-FROM`` (no browser has it any
    more), and what nobody defined. Never raises.

    >>> frame_ancestors_for("DENY"), frame_ancestors_for(" SameOrigin "), frame_ancestors_for("?")
    (("'none'",), ("'self'",), None)
    >>> frame_ancestors_for("SAMEORIGIN, DENY")
    ("'none'",)
    """
    values = _values(x_frame_options)
    if len(values) > 1:
        # Steps 5 and 6: several different values block if one of them is known, else they are
        # ignored together.
        return None if values.isdisjoint(_KNOWN) else ("'none'",)
    if "deny" in values:
        return ("'none'",)
    if "sameorigin" in values:
        # Step 8 compares every ancestor's origin, as 'self' in frame-ancestors does.
        return ("'self'",)
    return None


def x_frame_options_for(frame_ancestors: Collection[str] | None) -> str | None:
    """Return the X-Frame-Options value that says the same, None where there is none.

    ``frame_ancestors`` is the directive's source list, None for no directive.

    >>> x_frame_options_for(["'none'"]), x_frame_options_for(["'self'"])
    ('DENY', 'SAMEORIGIN')
    >>> x_frame_options_for(["'self'", "https://partner.example"]) is None
    True
    """
    if frame_ancestors is None:
        return None
    # CSP 3, section 6.7.2.1: 'none' counts only alone, and an empty list matches nothing.
    sources = {source.lower() for source in frame_ancestors} - {"'none'"}
    if not sources:
        return "DENY"
    return "SAMEORIGIN" if sources == {"'self'"} else None


def agree(x_frame_options: str, frame_ancestors: Collection[str] | None) -> bool:
    """Whether both headers, as a site wrote them, let the same pages frame it.

    >>> agree("DENY", ["'none'"]), agree("DENY", ["'self'"])
    (True, False)
    """
    wanted = frame_ancestors_for(x_frame_options)
    if wanted is None or frame_ancestors is None:
        return wanted is None and frame_ancestors is None
    return x_frame_options_for(wanted) == x_frame_options_for(frame_ancestors)
