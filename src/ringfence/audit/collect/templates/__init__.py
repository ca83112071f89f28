"""Templates: a file's text to facts, without Django's settings and without anything of the tree."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ringfence.audit.collect.templates.link import relinked, settle
    from ringfence.audit.collect.templates.paths import is_template
    from ringfence.audit.collect.templates.reader import Standing, read_template
    from ringfence.audit.collect.templates.reader import read_template as read

__all__ = ["Standing", "is_template", "read", "read_template", "relinked", "settle"]

#: Where each stands. Reading needs the escaping ring's parsers; what only wants the lexer does not
#: wait for them.
_PLACES: Final = {
    "Standing": ("reader", "Standing"),
    "is_template": ("paths", "is_template"),
    "read": ("reader", "read_template"),
    "read_template": ("reader", "read_template"),
    "relinked": ("link", "relinked"),
    "settle": ("link", "settle"),
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(name)
    module, own = _PLACES[name]
    found = getattr(import_module(f"{__name__}.{module}"), own)
    globals()[name] = found
    return found
