"""What a page is made of, as parsers see it that share no code with the ring.

HTML by Lexbor (the standard's algorithm), JavaScript by Esprima's scanner, CSS by tinycss2. Two
pages of the same template must have the same shape, whatever data they bring.
"""

from __future__ import annotations

import functools
import itertools
import re
from typing import Any
from urllib.parse import unquote

import esprima
import tinycss2
from selectolax.lexbor import LexborHTMLParser

#: What the ring writes where it refuses.
REFUSED = "ringfence-refused"

_URL_ATTRIBUTES = frozenset(
    [
        "href",
        "src",
        "action",
        "formaction",
        "xlink:href",
        "poster",
        "cite",
        "background",
        "to",
        "from",
        "values",
        "ping",
        "codebase",
        "manifest",
        "srcset",
    ]
)
#: Elements whose URL brings code.
_LOADING = {
    ("script", "src"),
    ("iframe", "src"),
    ("embed", "src"),
    ("object", "data"),
    ("base", "href"),
}
_ANIMATION = frozenset({"animate", "set"})
_ANIMATED = frozenset({"to", "from", "values"})
_MEDIA = frozenset({"img", "video", "audio", "source", "input"})
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*(?=:)")
_CODE = frozenset({"javascript", "vbscript", "livescript", "data", "blob", "filesystem"})
_JAVASCRIPT = frozenset({"", "module", "text/javascript", "application/json"})
_REFRESH = re.compile(r"(?is)^[^;,]*[;,]\s*(?:url\s*=)?\s*['\"]?", re.ASCII)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_NUMBERED = re.compile("(?:_refused|[0-9])+$")
_HANDLER = re.compile("on[a-z]")
_CONTROL = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v"}


#: In these begins SVG, or may HTML begin again.
_NOT_MATHML = frozenset(
    {"svg", "foreignobject", "foreignObject", "desc", "annotation-xml"}
    | {"mi", "mo", "mn", "ms", "mtext"}
)
#: Needles of that length are in many names by chance.
_SHORT = 2
#: Where a harmless value was written, or refused.
_OPEN = re.compile(f"zzz|-?{REFUSED}")
_OPEN_INSIDE = re.compile(f"zzz|{REFUSED}")
_QUOTES = frozenset("\"'")
#: The names that the grammar's templates begin and an empty value does not go on with.
_BEGUN = frozenset({"data-", "on", "qa", "x-"})


