"""Places in a template where a variable can stand: data, one row a place.

``{{ x }}`` is the value under test. Every row becomes a whole document of its own. ``read`` is a
JavaScript expression for what arrived, with ``d`` (the document), ``w`` (its window) and ``t``
(the element with that id); where it gives an array, any of its items may be the value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.browser.lab import harmless

__all__ = ["CONTEXTS", "Context", "document"]

TEXT, ATTR = "t.textContent", "t.getAttribute"


def _one(value: Any) -> dict[str, Any]:
    return {"x": value}


def _halves(value: Any) -> dict[str, Any]:
    """The value in two variables, cut in its middle."""
    text = str(value)
    middle = (len(text) + 1) // 2
    return {"x": text[:middle], "y": text[middle:]}


def _at_colon(value: Any) -> dict[str, Any]:
    """The value in two variables, the second beginning with the first colon."""
    head, colon, tail = str(value).partition(":")
    return {"x": head, "y": colon + tail}


def _name_and_value(value: Any) -> dict[str, Any]:
    """The value in two variables, without the colon between them."""
    name, _, text = str(value).partition(":")
    return {"x": name, "y": text}


def _twice(value: Any) -> dict[str, Any]:
    return {"x": value, "y": value}


def _behind_backslash(value: Any) -> dict[str, Any]:
    """The first variable ends in a backslash, which must not disarm what is between them."""
    return {"x": "\\", "y": value}


def _field(value: Any) -> dict[str, Any]:
    from django import forms

    class Form(forms.Form):
        name = forms.CharField(initial=value, label=str(value))
        note = forms.CharField(initial=value, widget=forms.Textarea)
        pick = forms.ChoiceField(choices=[(str(value), str(value))], required=False)

    return {"form": Form()}


@dataclass(frozen=True)
class Context:
    """One place; see the module's docstring for ``source`` and ``read``."""

    name: str
    source: str
    read: str
    #: Groups of harmless values that make sense here.
    accepts: tuple[str, ...] = ("text",)
    #: What such a value reads as where it arrived.
    expect: Callable[[Any], list[Any]] = harmless.as_text
    #: A harmless value to which the page's structure is compared.
    reference: Any = "reference"
    variables: Callable[[Any], Mapping[str, Any]] = _one
    #: Read before anything was clicked, or after.
    after: bool = False
    #: False where the template vouches for markup in HTML text: nothing is counted but intactness.
    counts: bool = True
    #: The syntax is Django's own.
    django_only: bool = False
    #: Other templates that this one needs.
    others: Mapping[str, str] = field(default_factory=dict)
    #: Names in the page's structure that may differ with the value: regular expression, name.
    names: tuple[tuple[str, str], ...] = ()
    #: Why no value can stand here, where none can.
    refused: str = ""
    #: Why no payload can run here even without escaping.
    unattackable: str = ""


HEAD = "<!doctype html><html><head><meta charset=utf-8><title>lab</title></head><body>\n"
FOOT = '\n<p id="z">end</p></body></html>'


def document(context: Context) -> str:
    """Return the whole template; one that begins a document, or extends one, is whole already."""
    if context.source.startswith(("<!doctype", "{% extends")):
        return context.source
    return HEAD + context.source + FOOT


C = Context

#: Where the template lets a value name attributes, names that mean nothing to a browser, those that
#: ask for nothing, and links may come and go: what is loaded, and code in a link, is seen apart.
_MEANS_SOMETHING = (
    "id|class|style|name|form|type|rel|target|is|slot|srcdoc|srcset|action|formaction|"
    "background|poster|ping|content|http-equiv|charset|to|from|values|on.*|.*![a-z]+:"
)
_ANY_NAME = (
    (rf"(?<=[\[ ])(?!(?:{_MEANS_SOMETHING})[ \]])[a-z][\w:.!-]*(?=[ \]])", ""),
    (rf"[^ \[\]()]*-{harmless.PLACEHOLDER}", ""),
    # Without a name before it, `="` begins a name itself.
    (rf'="{harmless.PLACEHOLDER}"', ""),
)

URLS = ("url",)
#: Where a URL loads code, only the page's own origin is harmless.
OWN = ("own",)


def _parameter(expression: str) -> str:
    """Read the query parameter ``q`` of a URL: decoded, or as it stands."""
    return (
        f"(u => {{ try {{ return [new URL(u, d.baseURI).searchParams.get('q'), "
        f"u.slice(u.indexOf('q=') + 2)] }} catch {{ return [u] }} }})({expression})"
    )


def _between(expression: str, before: str, behind: str) -> str:
    """Read what stands between two literal texts of a URL: as it stands, or decoded."""
    return (
        f"(u => {{ const s = u.slice({len(before)}, u.length - {len(behind)}); let o = s; "
        f"try {{ o = decodeURIComponent(s) }} catch {{}} return [s, o] }})({expression})"
    )


TEXTS = (
    C("text", '<p id="t">{{ x }}</p>', TEXT),
    C("text-in-words", '<p id="t">a{{ x }}b</p>', "t.textContent.slice(1, -1)"),
    C("text-two", '<p id="t">{{ x }}{{ y }}</p>', TEXT, variables=_halves),
    C("text-behind-lt", '<p id="t">&lt;{{ x }}&gt;</p>', "t.textContent.slice(1, -1)"),
    C("text-cell", '<table><tr><td id="t">{{ x }}</td></tr></table>', TEXT),
    C(
        "text-option",
        '<select><option id="t">{{ x }}</option></select>',
        TEXT,
    ),
    C("text-pre", '<pre id="t">|{{ x }}</pre>', "t.textContent.slice(1)"),
    C("title", "<!doctype html><title id=t>{{ x }}</title><p id=z>", TEXT),
    C("textarea", '<textarea id="t">|{{ x }}</textarea>', "t.textContent.slice(1)"),
    C(
        "noscript",
        '<noscript id="t"><p>{{ x }}</p></noscript>',
        f"({TEXT}).slice(3, -4)",
        ("word",),
    ),
    C(
        "noscript-attribute",
        '<noscript id="t"><img alt="{{ x }}"></noscript>',
        f"({TEXT}).slice(10, -2)",
        ("word",),
    ),
    C(
        "template-element",
        '<template id="t"><p>{{ x }}</p></template>'
        "<script>document.body.append(t.content.cloneNode(true))</script>",
        "t.content.textContent",
    ),
    C(
        "template-attribute",
        '<template id="t"><p title="{{ x }}"></p></template>'
        "<script>document.body.append(t.content.cloneNode(true))</script>",
        "t.content.firstChild.title",
    ),
    C("xmp", '<xmp id="t">{{ x }}</xmp>', TEXT, ("word",)),
    C("iframe-text", '<iframe id="t">{{ x }}</iframe>', TEXT, ("word",)),
    C("noembed", '<noembed id="t">{{ x }}</noembed>', TEXT, ("word",)),
    C(
        "plaintext",
        "<!doctype html><title>lab</title><p id=z><plaintext id=t>{{ x }}",
        TEXT,
        ("word",),
        unattackable="nothing ends a plaintext element",
    ),
    C("comment", "<!-- {{ x }} --><p id=t></p>", "''", ()),
    C("comment-tight", "<!--{{ x }}--><p id=t></p>", "''", ()),
    C("comment-two", "<!--{{ x }}-{{ y }}--><p id=t></p>", "''", (), variables=_twice),
    C("comment-conditional", "<!--[if IE]><b>{{ x }}</b><![endif]--><p id=t></p>", "''", ()),
    C("comment-bogus", "<!foo {{ x }}><p id=t></p>", "''", (), reference="reference"),
    C("svg-text", '<svg><text id="t">{{ x }}</text></svg>', TEXT),
    C("svg-title", '<svg><title id="t">{{ x }}</title></svg>', TEXT),
    C("svg-desc", '<svg><desc id="t">{{ x }}</desc></svg>', TEXT),
    C("svg-cdata", '<svg><text id="t"><![CDATA[{{ x }}]]></text></svg>', TEXT, ("word",)),
    C("math-text", '<math><mtext id="t">{{ x }}</mtext></math>', TEXT),
    C(
        "math-annotation",
        '<math><annotation-xml encoding="text/html"><p id="t">{{ x }}</p></annotation-xml></math>',
        TEXT,
    ),
)

