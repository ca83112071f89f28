"""Random templates and random values: HTML as people write it, odd, and broken on purpose."""

from __future__ import annotations

import datetime
import decimal
import random
from dataclasses import dataclass
from typing import Any

_FILTERS = [
    "upper",
    "lower",
    "title",
    "escape",
    "force_escape",
    "escapejs",
    "urlencode",
    "addslashes",
    "iriencode",
    "slugify",
    "cut:'a'",
    "default:'zzz'",
    "truncatechars:9",
    "stringformat:'s'",
]
_WORDS = (
    "Dear",
    "a < b",
    "R &amp; D",
    "&lt;",
    "&#60",
    "&am",
    "x &",
    "<3",
    "1 > 0",
    "é",
    "\n",
    "\t",
)
_ODD = (
    *("<!>", "</>", "<?php a ?>", "<!doctype html>", "<![CDATA[x]]>", "<!-->", "<!--->", "<//p>"),
    *(
        "<!-- a <!-- b -->",
        "<!-- x --!>",
        "<p/>",
        "<p/a>",
        "<p =a>",
        "<p a=>",
        "<p a=b/>",
        "</p a=b>",
    ),
    *("<p a='b'c>", '<p a="b"/c>', "<P ID=x>", "<br/>", "<img src=a.png alt=>"),
)
_ELEMENTS = ("div", "p", "span", "section", "i", "li", "h2", "button", "label", "x-tag", "form")
_PLAIN = ("title", "class", "id", "data-x", "alt", "value", "lang", "ARIA-label", "x")
_URLS = (
    ("a", "href"),
    ("img", "src"),
    ("form", "action"),
    ("button", "formaction"),
    ("script", "src"),
    ("iframe", "src"),
    ("embed", "src"),
    ("object", "data"),
    ("video", "poster"),
    ("area", "HREF"),
    ("a", "ping"),
    ("img", "srcset"),
    ("blockquote", "cite"),
    ("svg", "xlink:href"),
    ("x-a", "src"),
)
_STARTS = ("", "/", "?q=", "#", "/a/", "https://www.example/", "mailto:", "  ", "java", "//", "x:")
_SCRIPTS = (
    ("var a = ", "value", ";"),
    ("var a = '", "string", "';"),
    ('go("x ', "string", '", 1);'),
    ("var t = `a ", "string", "`;"),
    ("go(", "value", ", [1, 2]);"),
    ("var o = {a: ", "value", ", b: 'x'};"),
    ("// note ", "comment", "\ngo();"),
    ("/* note ", "comment", " */ go();"),
    ("if (a < ", "value", ") { b('</p>') }"),
    ("el.innerHTML = '<p>", "string", "</p>';"),
    ("el.innerHTML = '<a title=\"", "string", "\">x</a>';"),
    ("var r = /a", "string", "b/g;"),
    ("var t = `${ ", "value", " }`;"),
    ("a = 1 / 2; b = '", "string", "' / 3;"),
    ("<!-- hidden\ngo('", "string", "');\n//-->"),
    ("", "value", ""),
    ("go('<script>", "string", "<\\/script>');"),
)
_STYLES = (
    ("p { color: ", "; }"),
    ("p { background: url(", "); }"),
    ("p { background: url('", "'); }"),
    ("p::after { content: '", "'; }"),
    ("/* ", " */ p { top: 0 }"),
    (".a-", " { top: 0 }"),
    ("@import '", "';"),
)
_DECLARATIONS = (
    ("color: ", ""),
    ("width: ", "px; top: 0"),
    ("background: url(", ")"),
)

