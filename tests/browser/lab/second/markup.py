"""Text, raw text, comments, attributes of every quoting, names, forms and widgets."""

from __future__ import annotations

import pprint
from collections.abc import Mapping
from typing import Any

from django.utils.functional import lazystr

from tests.browser.lab.contexts import Context
from tests.browser.lab.second.harmless import (
    always,
    beside,
    otherwise,
    quoted,
    resolved,
    shown,
    twice,
    within,
    written,
)
from tests.browser.lab.second.kinds import TEXT, attr, jinja_too, row, under, vouched

__all__ = ["MARKUP"]

#: Where a template lets a value name attributes: those that mean nothing may come and go.
_ANY_NAME = (
    (
        (
            r"(?<=[\[ ])(?!(?:on[a-z]+|id|style|srcdoc|srcset|data"
            r"|type|class|http-equiv|content|.*![a-z]+:)[ \]])[^\s\[\]()]+(?=[ \]])"
        ),
        "",
    ),
)


#: Of lines and paragraphs there are as many as the value has.
_LINES = ((r"br\[\]\(\)", ""), (r"(?:p\[\]\(\))+", "p"))


def _listed(value: Any) -> list[Any]:
    return [[one, one] for one in written(value)]


def _paragraphs(value: Any) -> list[Any]:
    return ["".join(str(one).split()) for one in written(value)]


class _Article:
    """An object of the site's own, whose title came from a visitor."""

    def __init__(self, title: Any) -> None:
        self.title = title
        self.tags = [title, title]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return str(self.title)


class _File:
    """What an upload field shows of the file it has."""

    def __init__(self, text: Any) -> None:
        self.url = text

    def __str__(self) -> str:
        return str(self.url)


def _form(value: Any) -> Mapping[str, Any]:
    from django import forms

    class Feedback(forms.Form):
        subject = forms.CharField(
            initial=value,
            widget=forms.TextInput(
                attrs={"placeholder": value, "data-hint": value, "title": value, "class": value}
            ),
        )
        kind = forms.ChoiceField(
            choices=[(str(value), [(f"1{value}", f"1{value}"), ("b", "B")])],
            widget=forms.RadioSelect,
        )
        body = forms.CharField(widget=forms.Textarea, initial=value, label=str(value))
        file = forms.FileField(initial=_File(value), required=False)

    return {"form": Feedback(prefix="p")}


def _bound(value: Any) -> Mapping[str, Any]:
    from django import forms

    class Strict(forms.Form):
        name = forms.CharField()
        pick = forms.ChoiceField(choices=[("a", "A")])

        def clean_name(self) -> str:
            raise forms.ValidationError("%(what)s is taken", params={"what": value})

    return {"form": Strict({"name": str(value) + ".", "pick": str(value)})}


def _odd_attribute(value: Any) -> Mapping[str, Any]:
    from django import forms

    class Odd(forms.Form):
        name = forms.CharField(widget=forms.TextInput(attrs={str(value): "1"}), required=False)

    return {"form": Odd()}


T = "<p id=t>{{ x }}</p>"