ATTRIBUTES = (
    C("double-quoted", '<p id="t" title="{{ x }}">p</p>', f"{ATTR}('title')"),
    C("single-quoted", "<p id='t' title='{{ x }}'>p</p>", f"{ATTR}('title')"),
    C("unquoted", "<p id=t title={{ x }}>p</p>", f"{ATTR}('title')"),
    C(
        "unquoted-then",
        "<p title={{ x }} id=t lang=en>p</p>",
        "d.querySelector('[lang]').getAttribute('title')",
    ),
    C("unquoted-part", "<p id=t title=a{{ x }}b>p</p>", f"{ATTR}('title').slice(1, -1)"),
    C("unquoted-closed", "<input id=t value={{ x }}/>", f"{ATTR}('value').replace(/\\/$/, '')"),
    C("unquoted-spaced", "<p id=t title = {{ x }} >p</p>", f"{ATTR}('title')"),
    C(
        "attribute-two",
        '<p id="t" title="{{ x }}{{ y }}">p</p>',
        f"{ATTR}('title')",
        variables=_halves,
    ),
    C("attribute-in-words", '<p id="t" class="a {{ x }} b">p</p>', f"{ATTR}('class').slice(2, -2)"),
    C("input-value", '<input id="t" type="text" value="{{ x }}">', "t.value", ("line",)),
    C("data-attribute", '<p id="t" data-json="{{ x }}">p</p>', "t.dataset.json"),
    C(
        "name-whole",
        '<input id="t" {{ x }}>',
        "['hidden', 'checked', 'disabled', ''].find(n => n ? t.hasAttribute(n) : true)",
        ("flag",),
        reference="checked",
        names=_ANY_NAME,
    ),
    C(
        "name-suffix",
        '<p id="t" data-{{ x }}="v">p</p>',
        "[...t.attributes].find(a => a.value === 'v').name.slice(5)",
        ("ident",),
        names=((r"data-[\w.:-]+", "data-*"),),
    ),
    C(
        "name-suffix-bare",
        "<p id=t data-{{ x }}>p</p>",
        "[...t.attributes].find(a => a.name !== 'id').name.slice(5)",
        ("ident",),
        names=((r"data-[\w.:-]+", "data-*"),),
    ),
    C(
        "name-split",
        '<a id="t" hr{{ x }}f="/a">p</a>',
        f"{ATTR}('href') && 'e'",
        ("letter-e",),
        reference="e",
        names=((r"hr[\w:.-]*f", "href"),),
    ),
    C(
        "name-handler",
        '<p id="t" on{{ x }}="pwn()">p</p>',
        "''",
        (),
        reference="reference",
        names=((r"on[\w:.-]*", "on*"),),
        refused="no value may choose the event on which code runs",
    ),
    C(
        "name-then-value",
        '<p id="t" {{ x }}="{{ y }}">p</p>',
        f"{ATTR}('title')",
        (),
        variables=_name_and_value,
        names=_ANY_NAME,
        reference="title:reference",
    ),
    C(
        "tag-name",
        "<{{ x }} id=t>p</{{ x }}>",
        "t.localName",
        ("tag",),
        reference="b",
        names=((r"(b|em|strong|section|h2)(?=[\[(])", "b"),),
    ),
    C(
        "tag-suffix",
        "<h{{ x }} id=t>p</h{{ x }}>",
        "t.localName.slice(1)",
        ("level",),
        reference=2,
        names=((r"h[1-6](?=[\[(])", "h*"),),
    ),
    C("tag-end", '<p id="t" {{ x }}>p</p>', "''", (), reference="hidden", names=_ANY_NAME),
    C(
        "name-script",
        '<script id="t" {{ x }}></script>',
        "t.async",
        ("async",),
        lambda value: [True],
        reference="async",
        names=_ANY_NAME,
    ),
    C(
        "name-iframe",
        '<iframe id="t" {{ x }}></iframe>',
        f"{ATTR}('hidden') ?? t.disabled",
        (),
        reference="hidden",
        names=_ANY_NAME,
    ),
    C("name-link", '<a id="t" {{ x }}>l</a>', "''", (), reference="hidden", names=_ANY_NAME),
    C(
        "name-stylesheet",
        '<link id="t" rel="stylesheet" {{ x }}>',
        "''",
        (),
        reference="disabled",
        names=_ANY_NAME,
    ),
    C(
        "name-and-value-script",
        '<script id="t" {{ x }}="{{ y }}"></script>',
        "''",
        (),
        variables=_name_and_value,
        names=_ANY_NAME,
        reference="title:reference",
    ),
    C(
        "name-and-value-link",
        '<a id="t" {{ x }}="{{ y }}">l</a>',
        "''",
        (),
        variables=_name_and_value,
        names=_ANY_NAME,
        reference="title:reference",
    ),
    C(
        "name-empty-value",
        '<p id="t" {{ x }}="v">p</p>',
        "''",
        (),
        reference="hidden",
        names=_ANY_NAME,
    ),
    C("end-tag", "<b id=t>p</{{ x }}>", "''", (), reference="b"),
    C("between-tags", '<p id="t"{{ x }}>p</p>', "''", (), reference="", names=_ANY_NAME),
)

