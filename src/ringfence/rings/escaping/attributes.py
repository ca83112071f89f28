"""What language the value of an attribute is written in.

Sources: the HTML standard's index of attributes (https://html.spec.whatwg.org/#attributes-3) and
its list of obsolete ones (https://html.spec.whatwg.org/#non-conforming-features), SVG 2 on links
(https://www.w3.org/TR/SVG2/linking.html) and SVG Animations Level 2 on what animation writes
(https://www.w3.org/TR/svg-animations-2/). The names of the libraries' own attributes come from
the documentation of Alpine, Vue, AngularJS, htmx, hyperscript, Livewire, Stimulus, Turbo and
Unpoly.

Names are lower case here: whoever reads the tag lowers them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ringfence.patterns import later

__all__ = ["HARMLESS_ELEMENTS", "URL_LISTS", "harmless_name", "language_of"]

#: The languages beside ``url:<role>`` that ``url.start`` reads.
URL_LISTS = frozenset({"srcset", "ping", "animate", "refresh", "meta"})

_HANDLER = later(r"on[a-z]")
_NAME = later(r"[a-z][\w:.-]*", re.ASCII)

# A library reads these as code, in a language of its own that ends in JavaScript's `Function`.
_EXPRESSION = later(
    r"[@:#*(\[]"
    # Alpine and its plug-ins; what is left out has no code: names, classes, selectors, masks, and
    # what is none of Alpine's.
    r"|x-(?!(?:ref|cloak|ignore|transition|teleport|collapse)(?:[:.]|$)|(?:mask|placement|height)$"
    r"|(?:webkit|moz|ms|apple)-)"
    r"|v-"
    # hyperscript
    r"|(?:_|script|data-script)$"
    r"|wire:(?!(?:key|id|ignore|loading|dirty|offline|navigate|current|cloak|ref)(?:\.|$))"
    r"|up-on-"
    r"|(?:data-|x-)?ng-"
    r"|(?:data-)?hx-(?:on|vals|headers|vars|trigger|disinherit|request)(?:[:.-]|$)"
    r"|data-bind$"
)
# Libraries that fetch or follow what these name.
_LIBRARY_URL = later(
    # What these fetch is put into the page, scripts and all.
    r"(?P<stream>(?:data-)?(?:hx-(?:get|post|put|patch|delete|ws|sse)|ws-connect|sse-connect)$)"
    r"|(?P<navigate>(?:data-)?hx-(?:push-url|replace-url)$|data-(?:href|url|src)$)"
)

_NAVIGATE = "url:navigate"
_IMAGE = "url:image"
_MEDIA = "url:media"
_OBJECT = "url:object"

# Attributes whose meaning is the same on every element that has them.
_ANYWHERE = {
    "style": "style",
    "srcdoc": "srcdoc",
    "srcset": "srcset",
    "imagesrcset": "srcset",
    "ping": "ping",
    "formaction": _NAVIGATE,
    "action": _NAVIGATE,
    "cite": _NAVIGATE,
    "longdesc": _NAVIGATE,
    "manifest": "url:link",
    "background": _IMAGE,
    "poster": _IMAGE,
    "lowsrc": _IMAGE,
    "dynsrc": _IMAGE,
    "icon": _IMAGE,
    "codebase": _OBJECT,
    "classid": _OBJECT,
    "archive": _OBJECT,
    "profile": _NAVIGATE,
    "itemtype": _NAVIGATE,
    "itemid": _NAVIGATE,
    "xml:base": "url:base",
}

# Where the element decides. An element without a row gets the row of "*".
_BY_ELEMENT = {
    "src": {
        "script": "url:script",
        "iframe": "url:frame",
        "frame": "url:frame",
        "portal": "url:frame",
        "fencedframe": "url:frame",
        "embed": _OBJECT,
        "audio": _MEDIA,
        "video": _MEDIA,
        "source": _MEDIA,
        "track": _MEDIA,
        "bgsound": _MEDIA,
        # `turbo-frame`, `include-fragment` and their like put what they fetch into the page.
        "turbo-frame": "url:frame",
        "include-fragment": "url:frame",
        "*": _IMAGE,
    },
    "href": {
        "base": "url:base",
        "script": "url:script",
        "use": "url:use",
        "tref": "url:use",
        "image": _IMAGE,
        "feimage": _IMAGE,
        # Inheritance between gradients and patterns, motion paths, animation targets.
        "lineargradient": "url:use",
        "radialgradient": "url:use",
        "pattern": "url:use",
        "textpath": "url:use",
        "mpath": "url:use",
        "*": _NAVIGATE,
    },
    "data": {"object": _OBJECT},
    "code": {"applet": _OBJECT, "embed": _OBJECT},
    "object": {"applet": _OBJECT},
    "pluginspage": {"embed": _NAVIGATE},
    "usemap": {},
}
_BY_ELEMENT["xlink:href"] = {**_BY_ELEMENT["href"], "*": _NAVIGATE}

# Animation may write to `href`, whatever `attributeName` says: the name can come later, or from
# a variable. https://www.w3.org/TR/svg-animations-2/#AnimateElement
_ANIMATION = frozenset({"animate", "set", "animatemotion", "animatetransform", "discard"})
_ANIMATED = frozenset({"to", "from", "by", "values"})

# Plug-ins read these parameters as what to load.
_PARAM_URL = frozenset({"code", "codebase", "data", "filename", "movie", "object", "src", "url"})
_PARAM_PLAIN = frozenset(
    {"align", "allowfullscreen", "autoplay", "bgcolor", "height", "loop", "quality", "width"}
)

# https://html.spec.whatwg.org/#linkTypes, and those of the microformats wiki
_REL_IMAGE = frozenset(
    {"icon", "shortcut", "apple-touch-icon", "apple-touch-icon-precomposed", "mask-icon"}
    | {"apple-touch-startup-image", "fluid-icon"}
)
_REL_NAVIGATE = frozenset(
    {"alternate", "amphtml", "archives", "author", "canonical", "dns-prefetch", "edit", "first"}
    | {"edituri", "help", "home", "hub", "image_src", "index", "last", "license", "me", "micropub"}
    | {"next", "payment", "pingback", "preconnect", "prev", "previous", "privacy-policy", "search"}
    | {"self", "shortlink", "start", "tag", "terms-of-service", "token_endpoint", "top", "up"}
    | {"webmention", "authorization_endpoint", "wlwmanifest", "expect", "contents", "openid.server"}
)

# A variable may supply these names: they only arrange text.
HARMLESS_ELEMENTS = frozenset(
    {"abbr", "address", "article", "aside", "b", "bdi", "bdo", "blockquote", "caption"}
    | {"center", "cite", "code", "dd", "del", "details", "dfn", "div", "dl", "dt", "em"}
    | {"fieldset", "label", "legend"}
    | {"figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header"}
    | {"hgroup", "hr", "i", "ins", "kbd", "li", "main", "mark", "menu", "nav", "ol", "p"}
    | {"pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strike"}
    | {"strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead"}
    | {"time", "tr", "tt", "u", "ul", "var", "wbr"}
)


def language_of(element: str, attribute: str, *, known: Mapping[str, str]) -> str | None:
    """Return the language that the value of ``attribute`` on ``element`` is written in.

    ``known`` holds the literal values that the tag's attributes had so far; an attribute that
    comes later, or that a variable wrote, is missing in it, and the answer is then the most
    careful of those possible. The answer is one of:

    - ``None``: text;
    - ``"handler"``: JavaScript, the body of a function;
    - ``"expression"``: code of a library that runs in the page;
    - ``"style"``: CSS declarations;
    - ``"srcdoc"``: HTML;
    - a name for ``url.start``: one of ``URL_LISTS``, or ``"url:<role>"``.

    >>> language_of("a", "href", known={})
    'url:navigate'
    >>> language_of("link", "href", known={"rel": "icon"})
    'url:navigate'
    >>> language_of("p", "onclick", known={})
    'handler'
    >>> language_of("p", "title", known={}) is None
    True
    """
    if _HANDLER.match(attribute):
        return "handler"
    if _EXPRESSION.match(attribute):
        return "expression"
    if element == "meta" and attribute == "content":
        return _meta(known)
    if element == "param" and attribute == "value":
        return _param(known)
    if element in _ANIMATION and attribute in _ANIMATED:
        return "animate"
    if element == "link" and attribute == "href":
        return _link(known)
    if element == "input" and attribute == "src":
        return _IMAGE
    if attribute in _ANYWHERE:
        return _ANYWHERE[attribute]
    rows = _BY_ELEMENT.get(attribute)
    if rows is not None:
        return rows.get(element, rows.get("*"))
    library = _LIBRARY_URL.match(attribute)
    if library is not None:
        return f"url:{library.lastgroup}"
    if attribute.startswith("xlink:") or ":" not in attribute:
        return None
    # `svg:href`, `foo:style`: in XML a prefix may stand for any namespace.
    local = attribute.rpartition(":")[2]
    return language_of(element, local, known=known) if local else None


def _meta(known: Mapping[str, str]) -> str | None:
    pragma = known.get("http-equiv")
    if pragma is not None:
        return "refresh" if pragma.strip().lower() == "refresh" else None
    # `http-equiv` may still come. A description is then text, unless it reads as a redirect.
    return "meta"


def _param(known: Mapping[str, str]) -> str | None:
    name = known.get("name")
    if name is None or name.strip().lower() in _PARAM_URL:
        return _OBJECT
    return None if name.strip().lower() in _PARAM_PLAIN else _NAVIGATE


def _link(known: Mapping[str, str]) -> str:
    rel = known.get("rel")
    if rel is None:
        return "url:link"
    kinds = frozenset(rel.lower().split())
    if "stylesheet" in kinds:
        return "url:style"
    if not kinds <= _REL_IMAGE | _REL_NAVIGATE:
        return "url:link"
    # An icon that is a `data:` URL is drawn from whatever the visitor wrote: the template's to say.
    return _NAVIGATE


def harmless_name(name: str) -> bool:
    """Whether a variable may supply ``name`` as the name of an attribute.

    Names that make a handler, an expression, a style or a document of whatever value follows are
    not harmless; nor are those that change what the rest of the tag means. Names such as ``href``,
    ``src`` and ``action`` are: ask ``language_of`` what may follow them.

    >>> harmless_name("data-id"), harmless_name("href"), harmless_name("onclick")
    (True, True, False)
    """
    lowered = name.lower()
    if not _NAME.fullmatch(lowered):
        return False
    local = lowered.rpartition(":")[2]
    return not any(_dangerous(each) for each in (lowered, local))


# These change what the other attributes or the content of the element mean.
_TELLING = frozenset({"allow", "attributename", "http-equiv", "is", "sandbox", "shadowrootmode"})
_LOADING = frozenset({"style", "srcdoc", "url:link", "url:base", _OBJECT})


def _dangerous(name: str) -> bool:
    if _HANDLER.match(name) or _EXPRESSION.match(name):
        return True
    return name in _TELLING or name.startswith("xmlns") or _ANYWHERE.get(name) in _LOADING
