"""Where JavaScript hands a string to another language: a table of names.

A sink is one of ``html`` (the string is parsed as HTML), ``code`` (it is run), ``timer`` (run, if
it is the first argument), ``navigate`` and ``script`` (a URL: one to go to, one that loads code),
``importmap``, ``selector`` (HTML if it begins with ``<``), and ``attribute`` or ``command`` (it
names what decides about the arguments behind it).

Sources: HTML Standard (dynamic markup insertion, timers, navigation, workers), DOM Standard
(``setAttribute``), the DOM sinks of the Trusted Types specification, jQuery's manipulation methods.
"""

from __future__ import annotations

from ringfence.rings.escaping.language import Language

__all__ = ["HANDED_ON", "assigned", "attribute", "called", "fresh", "is_jquery"]

#: Sinks whose strings are a language of their own.
HANDED_ON = frozenset({"html", "navigate", "script", "importmap"})

# ".name" is a property of anything, "name" stands alone, "a.name" is a property of a.
_ASSIGNED = {
    ".innerHTML": "html",
    ".outerHTML": "html",
    ".srcdoc": "html",
    "location": "navigate",
    ".location": "navigate",
    ".href": "navigate",
    ".src": "navigate",
    ".action": "navigate",
    ".formAction": "navigate",
    # An element of this name is one that runs what it holds.
    "script.text": "code",
    "script.textContent": "code",
    "script.innerText": "code",
}

_CALLED = {
    "document.write": "html",
    "document.writeln": "html",
    ".insertAdjacentHTML": "html",
    ".html": "html",
    ".createContextualFragment": "html",
    ".parseFromString": "html",
    ".setHTMLUnsafe": "html",
    ".parseHTMLUnsafe": "html",
    ".parseHTML": "html",
    "eval": "code",
    ".eval": "code",
    ".globalEval": "code",
    "Function": "code",
    ".Function": "code",
    "execScript": "code",
    ".execScript": "code",
    "setTimeout": "timer",
    ".setTimeout": "timer",
    "setInterval": "timer",
    ".setInterval": "timer",
    "location.assign": "navigate",
    "location.replace": "navigate",
    "navigation.navigate": "navigate",
    "document.execCommand": "command",
    "$": "selector",
    ".$": "selector",
    "jQuery": "selector",
    ".jQuery": "selector",
    ".getScript": "script",
    "open": "navigate",
    "window.open": "navigate",
    "import": "script",
    "importScripts": "script",
    ".importScripts": "script",
    "Worker": "script",
    ".Worker": "script",
    "SharedWorker": "script",
    ".SharedWorker": "script",
    ".setAttribute": "attribute",
    ".attr": "attribute",
    ".prop": "attribute",
    ".setAttributeNS": "attribute-ns",
}

# Methods of jQuery's; those of the DOM that have the same name take text, or something else.
_JQUERY = {
    **dict.fromkeys(("append", "prepend", "after", "before", "replaceWith", "html"), "html"),
    **dict.fromkeys(("wrap", "wrapAll", "wrapInner"), "html"),
    **dict.fromkeys(("add", "appendTo", "prependTo", "insertAfter", "insertBefore"), "selector"),
    "replaceAll": "selector",
    # Puts what it fetches into the page, scripts and all.
    "load": "script",
}

_ATTRIBUTES = {
    "srcdoc": "html",
    "innerhtml": "html",
    "outerhtml": "html",
    "href": "navigate",
    "xlink:href": "navigate",
    "src": "navigate",
    "action": "navigate",
    "formaction": "navigate",
    "data": "navigate",
}


# Methods of who knows what: `document["write"](`, `other().write(`.
_UNOWNED = {".write": "html", ".writeln": "html", ".replace": "navigate", ".assign": "navigate"}


def _find(table: dict[str, str], path: str) -> str:
    owner, dot, name = path.rpartition(".")
    if dot:
        return table.get(path) or table.get("." + name, "") if owner else table.get("." + name, "")
    return table.get(path, "")


def assigned(path: str) -> str:
    """Return the sink that an assignment to ``path`` (the last two names of it) is.

    >>> assigned("box.innerHTML"), assigned("location"), assigned("title")
    ('html', 'navigate', '')
    """
    return _find(_ASSIGNED, path)


def called(path: str) -> str:
    """Return the sink that the arguments of a call of ``path`` are.

    >>> called("document.write"), called("location.replace"), called("name.replace")
    ('html', 'navigate', '')
    >>> called("$.append"), called("list.append")
    ('html', '')
    """
    owner, _, name = path.rpartition(".")
    if name in _JQUERY and is_jquery(owner):
        return _JQUERY[name]
    if not owner and path in _UNOWNED:
        return _UNOWNED[path]
    return _find(_CALLED, path)


def is_jquery(path: str) -> bool:
    """Whether ``path`` is jQuery, or by its name one of its objects.

    >>> is_jquery("$"), is_jquery("$list"), is_jquery("list")
    (True, True, False)
    """
    return path.startswith("$") or path == "jQuery"


def attribute(name: str) -> str:
    """Return the sink that an attribute set by its name is.

    >>> attribute("onclick"), attribute("href"), attribute("title")
    ('code', 'navigate', '')
    """
    name = name.lower()
    return "code" if name.startswith("on") else _ATTRIBUTES.get(name, "")


def fresh(sink: str) -> Language | None:
    """Return the state at the start of what is handed to ``sink``."""
    # Each of these languages contains this one: an import above would go in a circle.
    if sink == "html":
        from ringfence.rings.escaping.html import fragment  # noqa: PLC0415

        return fragment()
    if sink in HANDED_ON:
        from ringfence.rings.escaping import url  # noqa: PLC0415

        return url.start(sink)
    return None