LINKS = (
    C("href", '<a id="t" href="{{ x }}">l</a>', f"{ATTR}('href')", URLS),
    C("href-single", "<a id='t' href='{{ x }}'>l</a>", f"{ATTR}('href')", URLS),
    C("href-unquoted", "<a id=t href={{ x }}>l</a>", f"{ATTR}('href')", URLS),
    C("href-upper", '<A id="t" HREF="{{ x }}">l</A>', f"{ATTR}('href')", URLS),
    C("href-spaced", '<a id="t" href="  {{ x }}">l</a>', f"{ATTR}('href').trim()", URLS),
    C(
        "href-two",
        '<a id="t" href="{{ x }}{{ y }}">l</a>',
        f"{ATTR}('href')",
        URLS,
        variables=_halves,
    ),
    C(
        "href-colon",
        '<a id="t" href="{{ x }}{{ y }}">l</a>',
        f"{ATTR}('href')",
        URLS,
        variables=_at_colon,
    ),
    C(
        "href-then-slash",
        '<a id="t" href="{{ x }}/edit">l</a>',
        f"{ATTR}('href').slice(0, -5)",
        ("base",),
        reference="/a",
    ),
    C(
        "href-protocol",
        '<a id="t" href="{{ x }}://example.test/%0apwn()">l</a>',
        f"{ATTR}('href').split(':')[0]",
        ("scheme",),
        reference="https",
    ),
    C(
        "href-colon-entity",
        '<a id="t" href="{{ x }}&colon;pwn()">l</a>',
        f"{ATTR}('href').split(':')[0]",
        ("scheme",),
        reference="https",
    ),
    C(
        "href-scheme-name",
        '<a id="t" href="javascript{{ x }}">l</a>',
        f"{ATTR}('href').slice(10)",
        ("ident",),
    ),
    C(
        "href-half-scheme",
        '<a id="t" href="java{{ x }}">l</a>',
        f"{ATTR}('href').slice(4)",
        ("ident",),
    ),
    C(
        "href-half-scheme-entity",
        '<a id="t" href="java&#115;cript{{ x }}">l</a>',
        f"{ATTR}('href').slice(10)",
        ("ident",),
    ),
    C(
        "href-javascript-entity",
        '<a id="t" href="java&#115;cript:{{ x }}">l</a>',
        "''",
        (),
        refused="the code of the link is nothing but the value",
    ),
    C(
        "href-javascript",
        '<a id="t" href="javascript:{{ x }}">l</a>',
        "''",
        (),
        refused="the code of the link is nothing but the value",
    ),
    C(
        "href-mailto",
        '<a id="t" href="mailto:{{ x }}">l</a>',
        _between(f"{ATTR}('href')", "mailto:", ""),
        ("address",),
    ),
    C(
        "href-host",
        '<a id="t" href="https://{{ x }}/a">l</a>',
        _between(f"{ATTR}('href')", "https://", "/a"),
        ("host",),
        reference="example.test",
    ),
    C(
        "href-path",
        '<a id="t" href="/a/{{ x }}/b">l</a>',
        _between(f"{ATTR}('href')", "/a/", "/b"),
        ("segment",),
    ),
    C(
        "href-query",
        '<a id="t" href="/a?p=1&amp;q={{ x }}">l</a>',
        _parameter(f"{ATTR}('href')"),
        ("query",),
    ),
    C(
        "href-query-bare-ampersand",
        '<a id="t" href="/a?p=1&q={{ x }}">l</a>',
        _parameter(f"{ATTR}('href')"),
        ("query",),
    ),
    C(
        "href-fragment",
        '<a id="t" href="/a#{{ x }}">l</a>',
        _between(f"{ATTR}('href')", "/a#", ""),
        ("segment",),
    ),
    C(
        "href-urlencode",
        '<a id="t" href="/a?q={{ x|urlencode }}">l</a>',
        "new URL(t.href).searchParams.get('q')",
        ("query",),
        unattackable="the filter escapes by itself",
    ),
    C(
        "href-path-urlencode",
        '<a id="t" href="/a/{{ x|urlencode:\'\' }}/">l</a>',
        _between(f"{ATTR}('href')", "/a/", "/") + "[1]",
        ("segment",),
        django_only=True,
        unattackable="the filter escapes by itself",
    ),
    C(
        "href-iriencode",
        '<a id="t" href="{{ x|iriencode }}">l</a>',
        "(u => [u, decodeURI(u)])(t.getAttribute('href'))",
        ("path",),
        django_only=True,
    ),
    C(
        "href-addslashes",
        "<p id='t' title='{{ x|addslashes }}'>p</p>",
        f"{ATTR}('title')",
        ("word",),
        django_only=True,
    ),
    C("img-src", '<img id="t" alt="" src="{{ x }}">', f"{ATTR}('src')", URLS),
    C(
        "img-srcset",
        '<img id="t" alt="" srcset="{{ x }} 2x">',
        f"{ATTR}('srcset').slice(0, -3)",
        ("image",),
    ),
    C(
        "img-srcset-two",
        '<img id="t" alt="" srcset="/a.png 1x, {{ x }} 2x">',
        f"{ATTR}('srcset').slice(11, -3)",
        ("image",),
    ),
    C(
        "img-srcset-whole",
        '<img id="t" alt="" srcset="{{ x }}">',
        f"{ATTR}('srcset')",
        ("image", "srcset"),
    ),
    C("a-ping", '<a id="t" href="/a" ping="{{ x }}">l</a>', f"{ATTR}('ping')", ("path",)),
    C("video-poster", '<video id="t" poster="{{ x }}"></video>', f"{ATTR}('poster')", URLS),
    C(
        "body-background",
        '<table id="t" background="{{ x }}"></table>',
        f"{ATTR}('background')",
        URLS,
    ),
    C("script-src", '<script id="t" src="{{ x }}"></script>', f"{ATTR}('src')", OWN),
    C(
        "script-src-path",
        '<script id="t" src="/static/{{ x }}.js"></script>',
        _between(f"{ATTR}('src')", "/static/", ".js"),
        ("ident",),
    ),
    C(
        "script-src-root",
        '<script id="t" src="/{{ x }}"></script>',
        f"{ATTR}('src').slice(1)",
        ("ident",),
    ),
    C(
        "script-svg-href",
        '<svg><script id="t" href="{{ x }}"></script></svg>',
        f"{ATTR}('href')",
        OWN,
    ),
    C("iframe-src", '<iframe id="t" src="{{ x }}"></iframe>', f"{ATTR}('src')", OWN),
    C("embed-src", '<embed id="t" src="{{ x }}">', f"{ATTR}('src')", OWN),
    C("object-data", '<object id="t" data="{{ x }}"></object>', f"{ATTR}('data')", OWN),
    C("stylesheet-href", '<link id="t" rel="stylesheet" href="{{ x }}">', f"{ATTR}('href')", OWN),
    C("icon-href", '<link id="t" rel="icon" href="{{ x }}">', f"{ATTR}('href')", OWN),
    C(
        "form-action",
        '<form id="t" action="{{ x }}"><button>b</button></form>',
        f"{ATTR}('action')",
        ("path",),
    ),
    C(
        "button-formaction",
        '<form><button id="t" formaction="{{ x }}">b</button></form>',
        f"{ATTR}('formaction')",
        ("path",),
    ),
    C(
        "input-formaction",
        '<form><input type="submit" id="t" formaction="{{ x }}"></form>',
        f"{ATTR}('formaction')",
        ("path",),
    ),
    C(
        "meta-refresh",
        '<!doctype html><meta id="t" http-equiv="refresh" content="100; url={{ x }}"><p id=z>',
        f"{ATTR}('content').slice(9)",
        ("path",),
    ),
    C(
        "meta-refresh-quoted",
        "<!doctype html><meta id='t' http-equiv='refresh' content=\"100; url='{{ x }}'\"><p id=z>",
        f"{ATTR}('content').slice(10, -1)",
        ("path",),
    ),
    C(
        "meta-refresh-whole",
        '<!doctype html><meta id="t" http-equiv="refresh" content="{{ x }}"><p id=z>',
        f"{ATTR}('content')",
        ("seconds",),
        reference="100",
    ),
    C(
        "meta-description",
        '<!doctype html><meta id="t" name="description" content="{{ x }}"><p id=z>',
        f"{ATTR}('content')",
    ),
    C(
        "base-href",
        '<!doctype html><base id="t" href="{{ x }}"><script src="app.js"></script><p id=z>',
        f"{ATTR}('href')",
        ("own",),
    ),
    C(
        "svg-a-href",
        '<svg><a id="t" href="{{ x }}"><text y="9">l</text></a></svg>',
        f"{ATTR}('href')",
        URLS,
    ),
    C(
        "svg-a-xlink",
        '<svg><a id="t" xlink:href="{{ x }}"><text y="9">l</text></a></svg>',
        f"{ATTR}('xlink:href')",
        URLS,
    ),
    C(
        "svg-use",
        '<svg><use id="t" href="{{ x }}"/></svg>',
        f"{ATTR}('href')",
        ("fragment",),
        reference="#reference",
    ),
    C("svg-image", '<svg><image id="t" href="{{ x }}"/></svg>', f"{ATTR}('href')", URLS),
    C(
        "svg-set-to",
        '<svg><a><set id="t" attributeName="href" to="{{ x }}"/><text y="9">l</text></a></svg>',
        f"{ATTR}('to')",
        ("path",),
    ),
    C(
        "svg-animate-values",
        '<svg><a><animate id="t" attributeName="href" values="{{ x }};{{ x }}" dur="99s"/>'
        '<text y="9">l</text></a></svg>',
        f"{ATTR}('values').split(';')[0]",
        ("path",),
    ),
    C(
        "svg-animate-from",
        '<svg><a><animate id="t" attributeName="xlink:href" from="{{ x }}" to="/b" dur="99s"/>'
        '<text y="9">l</text></a></svg>',
        f"{ATTR}('from')",
        ("path",),
    ),
    C(
        "svg-animate-name",
        '<svg><a><set id="t" attributeName="{{ x }}" to="javascript:pwn()"/>'
        '<text y="9">l</text></a></svg>',
        f"{ATTR}('attributeName')",
        ("svg-attribute",),
        reference="fill",
    ),
    C(
        "svg-fill",
        '<svg><rect id="t" fill="{{ x }}" width="9" height="9"/></svg>',
        f"{ATTR}('fill')",
        ("colour",),
        reference="red",
    ),
    C(
        "math-href",
        '<math><mtext id="t" href="{{ x }}">l</mtext></math>',
        f"{ATTR}('href')",
        ("path",),
    ),
)