MARKUP: tuple[Context, ...] = (
    jinja_too("heading", "<h1 id=t>{{ x }}</h1>", TEXT),
    jinja_too(
        "no-element",
        "{{ x }}",
        "d.body.firstChild.data.slice(1)",
        "prose",
        expect=lambda v: [v + "\n"],
    ),
    jinja_too("cell", "<table><tr><td id=t>{{ x }}<td>{{ x }}</table>", TEXT),
    jinja_too(
        "between-rows",
        "<table id=t><tr><td>a</td></tr>{{ x }}</table>",
        "d.body.textContent.includes('end')",
        "word",
        expect=always(True),
    ),
    jinja_too(
        "items",
        "<ul id=t>{% for i in xs %}<li>{{ i }}</li>{% endfor %}</ul>",
        "[...t.children].map(li => li.textContent)",
        expect=_listed,
        variables=lambda v: {"xs": [v, v]},
    ),
    row(
        "items-of-dict",
        "<dl id=t>{% for k, v in d.items %}<dt>{{ k }}<dd>{{ v }}{% empty %}"
        "<dt>none{% endfor %}</dl>",
        "[...t.children].map(e => e.textContent)",
        expect=twice,
        variables=lambda v: {"d": {v: v}},
    ),
    row(
        "attribute-of-object",
        "<p id=t title='{{ o.title }}'>{{ o }}{% if o.tags %}, {{ o.tags.1 }}{% endif %}</p>",
        attr("title"),
        variables=lambda v: {"o": _Article(v)},
    ),
    row("default", '<p id=t>{{ x|default:"nobody" }}</p>', TEXT, expect=otherwise("nobody")),
    row(
        "default-is-the-value",
        '<p id=t title="{{ none|default:x }}">{{ e|default_if_none:x }}</p>',
        attr("title"),
        variables=under("x", none=None, e=None),
    ),
    jinja_too(
        "option",
        "<select id=t><option value='{{ x }}' selected>{{ x }}</option></select>",
        "[t.value, t.options[0].textContent]",
        expect=twice,
    ),
    jinja_too("textarea", "<textarea id=t rows=2>{{ x }}</textarea>", "t.value"),
    jinja_too(
        "title",
        "<!doctype html><html><head><title>{{ x }} | Site</title></head>"
        '<body id=t>ok<p id="z"></p></body></html>',
        "d.querySelector('title').textContent",
        expect=within("* | Site"),
    ),
    jinja_too(
        "noscript", "<noscript><p>{{ x }}</p></noscript><p id=t>ok</p>", TEXT, expect=always("ok")
    ),
    jinja_too(
        "noscript-attribute",
        '<noscript><img alt="{{ x }}" src="/p.gif?{{ x }}"></noscript><p id=t>ok</p>',
        TEXT,
        expect=always("ok"),
    ),
    jinja_too(
        "template-element",
        '<template id=t><b title="{{ x }}">{{ x }}</b></template>',
        "[t.content.firstChild.title, t.content.textContent]",
        expect=twice,
    ),
    jinja_too(
        "frame-fallback",
        "<iframe title=f>{{ x }}</iframe><p id=t>ok</p>",
        TEXT,
        expect=always("ok"),
    ),
    jinja_too("xmp", "<xmp>{{ x }}</xmp><p id=t>ok</p>", TEXT, expect=always("ok")),
    jinja_too("noembed", "<noembed>{{ x }}</noembed><p id=t>ok</p>", TEXT, expect=always("ok")),
    jinja_too("svg-text", "<svg><text id=t y=9>{{ x }}</text></svg>", TEXT),
    jinja_too("svg-title", '<svg role=img><title id=t>{{ x }}</title><path d="M0 0"/></svg>', TEXT),
    jinja_too(
        "svg-cdata", "<svg><text id=t><![CDATA[{{ x }}]]></text></svg><p>ok</p>", TEXT, "slug"
    ),
    jinja_too(
        "foreign-object",
        "<svg><foreignObject><p id=t title={{ x }}>{{ x }}</p></foreignObject></svg>",
        TEXT,
    ),
    jinja_too(
        "math",
        "<math><mi id=t>{{ x }}</mi><annotation-xml encoding='text/html'>"
        "<i>{{ x }}</i></annotation-xml></math>",
        TEXT,
    ),
    jinja_too("comment", "<!-- made for {{ x }} -->" + T, TEXT),
    jinja_too("comment-tight", "<!--{{ x }}-->" + T, TEXT),
    jinja_too("comment-dashes", "<!-----{{ x }}-->" + T, TEXT),
    jinja_too("comment-conditional", "<!--[if IE {{ x }}]><p>old</p><![endif]-->" + T, TEXT),
    jinja_too(
        "comment-tag-in-it", '<!-- <a href="{{ x }}" onclick="go(\'{{ x }}\')"> -->' + T, TEXT
    ),
    jinja_too("bogus-comment", "<?xml version='{{ x }}'?>" + T, TEXT),
    jinja_too("end-tag", "<p id=t>ok</p {{ x }}>", TEXT, expect=always("ok"), accepts="name"),
    # --- Django's own tags and filters
    row(
        "firstof",
        '<p id=t>{% firstof none x "fallback" %}</p>',
        TEXT,
        expect=otherwise("fallback"),
        variables=under("x", none=""),
    ),
    row(
        "cycle",
        "<p id=t>{% for i in 'ab' %}{% cycle x y as c %}{% endfor %}</p>",
        TEXT,
        expect=lambda v: [2 * one for one in written(v)],
        variables=under("x", "y"),
    ),
    row(
        "cycle-class",
        "<ul>{% for i in 'ab' %}<li id={% cycle 't' 'u' %} class="
        '"{% cycle x x %}">{% endfor %}</ul>',
        attr("class"),
    ),
    row(
        "blocktranslate",
        "{% load i18n %}<p id=t>{% blocktranslate with who=x %}Dear "
        "<b>{{ who }}</b>, 50% off!{% endblocktranslate %}</p>",
        TEXT,
        expect=within("Dear *, 50% off!"),
    ),
    row(
        "blocktranslate-plural",
        "{% load i18n %}<p id=t>{% blocktranslate count n=two trimmed %}"
        "One of {{ x }}{% plural %}{{ n }} of {{ x }}\n{% endblocktranslate %}</p>",
        TEXT,
        expect=within("2 of *"),
        variables=under("x", two=2),
    ),
    row(
        "blocktranslate-title",
        '{% load i18n %}<p id=t title="{% blocktranslate %}Mail to '
        '{{ x }}{% endblocktranslate %}">a</p>',
        attr("title"),
        expect=within("Mail to *"),
    ),
    row(
        "blocktranslate-asvar",
        "{% load i18n %}{% blocktranslate asvar said %}By {{ x }}"
        "{% endblocktranslate %}<p id=t title='{{ said }}'>{{ said }}</p>",
        "[t.title, t.textContent]",
        expect=lambda v: [[f"By {one}", f"By {one}"] for one in written(v)],
    ),
    row("translate-variable", "{% load i18n %}<p id=t>{% translate x %}</p>", TEXT, "prose"),
    row(
        "with",
        '{% with name=x other="b" %}<p id=t title="{{ name }}">{{ name }}</p>{% endwith %}',
        attr("title"),
    ),
    row(
        "with-filter",
        "{% with name=x|stringformat:'s'|lower %}<p id=t>{{ name }}</p>{% endwith %}",
        TEXT,
        "prose",
        expect=lambda v: [v.lower()],
    ),
    row(
        "filter-block",
        "<p id=t>{% filter force_escape|lower %}{{ x }}{% endfilter %}</p>",
        TEXT,
        "slug",
        expect=within("*"),
    ),
    row(
        "filter-upper",
        '<p id=t title="{% filter upper %}{{ x }}{% endfilter %}">a</p>',
        attr("title"),
        "slug",
        expect=lambda v: [str(v).upper()],
    ),
    row(
        "ifchanged",
        "<ul id=t>{% for i in xs %}{% ifchanged %}<li>{{ i }}</li>{% endifchanged %}"
        "{% endfor %}</ul>",
        "t.children[0].textContent",
        variables=lambda v: {"xs": [v, v]},
    ),
    row(
        "regroup",
        "{% regroup people by city as cities %}<ul id=t>{% for c in cities %}"
        '<li title="{{ c.grouper }}">{{ c.grouper }}{% endfor %}</ul>',
        "t.children[0].title",
        variables=lambda v: {"people": [{"city": v}, {"city": v}]},
    ),
    row(
        "cache",
        "{% load cache %}{% cache 60 lab x %}<p id=t title='{{ x }}'>{{ x }}</p>{% endcache %}",
        attr("title"),
    ),
    row(
        "spaceless",
        "{% spaceless %}<p id=t> <b>{{ x }}</b> </p>{% endspaceless %}",
        "t.querySelector('b').textContent",
    ),
    row(
        "linebreaks",
        "<div id=t>{{ x|linebreaks }}</div>",
        "t.textContent.replace(/\\s+/g, '')",
        "prose",
        expect=_paragraphs,
        names=_LINES,
    ),
    row("linebreaksbr", "<p id=t>{{ x|linebreaksbr }}</p>", TEXT, "line", names=_LINES),
    row(
        "urlize",
        "<p id=t>{{ x|urlize }} {{ x|urlizetrunc:20 }}</p>",
        TEXT,
        "slug",
        expect=lambda v: [f"{v} {v}"],
        names=((r"a\[href rel\]\(\)", ""),),
    ),
    row(
        "truncate",
        '<p id=t title="{{ x|truncatechars:60 }}">{{ x|truncatewords:30 }}</p>',
        attr("title"),
    ),
    row("striptags", "<p id=t title='{{ x|striptags }}'>{{ x|striptags }}</p>", TEXT, "word"),
    row("addslashes-text", '<p id=t title="{{ x|addslashes }}">a</p>', attr("title"), "word"),
    row(
        "join",
        '<p id=t title="{{ xs|join:", " }}">{{ xs|join:"<br>" }}</p>',
        attr("title"),
        "prose",
        expect=lambda v: [f"{v}, {v}"],
        variables=lambda v: {"xs": [v, v]},
    ),
    row(
        "join-with",
        "<p id=t>{{ xs|join:x }}</p>",
        TEXT,
        "prose",
        expect=lambda v: [f"a{v}b"],
        variables=lambda v: {"xs": ["a", "b"], "x": v},
    ),
    row(
        "unordered-list",
        "<ul id=t>{{ xs|unordered_list }}</ul>",
        "t.querySelector('li').textContent.trim()",
        "slug",
        variables=lambda v: {"xs": [v, v]},
    ),
    row(
        "yesno-argument",
        '<p id=t class="{{ yes|yesno:x }}">{{ yes|yesno:x }}</p>',
        TEXT,
        "slug",
        expect=lambda v: [f"{v}"],
        variables=lambda v: {"yes": True, "x": f"{v},no"},
    ),
    row(
        "pluralize-argument",
        '<p id=t title="{{ n|pluralize:x }}">a</p>',
        attr("title"),
        "slug",
        variables=lambda v: {"x": str(v), "n": 2},
    ),
    row(
        "date",
        '<time id=t datetime="{{ x|date:"Y-m-d" }}">{{ x|date:"j F Y" }}</time>',
        f"{attr('datetime')} + t.textContent",
        "date",
        expect=always("2024-02-2929 February 2024"),
        unattackable="only dates come through",
    ),
    row(
        "floatformat",
        '<p id=t title="{{ x|floatformat:2 }}">{{ x|floatformat }}</p>',
        attr("title"),
        "count",
        expect=lambda v: [f"{v}.00"],
        unattackable="only numbers come through",
    ),
    row(
        "add",
        '<p id=t class="{{ "col-"|add:x }}">a</p>',
        attr("class"),
        "prose",
        expect=within("col-*"),
    ),
    row(
        "escape-twice",
        '<p id=t title="{{ x|escape|force_escape }}">{{ x|escape|escape }}</p>',
        TEXT,
        "prose",
    ),
    row(
        "urlencode-text",
        '<p id=t data-q="{{ x|urlencode }}">{{ x|urlencode }}</p>',
        TEXT,
        "prose",
        expect=quoted,
    ),
    row(
        "escapejs-attribute",
        '<p id=t data-q="{{ x|escapejs }}">a</p>',
        attr("data-q"),
        "slug",
        expect=lambda v: [str(v), str(v).replace("-", "\\u002D")],
    ),
    row(
        "pprint",
        "<pre id=t>{{ x|pprint }}</pre>",
        TEXT,
        "prose",
        expect=lambda v: [repr(v), str(v), pprint.pformat(v)],
    ),
    row(
        "simple-tag",
        '{% load lab %}<p id=t title="{% echo x %}">{% echo x as y %}{{ y }}</p>',
        attr("title"),
    ),
    row(
        "verbatim",
        "{% verbatim %}<p id=t>{{ x }}</p>{% endverbatim %}<p>{{ x }}</p>",
        TEXT,
        expect=always("{{ x }}"),
    ),
    row(
        "block-super",
        '{% extends "second/base.html" %}{% block title %}{{ block.super }} - '
        "{{ x }}{% endblock %}{% block body %}<i>{{ block.super }}</i>{% endblock %}",
        "[d.querySelector('title').textContent, t.textContent]",
        expect=lambda v: [[f"{one} - {one}", one] for one in written(v)],
        others={
            "second/base.html": "<!doctype html><html><head><title>{% block title %}{{ x }}"
            "{% endblock %}</title></head><body>{% block body %}<p id=t>{{ x }}</p>"
            '{% endblock %}<p id="z"></p></body></html>'
        },
    ),
    jinja_too(
        "include",
        '{% include "second/name.html" %}',
        TEXT,
        others={"second/name.html": '<b id=t title="{{ x }}">{{ x }}</b>'},
    ),
    row(
        "include-with",
        '<p id=t title="{% include "second/bare.html" with y=x only %}">a</p>',
        attr("title"),
        others={"second/bare.html": "{{ y }}"},
    ),
    row(
        "include-opens",
        '{% include "second/open.html" %}{{ x }}">b</p>',
        attr("title"),
        expect=within("a *"),
        others={"second/open.html": '<p id=t title="a '},
    ),
    row(
        "include-loop",
        "<ul id=t>{% for y in xs %}{% include kind %}{% endfor %}</ul>",
        "t.children[1].textContent",
        others={"second/li.html": "<li class='{{ y }}'>{{ y }}</li>"},
        variables=lambda v: {"xs": [v, v], "kind": "second/li.html"},
    ),
    # --- attributes
    jinja_too("attribute-double", '<p id=t title="{{ x }}">a</p>', attr("title")),
    jinja_too("attribute-single", "<p id=t title='{{ x }}'>a</p>", attr("title")),
    jinja_too("attribute-bare", "<p id=t title={{ x }}>a</p>", attr("title")),
    jinja_too(
        "attribute-bare-middle",
        "<p id=t title=a{{ x }}b class=c>a</p>",
        f"[{attr('title')}, t.className]",
        expect=lambda v: [[f"a{one}b", "c"] for one in written(v)],
    ),
    jinja_too(
        "attribute-bare-first",
        "<p title={{ x }} id=t class=c>a</p>",
        f"[{attr('title')}, t.className]",
        expect=beside("c"),
    ),
    jinja_too(
        "attribute-bare-closed",
        "<input id=t value={{ x }}/>",
        attr("value"),
        expect=lambda v: [form for one in written(v) for form in (one + "/", one)],
    ),
    jinja_too(
        "attribute-spaced",
        "<p id=t title = {{ x }} class=c>a</p>",
        f"[{attr('title')}, t.className]",
        expect=beside("c"),
    ),
    jinja_too(
        "attribute-two",
        '<p id=t title="{{ x }} / {{ y }}">a</p>',
        attr("title"),
        expect=lambda v: [f"{one} / {one}" for one in written(v)],
        variables=under("x", "y"),
    ),
    jinja_too(
        "attribute-touching",
        '<p id=t title="{{ x }}{{ y }}">a</p>',
        attr("title"),
        expect=lambda v: [one + one for one in written(v)],
        variables=under("x", "y"),
    ),
    row(
        "attribute-or",
        '<p id=t title="{% if x %}{{ x }}{% else %}none{% endif %}">a</p>',
        attr("title"),
        expect=otherwise("none"),
    ),
    row(
        "attribute-quote-by-branch",
        "<p id=t title={% if q %}'{% else %}\"{% endif %}{{ x }}"
        "{% if q %}'{% else %}\"{% endif %}>a</p>",
        attr("title"),
        variables=under("x", q=1),
    ),
    row(
        "attribute-split",
        '<p id=t title="{{ x }}{% if q %}" class="c{% endif %}">a</p>',
        f"[{attr('title')}, t.className]",
        expect=beside("c"),
        variables=under("x", q=1),
    ),
    row(
        "attribute-conditional",
        '<p id=t{% if x %} title="{{ x }}"{% endif %} class=c>a</p>',
        attr("title"),
        expect=otherwise(None),
    ),
    row(
        "attribute-loop",
        '<p id=t {% for k, v in d.items %}data-{{ k }}="{{ v }}" {% endfor %}>a</p>',
        "t.dataset.kind",
        variables=lambda v: {"d": {"kind": v, "b": v}},
    ),
    jinja_too(
        "class-part",
        '<p id=t class="btn btn-{{ x }} {{ x }}">a</p>',
        attr("class"),
        expect=lambda v: [f"btn btn-{v} {v}"],
        accepts="word",
    ),
    jinja_too("classes", "<p id=t class='{{ x }}'>a</p>", attr("class"), "class"),
    jinja_too(
        "identifier",
        '<label for="id_{{ x }}">a</label><input id="id_{{ x }}" name="{{ x }}">',
        "d.querySelector('input').name",
    ),
    jinja_too(
        "input-value",
        '<input id=t type=text value="{{ x }}" placeholder="{{ x }}">',
        "t.getAttribute('value')",
    ),
    jinja_too(
        "meta-description",
        "<!doctype html><html><head><title>a</title>"
        '<meta id=t name=description content="{{ x }}"></head><body><p id="z"></p></body>'
        "</html>",
        attr("content"),
    ),
    jinja_too(
        "meta-content-first", '<meta id=t content="{{ x }}" property="og:title">', attr("content")
    ),
    jinja_too("meta-name", '<meta id=t name="{{ x }}" content="0;url=/a">', attr("name"), "slug"),
    jinja_too(
        "aria",
        '<button id=t type=button aria-label="Remove {{ x }}">x</button>',
        attr("aria-label"),
        expect=within("Remove *"),
    ),
    jinja_too(
        "data-json",
        '<p id=t data-row=\'{"name": "{{ x }}"}\'>a</p>',
        "JSON.parse(t.dataset.row).name",
        "slug",
        expect=lambda v: [str(v)],
    ),
    jinja_too(
        "data-read",
        '<p id=t data-name="{{ x }}">a</p><script>var t = '
        "document.getElementById('t'); t.textContent = t.dataset.name; var after = 1"
        "</script>",
        TEXT,
    ),
    jinja_too(
        "alpine",
        "<p id=t x-data=\"{ name: '{{ x }}' }\" :class='a' @click=\"b\">a</p>",
        attr("x-data"),
        "slug",
        expect=lambda v: [f"{{ name: '{v}' }}"],
    ),
    jinja_too(
        "attribute-newline", '<p id=t\n  title="{{ x }}"\n  class="c"\n>a</p>', attr("title")
    ),
    jinja_too("attribute-upper", '<P ID=t TITLE="{{ x }}">a</P>', attr("title")),
    jinja_too(
        "attribute-duplicate",
        '<p id=t title="{{ x }}" title="{{ y }}">a</p>',
        attr("title"),
        variables=under("x", "y"),
    ),
    # --- names
    jinja_too(
        "level",
        "<h{{ x }} id=t>a</h{{ x }}>",
        "t.localName",
        "level",
        expect=lambda v: [f"h{v}"],
        reference=2,
        names=((r"(?<!\w)h[\w.:-]+\[id\]", "h[id]"),),
    ),
    jinja_too(
        "tag-name",
        "<{{ x }} id=t>a</{{ x }}>",
        "t.localName",
        "level",
        expect=always("never"),
        refused="any element could be named",
        names=((r"(?<!\w)[\w-]+\[id\]", "h[id]"),),
    ),
    jinja_too(
        "custom-element",
        "<my-{{ x }} id=t>a</my-{{ x }}>",
        "t.localName",
        "slug",
        expect=lambda v: [f"my-{v}"],
        refused="what an element of the site's own does is not known",
        names=((r"(?<!\w)my-[\w.-]*\[id\]", "h[id]"),),
    ),
    jinja_too(
        "attribute-name",
        '<p id=t {{ x }}="1">a</p>',
        "t.attributes.length",
        "name",
        expect=lambda _: [2],
        names=_ANY_NAME,
    ),
    jinja_too(
        "attribute-name-suffix",
        '<p id=t data-{{ x }}="1">a</p>',
        "t.attributes[1].name",
        "slug",
        expect=lambda v: [f"data-{v}"],
        names=_ANY_NAME,
    ),
    jinja_too(
        "handler-name",
        '<p id=t on{{ x }}="void 0">a</p>',
        TEXT,
        "slug",
        expect=always("a"),
        refused="it names an event",
        unattackable="the handler is the template's",
        names=_ANY_NAME,
    ),
    jinja_too(
        "attributes",
        "<input id=t {{ x }}>",
        "t.localName",
        "name",
        expect=always("input"),
        names=_ANY_NAME,
    ),
    row(
        "attributes-if",
        "<input id=t {% if x %}{{ x }}{% endif %} class=c>",
        "t.className",
        "name",
        expect=always("c"),
        names=_ANY_NAME,
    ),
    jinja_too(
        "attributes-before-link",
        '<a {{ x }} id=t href="/a">a</a>',
        attr("href"),
        "name",
        expect=always("/a"),
        names=_ANY_NAME,
    ),
    jinja_too(
        "name-and-value",
        "<p id=t {{ x }}={{ y }}>a</p>",
        "t.attributes.length",
        "name",
        expect=lambda _: [2],
        names=_ANY_NAME,
        variables=lambda v: dict(
            zip("xy", (str(v).partition("=")[0], str(v).partition("=")[2] or "1"), strict=True)
        ),
    ),
    # --- vouched markup, and markup that is vouched for elsewhere
    row("safe", "<div id=t>{{ x|safe }}</div>", TEXT, "markup", expect=shown, counts=False),
    row(
        "autoescape-off",
        "{% autoescape off %}<div id=t>{{ x }}</div>{% endautoescape %}",
        TEXT,
        "markup",
        expect=shown,
        counts=False,
    ),
    row(
        "safe-title", '<p id=t title="{{ x|safe }}">a</p>', attr("title"), "markup", expect=resolved
    ),
    row("safe-bare", "<p id=t title={{ x|safe }}>a</p>", attr("title"), "markup", expect=resolved),
    row(
        "mark-safe-single",
        "<p id=t title='{{ x }}'>a</p>",
        attr("title"),
        "markup",
        expect=resolved,
        variables=vouched,
    ),
    row(
        "autoescape-off-attribute",
        '{% autoescape off %}<p id=t title="{{ x }}">a</p>{% endautoescape %}',
        attr("title"),
        expect=resolved,
        accepts="prose",
    ),
    row("safe-comment", "<!-- {{ x|safe }} --><p id=t>ok</p>", TEXT, "markup", expect=always("ok")),
    row(
        "safe-textarea",
        "<textarea id=t>{{ x|safe }}</textarea>",
        "t.value",
        "markup",
        expect=resolved,
    ),
    row(
        "lazy",
        '<p id=t title="{{ x }}">{{ x }}</p>',
        attr("title"),
        "prose",
        variables=lambda v: {"x": lazystr(v)},
    ),
    # --- forms
    row(
        "form-p",
        "<form onsubmit='return false'>{{ form.as_p }}</form>",
        "d.querySelector('#id_p-subject').getAttribute('value')",
        "slug",
        expect=lambda v: [str(v)],
        variables=_form,
        names=((r" href!?[\w:]*", " href"),),
    ),
    row(
        "form-attrs",
        "<form>{{ form.subject }}{{ form.body.label_tag }}{{ form.kind }}</form>",
        "['placeholder', 'data-hint', 'title', 'class'].map("
        "n => d.querySelector('input').getAttribute(n))",
        "prose",
        expect=lambda v: [[v, v, v, v]],
        variables=_form,
    ),
    row(
        "form-file",
        "<form>{{ form.file }}</form>",
        "d.querySelector('a').getAttribute('href')",
        "address",
        variables=lambda v: _form(v or "/"),
        expect=lambda v: [v or "/"],
    ),
    row(
        "form-errors",
        "<form>{{ form }}</form>",
        "[d.querySelector('.errorlist li').textContent, d.querySelector('input').value]",
        "slug",
        expect=lambda v: [[f"{v} is taken", f"{v}."]],
        variables=_bound,
    ),
    row(
        "form-odd-attribute",
        "<form>{{ form.name }}</form>",
        "d.querySelector('input').type",
        "slug",
        expect=always("text"),
        variables=_odd_attribute,
        # The name is Python's own: what runs is seen apart.
        names=((r"input\[.*\]\((?:style\{\})?\)\)p", "input[]())p"),),
    ),
)