class View:
    """One page, reduced to what data must not change.

    ``needles`` are the values' own texts: a name that a variable is part of is anybody's.
    ``harmless`` is the view of the page with harmless values: where that one's names have such a
    value, this one's may have a needle, however short, or nothing.
    """

    def __init__(self, page: str, needles: tuple[str, ...], harmless: View | None = None) -> None:
        self.needles = tuple(needle for needle in needles if len(needle) > _SHORT)
        self.completed = harmless.completed_with(needles) if harmless else None
        self.judged: dict[str, bool] = {}
        #: The names with a harmless value in them, or with what stands where one was refused.
        self.open_names: set[str] = set()
        #: The scripts, handlers and styles in the page's order, each with its kind.
        self.code: list[tuple[str, str]] = []
        #: The URLs: element, attribute, and value.
        self.urls: list[tuple[str, str, str]] = []
        self.supplied: list[str] = []
        self.shape = self.document(page)

    def document(self, page: str) -> tuple:
        """Return the shape of a whole document."""
        # A lone surrogate has no bytes; a response would not get that far.
        parsed = LexborHTMLParser(page.encode("utf-8", "replace").decode())
        # Comments may stand before and behind the root element.
        nodes = parsed.root.parent.iter() if parsed.root.parent else [parsed.root]
        return tuple(self.node(each) for each in nodes if each.tag != "-doctype")

    def node(self, node: Any) -> tuple:
        """Return the name, the attributes and the shapes of the children; comments count."""
        # A processing instruction has no name here; older parsers make a comment of it.
        if node.tag in (None, "-comment"):
            return ("-comment",)
        name = self.named(node.tag)
        attributes = node.attributes
        names = []
        for attribute, value in attributes.items():
            if self.is_supplied(attribute):
                self.supplied.append(attribute)
            elif not _QUOTES.intersection(attribute):
                # A quote that nothing closes is a name, or part of one, as white space has it.
                names.append(attribute)
            if value is not None and not (self.is_supplied(attribute) and attribute[:2] == "on"):
                self.attribute(node.tag, attribute, value, attributes)
        if node.tag in ("script", "style"):
            self.content(node, attributes)
        inner: tuple = ()
        if attributes.get("srcdoc"):
            inner = self.document(attributes["srcdoc"])
        children = tuple(
            self.node(child) for child in node.iter(include_text=True) if child.tag != "-text"
        )
        return (name, tuple(sorted(names)), inner, children)

    def is_supplied(self, name: str) -> bool:
        """Whether a variable may be part of the name."""
        known = self.judged.get(name)
        if known is None:
            if _OPEN.search(name):
                self.open_names.add(name)
            known = self.judged[name] = (
                name in _BEGUN
                or any(needle in name for needle in self.needles)
                or (self.completed is not None and self.completed.fullmatch(name) is not None)
            )
        return known

    def completed_with(self, needles: tuple[str, ...]) -> re.Pattern[str] | None:
        """Return what this view's open names may be with other values, None if it has none."""
        if not self.open_names:
            return None
        some = "|".join(re.escape(needle) for needle in sorted(needles, key=len, reverse=True))
        some = f"(?:{some}|-{REFUSED}){{0,2}}"
        names = {some}
        # The dash in front of what was refused may be the template's own.
        split = itertools.product((_OPEN, _OPEN_INSIDE), self.open_names)
        for pattern, name in split:
            parts = [re.escape(part) for part in pattern.split(name)]
            # What Django vouches for may begin or end with a blank, which parts a name: what
            # stands before it, behind it, and the value are names of their own then.
            names |= {
                some + some.join(parts[first:last]) + some
                for first, last in itertools.combinations(range(len(parts) + 1), 2)
                if any(parts[first:last])
            }
        return re.compile("|".join(sorted(names)))

    def named(self, tag: str) -> str:
        """Return the element's name, ``*`` where a variable may be part of it."""
        return "*" if self.is_supplied(tag) else tag

    def attribute(self, tag: str, name: str, value: str, others: dict[str, Any]) -> None:
        """Keep what is code or a URL."""
        if _HANDLER.match(name):
            self.code.append(("js", value))
        elif name == "style":
            self.code.append(("declarations", value))
        elif name in _URL_ATTRIBUTES and (tag in _ANIMATION or name not in _ANIMATED):
            self.urls.append((tag, name, value))
        elif (tag, name) == ("object", "data"):
            # On any other element it is nobody's: HTML, "attributes" index.
            self.urls.append((tag, name, value))
        elif (tag, name) == ("meta", "content") and _is_refresh(others.get("http-equiv")):
            self.urls.append((tag, name, _REFRESH.sub("", value)))

    def content(self, node: Any, attributes: dict[str, Any]) -> None:
        """Keep the text of a script or a style sheet."""
        text = node.text(deep=True)
        if _is_mathml(node):
            # HTML and SVG have these elements, MathML has not: it runs and applies nothing.
            self.code.append(("other", text))
        elif node.tag == "style":
            self.code.append(("css", text))
        else:
            kind = (attributes.get("type") or "").strip().lower()
            self.code.append(("js" if kind in _JAVASCRIPT else "other", text))


def _is_refresh(pragma: str | None) -> bool:
    return (pragma or "").strip().lower() == "refresh"


def _is_mathml(node: Any) -> bool:
    """Whether the element is of MathML (HTML, "tree construction dispatcher")."""
    while (node := node.parent) is not None:
        if node.tag == "math":
            return True
        if node.tag in _NOT_MATHML:
            return False
    return False


#: HTML, "the list of active formatting elements".
_FORMATTING = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong"}
    | {"tt", "u"}
)


def _own(shape: tuple, seen: set) -> tuple:
    """Return ``shape`` without formatting elements that text opened again, and holds alone."""
    kept = []
    for child in shape:
        if len(child) == 1:
            kept.append(child)
            continue
        name, names, inner, children = child
        again = name in _FORMATTING and (name, names) in seen
        seen.add((name, names))
        children = _own(children, seen)
        if children or inner or not again:
            kept.append((name, names, inner, children))
    return tuple(kept)


