"""Files that look like templates and are none of Django's or Jinja2's."""

from __future__ import annotations

from ringfence.audit.collect.templates.paths import FOLDERS
from ringfence.patterns import later

__all__ = ["reason_to_skip"]

_TAG = later(r"\{%[-+]?\s*+\w")
_MUSTACHE = later(r"\{\{\{?\s*+[#/>^!&]|\{\{\s*+else\s*+\}\}")
_VUE = later(
    r"\s(?:v-(?:if|for|model|bind|on|else|show)\b|ng-[a-z]+=|\*ng[A-Z]|\[\(?\w+\)?\]=|\(\w+\)=)"
)
_ERB = later(r"<%[=@!#-]?\s")
_MAKO = later(r"<%(?:def|block|inherit|include|namespace|page)\b|\$\{[\w.]++\s*+\|")
_GENERATED = later(r"cookiecutter\.\w|\{\{\s*+copier__")
#: Only the beginning is looked at for what other languages have.
_LOOKED_AT = 200_000


def reason_to_skip(path: str, text: str) -> str:
    """Return why the file is no template of these languages, "" if it may be one.

    >>> reason_to_skip("app/templates/a.html", "<p>{{ x }}")
    ''
    >>> reason_to_skip("app/static/a.hbs.html", "{{#each xs}}{{/each}}")
    "a template of another language (Handlebars' or Mustache's)"
    """
    head = text[:_LOOKED_AT]
    if "\0" in head:
        return "not a text file"
    if "<%" in head and "{%" not in head and (_MAKO.search(head) or _ERB.search(head)):
        return "a template of another language (Mako, ERB or the like)"
    if _GENERATED.search(head) or "{{cookiecutter" in path.replace(" ", ""):
        return "a template that makes a project, not a page"
    if _TAG.search(head):
        return ""
    if "{{" in head:
        if _MUSTACHE.search(head):
            return "a template of another language (Handlebars' or Mustache's)"
        if _VUE.search(head):
            return "a template of another language (Vue's or Angular's)"
        if FOLDERS.isdisjoint(path.lower().split("/")[:-1]):
            return "not in a folder of templates, and no tag of Django's in it"
        return ""
    if FOLDERS.isdisjoint(path.lower().split("/")[:-1]):
        return "no template: nothing of Django's language in it"
    return ""