DOCUMENTS = (
    C(
        "srcdoc",
        '<iframe id="t" srcdoc="{{ x }}"></iframe>',
        "t.contentDocument.body.textContent",
        ("text-in-body",),
        after=True,
    ),
    C(
        "srcdoc-text",
        '<iframe id="t" srcdoc="&lt;p&gt;{{ x }}&lt;/p&gt;"></iframe>',
        "t.contentDocument.querySelector('p').textContent",
    ),
    C(
        "srcdoc-attribute",
        '<iframe id="t" srcdoc="&lt;p title=&quot;{{ x }}&quot;&gt;"></iframe>',
        "t.contentDocument.querySelector('p').title",
    ),
    C(
        "srcdoc-attribute-single",
        '<iframe id="t" srcdoc="<p title=\'{{ x }}\'>"></iframe>',
        "t.contentDocument.querySelector('p').title",
    ),
    C(
        "srcdoc-href",
        "<iframe id='t' srcdoc='<a href=\"{{ x }}\">l</a>'></iframe>",
        "t.contentDocument.querySelector('a').getAttribute('href')",
        URLS,
    ),
    C(
        "srcdoc-href-colon",
        "<iframe id='t' srcdoc='<a href=\"{{ x }}:pwn()\">l</a>'></iframe>",
        "t.contentDocument.querySelector('a').getAttribute('href').split(':')[0]",
        ("scheme",),
        reference="https",
    ),
    C(
        "srcdoc-tag-suffix",
        "<iframe id='t' srcdoc='<h{{ x }}>p</h{{ x }}>'></iframe>",
        "t.contentDocument.body.firstElementChild.localName.slice(1)",
        ("level",),
        reference=2,
    ),
    C(
        "srcdoc-script",
        "<iframe id='t' srcdoc='<script>var v = \"{{ x }}\"</script>'></iframe>",
        "t.contentWindow.v",
    ),
    C(
        "srcdoc-script-entity",
        '<iframe id="t" srcdoc="<script>var v = &quot;{{ x }}&quot;</script>"></iframe>',
        "t.contentWindow.v",
    ),
    C(
        "srcdoc-unquoted",
        "<iframe id=t srcdoc=&lt;p&gt;{{ x }}></iframe>",
        "t.contentDocument.querySelector('p').textContent",
    ),
    C(
        "srcdoc-twice",
        '<iframe id="t" srcdoc="&lt;iframe srcdoc=&quot;&amp;lt;p&amp;gt;{{ x }}&quot;&gt;">'
        "</iframe>",
        "t.contentDocument.querySelector('iframe').contentDocument.querySelector('p').textContent",
    ),
)