#: What attacks are made of.
FRAGMENTS = (
    *('"', "'", "`", "<", ">", "&", "=", "/", "\\", " ", "\n", "\r", "\t", "\f", "\0", "-", "--"),
    *("<!--", "-->", "--!>", "]]>", "<![CDATA[", "</script>", "<script>", "<script", "</style>"),
    *(
        "</title>",
        "</textarea>",
        "</iframe>",
        "</xmp>",
        "</svg>",
        "</p>",
        "<plaintext>",
        "</",
        "<!",
    ),
    *("<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", " onclick=alert(1) ", "onclick"),
    *("' onmouseover='alert(1)", '" onmouseover="alert(1)', " style=x ", "srcdoc", "href", " a=b "),
    *(
        "javascript:alert(1)",
        "JaVa\tScRiPt:",
        "javascript:",
        ":",
        "javascript",
        "data:text/html,",
        "vbscript:",
    ),
    *(
        "//evil.example",
        "https://evil.example/x.js",
        "\\\\evil.example",
        "/\\evil.example",
        "@evil.example",
    ),
    *(
        "&quot;",
        "&#34;",
        "&#x27;",
        "&lt;",
        "&colon;",
        "&NewLine;",
        "&",
        "&#",
        "amp;",
        "lt;",
        "#58;",
    ),
    *(
        "${alert(1)}",
        "${",
        "{",
        "}",
        "{{",
        "}}",
        ";",
        ",",
        "(",
        ")",
        "[",
        "]",
        "alert(1)",
        "//",
        "/*",
        "*/",
    ),
    *(
        '"+alert(1)+"',
        "'-alert(1)-'",
        "\u2028",
        "\u2029",
        "\\u0022",
        "\\x27",
        "\\",
        "%22",
        "%27",
        "%3C",
    ),
    *(
        "url(javascript:alert(1))",
        "expression(alert(1))",
        "@import",
        "%",
        "+",
        "é",
        "\U0001f600",
        "\ufeff",
    ),
    *(
        "zażółć",
        "1",
        "true",
        "null",
        "text",
        "two words",
        "it's",
        "a&b=c",
        "50%",
        "#fff",
        ".5",
        "\x0b",
        "\x85",
    ),
)


@dataclass(frozen=True, slots=True)
class Case:
    """A template's source and the sources that it includes."""

    source: str
    parts: dict[str, str]
    #: Whether a tag or an element's place can depend on whether a value is blank.
    fragile: bool


