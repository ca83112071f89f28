"""JavaScript: strings, values, comments, names, handlers, JSON, and markup inside strings."""

from __future__ import annotations

from typing import Any

from tests.browser.lab.contexts import Context
from tests.browser.lab.second.harmless import (
    always,
    literal,
    otherwise,
    parsed,
    within,
    written,
)
from tests.browser.lab.second.kinds import TEXT, attr, jinja_too, row, under, vouched

__all__ = ["SCRIPTS"]


def _script(body: str, before: str = "") -> str:
    """A script with that body, which says whether it came to its end."""
    return f"{before}<script>\n{body}\nvar after = 1;\n</script>"


_P = "<p id=t>a</p>"


def _plain(value: Any) -> list[Any]:
    return [value]


def _handled(value: Any) -> list[Any]:
    return [f"{one}" for one in written(value)]


SCRIPTS: tuple[Context, ...] = (
    jinja_too("string-double", _script('var v = "{{ x }}";'), "w.v"),
    jinja_too("string-single", _script("var v = '{{ x }}';"), "w.v"),
    jinja_too("string-template", _script("var v = `{{ x }}`;"), "w.v"),
    jinja_too(
        "string-parts",
        _script("const v = 'Hello, {{ x }}! It\\'s ' + \"{{ y }}\";"),
        "v",
        expect=lambda v: [f"Hello, {o}! It's {o}" for o in written(v)],
        variables=under("x", "y"),
    ),
    jinja_too(
        "string-touching",
        _script("var v = '{{ x }}{{ y }}';"),
        "w.v",
        expect=lambda v: [one + one for one in written(v)],
        variables=under("x", "y"),
    ),
    jinja_too(
        "string-backslashes",
        _script('var v = "C:\\\\{{ x }}\\\\";'),
        "w.v",
        expect=within("C:\\*\\"),
    ),
    jinja_too(
        "string-after-backslash",
        _script('var v = "\\{{ x }}";'),
        TEXT,
        "",
        expect=always("a"),
        reference="a",
    ),
    jinja_too("string-multiline", _script('var v = "a \\\n{{ x }}";'), "w.v", expect=within("a *")),
    jinja_too(
        "template-after-substitution",
        _script("var n = 2; var v = `${n}: {{ x }} of ${n + 1} {{ y }}`;"),
        "w.v",
        expect=lambda v: [f"2: {o} of 3 {o}" for o in written(v)],
        variables=under("x", "y"),
    ),
    jinja_too(
        "template-multiline",
        _script("var v = `\n  ${ [1].map(i => `<${i}`) }\n{{ x }}`;"),
        "w.v",
        expect=within("\n  <1\n*"),
    ),
    jinja_too(
        "template-tagged", _script("function tag(s) { return s[0] }\nvar v = tag`{{ x }}`;"), "w.v"
    ),
    jinja_too(
        "template-nested",
        _script("var v = `a ${ '{{ x }}' } b`;"),
        "w.v",
        "",
        expect=lambda v: [f"a {v} b"],
    ),
    jinja_too(
        "template-nested-value",
        _script("var v = `a ${ {{ x }} } b`;"),
        "w.v",
        "",
        expect=lambda v: [f"a {v} b"],
    ),
    row("escapejs-double", _script('var v = "{{ x|escapejs }}";'), "w.v"),
    row("escapejs-single", _script("var v = '{{ x|escapejs }}';"), "w.v"),
    row("escapejs-template", _script("var v = `{{ x|escapejs }}`;"), "w.v"),
    row(
        "escapejs-part",
        _script("var v = '/u/{{ x|escapejs }}/' + \"{{ x|escapejs }}\";"),
        "w.v",
        expect=lambda v: [f"/u/{o}/{o}" for o in written(v)],
    ),
    row(
        "escapejs-value",
        _script("var v = {{ x|escapejs }};"),
        "w.v",
        "count",
        expect=lambda v: [v, str(v)],
    ),
    row("addslashes-string", _script("var v = '{{ x|addslashes }}';"), "w.v", "prose"),
    row("safe-string", _script('var v = "{{ x|safe }}";'), "w.v", "prose"),
    row(
        "urlencode-string",
        _script('var v = "/s?q={{ x|urlencode }}";'),
        "decodeURIComponent(w.v.slice(5))",
        "prose",
    ),
    row(
        "date-string",
        _script('var v = new Date("{{ x|date:"c" }}").getFullYear();'),
        "w.v",
        "date",
        expect=always(2024),
        unattackable="only dates come through",
    ),
    jinja_too("value", _script("var v = {{ x }};"), "w.v", "data", expect=literal),
    jinja_too("value-let", _script("let v = {{ x }}, u = 1"), "v", "data", expect=literal),
    jinja_too(
        "value-argument",
        _script("var v; (function (a, b) { v = b })(1, {{ x }});"),
        "w.v",
        "data",
        expect=literal,
    ),
    jinja_too(
        "value-property",
        _script("var v = {name: {{ x }}, next: 2}.name;"),
        "w.v",
        "data",
        expect=literal,
    ),
    jinja_too(
        "value-element", _script("var v = [{{ x }}, {{ x }}][1];"), "w.v", "data", expect=literal
    ),
    jinja_too(
        "value-returned",
        _script("function f() { return {{ x }} }\nvar v = f();"),
        "w.v",
        "data",
        expect=literal,
    ),
    jinja_too(
        "value-default",
        _script("var v = {{ x }} || 0;"),
        "w.v",
        "number",
        expect=lambda v: [*literal(v), float(v)],
    ),
    jinja_too(
        "value-minus", _script("var v = 9 -{{ x }};"), "w.v", "count", expect=lambda v: [9 - v]
    ),
    jinja_too(
        "value-divided",
        _script("var a = 4, v = a / {{ x }} / 1;"),
        "w.v",
        "level",
        expect=lambda v: [4 / v, 4 // v],
        reference=2,
    ),
    jinja_too(
        "value-compared",
        _script("var v = 1; if (v < {{ x }}) { v = 2 }"),
        "w.v",
        "level",
        expect=lambda v: [2 if v > 1 else 1],
        reference=1,
    ),
    jinja_too(
        "value-statement",
        _script("{{ x }};\nvar v = 1;"),
        "w.v",
        "count",
        refused="a statement is made of it",
        expect=always(1),
    ),
    jinja_too(
        "value-negated",
        _script("var v = !{{ x }};"),
        "w.v",
        "bool",
        expect=lambda v: [not v],
        reference=True,
    ),
    jinja_too(
        "value-arrow",
        _script("var v = (() => {{ x }})();"),
        "w.v",
        "number",
        expect=lambda v: [*literal(v), float(v)],
    ),
    row(
        "value-yesno",
        _script("var v = {{ x|yesno:'true,false,null' }};"),
        "w.v",
        "bool",
        expect=_plain,
        reference=True,
        unattackable="only the template's words come through",
    ),
    row(
        "value-lower",
        _script("var v = {{ x|lower }};"),
        "w.v",
        "bool",
        expect=lambda v: [v, str(v).lower()],
        reference=True,
    ),
    row(
        "value-default-filter",
        _script("var v = {{ x|default:'null' }};"),
        "w.v",
        "number",
        expect=lambda v: ([*literal(v), float(v)]) if v else [None],
    ),
    row(
        "value-length",
        _script("var v = {{ x|length }};"),
        "w.v",
        "collection",
        expect=lambda v: [len(v)],
        unattackable="only a number comes through",
    ),
    row(
        "value-floatformat",
        _script("var v = {{ x|floatformat:2 }};"),
        "w.v",
        "count",
        expect=lambda v: [float(v), f"{v}.00"],
        unattackable="only numbers come through",
    ),
    row("value-json-safe", _script("var v = {{ x|safe }};"), "w.v", "json", expect=parsed),
    row(
        "value-json-marked",
        _script("var v = {{ x }};"),
        "w.v",
        "json",
        expect=parsed,
        variables=vouched,
    ),
    row(
        "value-autoescape-off",
        "{% autoescape off %}" + _script("var v = {{ x }}, u = 1;") + "{% endautoescape %}",
        "w.v",
        "json",
        expect=parsed,
    ),
    row(
        "json-script",
        '{{ x|json_script:"data" }}'
        + _script("var v = JSON.parse(document.getElementById('data').textContent);"),
        "w.v",
        "data",
        expect=literal,
        unattackable="its text is never code",
    ),
    row("json-script-id", '<p id=t>a</p>{{ "a"|json_script:x }}', TEXT, "slug", expect=always("a")),
    row(
        "json-parse",
        _script("var v; try { v = JSON.parse('{{ x|escapejs }}') } catch {}"),
        "w.v",
        "json",
        expect=parsed,
    ),
    jinja_too(
        "json-parse-plain",
        _script("var v; try { v = JSON.parse('{{ x }}') } catch {}"),
        "w.v",
        "json",
        expect=parsed,
    ),
    row(
        "array-of-strings",
        _script(
            "var v = [{% for i in xs %}'{{ i }}'{% if not forloop.last %}, "
            "{% endif %}{% endfor %}];"
        ),
        "w.v[1]",
        variables=lambda v: {"xs": [v, v]},
    ),
    row(
        "array-of-values",
        _script("var v = [\n{% for i in xs %}  {{ i }},\n{% endfor %}];"),
        "w.v[1]",
        "data",
        expect=literal,
        variables=lambda v: {"xs": [v, v]},
    ),
    row(
        "array-of-objects",
        _script(
            "var v = [{% for i in xs %}{id: {{ forloop.counter }}, "
            'name: "{{ i }}"}{% if not forloop.last %},{% endif %}{% endfor %}];'
        ),
        "w.v[1].name",
        variables=lambda v: {"xs": [v, v]},
    ),
    row(
        "array-join",
        _script("var v = ['{{ xs|join:\"', '\" }}'];"),
        "w.v.length",
        "slug",
        expect=always(2),
        variables=lambda v: {"xs": [v, v]},
    ),
    row(
        "array-join-values",
        _script("var v = [{{ xs|join:', ' }}];"),
        "w.v[1]",
        "data",
        expect=literal,
        variables=lambda v: {"xs": [v, v]},
    ),
    row(
        "object-loop",
        _script("var v = { {% for k, i in d.items %}'{{ k }}': '{{ i }}', {% endfor %} };"),
        "Object.entries(w.v)[0]",
        "prose",
        expect=lambda v: [[v, v]],
        variables=lambda v: {"d": {v: v}},
    ),
    jinja_too(
        "key-quoted", _script('var v = {"{{ x }}": 1};'), "Object.keys(w.v)[0]", expect=written
    ),
    jinja_too(
        "key-bare",
        _script("var v = { {{ x }}: 1 };"),
        "Object.keys(w.v)[0]",
        "slug",
        expect=lambda v: [str(v)],
    ),
    jinja_too("key-computed", _script("var v = {['{{ x }}']: 1};"), "Object.keys(w.v)[0]"),
    jinja_too("index", _script("var c = {}; c['{{ x }}'] = 1; var v = Object.keys(c)[0];"), "w.v"),
    jinja_too(
        "member",
        _script("var c = {ada: 3}; var v = c.{{ x }};"),
        "w.v",
        "slug",
        expect=always("never"),
        refused="a name, not a value",
    ),
    jinja_too(
        "function-name",
        _script("function show_{{ x }}() {}"),
        "Object.keys(w).filter(k => k.startsWith('show_'))[0]",
        "ending",
        expect=lambda v: [f"show_{v}"],
    ),
    jinja_too(
        "variable-name",
        _script("var data_{{ x }} = 1;"),
        "Object.keys(w).filter(k => k.startsWith('data_'))[0]",
        "ending",
        expect=lambda v: [f"data_{v}"],
    ),
    jinja_too(
        "regular-expression",
        _script("var v = /^{{ x }}$/.test('a');"),
        "w.v",
        "slug",
        expect=always("never"),
        refused="a regular expression",
    ),
    jinja_too(
        "after-regular-expression",
        _script("var r = 'a'.replace(/['\"]/g, '');\nvar v = '{{ x }}';"),
        "w.v",
    ),
    jinja_too(
        "line-comment",
        _script("// for {{ x }}\nvar v = 1; // and {{ x }}"),
        "w.v",
        expect=always(1),
    ),
    jinja_too("line-comment-quote", _script("// it's {{ x }}\nvar v = '{{ x }}';"), "w.v"),
    jinja_too(
        "block-comment",
        _script("/* {{ x }} */ var v = 1; /** @type {{ x }}\n*/"),
        "w.v",
        expect=always(1),
    ),
    jinja_too(
        "html-comment", "<script><!--\nvar v = '{{ x }}';\nvar after = 1;\n//--></script>", "w.v"
    ),
    jinja_too(
        "html-comment-line",
        _script("<!-- {{ x }}\nvar v = 1;\n--> {{ x }}"),
        "w.v",
        expect=always(1),
    ),
    jinja_too(
        "script-whole",
        "<script>{{ x }}</script><p id=t>a</p>",
        TEXT,
        "slug",
        expect=always("a"),
        refused="code is made of it",
    ),
    row(
        "script-whole-safe",
        "<script>{{ x|safe }}</script><p id=t>a</p>",
        TEXT,
        "json",
        expect=always("a"),
        refused="code is made of it",
    ),
    row(
        "block-super-script",
        '{% extends "second/script.html" %}{% block js %}{{ block.super }}'
        "var u = '{{ x }}';{% endblock %}",
        "[w.v, w.u]",
        expect=lambda v: [[one, one] for one in written(v)],
        others={
            "second/script.html": "<!doctype html><html><head><title>a</title></head><body>"
            '<p id="z"></p><script>{% block js %}var v = "{{ x }}";\n{% endblock %}\n'
            "var after = 1</script></body></html>"
        },
    ),
    row(
        "include-script",
        "<script>{% include 'second/config.html' with name=x only %}\nvar after = 1</script>",
        "w.v",
        others={"second/config.html": "var v = '{{ name }}';"},
    ),
    row(
        "include-script-element",
        "{% include 'second/element.html' %}",
        "w.v",
        others={"second/element.html": "<script>var v = '{{ x }}', after = 1</script>"},
    ),
    row(
        "script-if",
        _script("{% if x %}var v = '{{ x }}';{% else %}var v = 'none';{% endif %}"),
        "w.v",
        expect=otherwise("none"),
    ),
    row(
        "script-branches",
        _script("var v = {% if x %}'{{ x }}'{% else %}null{% endif %};"),
        "w.v",
        expect=lambda v: written(v) if v else [None],
    ),
    row(
        "script-blocktranslate",
        "{% load i18n %}"
        + _script("var v = '{% blocktranslate %}Delete {{ x }}?{% endblocktranslate %}';"),
        "w.v",
        expect=within("Delete *?"),
    ),
    row(
        "script-firstof",
        _script("var v = '{% firstof x \"none\" %}';"),
        "w.v",
        expect=otherwise("none"),
    ),
    row(
        "script-cycle",
        _script("var v = [{% for i in 'ab' %}'{% cycle x x %}',{% endfor %}];"),
        "w.v[1]",
    ),
    row(
        "script-filter",
        _script("var v = '{% filter lower %}{{ x }}{% endfilter %}';"),
        "w.v",
        "slug",
        expect=lambda v: [str(v)],
    ),
    row("script-with", "{% with v=x %}" + _script("var v = '{{ v }}';") + "{% endwith %}", "w.v"),
    row(
        "script-pluralize",
        _script("var v = '{{ n }} item{{ n|pluralize }} of {{ x }}';"),
        "w.v",
        expect=within("2 items of *"),
        variables=under("x", n=2),
    ),
    row(
        "script-linebreaks",
        _script("var v = '{{ x|linebreaksbr }}';"),
        "w.v",
        "slug",
        expect=lambda v: [str(v)],
    ),
    # --- other kinds of script
    jinja_too(
        "module", '<script type="module">window.v = "{{ x }}"; window.after = 1</script>', "w.v"
    ),
    jinja_too(
        "script-type-upper",
        "<SCRIPT TYPE=\"TEXT/ECMASCRIPT\">var v = '{{ x }}', after = 1</SCRIPT>",
        "w.v",
    ),
    jinja_too(
        "script-type-parameter",
        "<script type=\"text/javascript; charset=utf-8\">var v = '{{ x }}'</script><p id=t>a</p>",
        TEXT,
        expect=always("a"),
        unattackable="a browser does not run it",
    ),
    jinja_too(
        "script-type-by-variable",
        '<script type="{{ k }}">var v = "{{ x }}", after = 1</script>',
        "w.v",
        "",
        expect=lambda v: [str(v)],
        variables=under("x", k="text/javascript"),
    ),
    jinja_too("script-type-empty", "<script type=''>var v = '{{ x }}', after = 1</script>", "w.v"),
    jinja_too(
        "linked-data",
        '<script type="application/ld+json" id=t>{"@type": "Person", "name": '
        '"{{ x }}", "age": {{ n }}}</script>',
        "JSON.parse(t.textContent).name",
        variables=under("x", n=7),
        unattackable="its text is never code",
    ),
    jinja_too(
        "json-element",
        '<script type="application/json" id=t>{"v": {{ x }}}</script>',
        "JSON.parse(t.textContent).v",
        "data",
        expect=literal,
        unattackable="its text is never code",
    ),
    row(
        "json-element-safe",
        '<script type="application/json" id=t>{{ x|safe }}</script>',
        "JSON.parse(t.textContent)",
        "json",
        expect=parsed,
        unattackable="its text is never code",
        variables=under("x"),
    ),
    jinja_too(
        "handlebars",
        '<script type="text/x-template" id=t><b title="{{ x }}">{{ x }}</b></script>',
        TEXT,
        "slug",
        expect=lambda v: [f'<b title="{v}">{v}</b>'],
    ),
    jinja_too(
        "svg-script-text",
        "<svg><script>var v = '{{ x }}', after = 1</script></svg>",
        "w.v",
    ),
    # --- markup inside strings
    jinja_too(
        "inner-html",
        _script("document.getElementById('t').innerHTML = '<b>{{ x }}</b>';", _P),
        TEXT,
    ),
    jinja_too(
        "inner-html-attribute",
        _script("document.getElementById('t').innerHTML = \"<b title='{{ x }}'>b</b>\";", _P),
        "t.firstChild.title",
    ),
    jinja_too(
        "inner-html-template",
        _script(
            "document.getElementById('t').innerHTML = "
            '`<ul>\n  <li class="{{ x }}">{{ x }}</li>\n</ul>`;',
            _P,
        ),
        "t.querySelector('li').textContent",
    ),
    jinja_too(
        "inner-html-link",
        _script("document.getElementById('t').innerHTML = '<a href=\"{{ x }}\">b</a>';", _P),
        "t.firstChild.getAttribute('href')",
        "link",
    ),
    jinja_too(
        "inner-html-handler",
        _script(
            "document.getElementById('t').innerHTML = '<b onclick=\"go(\\'{{ x }}\\')\">b</b>';", _P
        ),
        TEXT,
        "slug",
        expect=always("b"),
        refused="code in markup in a string",
    ),
    jinja_too("document-write", _script("document.write('<p id=t>{{ x }}</p>');"), TEXT),
    jinja_too(
        "insert-html",
        _script(
            "document.getElementById('t').insertAdjacentHTML('beforeend', "
            "\"<i>{{ x }}</i> &mdash; \" + '<br>');",
            _P,
        ),
        "t.querySelector('i').textContent",
    ),
    row(
        "inner-html-escapejs",
        _script("document.getElementById('t').innerHTML = '<b>{{ x|escapejs }}</b>';", _P),
        TEXT,
    ),
    row(
        "inner-html-loop",
        _script(
            "document.getElementById('t').innerHTML = "
            "'<ul>{% for i in xs %}<li>{{ i }}</li>{% endfor %}</ul>';",
            _P,
        ),
        "t.querySelector('li').textContent",
        variables=lambda v: {"xs": [v, v]},
    ),
    # --- handlers
    jinja_too(
        "onclick-single", "<button id=t onclick=\"w1 = '{{ x }}'\">a</button>", "w.w1", after=True
    ),
    jinja_too(
        "onclick-double", "<button id=t onclick='w1 = \"{{ x }}\"'>a</button>", "w.w1", after=True
    ),
    jinja_too(
        "onclick-entities",
        '<button id=t onclick="w1 = &quot;{{ x }}&#34;">a</button>',
        "w.w1",
        after=True,
    ),
    jinja_too(
        "onclick-template", '<button id=t onclick="w1 = `{{ x }}`">a</button>', "w.w1", after=True
    ),
    jinja_too(
        "onclick-value",
        '<button id=t onclick="w1 = {{ x }}">a</button>',
        "w.w1",
        "data",
        expect=literal,
        after=True,
    ),
    jinja_too(
        "onclick-argument",
        "<button id=t onclick=\"(function (a, b) { w1 = b })(1, '{{ x }}')"
        '; return false">a</button>',
        "w.w1",
        after=True,
    ),
    jinja_too("onclick-bare", "<button id=t onclick=w1='{{ x }}'>a</button>", "w.w1", after=True),
    jinja_too(
        "onclick-bare-value",
        "<button id=t onclick=w1={{ x }}>a</button>",
        "w.w1",
        "count",
        expect=literal,
        after=True,
    ),
    row(
        "onclick-escapejs",
        "<button id=t onclick=\"w1 = '{{ x|escapejs }}'\">a</button>",
        "w.w1",
        after=True,
    ),
    row(
        "onclick-safe",
        "<button id=t onclick=\"w1 = '{{ x|safe }}'\">a</button>",
        "w.w1",
        "prose",
        after=True,
    ),
    row(
        "onclick-blocktranslate",
        "{% load i18n %}<button id=t onclick=\"w1 = '{% blocktranslate %}"
        "Delete {{ x }}{% endblocktranslate %}'\">a</button>",
        "w.w1",
        expect=within("Delete *"),
        after=True,
    ),
    jinja_too(
        "onclick-whole",
        '<button id=t onclick="{{ x }}">a</button>',
        TEXT,
        "slug",
        expect=always("a"),
        refused="code is made of it",
    ),
    row(
        "onclick-if",
        "<button id=t {% if x %}onclick=\"w1 = '{{ x }}'\"{% endif %}>a</button>",
        "w.w1 || ''",
        expect=otherwise(""),
        after=True,
    ),
    jinja_too(
        "onclick-address",
        "<button id=t type=button onclick=\"location.href='{{ x }}'\">a</button>",
        attr("type"),
        "own",
        expect=always("button"),
    ),
    jinja_too(
        "onclick-open",
        "<button id=t type=button onclick=\"window.open('{{ x }}', '_self')\">a</button>",
        attr("type"),
        "own",
        expect=always("button"),
    ),
    jinja_too(
        "onload",
        "<img id=t alt='' src='/a.gif' onload=\"w1 = '{{ x }}'\" onerror=\"w1 = '{{ x }}'\">",
        attr("alt"),
        expect=always(""),
    ),
    jinja_too(
        "onfocus",
        '<input id=t value=a onfocus="w1 = {a: \'{{ x }}\'}.a" onblur="/* {{ x }} */ w2 = 1">',
        "w.w1",
        after=True,
    ),
    jinja_too(
        "javascript-link",
        "<a id=t href=\"javascript:void(w1 = '{{ x }}')\">a</a>",
        "w.w1",
        after=True,
    ),
    jinja_too(
        "javascript-link-value",
        '<a id=t href="javascript:void(w1 = {{ x }})">a</a>',
        "w.w1",
        "data",
        expect=literal,
        after=True,
    ),
    jinja_too(
        "javascript-link-entity",
        "<a id=t href='javascript&colon;void(w1 = \"{{ x }}\")'>a</a>",
        "w.w1",
        after=True,
    ),
    jinja_too(
        "javascript-link-bare",
        "<a id=t href=javascript:void(w1='{{ x }}')>a</a>",
        "w.w1",
        after=True,
    ),
)