SCRIPTS = (
    C(
        "js-value",
        "<script>var v = {{ x }};</script><script>after = 1</script>",
        "w.v",
        ("text", "typed"),
        harmless.as_javascript,
    ),
    C(
        "js-value-spaceless",
        "<script>var v={{ x }}</script>",
        "w.v",
        ("text", "typed"),
        harmless.as_javascript,
    ),
    C(
        "js-argument",
        "<script>(function (a) { v = a })({{ x }}, 1); after = 1</script>",
        "w.v",
        ("text", "typed"),
        harmless.as_javascript,
    ),
    C(
        "js-array",
        "<script>var v = [1, {{ x }}, 2][1]; after = 1</script>",
        "w.v",
        ("text", "typed"),
        harmless.as_javascript,
    ),
    C(
        "js-object-value",
        "<script>var v = {a: {{ x }}, b: 2}.a; after = 1</script>",
        "w.v",
        ("text", "typed"),
        harmless.as_javascript,
    ),
    C(
        "js-object-key",
        "<script>var o = { {{ x }}: 1 }; v = Object.keys(o)[0]; after = 1</script>",
        "w.v",
        ("ident-js",),
    ),
    C(
        "js-object-key-double",
        '<script>var o = {"{{ x }}": 1}; v = Object.keys(o)[0]; after = 1</script>',
        "w.v",
    ),
    C("js-call-double", '<script>function f(a) { v = a }\nf("{{ x }}"); after = 1</script>', "w.v"),
    C("js-call-single", "<script>function f(a) { v = a }\nf('{{ x }}'); after = 1</script>", "w.v"),
    C(
        "js-call-template",
        "<script>function f(a) { v = a }\nf(`{{ x }}`); after = 1</script>",
        "w.v",
    ),
    C(
        "js-call-list",
        '<script>function f(a) { v = a[0] }\nf(["{{ x }}"]); after = 1</script>',
        "w.v",
    ),
    C(
        "js-call-object",
        "<script>function f(a) { v = a.a }\nf({a: {{ x }}}); after = 1</script>",
        "w.v",
        ("text", "typed"),
        harmless.as_javascript,
    ),
    C("js-body-double", '<script>function f() { v = "{{ x }}"; }\nf(); after = 1</script>', "w.v"),
    C(
        "js-object-key-quoted",
        "<script>var o = {'{{ x }}': 1}; v = Object.keys(o)[0]; after = 1</script>",
        "w.v",
    ),
    C(
        "js-return",
        "<script>v = (function () { return {{ x }} })(); after = 1</script>",
        "w.v",
        ("text", "typed"),
        harmless.as_javascript,
    ),
    C(
        "js-value-module",
        '<script type="module">window.v = {{ x }}; window.after = 1;</script>',
        "w.v",
        ("text", "typed"),
        harmless.as_javascript,
    ),
    C("js-double", '<script>var v = "{{ x }}"; after = 1</script>', "w.v"),
    C("js-single", "<script>var v = '{{ x }}'; after = 1</script>", "w.v"),
    C("js-single-words", "<script>var v = 'a {{ x }} b'; after = 1</script>", "w.v.slice(2, -2)"),
    C(
        "js-two-strings",
        "<script>var v = '{{ x }}', u = '{{ y }}'; after = 1</script>",
        "w.u",
        variables=_behind_backslash,
    ),
    C(
        "js-string-two",
        "<script>var v = '{{ x }}{{ y }}'; after = 1</script>",
        "w.v",
        variables=_halves,
    ),
    C("js-template", "<script>var v = `{{ x }}`; after = 1</script>", "w.v"),
    C(
        "js-template-dollar",
        "<script>var v = `${{ x }}`; after = 1</script>",
        "w.v.replace(/^\\$/, '')",
        ("word",),
    ),
    C(
        "js-template-behind",
        "<script>var v = `a ${1 + 1} {{ x }}`; after = 1</script>",
        "w.v.slice(4)",
    ),
    C(
        "js-template-tagged",
        "<script>var v = String.raw`{{ x }}`; after = 1</script>",
        "w.v",
        ("ident",),
    ),
    C(
        "js-template-nested",
        "<script>var v = `a ${ {{ x }} } b`; after = 1</script>",
        "w.v",
        (),
        refused="an expression inside a template literal",
    ),
    C(
        "js-template-nested-string",
        "<script>var v = `${ '{{ x }}' }`; after = 1</script>",
        "w.v",
        (),
        refused="an expression inside a template literal",
    ),
    C("js-line-comment", "<script>// {{ x }}\nvar v = 1; after = 1</script>", "''", ()),
    C("js-block-comment", "<script>/* {{ x }} */\nvar v = 1; after = 1</script>", "''", ()),
    C("js-html-comment", "<script><!-- {{ x }}\nvar v = 1; after = 1\n--></script>", "''", ()),
    C(
        "js-regexp",
        "<script>var v = /{{ x }}/; after = 1</script>",
        "w.v",
        (),
        refused="a regular expression's own grammar",
    ),
    C(
        "js-regexp-class",
        "<script>var v = /[{{ x }}]/g; after = 1</script>",
        "w.v",
        (),
        refused="a regular expression's own grammar",
    ),
    C("js-after-regexp", "<script>var r = /['\"]/, v = '{{ x }}'; after = 1</script>", "w.v"),
    C(
        "js-after-division",
        "<script>var a = 4, b = 2, r = a / b, v = '{{ x }}'; after = 1</script>",
        "w.v",
    ),
    C(
        "js-after-return-regexp",
        "<script>function f() { return /'/ } var v = '{{ x }}'; after = 1</script>",
        "w.v",
    ),
    C(
        "js-identifier",
        "<script>var a{{ x }} = 1; after = 1</script>",
        "''",
        (),
        refused="a part of a name in the developer's code",
    ),
    C(
        "js-statement",
        "<script>{{ x }}</script>",
        "''",
        (),
        reference="1",
        refused="the code is nothing but the value",
    ),
    C(
        "js-escapejs",
        "<script>var v = '{{ x|escapejs }}'; after = 1</script>",
        "w.v",
        django_only=True,
        unattackable="the filter escapes by itself",
    ),
    C(
        "js-escapejs-template",
        "<script>var v = `{{ x|escapejs }}`; after = 1</script>",
        "w.v",
        django_only=True,
    ),
    C(
        "js-escapejs-bare",
        "<script>var v = {{ x|escapejs }}; after = 1</script>",
        "''",
        (),
        django_only=True,
    ),
    C(
        "js-addslashes",
        '<script>var v = "{{ x|addslashes }}"; after = 1</script>',
        "w.v",
        ("word",),
        django_only=True,
    ),
    C("js-safe", '<script>var v = "{{ x|safe }}"; after = 1</script>', "w.v"),
    C(
        "js-json-safe",
        "<script>var v = {{ x|safe }}; after = 1</script>",
        "JSON.stringify(w.v)",
        ("json",),
        harmless.as_json_again,
        reference="1",
    ),
    C(
        "js-autoescape-off",
        "<script>var v = '{% autoescape off %}{{ x }}{% endautoescape %}'; after = 1</script>",
        "w.v",
        django_only=True,
    ),
    C(
        "js-split-tag",
        "<script>var v = '</scr{{ x }}'; after = 1</script>",
        "w.v.slice(5)",
        ("ident",),
        refused="what stands before it may become the script's end",
    ),
    C(
        "js-document-write",
        "<script>document.write('<p id=t>{{ x }}</p>'); after = 1</script>",
        TEXT,
    ),
    C(
        "js-document-write-attribute",
        "<script>document.write('<p id=t title=\"{{ x }}\"></p>'); after = 1</script>",
        f"{ATTR}('title')",
    ),
    C(
        "js-document-write-href",
        "<script>document.write('<a id=t href=\"{{ x }}\">l</a>'); after = 1</script>",
        f"{ATTR}('href')",
        URLS,
    ),
    C(
        "js-inner-html",
        "<div id=o></div><script>o.innerHTML = '<p id=t>{{ x }}</p>'; after = 1</script>",
        TEXT,
    ),
    C(
        "js-inner-html-template",
        "<div id=o></div><script>o.innerHTML = `<p id=t title='{{ x }}'></p>`; after = 1</script>",
        f"{ATTR}('title')",
    ),
    C(
        "js-inner-html-href-colon",
        "<div id=o></div><script>o.innerHTML = '<a id=t href=\"{{ x }}:pwn()\">l</a>'; "
        "after = 1</script>",
        f"{ATTR}('href').split(':')[0]",
        ("scheme",),
        reference="https",
    ),
    C(
        "js-inner-html-sum-colon",
        "<div id=o></div><script>o.innerHTML = '<a id=t href=\"' + '{{ x }}' + ':pwn()\">l</a>'; "
        "after = 1</script>",
        f"{ATTR}('href').split(':')[0]",
        ("scheme",),
        reference="https",
    ),
    C(
        "js-inner-html-escaped-colon",
        "<div id=o></div><script>o.innerHTML = `<a id=t href='{{ x }}\\x3apwn()'>l</a>`; "
        "after = 1</script>",
        f"{ATTR}('href').split(':')[0]",
        ("scheme",),
        reference="https",
    ),
    C(
        "js-markup-concatenated",
        "<div id=o></div><script>o.innerHTML = '<p id=t title=\"' + '{{ x }}' + '\"></p>'; "
        "after = 1</script>",
        f"{ATTR}('title')",
        ("ident",),
        refused="the markup around the string cannot be seen from the string",
    ),
    C(
        "js-json",
        '<script type="application/json" id="t">{"a": {{ x }}}</script>',
        "JSON.parse(t.textContent).a",
        ("text", "typed"),
        harmless.as_javascript,
    ),
    C(
        "js-json-string",
        '<script type="application/json" id="t">{"a": "{{ x }}"}</script>',
        "JSON.parse(t.textContent).a",
    ),
    C(
        "js-ld-json",
        '<script type="application/ld+json" id="t">{"name": "{{ x }}"}</script>',
        "JSON.parse(t.textContent).name",
    ),
    C(
        "js-type-parameters",
        '<script type="text/javascript; charset=utf-8" id="t">v = "{{ x }}"'
        "</script><script>eval(t.textContent); after = 1</script>",
        "w.v",
    ),
    C(
        "js-import-map",
        '<script type="importmap">{"imports": {"app": "{{ x }}"}}</script>'
        '<script type="module">import "app"</script>',
        "''",
        ("own",),
        expect=lambda value: [""],
    ),
    C(
        "js-import-map-key",
        '<script type="importmap">{"imports": {"{{ x }}": "/app.js"}}</script>',
        "''",
        ("ident",),
        expect=lambda value: [""],
    ),
    C(
        "js-import",
        '<script type="module">import "{{ x }}"; window.after = 1</script>',
        "''",
        (),
        reference="/app.js",
    ),
    C(
        "js-x-template",
        '<script type="text/x-template" id="t"><p title="{{ x }}">{{ x }}</p>'
        "</script><div id=o></div><script>o.innerHTML = t.textContent; after = 1</script>",
        "o.textContent",
    ),
    C(
        "js-unknown-type",
        '<script type="{{ x }}" id="t">v = 1</script>',
        f"{ATTR}('type')",
        (),
        reference="text/plain",
    ),
    C(
        "js-svg-reference",
        "<svg><script>var v = '&{{ x }}'; after = 1</script></svg>",
        "w.v.slice(1)",
    ),
    C(
        "js-behind-open-math",
        "<div><math><mi>a</mi></div><script>var v = {{ x }}; after = 1</script>",
        "w.v",
        ("text", "typed"),
        harmless.as_javascript,
    ),
    C(
        "js-behind-open-svg",
        "<div><svg><g></div><script>if (1<2) { var v = {{ x }} }; after = 1</script>",
        "w.v",
        ("text", "typed"),
        harmless.as_javascript,
    ),
    C(
        "js-svg-cdata",
        "<svg><script><![CDATA[var v = '{{ x }}'; after = 1]]></script></svg>",
        "w.v",
    ),
    C(
        "js-svg-cdata-value",
        "<svg><script><![CDATA[var a = [[1]]; var v = {{ x }}; after = 1]]></script></svg>",
        "w.v",
        ("text", "typed"),
        harmless.as_javascript,
    ),
    C(
        "js-svg-cdata-bracket",
        "<svg><script><![CDATA[var a = ['b', ''][0]; var v = '[[]]{{ x }}'; after = 1]]>"
        "</script></svg>",
        "w.v.slice(4)",
    ),
    C("js-svg-script", '<svg><script>var v = "{{ x }}"; after = 1</script></svg>', "w.v"),
    C(
        "js-svg-script-value",
        "<svg><script>var v = {{ x }}; after = 1</script></svg>",
        "w.v",
        ("text", "typed"),
        harmless.as_javascript,
    ),
    C(
        "js-block-super",
        '{% extends "script-base.html" %}{% block s %}{{ block.super }};after = 1{% endblock %}',
        "w.v",
        django_only=True,
        others={
            "script-base.html": HEAD
            + "<script>{% block s %}var v = '{{ x }}'{% endblock %}</script>"
            + FOOT
        },
    ),
)

