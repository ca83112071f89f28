"""How a form is filled in by the visitor, and by who forges it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ringfence.prove.stage import FormLike

__all__ = ["filled", "marked_fields"]

_TOKENS = frozenset({"csrfmiddlewaretoken"})


def marked_fields(form: FormLike, marker: str) -> dict[str, str]:
    """Return what to write into the fields that take free text."""
    values = {
        "text": marker,
        "search": marker,
        "textarea": marker,
        "email": f"{marker}@attacker.test",
        "url": f"https://attacker.test/{marker}",
    }
    return {f.name: values[f.kind] for f in form.fields if f.kind in values}


def filled(form: FormLike, marker: str) -> list[tuple[str, str]]:
    """Return the form's fields as an attacker would send them: without the token."""
    marked = marked_fields(form, marker)
    sent = []
    for field in form.fields:
        if field.name in _TOKENS or field.kind in ("file", "submit", "button", "reset", "image"):
            continue
        if field.kind in ("checkbox", "radio") and not field.checked:
            continue
        sent.append((field.name, marked.get(field.name, field.value)))
    return sent