def differences(found: View, expected: View, *, blank: bool = False) -> list[str]:
    """Return what data changed: an empty list where nothing is wrong.

    ``blank`` says that a value is nothing but blanks, which open no formatting element again.
    """
    same = found.shape == expected.shape or (
        blank and _own(found.shape, set()) == _own(expected.shape, set())
    )
    if not same:
        return [f"the tree is {found.shape}, not {expected.shape}"]
    problems = [
        f"data brought the attribute {name}"
        for name in found.supplied
        if (_HANDLER.match(name) or name in ("style", "srcdoc"))
        and name not in expected.supplied
        and REFUSED not in name
    ]
    if len(found.code) == len(expected.code):
        for (kind, text), (_, safe) in zip(found.code, expected.code, strict=True):
            if text != safe:
                problems += _code_differs(kind, text, safe)
    else:
        problems.append(f"code is {found.code}, not {expected.code}")
    return problems + _urls_differ(found.urls, expected.urls)


def _urls_differ(
    found: list[tuple[str, str, str]], expected: list[tuple[str, str, str]]
) -> list[str]:
    if len(found) == len(expected):
        return [
            problem
            for (tag, name, url), (_, _, safe) in zip(found, expected, strict=True)
            if url != safe
            for problem in _url_differs(tag, name, url, safe)
        ]
    # Data named an attribute that has a URL: which of them is not known, and each has to be as
    # good as one of the template's own, or as a link within the site.
    problems = []
    for tag, name, url in found:
        own = ["", *(safe for *place, safe in expected if place == [tag, name])]
        if url not in own and all(_url_differs(tag, name, url, safe) for safe in own):
            problems += _url_differs(tag, name, url, "")
    return problems


def _code_differs(kind: str, text: str, safe: str) -> list[str]:
    if kind == "other":
        return []
    if kind == "js" and not _runs(safe):
        return []
    shape = _javascript if kind == "js" else _css_of
    expected = shape(safe)
    if expected is None or "error" in str(expected):
        return []  # the template's own code is no code
    found = shape(text)
    return [] if found == expected else [f"{kind} is {text!r}: {found}, not {expected}"]


#: What Esprima raises for what is no code: its own error, or, of some broken template literals
#: and numbers, whatever its assumptions come to. A page's text that has this is compared with a
#: harmless one's that must not have it.
_NO_CODE = (
    *(esprima.Error, RecursionError, IndexError, ValueError),
    *(TypeError, AttributeError, AssertionError),
)


@functools.lru_cache(maxsize=4096)
def _javascript(text: str) -> tuple | None:
    """Return the kinds of the tokens, None where the text has none."""
    try:
        tokens = esprima.tokenize(text)
    except _NO_CODE:
        return None
    shape: list[Any] = []
    for token in tokens:
        if token.type in ("Numeric", "Boolean", "Null", "String"):
            negative = shape[-1:] == ["-"] and (len(shape) < 2 or shape[-2] != "value")
            if negative and token.type == "Numeric":
                shape.pop()
            markup = token.type == "String" and "<" in (token.value or "") and _markup(token.value)
            shape.append(("markup", markup) if markup else "value")
        elif token.type == "Template":
            shape.append(token.value[:1] + token.value[-1:])
        elif token.type == "RegularExpression":
            shape.append("regex")
        else:
            # A number may go on with a name that the template began; anything else is refused.
            shape.append(_NUMBERED.sub("", token.value) or token.value)
    return tuple(shape)


@functools.lru_cache(maxsize=4096)
def _runs(text: str) -> bool:
    """Whether the text is a script, a module, a handler's body, or JSON."""
    for source, parse in (
        (text, esprima.parseScript),
        (f"function f() {{{text}\n}}", esprima.parseScript),
        (f"({text})", esprima.parseScript),
        (text, esprima.parseModule),
    ):
        try:
            parse(source)
        except _NO_CODE:
            continue
        return True
    return False


def _markup(literal: str) -> tuple | None:
    """Return the shape of HTML that a string literal's text is; None where it is only text."""

    def resolve(match: re.Match[str]) -> str:
        number = match[1] or match[2]
        return chr(int(number, 16)) if number else _CONTROL.get(match[3], match[3])

    view = View(_ESCAPE.sub(resolve, literal[1:-1]), ("zzz", REFUSED))
    body = view.shape[-1][3][-1]
    code = tuple(_javascript(text) if kind == "js" else text for kind, text in view.code)
    return (_of_consequence(body[3]), code) if body[3] else None


def _of_consequence(shape: tuple) -> tuple:
    """Return ``shape`` without the attributes that data may name: those that are only text."""
    return tuple(
        child
        if len(child) == 1
        else (child[0], tuple(filter(_is_code, child[1])), child[2], _of_consequence(child[3]))
        for child in shape
    )


def _is_code(name: str) -> bool:
    return bool(_HANDLER.match(name)) or name in _URL_ATTRIBUTES | {"style", "srcdoc", "data"}