HANDLERS = (
    C("onclick", "<button id=t onclick=\"v = '{{ x }}'\">b</button>", "w.v", after=True),
    C(
        "onclick-entity",
        '<button id=t onclick="v = &quot;{{ x }}&quot;">b</button>',
        "w.v",
        after=True,
    ),
    C("onclick-single", "<button id=t onclick='v = \"{{ x }}\"'>b</button>", "w.v", after=True),
    C("onclick-template", '<button id=t onclick="v = `{{ x }}`">b</button>', "w.v", after=True),
    C(
        "onclick-value",
        '<button id=t onclick="v = {{ x }}">b</button>',
        "w.v",
        ("text", "typed"),
        harmless.as_javascript,
        after=True,
    ),
    C(
        "onclick-argument",
        '<button id=t onclick="(a => v = a)({{ x }})">b</button>',
        "w.v",
        ("text", "typed"),
        harmless.as_javascript,
        after=True,
    ),
    C("onclick-unquoted", "<button id=t onclick=v='{{ x }}'>b</button>", "w.v", after=True),
    C(
        "onclick-unquoted-value",
        "<button id=t onclick=v={{ x }}>b</button>",
        "w.v",
        ("text", "typed"),
        harmless.as_javascript,
        after=True,
    ),
    C("onclick-upper", "<button id=t ONCLICK=\"v = '{{ x }}'\">b</button>", "w.v", after=True),
    C(
        "onclick-whole",
        '<button id=t onclick="{{ x }}">b</button>',
        "''",
        (),
        refused="the code of the handler is nothing but the value",
    ),
    C(
        "onclick-escapejs",
        "<button id=t onclick=\"v = '{{ x|escapejs }}'\">b</button>",
        "w.v",
        after=True,
        django_only=True,
        unattackable="the filter escapes by itself",
    ),
    C("onclick-comment", '<button id=t onclick="/* {{ x }} */ v = 1">b</button>', "''", ()),
    C("onload", "<!doctype html><body onload=\"v = '{{ x }}'\"><p id=z></body>", "w.v"),
    C("onerror", "<img id=t alt='' src=\"x:\" onerror=\"v = '{{ x }}'\">", "w.v", after=True),
    C(
        "svg-onbegin",
        "<svg><animate id=t attributeName=x dur=1s onbegin=\"v = '{{ x }}'\"/></svg>",
        "w.v",
        after=True,
    ),
    C(
        "javascript-link",
        "<a id=t href=\"javascript:void(v = '{{ x }}')\">l</a>",
        "w.v",
        after=True,
    ),
    C(
        "javascript-link-entity",
        '<a id=t href="javascript&colon;void(v = &#39;{{ x }}&#39;)">l</a>',
        "w.v",
        after=True,
    ),
    C(
        "javascript-link-value",
        '<a id=t href="javascript:void(v = {{ x }})">l</a>',
        "w.v",
        ("text", "typed"),
        harmless.as_javascript,
        after=True,
    ),
    C(
        "javascript-action",
        "<form id=t action=\"javascript:void(v = '{{ x }}')\"><button>b</button></form>",
        "w.v",
        after=True,
    ),
    C(
        "javascript-iframe",
        "<iframe id=t src=\"javascript:void(parent.v = '{{ x }}')\"></iframe>",
        "w.v",
        after=True,
    ),
)

