"""What a template's path says of it: its engine, and its names."""

from __future__ import annotations

import re
from typing import Final

from ringfence.audit.collect.templates.expressions import listed

__all__ = ["FOLDERS", "engine_of", "is_template", "names_of"]

#: Folders that loaders look into.
FOLDERS: Final = frozenset(("templates", "jinja2", "jinja", "template"))
_JINJA_SUFFIXES = frozenset(("j2", "jinja", "jinja2"))
_LANGUAGES = frozenset(("j2", "jinja", "jinja2", "django", "djhtml", "dj", "dtl"))
_MARKUP = frozenset(("html", "htm", "xhtml", "djhtml", "shtml"))
_OTHERS = listed("xml svg rss atom js css json txt text md eml csv tpl tmpl")

# A tag or an expression that only one of the two languages has.
_ONLY_JINJA = re.compile(
    r"\{%[-+]|[-+]%\}|\{%\s*+(?:macro|endmacro|call|set|import|from|do|raw|endset)\s"
    r"|\{\{-?\s*+(?:super|caller|url|static|_|gettext)\("
)
_ONLY_DJANGO = re.compile(
    r"\{%[ ]*+(?:load|comment|csrf_token|url|static|blocktrans(?:late)?|verbatim|endverbatim"
    r"|get_\w+|with \w+ as|ifequal|translate|thumbnail)\b|\|\w+:[\"'\w]"
)


def _suffixes(path: str) -> list[str]:
    return path.lower().rpartition("/")[2].split(".")[1:]


def is_template(path: str) -> bool:
    """Whether a file of that path may be a template of Django's or Jinja2's.

    >>> is_template("shop/templates/mail.txt"), is_template("README.txt"), is_template("a.j2")
    (True, False, True)
    """
    suffixes = _suffixes(path)
    if not suffixes:
        return False
    if suffixes[-1] in _MARKUP or suffixes[-1] in _LANGUAGES:
        return True
    return suffixes[-1] in _OTHERS and not FOLDERS.isdisjoint(path.split("/")[:-1])


def engine_of(path: str, text: str) -> str:
    """Return ``"django"`` or ``"jinja2"``, by the path, else by what stands in the text.

    >>> engine_of("app/jinja2/a.html", ""), engine_of("a.html", "{%- if x %}{% endif %}")
    ('jinja2', 'jinja2')
    >>> engine_of("app/templates/a.html", "{% load static %}")
    'django'
    """
    parts = path.lower().split("/")
    if not _JINJA_SUFFIXES.isdisjoint(_suffixes(path)):
        return "jinja2"
    if "jinja2" in parts[:-1] or "jinja" in parts[:-1]:
        return "jinja2"
    if "{" in text and _ONLY_JINJA.search(text) and not _ONLY_DJANGO.search(text):
        return "jinja2"
    return "django"


def names_of(path: str) -> tuple[str, ...]:
    """Return the names that a loader may find the template by.

    >>> names_of("shop/templates/shop/cart.html")
    ('shop/cart.html',)
    >>> names_of("themes/cart.html")
    ('themes/cart.html', 'cart.html')
    """
    parts = path.split("/")
    found = [
        "/".join(parts[index + 1 :])
        for index, part in enumerate(parts[:-1])
        if part.lower() in FOLDERS
    ]
    if found:
        return tuple(dict.fromkeys(found))
    return tuple("/".join(parts[index:]) for index in range(len(parts)))