class Grammar:
    """Makes templates and values from one source of chance."""

    def __init__(self, seed: object) -> None:
        self.random = random.Random(seed)  # noqa: S311 - to be repeated
        self.parts: dict[str, str] = {}
        self.fragile = False

    def chance(self, share: float) -> bool:
        """Return True in that share of the calls."""
        return self.random.random() < share

    def template(self) -> Case:
        """Return a template of a few constructs."""
        self.parts = {}
        self.fragile = False
        pieces = ["<!doctype html><body>x"]
        for _ in range(self.random.randint(1, 4)):
            pieces += self.construct(2)
        if self.chance(0.25):
            self.damage(pieces)
        # A brace of the page's before one of Django's would be read as its tag's beginning.
        source = "".join(piece + " " if piece.endswith("{") else piece for piece in pieces)
        return Case(source, self.parts, fragile=self.fragile)

    def damage(self, pieces: list[str]) -> None:
        """Remove, double or add a character of the template's text."""
        self.fragile = True
        for _ in range(self.random.randint(1, 2)):
            at = self.random.randrange(1, len(pieces)) if len(pieces) > 1 else 0
            text = pieces[at]
            if not text or text[:2] in ("{{", "{%"):
                continue
            where = self.random.randrange(len(text))
            new = self.random.choice(
                ("", text[where] * 2, text[where] + self.random.choice("<>\"'`=/ &-!"))
            )
            pieces[at] = (
                (text[:where] + new + text[where + 1 :]).replace("{{", "{ {").replace("{%", "{ %")
            )

    def variable(self) -> str:
        """Return a variable's tag."""
        name = self.random.choice("aab")
        if self.chance(0.2):
            name += "|" + self.random.choice(_FILTERS)
        return "{{ " + name + " }}"

    def run(self) -> list[str]:
        """Return what stands where one variable could: one, or more, or a tag around it."""
        kind = self.random.random()
        one = self.variable()
        if kind < 0.6:
            return [one]
        if kind < 0.7:
            return [one, self.random.choice(("x", "-", "/", " ", ":", "&", "~")), self.variable()]
        if kind < 0.76:
            return ["{% if yes %}", one, "{% else %}", "no", "{% endif %}"]
        if kind < 0.82:
            return ["{% for i in three %}", one, " ", "{% endfor %}"]
        if kind < 0.86:
            return ["{% with c=a %}", "{{ c }}", "{% endwith %}"]
        if kind < 0.9:
            return ["{% firstof nothing a %}"]
        if kind < 0.94:
            return ["{% filter lower %}", one, "{% endfilter %}"]
        name = f"part{len(self.parts)}"
        self.parts[name] = one + self.random.choice(("", "x", "\n"))
        return [f'{{% include "{name}" %}}']

    def construct(self, depth: int) -> list[str]:
        """Return one construct, with others in it."""
        make = self.random.choices(
            (
                self.text, self.element, self.url, self.script, self.style, self.handler,
                self.comment, self.raw, self.odd, self.foreign, self.document, self.names,
                self.table, self.block, self.unfinished, self.meta,
            ),
            (4, 6, 5, 5, 2, 3, 2, 2, 2, 2, 1, 1, 1, 2, 1, 1),
        )[0]  # fmt: skip
        return make(depth) if depth else self.text(0)

    def text(self, _depth: int) -> list[str]:
        """Return words, with variables among them."""
        return [self.random.choice(_WORDS), *self.run(), self.random.choice(_WORDS), " "]

    def quoted(self, *value: str) -> list[str]:
        """Return an attribute's value from its equals sign on, in some kind of quotes."""
        quote = self.random.choice(('"', '"', '"', "'", "'", ""))
        if not quote:
            value = tuple(part if part[:1] == "{" else _unquotable(part) for part in value)
            value = value if any(value) else ("a",)
        equals = self.random.choice(("=", "=", "=", " = ", "=\n"))
        return [equals + quote, *value, quote]

    def attribute(self) -> list[str]:
        """Return an attribute, and the space before it."""
        name = self.random.choice(_PLAIN)
        if self.chance(0.3):
            return [f" {name}", *self.quoted(self.random.choice(("a", "a b", "&quot;", "")))]
        if self.chance(0.15):
            return [" style", *self.styled()]
        return [f" {name}", *self.quoted(self.random.choice(("", "", "x ", "&am")), *self.run())]

    def styled(self) -> list[str]:
        """Return the value of a style attribute."""
        before, after = self.random.choice(_DECLARATIONS)
        return self.quoted(before, *self.run(), after)

    def attributes(self) -> list[str]:
        """Return some attributes."""
        return [part for _ in range(self.random.randint(0, 3)) for part in self.attribute()]

    def element(self, depth: int) -> list[str]:
        """Return an element with content."""
        name = self.random.choice(_ELEMENTS)
        inside = self.construct(depth - 1)
        return [f"<{name}", *self.attributes(), ">", *inside, f"</{name}>"]

    def url(self, _depth: int) -> list[str]:
        """Return a tag that has a URL."""
        element, attribute = self.random.choice(_URLS)
        value = self.quoted(
            self.random.choice(_STARTS), *self.run(), self.random.choice(("", "/x", "?a=1&b=2"))
        )
        tag = [f"<{element}", *self.attributes(), f" {attribute}", *value, *self.attributes(), ">"]
        return [*tag, "", f"</{element}>"]

    def script(self, _depth: int) -> list[str]:
        """Return a script of a few statements."""
        kind = self.random.choice(
            ("", "", "", " type=module", ' type="application/json"', " type=text/x")
        )
        pieces = [f"<script{kind}>"]
        if "json" in kind:
            pieces += ['{"a": "', *self.run(), '", "b": ', self.variable(), "}"]
        else:
            for _ in range(self.random.randint(1, 3)):
                before, _place, after = self.random.choice(_SCRIPTS)
                pieces += [before, *self.run(), after, "\n"]
        return [*pieces, self.random.choice(("</script>", "</script>", "</SCRIPT >"))]

    def handler(self, _depth: int) -> list[str]:
        """Return a tag with JavaScript in an attribute."""
        before, _place, after = self.random.choice(_SCRIPTS)
        name, begin = self.random.choice(
            (("onclick", ""), ("ONLOAD", "return "), ("href", "javascript:"))
        )
        value = [(begin + before).replace('"', "&quot;").replace("\n", " "), *self.run(), after]
        value[-1] = value[-1].replace('"', "&#34;").replace("'", "&#39;")
        return [f'<a {name}="', *value, '"', *self.attributes(), ">x</a>"]

    def style(self, _depth: int) -> list[str]:
        """Return a style sheet."""
        before, after = self.random.choice(_STYLES)
        return ["<style>", before, *self.run(), after, "</style>"]

    def comment(self, _depth: int) -> list[str]:
        """Return a comment of some kind."""
        before, after = self.random.choice(
            (
                ("<!-- ", " -->"),
                ("<!--", "-->"),
                ("<!-- a -", "- -->"),
                ("<!", ">"),
                ("<?", ">"),
                ("</ ", ">"),
            )
        )
        return [before, *self.run(), after]

    def raw(self, _depth: int) -> list[str]:
        """Return an element whose content is text."""
        name = self.random.choice(
            ("title", "textarea", "xmp", "iframe", "noembed", "noframes", "TextArea")
        )
        return [f"<{name}", *self.attributes(), ">", "a < b ", *self.run(), f"</{name}>"]

    def odd(self, _depth: int) -> list[str]:
        """Return something that few people write."""
        markup = self.random.choice(_ODD)
        # A stray end tag leaves an <i> of before to be opened again, by text that is not blank.
        self.fragile = self.fragile or markup.startswith("</")
        return [markup, *self.run()]

    def foreign(self, depth: int) -> list[str]:
        """Return SVG or MathML."""
        return self.random.choice(
            (
                [
                    "<svg>",
                    "<a xlink:href",
                    *self.quoted(*self.run()),
                    ">",
                    *self.text(0),
                    "</a></svg>",
                ],
                [
                    "<svg><animate attributeName=href to",
                    *self.quoted(*self.run()),
                    "></animate></svg>",
                ],
                ["<svg><style>", "p{color:", *self.run(), "}", "</style></svg>"],
                ["<svg><script>", "var a = '", *self.run(), "';", "</script></svg>"],
                [
                    "<svg><script><![CDATA[",
                    "a = b[0]; c = ']",
                    *self.run(),
                    "]';",
                    "]]></script></svg>",
                ],
                ["<svg><title>", *self.run(), "</title><desc>", *self.text(depth), "</desc></svg>"],
                ["<svg><![CDATA[", "a ", *self.run(), "]]></svg>"],
                ["<math><mi>", *self.text(0), "</mi></math>"],
                [
                    "<svg><use href",
                    *self.quoted(self.random.choice(("#", "")), *self.run()),
                    "/></svg>",
                ],
            )
        )

    def document(self, _depth: int) -> list[str]:
        """Return an iframe with a document of its own."""
        inside = self.random.choice(
            (
                ("&lt;p>", "&lt;/p>"),
                ("<p title='", "'>x</p>"),
                ("<a href='", "'>x</a>"),
                ("<script>var a = '", "';</script>"),
                ("<p>", "<b>y</b>"),
            )
        )
        return ['<iframe srcdoc="', inside[0], *self.run(), inside[1], '"></iframe>']

    def names(self, _depth: int) -> list[str]:
        """Return a tag with a variable in a name."""
        # Without filters: the oracle looks for the value in the name.
        one = self.random.choice(("{{ a }}", "{{ b }}"))
        return self.random.choice(
            (
                ["<p ", one, ">", "x</p>"],
                ["<p data-", one, '="1">', "x</p>"],
                ["<p ", one, '="', self.variable(), '">', "x</p>"],
                ["<x-", "{{ a }}", " a=b>", "y", "</x-", "{{ a }}", ">"],
                ["<", one, " a=b>", "y"],
                ["<option ", one, ">", "x</option>"],
                ["<p qa", one, ">", "x</p>"],
                ["<p on", one, '="', self.variable(), '">', "x</p>"],
            )
        )

    def table(self, _depth: int) -> list[str]:
        """Return a table."""
        return ["<table><tr><td", *self.attributes(), ">", *self.text(0), "</td></tr></table>"]

    def block(self, depth: int) -> list[str]:
        """Return template tags around a construct."""
        inside = self.construct(depth - 1)
        return self.random.choice(
            (
                ["{% if yes %}", *inside, "{% endif %}"],
                ["{% for i in three %}", *inside, "{% endfor %}"],
                ["<div", "{% if yes %}", *self.attribute(), "{% endif %}", ">", *inside, "</div>"],
                ["{% spaceless %}", *inside, "{% endspaceless %}"],
            )
        )

    def unfinished(self, _depth: int) -> list[str]:
        """Return something that is not closed."""
        self.fragile = True
        return self.random.choice(
            (
                ['<p title="', *self.run()],
                ["<p title='x", *self.run(), " "],
                ["<p title=", *self.run()],
                ["<!-- ", *self.run()],
                ["<script>var a = '", *self.run()],
                ["<textarea>", *self.run()],
                ["<p ", *self.attributes()],
                ["<style>p { color: ", *self.run()],
            )
        )

    def meta(self, _depth: int) -> list[str]:
        """Return a tag of the head."""
        return self.random.choice(
            (
                ['<meta http-equiv=refresh content="0;url=', *self.run(), '">'],
                ['<meta name=description content="', *self.run(), '">'],
                ['<link rel=stylesheet href="', *self.run(), '">'],
                ["<link rel=icon href='", *self.run(), "'>"],
                ["<base href='", *self.run(), "'>"],
            )
        )

    def value(self) -> Any:
        """Return a value: most are attacks."""
        kind = self.random.random()
        if kind < 0.8:
            return self.string()
        return self.random.choice(
            (
                lambda: "",
                lambda: " ",
                lambda: self.random.randint(-9, 10**6),
                lambda: self.random.choice((1.5, 1e300, -0.0, float("inf"))),
                lambda: self.random.choice((True, False, None)),
                lambda: decimal.Decimal("-1.50"),
                lambda: datetime.date(2026, 3, 1),
                lambda: [self.string(), 1],
                lambda: {"k" + self.string(): self.string()},
                lambda: "".join(chr(self.random.randrange(0x2FFF)) for _ in range(9)),
                lambda: "".join(chr(self.random.randrange(256)) for _ in range(9)),
            )
        )()  # fmt: skip

    def string(self) -> str:
        """Return a text made of fragments."""
        return "".join(
            self.random.choice(FRAGMENTS) for _ in range(self.random.choice((1, 1, 2, 2, 3, 5)))
        )


def _unquotable(text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, " \t\n\r\"'`=<>"), None))


def harmless(value: Any) -> Any:
    """Return a value of the same kind with nothing in it that means anything."""
    if isinstance(value, str):
        return "zzz"
    if isinstance(value, list):
        return [harmless(each) for each in value]
    if isinstance(value, dict):
        return {f"zzz{number}": harmless(each) for number, each in enumerate(value.values())}
    return value