VALUE = ("colour", "length")
STYLES = (
    C(
        "style-attribute",
        '<p id="t" style="color: {{ x }}; top: 1px">p</p>',
        "t.style.color",
        ("colour",),
        harmless.as_colour,
        reference="red",
    ),
    C(
        "style-attribute-length",
        '<p id="t" style="margin-top: {{ x }}">p</p>',
        "t.style.marginTop",
        ("length",),
        reference="1px",
    ),
    C(
        "style-attribute-unit",
        '<p id="t" style="width: {{ x }}px">p</p>',
        "t.style.width.slice(0, -2)",
        ("count",),
        reference="1",
    ),
    C(
        "style-attribute-unquoted",
        "<p id=t style=color:{{ x }}>p</p>",
        "t.style.color",
        ("colour",),
        harmless.as_colour,
        reference="red",
    ),
    C(
        "style-attribute-whole",
        '<p id="t" style="{{ x }}">p</p>',
        "t.style.color",
        (),
        reference="color: red",
        refused="the declarations are nothing but the value",
    ),
    C(
        "style-attribute-property",
        '<p id="t" style="{{ x }}: red">p</p>',
        "t.style.getPropertyValue('color') && 'color'",
        (),
        reference="color",
    ),
    C(
        "style-attribute-string",
        "<p id=\"t\" style=\"quotes: '{{ x }}' 'b'\">p</p>",
        'eval(t.style.quotes.match(/"(?:[^"\\\\]|\\\\.)*"/)[0])',
        ("simple",),
    ),
    C(
        "style-attribute-url",
        '<p id="t" style="background: url(\'{{ x }}\')">p</p>',
        "t.style.backgroundImage.slice(5, -2)",
        ("image",),
    ),
    C(
        "style-attribute-url-bare",
        '<p id="t" style="background: url({{ x }})">p</p>',
        "t.style.backgroundImage.slice(5, -2)",
        ("image",),
    ),
    C(
        "style-attribute-comment",
        '<p id="t" style="/* {{ x }} */ top: 1px">p</p>',
        "t.style.top",
        ("text",),
        lambda value: ["1px"],
    ),
    C(
        "style-value",
        "<style>#t { color: {{ x }}; } #z { top: 1px }</style><p id=t></p>",
        "d.styleSheets[0].cssRules[0].style.color",
        ("colour",),
        harmless.as_colour,
        reference="red",
    ),
    C(
        "style-length",
        "<style>#t { margin: {{ x }} auto } #z { top: 1px }</style><p id=t></p>",
        "d.styleSheets[0].cssRules[0].style.marginTop",
        ("length",),
        reference="1px",
    ),
    C(
        "style-custom-property",
        "<style>#t { --c: {{ x }}; } #z { top: 1px }</style><p id=t></p>",
        "d.styleSheets[0].cssRules[0].style.getPropertyValue('--c')",
        VALUE,
        reference="red",
    ),
    C(
        "style-string-double",
        '<style>#t::before { content: "{{ x }}" } #z { top: 1px }</style><p id=t></p>',
        "lab.css(d.styleSheets[0].cssRules[0].style.content)",
        ("text",),
    ),
    C(
        "style-string-single",
        "<style>#t::before { content: '{{ x }}' } #z { top: 1px }</style><p id=t></p>",
        "lab.css(d.styleSheets[0].cssRules[0].style.content)",
        ("text",),
    ),
    C(
        "style-url",
        "<style>#t { background: url({{ x }}) } #z { top: 1px }</style><p id=t></p>",
        "lab.css(d.styleSheets[0].cssRules[0].style.backgroundImage.slice(4, -1))",
        ("image",),
    ),
    C(
        "style-url-double",
        '<style>#t { background: url("{{ x }}") } #z { top: 1px }</style><p id=t></p>',
        "lab.css(d.styleSheets[0].cssRules[0].style.backgroundImage.slice(4, -1))",
        ("image",),
    ),
    C(
        "style-import",
        '<style>@import "{{ x }}";</style><p id=t></p>',
        "d.styleSheets[0].cssRules[0].href",
        ("own",),
    ),
    C(
        "style-import-url",
        "<style>@import url({{ x }});</style><p id=t></p>",
        "d.styleSheets[0].cssRules[0].href",
        ("own",),
    ),
    C(
        "style-selector",
        "<style>.{{ x }} { top: 1px } #z { top: 1px }</style><p id=t></p>",
        "d.styleSheets[0].cssRules[0].selectorText.slice(1)",
        ("ident",),
    ),
    C(
        "style-selector-id",
        "<style>#a{{ x }} { top: 1px } #z { top: 1px }</style><p id=t></p>",
        "d.styleSheets[0].cssRules[0].selectorText.slice(2)",
        ("ident",),
    ),
    C(
        "style-comment",
        "<style>/* {{ x }} */ #z { top: 1px }</style><p id=t></p>",
        "d.styleSheets[0].cssRules.length",
        ("text",),
        lambda value: [1],
    ),
    C(
        "style-property",
        "<style>#t { {{ x }}: red } #z { top: 1px }</style><p id=t></p>",
        "d.styleSheets[0].cssRules[0].style[0]",
        ("property",),
        reference="color",
    ),
    C(
        "style-whole",
        "<style>{{ x }}</style><p id=t></p>",
        "''",
        (),
        reference="",
        refused="the style sheet is nothing but the value",
    ),
    C(
        "style-safe",
        "<style>#t { color: {{ x|safe }} } #z { top: 1px }</style><p id=t></p>",
        "d.styleSheets[0].cssRules[0].style.color",
        ("colour",),
        harmless.as_colour,
        reference="red",
    ),
    C(
        "style-svg",
        "<svg><style>#t { color: {{ x }} } #z { top: 1px }</style></svg><p id=t></p>",
        "d.styleSheets[0].cssRules[0].style.color",
        ("colour",),
        harmless.as_colour,
        reference="red",
    ),
    C(
        "style-media",
        '<style media="{{ x }}">#z { top: 1px }</style><p id=t></p>',
        "d.querySelector('style').getAttribute('media')",
        ("media",),
        reference="print",
    ),
)

