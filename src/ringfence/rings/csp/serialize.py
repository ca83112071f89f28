"""Write a policy exactly as Django or django-csp would, for the stand-alone middleware.

Nothing is judged or repaired here; what they get wrong is got wrong in the same way.
:meth:`~ringfence.rings.csp.model.CspPolicy.compile` is what everything else uses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ringfence.rings.csp.existing import DJANGO_CSP_DIRECTIVES
from ringfence.rings.csp.model import is_nonce

__all__ = ["django_csp_config", "serialize_django", "serialize_django_csp"]


def _with_nonce(values: list[Any], nonce: str | None) -> list[str]:
    """Put the nonce in its place; without one, its placeholder is left out."""
    filled = []
    for value in values:
        if not is_nonce(value):
            filled.append(str(value))
        elif nonce:
            filled.append(f"'nonce-{nonce}'")
    return filled


def serialize_django(config: Mapping[str, Any], nonce: str | None = None) -> str:
    """Return the header's value as Django 6 writes it for ``SECURE_CSP``.

    A directive that is left without a source disappears from the policy, as it does there.

    >>> serialize_django({"default-src": ["'self'"], "script-src": ["<CSP_NONCE_SENTINEL>"]})
    "default-src 'self'"
    """
    parts = []
    for name, value in config.items():
        if value in (None, False):
            continue
        if value is True:
            parts.append(name)
            continue
        if isinstance(value, set):
            values = sorted(value)
        else:
            values = list(value) if isinstance(value, (list, tuple)) else [value]
        filled = _with_nonce(values, nonce)
        if filled:
            parts.append(f"{name} {' '.join(filled)}".rstrip())
    return "; ".join(parts)


def django_csp_config(directives: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what django-csp 4 makes of ``DIRECTIVES``: its one default, no unknown names.

    >>> django_csp_config({"img-src": ["a.example"], "foo": ["b.example"]})
    {'default-src': ["'self'"], 'img-src': ['a.example']}
    """
    if directives is None:
        return None
    known = {name: value for name, value in directives.items() if name in DJANGO_CSP_DIRECTIVES}
    return {"default-src": ["'self'"], **known}


def _listed(value: Any) -> list[Any]:
    if isinstance(value, set):
        return sorted(value)
    return list(value) if isinstance(value, (list, tuple)) else [value]


def serialize_django_csp(
    config: Mapping[str, Any] | None,
    update: Mapping[str, Any] | None = None,
    replace: Mapping[str, Any] | None = None,
    nonce: str | None = None,
) -> str:
    """Return the header's value as django-csp 4 writes it, in a stable order.

    >>> serialize_django_csp({"default-src": ["'self'"]}, update={"img-src": "a.example"})
    "default-src 'self'; img-src a.example"
    """
    if config is None:
        return ""
    merged = {
        name: _listed(value)
        for name, value in {**config, **(replace or {})}.items()
        if value is not None
    }
    for name, value in (update or {}).items():
        if value is not None:
            merged[name] = merged.get(name, []) + _listed(value)
    report_uri = merged.pop("report-uri", None)
    parts = []
    for name, values in merged.items():
        if len(values) == 1 and isinstance(values[0], bool):
            if values[0]:
                parts.append(name)
            continue
        filled = dict.fromkeys(_with_nonce(values, nonce))
        parts.append(f"{name} {' '.join(filled)}".strip())
    if report_uri:
        parts.append(f"report-uri {' '.join(map(str, report_uri))}".strip())
    return "; ".join(parts)
