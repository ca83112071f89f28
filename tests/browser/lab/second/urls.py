"""Addresses: links, forms, what loads code, lists of them, animation, refresh, documents inside."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import QueryDict

from tests.browser.lab.contexts import Context
from tests.browser.lab.second.harmless import always, otherwise, resolved, within, written
from tests.browser.lab.second.kinds import TEXT, attr, jinja_too, row, split, under

__all__ = ["URLS"]

_HREF = attr("href")
_INNER = "t.contentDocument.getElementById('u')"


def _query(value: Any) -> list[Any]:
    """As it was written, or so that the server reads it as it was meant."""
    return [form for one in written(value) for form in (one, quote(one, safe="/"))]


def _path(value: Any) -> list[Any]:
    return [
        form for one in written(value) for form in (one, quote(one, safe="/"), quote(one, safe=""))
    ]


def _parts(value: Any) -> dict[str, Any]:
    scheme, _, rest = str(value).partition("://")
    return {"x": scheme, "y": rest}


def _thirds(value: Any) -> dict[str, Any]:
    text = str(value)
    return {"x": text[:4], "y": text[4:9], "z": text[9:]}


URLS: tuple[Context, ...] = (
    jinja_too("link", '<a id=t href="{{ x }}">a</a>', _HREF, "link"),
    jinja_too("link-single", "<a id=t class=b href='{{ x }}'>a</a>", _HREF, "link"),
    jinja_too("link-bare", "<a id=t href={{ x }}>a</a>", _HREF, "link"),
    jinja_too(
        "link-bare-last",
        "<a id=t href={{ x }} class=c>a</a>",
        f"[{_HREF}, t.className]",
        "link",
        expect=lambda v: [[v, "c"]],
    ),
    jinja_too("link-spaced", '<a id=t href=" {{ x }} ">a</a>', _HREF, "link", expect=within(" * ")),
    jinja_too(
        "link-newline", '<a id=t href="\n{{ x }}">a</a>', _HREF, "link", expect=within("\n*")
    ),
    jinja_too(
        "link-two", '<a id=t href="{{ x }}{{ y }}">a</a>', _HREF, "link", variables=split(":")
    ),
    jinja_too(
        "link-thirds",
        '<a id=t href="{{ x }}{{ y }}{{ z }}">a</a>',
        _HREF,
        "link",
        variables=_thirds,
    ),
    jinja_too(
        "link-scheme",
        '<a id=t href="{{ x }}://{{ y }}/">a</a>',
        _HREF,
        "host",
        expect=lambda v: [f"https://{v}/"],
        variables=lambda v: (
            _parts(v) if ":" in str(v) and "localhost" not in str(v) else {"x": "https", "y": v}
        ),
        reference="https://example.org",
    ),
    jinja_too(
        "link-colon",
        '<a id=t href="{{ x }}:{{ y }}">a</a>',
        _HREF,
        "email",
        expect=within("mailto:*"),
        variables=lambda v: (
            dict(zip("xy", str(v).split(":", 1), strict=True))
            if ":" in str(v)
            else {"x": "mailto", "y": v}
        ),
        reference="mailto:a",
    ),
    jinja_too(
        "link-colon-entity",
        '<a id=t href="{{ x }}&colon;{{ y }}">a</a>',
        _HREF,
        "email",
        expect=within("mailto:*"),
        variables=lambda v: (
            dict(zip("xy", str(v).split(":", 1), strict=True))
            if ":" in str(v)
            else {"x": "mailto", "y": v}
        ),
        reference="mailto:a",
    ),
    jinja_too(
        "link-half-scheme",
        '<a id=t href="java{{ x }}">a</a>',
        _HREF,
        "slug",
        expect=lambda v: [f"java{v}"],
        variables=lambda v: {"x": str(v).lower().replace("java", "", 1)},
    ),
    jinja_too(
        "link-half-scheme-entity",
        '<a id=t href="&#106;ava&Tab;{{ x }}">a</a>',
        _HREF,
        "slug",
        expect=lambda v: [f"java\t{v}"],
        variables=lambda v: {"x": str(v).lower().replace("java", "", 1)},
    ),
    jinja_too(
        "link-path",
        '<a id=t href="/users/{{ x }}/edit">a</a>',
        f"{_HREF}.slice(7, -5)",
        "text",
        expect=_path,
    ),
    jinja_too(
        "link-relative",
        '<a id=t href="{{ x }}/edit">a</a>',
        f"{_HREF}.slice(0, -5)",
        "slug",
        expect=_path,
    ),
    jinja_too(
        "link-query",
        '<a id=t href="/s?q={{ x }}&page=2">a</a>',
        f"[{_HREF}.slice(5, -7), new URL(t.href).searchParams.get('q')]",
        expect=_query,
    ),
    row(
        "link-urlencode",
        '<a id=t href="/s?q={{ x|urlencode }}&amp;p=2">a</a>',
        "new URL(t.href).searchParams.get('q')",
    ),
    row(
        "link-urlencode-path",
        '<a id=t href="/tag/{{ x|urlencode:"" }}/">a</a>',
        f"decodeURIComponent({_HREF}.slice(5, -1))",
    ),
    row(
        "link-urlencode-whole",
        '<a id=t href="{{ x|urlencode }}">a</a>',
        f"decodeURIComponent({_HREF})",
        "slug",
        unattackable="its colons are encoded",
    ),
    row(
        "link-next",
        '<a id=t href="/login/?next={{ x|urlencode:"/" }}#f">a</a>',
        "new URL(t.href).searchParams.get('next')",
        "link",
    ),
    row(
        "link-iriencode",
        '<a id=t href="{{ x|iriencode }}">a</a>',
        "[t.href, decodeURI(t.getAttribute('href'))]",
        "slug",
    ),
    row(
        "link-querystring",
        '<a id=t href="/s{% querystring query q=x %}">a</a>',
        "new URL(t.href).searchParams.get('q')",
        "prose",
        variables=lambda v: {"x": v, "query": QueryDict("p=2")},
    ),
    jinja_too("link-fragment", '<a id=t href="#{{ x }}">a</a>', f"{_HREF}.slice(1)", expect=_path),
    jinja_too(
        "link-mailto",
        '<a id=t href="mailto:{{ x }}?subject={{ x }}">a</a>',
        _HREF,
        "email",
        expect=lambda v: [
            f"mailto:{v}?subject={v}",
            f"mailto:{v}?subject=" + v.replace("+", "%2B"),
            f"mailto:{v}?subject={quote(v)}",
            f"mailto:{quote(v)}?subject={quote(v)}",
        ],
    ),
    jinja_too("link-host", '<a id=t href="https://{{ x }}/a">a</a>', "t.host", "host"),
    jinja_too(
        "link-subdomain",
        '<a id=t href="https://{{ x }}.example.com/">a</a>',
        "t.host",
        "slug",
        expect=lambda v: [f"{v}.example.com"],
    ),
    jinja_too("link-no-scheme", '<a id=t href="//{{ x }}">a</a>', "t.host", "host"),
    row(
        "link-firstof",
        '<a id=t href="{% firstof x "/default/" %}">a</a>',
        _HREF,
        "link",
        expect=otherwise("/default/"),
    ),
    row(
        "link-cycle",
        '{% for i in "ab" %}<a id={% cycle "t" "u" %} href="{% cycle x y %}">a</a>{% endfor %}',
        _HREF,
        "link",
        variables=under("x", "y"),
    ),
    row(
        "link-blocktranslate",
        '{% load i18n %}<p>{% blocktranslate %}See <a id=t href="{{ x }}">'
        "this</a> now{% endblocktranslate %}</p>",
        _HREF,
        "link",
    ),
    row(
        "link-default",
        '<a id=t href="{{ x|default:"#" }}">a</a>',
        _HREF,
        "link",
        expect=otherwise("#"),
    ),
    row(
        "link-with",
        '{% with link=x %}<a id=t href="{{ link }}">{{ link|truncatechars:30 }}</a>{% endwith %}',
        _HREF,
        "link",
    ),
    row(
        "link-filter-block",
        '<a id=t href="{% filter lower %}{{ x }}{% endfilter %}">a</a>',
        _HREF,
        "slug",
        expect=lambda v: [str(v)],
    ),
    row(
        "link-include",
        '<a id=t href="{% include "second/url.html" %}">a</a>',
        _HREF,
        "link",
        others={"second/url.html": "{{ x }}"},
    ),
    row("link-safe", '<a id=t href="{{ x|safe }}">a</a>', _HREF, "address", expect=resolved),
    row(
        "link-autoescape-off",
        "{% autoescape off %}<a id=t href='{{ x }}'>a</a>{% endautoescape %}",
        _HREF,
        "address",
        expect=resolved,
    ),
    row("link-escape", '<a id=t href="{{ x|escape }}">a</a>', _HREF, "link"),
    row("link-force-escape", '<a id=t href="{{ x|force_escape }}">a</a>', _HREF, "link"),
    row("link-simple-tag", '{% load lab %}<a id=t href="{% echo x %}">a</a>', _HREF, "link"),
    row(
        "link-or",
        '<a id=t href="{% if x %}{{ x }}{% else %}/none{% endif %}">a</a>',
        _HREF,
        "link",
        expect=otherwise("/none"),
    ),
    row(
        "link-loop",
        '<a id=t href="{% for part in xs %}{{ part }}{% endfor %}">a</a>',
        _HREF,
        "link",
        variables=lambda v: {"xs": list(str(v))},
    ),
    jinja_too("link-twice", '<a id=t href="{{ x }}" href="/b">a</a>', _HREF, "link"),
    jinja_too("area", '<map name=m><area id=t shape=default href="{{ x }}"></map>', _HREF, "link"),
    jinja_too(
        "svg-link",
        '<svg><a id=t xlink:href="{{ x }}"><text y=9>a</text></a></svg>',
        attr("xlink:href"),
        "link",
    ),
    jinja_too(
        "svg-link-plain", '<svg><a id=t href="{{ x }}"><text y=9>a</text></a></svg>', _HREF, "link"
    ),
    jinja_too(
        "svg-use",
        '<svg><use id=t href="{{ x }}"/></svg>',
        _HREF,
        "own",
        unattackable="nothing runs in what is used",
    ),
    jinja_too(
        "svg-image",
        '<svg><image id=t href="{{ x }}"/></svg>',
        _HREF,
        "image",
        unattackable="nothing runs in a picture",
    ),
    jinja_too("svg-script", '<svg><script id=t href="{{ x }}"></script></svg>', _HREF, "own"),
    jinja_too(
        "svg-set",
        '<svg><a id=t href="/a"><set attributeName="href" to="{{ x }}"/>'
        "<text y=9>a</text></a></svg>",
        "t.firstChild.getAttribute('to')",
        "address",
    ),
    jinja_too(
        "svg-set-before",
        '<svg><a id=t href="/a"><set to="{{ x }}" attributeName="href"/>'
        "<text y=9>a</text></a></svg>",
        "t.firstChild.getAttribute('to')",
        "address",
    ),
    jinja_too(
        "svg-animate-values",
        '<svg><a id=t><animate attributeName="xlink:href" dur="1s" '
        'fill="freeze" values="/a;{{ x }}"/><text y=9>a</text></a></svg>',
        "t.firstChild.getAttribute('values').slice(3)",
        "own",
    ),
    jinja_too(
        "svg-animate-from",
        '<svg><a id=t><animate attributeName="href" dur="9s" '
        'from="{{ x }}" to="/b"/><text y=9>a</text></a></svg>',
        "t.firstChild.getAttribute('from')",
        "address",
    ),
    jinja_too(
        "svg-animated-name",
        '<svg><a id=t href="/a"><set attributeName="{{ n }}" '
        'to="{{ x }}"/><text y=9>a</text></a></svg>',
        "t.firstChild.getAttribute('to')",
        "address",
        variables=under("x", n="href"),
    ),
    jinja_too(
        "image",
        '<img id=t alt="" src="{{ x }}">',
        attr("src"),
        "image",
        unattackable="nothing runs in a picture",
    ),
    jinja_too("image-bare", "<img id=t src={{ x }} alt>", attr("src"), "image"),
    jinja_too(
        "image-path",
        '<img id=t alt="" src="/media/{{ x }}?v={{ x }}">',
        f"{attr('src')}.startsWith('/media/')",
        "word",
        expect=always(True),
        unattackable="nothing runs in a picture",
    ),
    jinja_too(
        "image-data",
        '<img id=t alt="" src="data:image/png;base64,{{ x }}">',
        attr("src"),
        "slug",
        expect=lambda v: [f"data:image/png;base64,{v}"],
        unattackable="nothing runs in a picture",
    ),
    jinja_too(
        "srcset",
        '<img id=t alt="" srcset="{{ x }} 1x, {{ x }} 2x">',
        attr("srcset"),
        "own",
        expect=lambda v: [f"{v} 1x, {v} 2x"],
        unattackable="nothing runs in a picture",
    ),
    jinja_too(
        "srcset-whole",
        '<picture><source srcset="{{ x }}"><img id=t alt=""></picture>',
        "d.querySelector('source').getAttribute('srcset')",
        "own",
        unattackable="nothing runs in a picture",
    ),
    jinja_too(
        "poster",
        '<video id=t poster="{{ x }}" src="/v.mp4"></video>',
        attr("poster"),
        "image",
        unattackable="nothing runs in a picture",
    ),
    jinja_too(
        "body-background",
        '<table><tr><td id=t background="{{ x }}">a</table>',
        attr("background"),
        "image",
        unattackable="nothing runs in a picture",
    ),
    jinja_too(
        "ping",
        '<a id=t href="/a" ping="/p {{ x }}">a</a>',
        attr("ping"),
        "own",
        expect=within("/p *"),
        unattackable="what is pinged is not shown",
    ),
    jinja_too(
        "cite",
        '<blockquote id=t cite="{{ x }}">a</blockquote>',
        attr("cite"),
        "address",
        unattackable="nobody goes there",
    ),
    jinja_too(
        "form-action",
        '<form id=t action="{{ x }}" method=post><button>a</button></form>',
        attr("action"),
        "address",
    ),
    jinja_too(
        "form-action-path",
        '<form id=t action="{{ x }}/save" method=post><button>a</button></form>',
        attr("action"),
        "slug",
        expect=within("*/save"),
    ),
    jinja_too(
        "formaction",
        '<form action="/a"><button id=t formaction="{{ x }}">a</button></form>',
        attr("formaction"),
        "address",
    ),
    jinja_too(
        "input-formaction",
        "<form><input id=t type=submit formaction='{{ x }}'></form>",
        attr("formaction"),
        "address",
    ),
    # --- what loads code
    jinja_too("script-source", '<script id=t src="{{ x }}"></script>', attr("src"), "own"),
    jinja_too(
        "script-source-path",
        '<script id=t src="/static/{{ x }}.js?v={{ x }}"></script>',
        attr("src"),
        "slug",
        expect=lambda v: [f"/static/{v}.js?v={v}"],
        unattackable="it stays on the site",
    ),
    jinja_too(
        "script-source-slash",
        '<script id=t src="/{{ x }}"></script>',
        attr("src"),
        "slug",
        expect=lambda v: [f"/{v}"],
    ),
    jinja_too(
        "script-source-host",
        '<script id=t src="https://{{ x }}/a.js"></script>',
        attr("src"),
        "host",
        expect=always("never"),
        refused="code of another site",
    ),
    jinja_too(
        "script-module", '<script id=t type=module src="{{ x }}"></script>', attr("src"), "own"
    ),
    jinja_too(
        "script-source-two",
        '<script id=t src="{{ x }}{{ y }}"></script>',
        attr("src"),
        "own",
        variables=split("/"),
    ),
    jinja_too("frame", '<iframe id=t src="{{ x }}"></iframe>', attr("src"), "own"),
    jinja_too(
        "frame-path",
        '<iframe id=t src="/embed/{{ x }}?a=1"></iframe>',
        attr("src"),
        "slug",
        expect=lambda v: [f"/embed/{v}?a=1"],
        unattackable="it stays on the site",
    ),
    jinja_too(
        "object", '<object id=t type="text/html" data="{{ x }}"></object>', attr("data"), "own"
    ),
    jinja_too("embed", '<embed id=t src="{{ x }}" type="text/html">', attr("src"), "own"),
    jinja_too("stylesheet", '<link id=t rel="stylesheet" href="{{ x }}">', _HREF, "own"),
    jinja_too("stylesheet-before", '<link id=t href="{{ x }}" rel="stylesheet">', _HREF, "own"),
    jinja_too(
        "stylesheet-by-variable",
        '<link id=t rel="{{ r }}" href="{{ x }}">',
        _HREF,
        "own",
        variables=under("x", r="StyleSheet"),
    ),
    jinja_too(
        "stylesheet-entity", '<link id=t href="{{ x }}" rel="a &#115;tylesheet">', _HREF, "own"
    ),
    jinja_too(
        "link-icon",
        '<link id=t rel="icon" href="{{ x }}">',
        _HREF,
        "address",
        unattackable="nothing runs in a picture",
    ),
    jinja_too(
        "link-canonical",
        '<link id=t rel="canonical" href="{{ x }}">',
        _HREF,
        "address",
        unattackable="nobody goes there",
    ),
    jinja_too(
        "base",
        '<base href="{{ x }}"><a id=t href="/a">a</a><script src="b.js"></script>',
        "d.querySelector('base').getAttribute('href')",
        "own",
    ),
    jinja_too(
        "refresh",
        '<meta id=t http-equiv="refresh" content="900; url={{ x }}">',
        attr("content"),
        "own",
        expect=within("900; url=*"),
        unattackable="the lab does not wait so long",
    ),
    jinja_too(
        "refresh-whole",
        '<meta id=t http-equiv="Refresh" content="{{ x }}">',
        attr("content"),
        "count",
        expect=lambda v: [f"{v}00"],
        variables=lambda v: {"x": f"{v}00" if isinstance(v, int) else v},
        reference=900,
    ),
    jinja_too(
        "refresh-before",
        '<meta id=t content="900;url={{ x }}" http-equiv="refresh">',
        attr("content"),
        "own",
        expect=within("900;url=*"),
        unattackable="the lab does not wait so long",
    ),
    jinja_too(
        "import-map",
        '<script type=importmap>{"imports": {"app": "{{ x }}"}}</script>'
        '<script type=module>import "app"</script><p id=t>ok</p>',
        TEXT,
        "own",
        expect=always("ok"),
    ),
    jinja_too(
        "htmx",
        '<button id=t type=button hx-get="{{ x }}" hx-vals=\'{"a": "{{ x }}"}\'>a</button>',
        attr("hx-get"),
        "own",
    ),
    # --- documents inside
    jinja_too(
        "srcdoc", "<iframe id=t srcdoc=\"<p id='u'>{{ x }}</p>\"></iframe>", f"{_INNER}.textContent"
    ),
    jinja_too(
        "srcdoc-escaped",
        "<iframe id=t srcdoc='&lt;p id=u title=&quot;{{ x }}&quot;&gt;a&lt;/p&gt;'></iframe>",
        f"{_INNER}.title",
    ),
    jinja_too(
        "srcdoc-bare-attribute",
        '<iframe id=t srcdoc="<p id=u title={{ x }}>a</p>"></iframe>',
        f"{_INNER}.title",
    ),
    jinja_too(
        "srcdoc-link",
        "<iframe id=t srcdoc=\"<a id='u' href='{{ x }}'>a</a>\"></iframe>",
        f"{_INNER}.getAttribute('href')",
        "link",
    ),
    jinja_too(
        "srcdoc-script",
        "<iframe id=t srcdoc=\"<p id='u'></p><script>var v = '{{ x }}', "
        'after = 1</script>"></iframe>',
        "t.contentWindow.v",
    ),
    jinja_too(
        "srcdoc-handler",
        "<iframe id=t srcdoc=\"<b id='u' onclick='w=&quot;{{ x }}&quot;'>a</b>\"></iframe>",
        f"{_INNER}.textContent",
        expect=always("a"),
    ),
    jinja_too(
        "srcdoc-style",
        "<iframe id=t srcdoc=\"<b id=u style='color: {{ x }}'>a</b>\"></iframe>",
        f"{_INNER}.textContent",
        "slug",
        expect=always("a"),
    ),
    jinja_too(
        "srcdoc-srcdoc",
        "<iframe id=t srcdoc=\"<iframe id='i' srcdoc='<p id=u>{{ x }}</p>'></iframe>\"></iframe>",
        "t.contentDocument.getElementById('i').contentDocument.getElementById('u').textContent",
    ),
    jinja_too(
        "srcdoc-whole",
        '<iframe id=t srcdoc="{{ x }}"></iframe>',
        "t.contentDocument.body.textContent",
        "slug",
    ),
    jinja_too(
        "srcdoc-bare",
        "<iframe id=t srcdoc={{ x }}></iframe>",
        "t.contentDocument.body.textContent",
        "slug",
    ),
    jinja_too(
        "srcdoc-title",
        '<iframe id=t srcdoc="<title id=u>{{ x }}</title><p>a</p>"></iframe>',
        f"{_INNER}.textContent",
    ),
    jinja_too(
        "srcdoc-comment",
        '<iframe id=t srcdoc="<!-- {{ x }} --><p id=u>a</p>"></iframe>',
        f"{_INNER}.textContent",
        expect=always("a"),
    ),
    row(
        "srcdoc-safe",
        "<iframe id=t srcdoc=\"<p id='u' title='{{ x|safe }}'>a</p>\"></iframe>",
        f"{_INNER}.title",
        "markup",
        expect=resolved,
    ),
)