@functools.lru_cache(maxsize=4096)
def _css_of(text: str) -> tuple:
    return _css(tinycss2.parse_component_value_list(text, skip_comments=True))


_CSS_VALUES = frozenset(
    {"ident", "string", "number", "dimension", "percentage", "url", "hash"} | {"unicode-range"}
)
#: What is part of a value and begins nothing.
_CSS_SIGNS = frozenset("+-.,/*%")

_WITHOUT_DASHES = {"<!--": ("<", "!"), "-->": (">",)}


def _css(tokens: list[Any]) -> tuple:
    shape: list[Any] = []
    empty = True
    for token in tokens:
        if token.type == "whitespace":
            continue
        ends = token.type == "literal" and token.value == ";"
        if ends and empty:
            # Between declarations a semicolon more is discarded (CSS Syntax, "consume a block's
            # contents"): a variable that stands for declarations may bring none but it.
            continue
        empty = ends
        if token.type in _CSS_VALUES:
            continue
        if token.type == "function":
            shape.append((token.lower_name, _css(token.arguments)))
        elif token.type.endswith(" block"):
            inside = _css(token.content)
            # Values in parentheses are a value (CSS Values, "calc()"), and elsewhere nothing.
            if inside or token.type != "() block":
                shape.append((token.type, inside))
        elif getattr(token, "value", "") not in _CSS_SIGNS:
            # Dashes belong to a name before or behind them, and begin and end nothing in a block.
            value = getattr(token, "value", token.type)
            shape += _WITHOUT_DASHES.get(value, (value,))
    return tuple(shape)


def _url_differs(tag: str, name: str, url: str, safe: str) -> list[str]:
    if name == "srcset":
        return [f"{tag} {name} {url!r}" for each in _candidates(url) if _dangerous(tag, name, each)]
    if name == "values":
        return [f"{tag} {name} {url!r}" for each in url.split(";") if _dangerous(tag, name, each)]
    wanted, got = _scheme(safe), _scheme(url)
    if wanted in _CODE:
        if got != wanted:
            return []
        return _code_differs("js", unquote(_code_of(url)), unquote(_code_of(safe)))
    problems = []
    if _dangerous(tag, name, url):
        problems.append(f"{tag} {name} has the URL {url!r}")
    host = _host(url)
    # A host or a scheme in which something was refused is nobody's, and nothing loads from
    # about:invalid (CSS Values, "about:invalid").
    nowhere = REFUSED in host or _cleaned(url).startswith(f"about:invalid#{REFUSED}")
    # An empty value leaves the scheme that the template's text is by itself.
    own = _host(_OPEN_INSIDE.sub("", safe))
    if (tag, name) in _LOADING and host not in (_host(safe), own, "") and not nowhere:
        problems.append(f"{tag} {name} loads from {host!r}: {url!r}, not {safe!r}")
    return problems


def _candidates(srcset: str) -> list[str]:
    """Return the URLs (HTML, "parse a srcset attribute"): white space ends one, not a comma."""
    return [
        found[1].rstrip(",")
        for found in re.finditer(r"[\t\n\f\r ,]*([^\t\n\f\r ]+)(?:(?<!,)[^,]*)", srcset)
    ]


def _cleaned(url: str) -> str:
    """Do what every URL parser does first (URL standard, "basic URL parser")."""
    return re.sub(r"[\t\n\r]", "", url.strip("".join(map(chr, range(33)))))


def _scheme(url: str) -> str:
    match = _SCHEME.match(_cleaned(url))
    return match[0].lower() if match else ""


def _code_of(url: str) -> str:
    return _cleaned(url).partition(":")[2]


def _dangerous(tag: str, name: str, url: str) -> bool:
    scheme = _scheme(url)
    if scheme == "data" and tag in _MEDIA and name in ("src", "srcset", "poster"):
        return False
    return scheme in _CODE


def _host(url: str) -> str:
    text = _cleaned(url).replace("\\", "/")
    scheme = _scheme(text)
    if scheme in ("http", "https", "ftp", "ws", "wss"):
        rest = text.partition(":")[2]
        # With the page's own scheme the slashes decide; with another they do not matter.
        if not rest.startswith("//") and scheme == "https":
            return ""
        text = "//" + rest.lstrip("/")
    elif scheme:
        return scheme + ":"
    if not text.startswith("//"):
        return ""
    authority = re.split(r"[/?#]", text.lstrip("/"), maxsplit=1)[0]
    return authority.rpartition("@")[2].lower()
