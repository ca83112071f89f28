"""What the site's template engines say about escaping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.module_loading import import_string

from ringfence.finding import Findings
from ringfence.replaced import ENGINES

__all__ = ["escapes_by_context", "template_findings"]


def template_findings(templates: Sequence[Mapping[str, Any]], findings: Findings) -> None:
    """Add what is wrong with ``templates``, the setting ``TEMPLATES``. Never raises."""
    for index, engine in enumerate(templates):
        backend = str(engine.get("BACKEND", ""))
        instead = _instead(backend)
        if instead is not None:
            own = backend not in ENGINES
            findings.add(
                "ESC201",
                setting=f"TEMPLATES[{index}]['BACKEND']",
                value=backend,
                reason="it escapes every variable as if it stood in HTML text: in a link, a "
                "handler, a script or an unquoted attribute it may become code.",
                fix=f"Let it be a subclass of {instead}." if own else f'Write "{instead}".',
            )
        options = engine.get("OPTIONS") or {}
        if isinstance(options, Mapping) and options.get("autoescape") is False:
            findings.add(
                "ESC105",
                setting=f"TEMPLATES[{index}]['OPTIONS']['autoescape']",
                value=False,
                reason="every variable of every template is taken for markup that you wrote.",
                fix="Remove it; write {% autoescape off %} around what is no HTML, or give those "
                "templates names that end in .txt.",
            )


def escapes_by_context(backend: str) -> bool:
    """Whether the engine at that path is one of ours, or made of one."""
    return any(name.startswith("ringfence.") for name in _bases(backend))


def _instead(backend: str) -> str | None:
    """Return which of our engines to write, None where the engine is ours or of another kind."""
    bases = _bases(backend)
    if any(name.startswith("ringfence.") for name in bases):
        return None
    return next((ENGINES[name] for name in bases if name in ENGINES), None)


def _bases(backend: str) -> list[str]:
    if backend in ENGINES or backend.startswith("ringfence."):
        return [backend]
    try:
        found = import_string(backend)
    except ImportError:  # Django says so itself
        return []
    return [f"{base.__module__}.{base.__qualname__}" for base in getattr(found, "__mro__", ())]