LANGUAGE = (
    C(
        "safe-attribute",
        '<p id="t" title="{{ x|safe }}">p</p>',
        f"{ATTR}('title')",
        expect=harmless.as_markup,
    ),
    C(
        "safe-attribute-single",
        "<p id='t' title='{{ x|safe }}'>p</p>",
        f"{ATTR}('title')",
        expect=harmless.as_markup,
    ),
    C(
        "safe-attribute-unquoted",
        "<p id=t title={{ x|safe }}>p</p>",
        f"{ATTR}('title')",
        expect=harmless.as_markup,
    ),
    C(
        "safe-href",
        '<a id="t" href="{{ x|safe }}">l</a>',
        f"{ATTR}('href')",
        URLS,
        harmless.as_markup,
    ),
    C(
        "safe-textarea",
        '<textarea id="t">|{{ x|safe }}</textarea>',
        "t.textContent.slice(1)",
        expect=harmless.as_markup,
    ),
    C("safe-text", '<p id="t">{{ x|safe }}</p>', TEXT, ("word",), counts=False),
    C(
        "autoescape-off-text",
        '<p id="t">{% autoescape off %}{{ x }}{% endautoescape %}</p>',
        TEXT,
        ("word",),
        counts=False,
        django_only=True,
    ),
    C(
        "autoescape-off-attribute",
        '{% autoescape off %}<p id="t" title="{{ x }}">p</p>{% endautoescape %}',
        f"{ATTR}('title')",
        django_only=True,
        expect=harmless.as_markup,
    ),
    C(
        "force-escape",
        '<p id="t">{{ x|force_escape }}</p>',
        TEXT,
        django_only=True,
        unattackable="the filter escapes by itself",
    ),
    C(
        "force-escape-attribute",
        '<p id="t" title="{{ x|force_escape }}">p</p>',
        f"{ATTR}('title')",
        django_only=True,
        unattackable="the filter escapes by itself",
    ),
    C(
        "json-script",
        '{{ x|json_script:"t" }}',
        "JSON.parse(t.textContent)",
        ("text", "typed"),
        harmless.as_javascript_exactly,
        django_only=True,
        unattackable="the filter escapes by itself",
    ),
    C(
        "default-filter",
        '<a id="t" href="{{ missing|default:x }}">l</a>',
        f"{ATTR}('href')",
        URLS,
        django_only=True,
    ),
    C("firstof-text", '<p id="t">{% firstof x "-" %}</p>', TEXT, ("word",), django_only=True),
    C(
        "firstof-href",
        '<a id="t" href="{% firstof x "-" %}">l</a>',
        f"{ATTR}('href')",
        URLS,
        django_only=True,
    ),
    C(
        "firstof-script",
        "<script>var v = '{% firstof x \"-\" %}'; after = 1</script>",
        "w.v",
        ("word",),
        django_only=True,
    ),
    C(
        "cycle-href",
        '{% for i in "ab" %}<a class="c" href="{% cycle x y %}">l</a>{% endfor %}',
        "d.querySelectorAll('.c')[1].getAttribute('href')",
        URLS,
        django_only=True,
        variables=_twice,
    ),
    C(
        "cycle-script",
        "<script>{% for i in 'ab' %}v = '{% cycle x y %}';{% endfor %} after = 1</script>",
        "w.v",
        ("word",),
        django_only=True,
        variables=_twice,
    ),
    C(
        "blocktranslate-text",
        '{% load i18n %}<p id="t">{% blocktranslate %}a {{ x }}{% endblocktranslate %}</p>',
        "t.textContent.slice(2)",
        ("word",),
        django_only=True,
    ),
    C(
        "blocktranslate-href",
        '{% load i18n %}<a id="t" href="{% blocktranslate %}{{ x }}{% endblocktranslate %}">l</a>',
        f"{ATTR}('href')",
        ("path",),
        django_only=True,
    ),
    C(
        "blocktranslate-script",
        "{% load i18n %}<script>var v = '{% blocktranslate %}{{ x }}"
        "{% endblocktranslate %}'; after = 1</script>",
        "w.v",
        ("word",),
        django_only=True,
    ),
    C(
        "filter-block",
        '<a id="t" href="{% filter lower %}{{ x }}{% endfilter %}">l</a>',
        f"{ATTR}('href')",
        ("path",),
        django_only=True,
    ),
    C(
        "filter-block-script",
        "<script>var v = '{% filter lower %}{{ x }}{% endfilter %}'; after = 1</script>",
        "w.v",
        ("ident",),
        django_only=True,
    ),
    C(
        "with-href",
        '{% with y=x %}<a id="t" href="{{ y }}">l</a>{% endwith %}',
        f"{ATTR}('href')",
        URLS,
        django_only=True,
    ),
    C(
        "if-branches",
        '<a id="t" {% if x %}href="{% else %}title="{% endif %}{{ x }}">l</a>',
        f"{ATTR}('href')",
        URLS,
    ),
    C(
        "if-branches-script",
        "<script>var v = {% if x %}'{% else %}\"{% endif %}{{ x }}"
        "{% if x %}'{% else %}\"{% endif %}; after = 1</script>",
        "w.v",
    ),
    C(
        "for-attributes",
        '<p id="t" {% for i in "a" %}title="{{ x }}"{% endfor %}>p</p>',
        f"{ATTR}('title')",
    ),
    C(
        "for-array",
        "<script>var v = [{% for i in 'ab' %}'{{ x }}',{% endfor %}][1]; after = 1</script>",
        "w.v",
    ),
    C(
        "include-text",
        '<p id="t">{% include "bare.html" %}</p>',
        TEXT,
        others={"bare.html": "{{ x }}"},
    ),
    C(
        "include-href",
        '<a id="t" href="{% include "bare.html" %}">l</a>',
        f"{ATTR}('href')",
        URLS,
        others={"bare.html": "{{ x }}"},
    ),
    C(
        "include-script",
        "<script>var v = '{% include \"bare.html\" %}'; after = 1</script>",
        "w.v",
        others={"bare.html": "{{ x }}"},
    ),
    C(
        "include-half",
        '<a id="t" href="{% include "half.html" %}l</a>',
        f"{ATTR}('href')",
        URLS,
        others={"half.html": '{{ x }}">'},
    ),
    C(
        "block-super-href",
        '{% extends "link-base.html" %}{% block u %}{{ block.super }}{% endblock %}',
        f"{ATTR}('href')",
        URLS,
        django_only=True,
        others={
            "link-base.html": HEAD
            + '<a id="t" href="{% block u %}{{ x }}{% endblock %}">l</a>'
            + FOOT
        },
    ),
    C(
        "inclusion-tag",
        "{% load lab %}{% shown x %}",
        "d.querySelector('.i').title",
        django_only=True,
        others={"shown.html": '<p class="i" title="{{ x }}">{{ x }}</p>'},
    ),
    C(
        "inclusion-tag-script",
        "{% load lab %}<script>var v = '{% shown_bare x %}'; after = 1</script>",
        "w.v",
        django_only=True,
        others={"bare.html": "{{ x }}"},
    ),
    C(
        "simple-tag",
        '{% load lab %}<a id="t" href="{% echo x %}">l</a>',
        f"{ATTR}('href')",
        URLS,
        django_only=True,
    ),
    C(
        "spaceless",
        '{% spaceless %}<p> <a id="t" href="{{ x }}">l</a> </p>{% endspaceless %}',
        f"{ATTR}('href')",
        URLS,
        django_only=True,
    ),
    C(
        "form-field",
        "{{ form.name }}",
        "d.getElementById('id_name').value",
        ("line",),
        variables=_field,
        django_only=True,
        unattackable="forms are rendered by an engine of their own, which escapes",
    ),
    C(
        "form-textarea",
        "{{ form.note }}",
        "d.getElementById('id_note').value",
        variables=_field,
        django_only=True,
        unattackable="forms are rendered by an engine of their own, which escapes",
    ),
    C(
        "form-label",
        "{{ form.name.label_tag }}",
        "d.querySelector('label').textContent",
        ("word",),
        harmless.as_label,
        variables=_field,
        django_only=True,
        unattackable="forms are rendered by an engine of their own, which escapes",
    ),
    C(
        "form-select",
        "{{ form.pick }}",
        "d.querySelector('option').value",
        variables=_field,
        django_only=True,
        unattackable="forms are rendered by an engine of their own, which escapes",
    ),
    C(
        "form-as-p",
        "{{ form.as_p }}",
        "d.getElementById('id_name').value",
        ("line",),
        variables=_field,
        django_only=True,
        unattackable="forms are rendered by an engine of their own, which escapes",
    ),
)

CONTEXTS: tuple[Context, ...] = (
    *TEXTS,
    *ATTRIBUTES,
    *LINKS,
    *DOCUMENTS,
    *SCRIPTS,
    *HANDLERS,
    *STYLES,
    *LANGUAGE,
)
