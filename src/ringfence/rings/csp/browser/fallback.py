"""Which directive governs what: data, from section 6.8.3 of "Content Security Policy Level 3"."""

from __future__ import annotations

__all__ = ["FALLBACKS", "SCRIPTS", "STYLES"]

#: "Get fetch directive fallback list", the directive itself first. What stands in no other
#: directive's list (base-uri, form-action, frame-ancestors) falls back to nothing.
FALLBACKS: dict[str, tuple[str, ...]] = {
    "child-src": ("child-src", "default-src"),
    "connect-src": ("connect-src", "default-src"),
    "font-src": ("font-src", "default-src"),
    "frame-src": ("frame-src", "child-src", "default-src"),
    "img-src": ("img-src", "default-src"),
    "manifest-src": ("manifest-src", "default-src"),
    "media-src": ("media-src", "default-src"),
    "object-src": ("object-src", "default-src"),
    "script-src": ("script-src", "default-src"),
    "script-src-attr": ("script-src-attr", "script-src", "default-src"),
    "script-src-elem": ("script-src-elem", "script-src", "default-src"),
    "style-src": ("style-src", "default-src"),
    "style-src-attr": ("style-src-attr", "style-src", "default-src"),
    "style-src-elem": ("style-src-elem", "style-src", "default-src"),
    "worker-src": ("worker-src", "child-src", "script-src", "default-src"),
    # The Fenced Frame draft.
    "fenced-frame-src": ("fenced-frame-src", "frame-src", "child-src", "default-src"),
    "base-uri": ("base-uri",),
    "form-action": ("form-action",),
    "frame-ancestors": ("frame-ancestors",),
}

#: What decides about scripts, and what about styles. eval() asks script-src itself, never
#: script-src-elem (section 4.5).
SCRIPTS = ("script-src-elem", "script-src-attr", "script-src")
STYLES = ("style-src-elem", "style-src-attr", "style-src")
