"""Each rule of templates: what it fires on, on which line and how surely, and what it leaves."""

from __future__ import annotations

import pytest

from ringfence.audit.collect.templates import read_template, settle
from ringfence.audit.model import (
    Call,
    FunctionFacts,
    Place,
    Project,
    PythonFacts,
    Setting,
    Settings,
    Source,
    TemplateFacts,
    Value,
)
from ringfence.audit.report import run_rules
from ringfence.audit.rules import all_codes, all_rules
from ringfence.audit.rules._codes_templates import CODES

PAGE = "shop/templates/shop/page.html"
_RULES = {rule.code: rule for rule in all_rules()}


def project_of(files: dict[str, str]) -> Project:
    """Return a project of these templates."""
    project = Project()
    for path, text in files.items():
        facts = read_template(path, text)
        assert isinstance(facts, TemplateFacts), facts
        project.templates[path] = facts
    settle(project.templates, files.get)
    return project


def found(code: str, files: dict[str, str] | str, path: str = PAGE) -> list[str]:
    """Return what one rule finds: line and confidence, with the file where there are several."""
    files = {path: files} if isinstance(files, str) else files
    report = run_rules(project_of(files), rules=[_RULES[code]])
    assert not report.unasked
    return [
        f"{finding.hit.place.path.rpartition('/')[2] + ':' if len(files) > 1 else ''}"
        f"{finding.hit.place.line} {finding.confidence.name}"
        for finding in report.findings
    ]


_COMPARED = (
    "<script>const n = new URLSearchParams(location.search).get('next');"
    "if (n.startsWith('/a/')) location = n;</script>"
)
_META = '<meta http-equiv="Content-Security-Policy" content="'
FIRES = [
    # a comment that is shown as it was written, and an article of an editor's
    (
        "XSS401",
        "a loop's variable",
        "{% for c in xs %}\n<td>{{ c.text|safe}}</td>{% endfor %}",
        "2 MEDIUM",
    ),
    (
        "XSS401",
        "behind another filter",
        "<p>{{ a.body|truncatewords_html:20|safe }}</p>",
        "1 MEDIUM",
    ),
    ("XSS401", "with spaces", "<p>{{ note | safe }}</p>", "1 MEDIUM"),
    ("XSS401", "of the request", "<p>{{ request.GET.q|safe }}</p>", "1 HIGH"),
    ("XSS401", "a sequence", "<p>{{ names|safeseq|join:', ' }}</p>", "1 MEDIUM"),
    ("XSS401", "in an attribute", '<p title="{{ note|safe }}">', "1 MEDIUM"),
    (
        "XSS401",
        "in a sentence",
        "<p>{% blocktranslate with n=user.name|safe %}Hi {{ n }}{% endblocktranslate %}",
        "1 MEDIUM",
    ),
    ("XSS401", "in a short sentence", "<p>{% trans note|safe %}</p>", "1 MEDIUM"),
    (
        "XSS401",
        "given to an include",
        '<p>{% include "x.html" with text=note|safe only %}</p>',
        "1 MEDIUM",
    ),
    ("XSS401", "with", "{% with text=note|safe %}<p>{{ text }}</p>{% endwith %}", "1 MEDIUM"),
    (
        "XSS401",
        "a message, where its tags say so",
        "{% if 'safe' in m.tags %}\n<li>{{ message|safe }}</li>{% endif %}",
        "2 MEDIUM",
    ),
    ("XSS401", "striptags is no escaping", "<p>{{ note|striptags|safe }}</p>", "1 MEDIUM"),
    ("XSS401", "tags taken out behind it", "<p>{{ note|safe|striptags }}</p>", "1 LOW"),
    ("XSS401", "rendered from Markdown", "<p>{{ note|markdown|safe }}</p>", "1 LOW"),
    ("XSS401", "a field's help", "<p>{{ field.help_text|safe }}</p>", "1 LOW"),
    (
        "XSS402",
        "next to the tag",
        "<p>\n{% autoescape off %}\n{{ post.text }}\n{% endautoescape %}",
        "2 MEDIUM",
    ),
    (
        "XSS402",
        "urlize escapes only where all is",
        "{% autoescape off %}<b>{{ v|urlize }}</b>{% endautoescape %}",
        "1 MEDIUM",
    ),
    ("XSS403", "a statement", "<script>\n// code\n{{ code }}\n</script>", "3 MEDIUM"),
    ("XSS403", "a value", "<script>var a = {{ name }};</script>", "1 MEDIUM"),
    ("XSS403", "a template literal", "<script>var a = `{{ name }}`;</script>", "1 MEDIUM"),
    ("XSS403", "a number, by its name", "<script>var a = {{ object.pk }};</script>", "1 LOW"),
    ("XSS404", "a string", "<script>var a = '{{ name }}';</script>", "1 MEDIUM"),
    ("XSS404", "a site's own", "<script>var a = '{{ settings.KEY }}';</script>", "1 LOW"),
    (
        "XSS405",
        "markup in a string",
        "<script>box.innerHTML = '<b>{{ name }}</b>';</script>",
        "1 MEDIUM",
    ),
    (
        "XSS405",
        "escapejs alone",
        "<script>document.write('<b>{{ name|escapejs }}</b>');</script>",
        "1 MEDIUM",
    ),
    (
        "XSS405",
        "through a name",
        "<script>\nvar n = '{{ name|escapejs }}';\nbox.innerHTML = 'Hi ' + n;\n</script>",
        "3 MEDIUM",
    ),
    (
        "XSS405",
        "of the address",
        "<script>\nvar h = location.hash.slice(1);\n$('#x').html(h);\n</script>",
        "3 MEDIUM",
    ),
    (
        "XSS405",
        "of the address, at once",
        "<script>document.write(document.referrer)</script>",
        "1 MEDIUM",
    ),
    ("XSS406", "a string", "<a onclick=\"go('{{ name }}')\">", "1 MEDIUM"),
    ("XSS406", "a value", '<a onclick="go({{ name }})">', "1 MEDIUM"),
    ("XSS406", "a library's", "<div x-data=\"{a: '{{ name }}'}\">", "1 LOW"),
    ("XSS407", "a string", "<a href=\"javascript:go('{{ name }}')\">", "1 MEDIUM"),
    ("XSS408", "a value", "<input value={{ name }}>", "1 MEDIUM"),
    ("XSS408", "an address", "<a href={{ item.url }}>", "1 LOW"),
    ("XSS409", "an element", "<{{ tag }}>", "1 LOW"),
    ("XSS409", "attributes", "<p {{ extra }}>", "1 LOW"),
    ("XSS410", "a link", '<a href="{{ profile.site }}">', "1 LOW"),
    ("XSS410", "of the request", '<a href="{{ request.GET.next }}">', "1 HIGH"),
    ("XSS411", "a value", '<p style="color: {{ color }}">', "1 LOW"),
    ("XSS412", "a frame", '<iframe srcdoc="{{ text }}"></iframe>', "1 MEDIUM"),
    ("XSS413", "an event's script", '<script src="{{ event.widget }}"></script>', "1 MEDIUM"),
    ("XSS413", "a script", '<script src="{{ address }}"></script>', "1 LOW"),
    ("XSS414", "JSON", "<script>var d = {{ data_json|safe }};</script>", "1 MEDIUM"),
    ("XSS414", "a string", "<script>\nvar s = '{{ settings.NAME|safe }}';</script>", "2 MEDIUM"),
    (
        "XSS414",
        "without autoescaping",
        "<script>{% autoescape off %}var d = {{ d }};{% endautoescape %}</script>",
        "1 MEDIUM",
    ),
    (
        "XSS414",
        "a data block",
        '<script type="application/ld+json">{"a": "{{ name|safe }}"}</script>',
        "1 MEDIUM",
    ),
    ("CSRF481", "none", '<form method="post" action="/go"><input name="a"></form>', "1 MEDIUM"),
    ("CSRF481", "no action, upper case", "<FORM METHOD=POST>\n<button></FORM>", "1 MEDIUM"),
    (
        "CSRF481",
        "a token outside of it",
        '<form method="post"><input></form>{% csrf_token %}',
        "1 MEDIUM",
    ),
    (
        "CSRF481",
        "an unknown include",
        '<form method="post">{% include "who.html" %}</form>',
        "1 LOW",
    ),
    ("CSRF481", "nothing to send", '<form method="post">{{ form }}</form>', "1 LOW"),
    (
        "CSRF481",
        "who knows where to",
        '<form method="post" action="{{ to }}"><input></form>',
        "1 LOW",
    ),
    (
        "CSRF481",
        "a tag of its own",
        '<form method="post"><input>{% my_form form %}</form>',
        "1 LOW",
    ),
    ("CSRF481", "a script sends it", '<form method="post" hx-post="/x"></form>', "1 LOW"),
    (
        "CSRF482",
        "another site",
        '<form method="post" action="https://pay.example/">{% csrf_token %}</form>',
        "1 HIGH",
    ),
    ("CSRF483", "by GET", '<form method="get">{% csrf_token %}</form>', "1 MEDIUM"),
    ("CSRF483", "without a method", "<form>{% csrf_token %}</form>", "1 LOW"),
    ("CSRF484", "a path", '<a href="./{{ page.id }}/publish/">x</a>', "1 MEDIUM"),
    ("CSRF484", "a name", "<a href=\"{% url 'logout' %}\">x</a>", "1 MEDIUM"),
    ("CSRF484", "a form", '<form action="/cart/empty/"><button>x</button></form>', "1 MEDIUM"),
    ("CSRF483", "a link", '<a href="/x/?a=b&token={{ csrf_token }}">x</a>', "1 MEDIUM"),
    ("CSP483", "inline", f"<p>\n{_META}script-src 'self' 'unsafe-inline'\">", "2 MEDIUM"),
    ("CSP483", "anywhere", f'{_META}default-src *">', "1 MEDIUM"),
    (
        "CSP483",
        "code of text",
        f"{_META}script-src 'nonce-{{{{ n }}}}' 'unsafe-eval'\">",
        "1 MEDIUM",
    ),
    ("XSS416", "Vue's", '<p v-html="note"></p>', "1 MEDIUM"),
    ("XSS416", "Alpine's, of markup", '<p x-html="note_html"></p>', "1 LOW"),
    (
        "XSS416",
        "in a script's template",
        "<script>\nnew Vue({template: '<p v-html=\"note\"></p>'});</script>",
        "2 MEDIUM",
    ),
    (
        "XSS415",
        "a parameter",
        "<script>\nlocation = new URLSearchParams(location.search).get('next');</script>",
        "2 MEDIUM",
    ),
    ("XSS415", "behind the #", "<script>window.open(location.hash.slice(1));</script>", "1 MEDIUM"),
    ("XSS410", "an author's", '<a href="{{ post.author.website }}">', "1 MEDIUM"),
    ("XSS401", "Jinja2's Markup", "{%- set a = 1 %}<p>{{ Markup(note.text) }}", "1 MEDIUM"),
    (
        "CSP481",
        "all kinds",
        '<p>\n<a onclick="x()" style="a:b"><script>x</script><style>y</style>',
        "2 LOW",
    ),
    ("CSP482", "a version", '<script src="https://cdn.example/a@1.2.3/a.js"></script>', "1 MEDIUM"),
    ("CSP482", "a service", '<script src="https://api.example/v.js"></script>', "1 LOW"),
    ("CSP482", "a style", '<link rel="stylesheet" href="//cdn.example/a-1.2.css">', "1 LOW"),
    ("TLS481", "a script", '<script src="http://cdn.example/a.js"></script>', "1 HIGH"),
    ("TLS481", "a style", '<link rel=stylesheet href="http://cdn.example/a.css">', "1 HIGH"),
    (
        "TLS482",
        "a password",
        '<form method=post action="http://a.example/in"><input type="password"></form>',
        "1 HIGH",
    ),
    ("INFO481", "a link", '<a target="_blank" href="https://a.example">', "1 LOW"),
    ("INFO482", "a frame", '<iframe src="https://a.example"></iframe>', "1 LOW"),
    ("INFO483", "the tag", "<p>{% debug %}", "1 MEDIUM"),
]

SILENT = [
    ("XSS401", "escaped", "<p>{{ note }}</p>"),
    ("XSS401", "a literal", '<p>{{ "<b>"|safe }}{{ _("x")|safe }}</p>'),
    (
        "XSS401",
        "escaped before",
        "<p>{{ note|escape|safe }}{{ note|force_escape|linebreaks|safe }}</p>",
    ),
    ("XSS401", "linebreaks escapes", "<p>{{ note|linebreaks|safe }}{{ note|urlize|safe }}</p>"),
    ("XSS401", "cleaned", "<p>{{ note|sanitize|safe }}{{ note|bleach|safe }}</p>"),
    (
        "XSS401",
        "a number or a date",
        "<p>{{ n|floatformat:2|safe }}{{ d|date:'Y'|safe }}{{ s|slugify|safe }}</p>",
    ),
    (
        "XSS401",
        "what forms make",
        "<p>{{ form.as_p|safe }}{{ form.media|safe }}{{ field.errors|safe }}</p>",
    ),
    ("XSS401", "Wagtail's rich text", "<p>{{ page.body|richtext }}</p>"),
    (
        "XSS401",
        "in a comment of Django's",
        "<p>{# {{ note|safe }} #}{% comment %}{{ note|safe }}{% endcomment %}",
    ),
    ("XSS401", "verbatim", "<p>{% verbatim %}{{ note|safe }}{% endverbatim %}"),
    ("XSS401", "a test", "{% if note|safe == 'x' %}<p>{% endif %}"),
    ("XSS401", "outside of a child's blocks", "{% extends 'a.html' %}{{ note|safe }}"),
    (
        "XSS402",
        "escaped one by one",
        "{% autoescape off %}<p>{{ note|escape }}{{ note|force_escape }}</p>{% endautoescape %}",
    ),
    (
        "XSS402",
        "on again",
        "{% autoescape off %}{% autoescape on %}<b>{{ x }}{% endautoescape %}{% endautoescape %}",
    ),
    ("XSS402", "behind it", "{% autoescape off %}<p>{% endautoescape %}{{ note }}"),
    ("XSS403", "json_script", '{{ data|json_script:"d" }}<script>let a = 1;</script>'),
    ("XSS403", "in a string", "<script>let a = '{{ note|escapejs }}';</script>"),
    ("XSS403", "a yes or no", "<script>let a = {{ flag|yesno:'true,false' }};</script>"),
    ("XSS403", "behind the script", "<script>let a = 1;</script>{{ note }}"),
    ("XSS403", "tojson", "<script>let a = {{ note|tojson }};</script>"),
    ("XSS404", "escapejs", "<script>let a = '{{ note|escapejs }}';</script>"),
    ("XSS404", "a tag", "<script>let a = '{% url \"x\" %}';</script>"),
    ("XSS405", "text", "<script>box.textContent = '{{ note|escapejs }}';</script>"),
    ("XSS405", "constants", "<script>box.innerHTML = '<b>hash</b>';</script>"),
    (
        "XSS405",
        "encoded",
        "<script>var h = encodeURIComponent(location.hash);\nbox.innerHTML = h;</script>",
    ),
    (
        "XSS405",
        "both escapings",
        "<script>box.innerHTML = '<b>{{ n|force_escape|escapejs }}</b>';</script>",
    ),
    ("XSS406", "escapejs", "<a onclick=\"go('{{ note|escapejs }}')\">"),
    ("XSS406", "data", '<a data-note="{{ note }}" onclick="go(this.dataset.note)">'),
    ("XSS407", "an ordinary link", '<a href="/go/{{ note }}/">'),
    ("XSS408", "quotes", '<input value="{{ name }}">'),
    ("XSS408", "a tag's address", "<a href={% url 'x' %}>"),
    ("XSS409", "a value", '<p class="{{ kind }}">'),
    ("XSS410", "behind a host", '<a href="https://a.example/{{ path }}">'),
    (
        "XSS410",
        "what Django makes",
        '<a href="{{ object.get_absolute_url }}"><a href="{{ photo.url }}">',
    ),
    ("XSS411", "a class", '<p class="{{ color }}">'),
    ("XSS412", "a sandbox", '<iframe sandbox srcdoc="{{ text }}"></iframe>'),
    (
        "XSS413",
        "a slug",
        "<script>n = '{{ a|slugify }}'; s = document.createElement('script'); s.src = n;</script>",
    ),
    ("XSS413", "a path", '<script src="/js/{{ name }}.js"></script>'),
    ("XSS414", "escapejs", "<script>let a = '{{ note|escapejs|safe }}';</script>"),
    ("XSS414", "tojson", "<script>let a = {{ note|tojson|safe }};</script>"),
    ("CSRF481", "crispy forms' token", '<form method="post">{% crispy form %}</form>'),
    ("CSRF483", "crispy forms' token", '<form method="get">{% crispy form %}</form>'),
    ("CSRF481", "a token", '<form method="post">{% csrf_token %}</form>'),
    ("CSRF481", "Jinja's token", '<form method="post">{{ csrf_input }}</form>'),
    (
        "CSRF481",
        "a field of its own",
        '<form method="post"><input name="csrfmiddlewaretoken" value="{{ t }}"></form>',
    ),
    ("CSRF481", "GET", '<form action="/find"><input name="q"></form>'),
    ("CSRF481", "another site", '<form method="post" action="https://pay.example/"></form>'),
    ("CSRF481", "an HTML comment", '<!-- <form method="post"></form> -->'),
    ("CSRF481", "in a script", "<script>let f = '<form method=\"post\">';</script>"),
    ("CSRF482", "this site", '<form method="post" action="/go">{% csrf_token %}</form>'),
    ("CSRF483", "by POST", '<form method="post">{% csrf_token %}</form>'),
    ("CSRF483", "a header", "<script>h = {'X-CSRFToken': '{{ csrf_token }}'}</script>"),
    ("CSRF484", "a form that asks", '<form action="/search/"><input name="q"></form>'),
    ("CSRF484", "a form by POST", '<form method="post" action="/cart/empty/"></form>'),
    ("CSP483", "a nonce", f"{_META}script-src 'nonce-{{{{ n }}}}'; object-src 'none'\">"),
    ("CSP483", "all of it elsewhere", f'{_META}{{{{ policy }}}}">'),
    ("CSP483", "another element", '<meta name="description" content="script-src *">'),
    ("XSS415", "compared", _COMPARED),
    ("XSS415", "a page of this site's", "<script>location.href = '/a/' + location.hash;</script>"),
    ("XSS416", "text", '<p v-text="note"></p>'),
    ("XSS416", "cleaned", '<p v-html="DOMPurify.sanitize(note)"></p>'),
    ("CSRF484", "shows", '<a href="/articles/how-to-delete-a-file">x</a>'),
    ("CSP481", "files", '<script src="a.js"></script><script type="application/json">{}</script>'),
    (
        "CSP482",
        "a hash",
        '<script src="https://cdn.example/a-1.2.js" integrity="sha384-x"></script>',
    ),
    ("CSP482", "this site's", '<script src="/static/a-1.2.js"></script>'),
    (
        "TLS481",
        "https",
        '<script src="https://cdn.example/a.js"></script><a href="http://a.example">',
    ),
    (
        "TLS482",
        "https",
        '<form method=post action="https://a.example/in"><input type="password"></form>',
    ),
    ("INFO481", "noopener", '<a target="_blank" rel="noopener" href="https://a.example">'),
    ("INFO482", "a sandbox", '<iframe sandbox src="https://a.example"></iframe>'),
    ("INFO483", "its name", "<p>{{ debug }}"),
]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [(code, text, expected) for code, _, text, expected in FIRES],
    ids=[f"{code}-{name}" for code, name, _, _ in FIRES],
)
def test_fires(code: str, text: str, expected: str) -> None:
    assert found(code, text) == [expected]


@pytest.mark.parametrize(
    ("code", "text"),
    [(code, text) for code, _, text in SILENT],
    ids=[f"{code}-{name}" for code, name, _ in SILENT],
)
def test_does_not_fire(code: str, text: str) -> None:
    assert found(code, text) == []


def test_every_code_has_a_rule_that_fires_and_is_silent() -> None:
    assert set(CODES) <= set(all_codes())
    assert {row[0] for row in FIRES} == set(CODES)
    assert {row[0] for row in SILENT} == set(CODES)
    assert set(CODES) <= set(_RULES)


JINJA = [
    ("XSS401", "a description", "<p>\n{{ product.text|safe }}", ["2 MEDIUM"]),
    ("XSS401", "in a call's arguments", "<p>{{ _('%(a)s')|f(a=name|safe) }}", ["1 MEDIUM"]),
    ("XSS401", "a sentence's data", "<p>{{ _('by {w}')|f(w=name)|safe }}", ["1 MEDIUM"]),
    ("XSS401", "a sentence's constants", "<p>{{ _('by {w}')|f(w='me')|safe }}", []),
    ("XSS401", "set", "{% set a = note|safe %}<p>{{ a }}", ["1 MEDIUM"]),
    ("XSS401", "a macro", "{% macro m(a) %}<p>{{ a|safe }}{% endmacro %}", ["1 MEDIUM"]),
    ("XSS401", "over lines", "<p>{{-\n note\n |safe -}}", ["1 MEDIUM"]),
    ("XSS401", "raw", "<p>{% raw %}{{ a|safe }}{% endraw %}", []),
    ("XSS401", "a literal", "<p>{{ '<b>'|safe }}", []),
    ("XSS402", "a scope", "<p>{% autoescape false %}{{ a }}{% endautoescape %}", ["1 MEDIUM"]),
    ("XSS403", "a value", "<script>let a = {{ a }}</script>", ["1 MEDIUM"]),
    ("XSS403", "tojson", "<script>let a = {{ a|tojson }}</script>", []),
    ("CSRF481", "none", "<form method=post><input></form>", ["1 MEDIUM"]),
    ("CSRF481", "a call", "<form method=post>{{ csrf() }}</form>", []),
]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [(code, text, expected) for code, _, text, expected in JINJA],
    ids=[f"{code}-{name}" for code, name, _, _ in JINJA],
)
def test_jinja(code: str, text: str, expected: list[str]) -> None:
    assert found(code, text, "shop/jinja2/a.jinja") == expected


SEVERAL = [
    (
        "a token that an include brings",
        "CSRF481",
        {
            "a/templates/form.html": '<form method="post">{% include "fields.html" %}</form>',
            "a/templates/fields.html": "{% csrf_token %}{{ form }}",
        },
        [],
    ),
    (
        "a token that an include's include brings",
        "CSRF481",
        {
            "a/templates/form.html": '<form method="post">{% include "fields.html" %}</form>',
            "a/templates/fields.html": '{% include "token.html" %}',
            "a/templates/token.html": "{% csrf_token %}",
        },
        [],
    ),
    (
        "an include without a token",
        "CSRF481",
        {
            "a/templates/form.html": '<form method="post"><input>{% include "f.html" %}</form>',
            "a/templates/f.html": "{{ form }}",
        },
        ["form.html:1 MEDIUM"],
    ),
    (
        "a token in a child's block",
        "CSRF481",
        {
            "a/templates/base.html": '<form method="post">{% block body %}{% endblock %}</form>',
            "a/templates/child.html": (
                "{% extends 'base.html' %}{% block body %}{% csrf_token %}{% endblock %}"
            ),
        },
        [],
    ),
    (
        "a child's block in its parent's script",
        "XSS403",
        {
            "a/templates/base.html": "<script>{% block js %}{% endblock %}</script>",
            "a/templates/child.html": (
                "{% extends 'base.html' %}{% block js %}let a = {{ name }};{% endblock %}"
            ),
        },
        ["child.html:1 MEDIUM"],
    ),
    (
        "an include in a script",
        "XSS403",
        {
            "a/templates/page.html": "<script>{% include 'part.html' %}</script>",
            "a/templates/part.html": "let a = {{ name }};",
        },
        ["part.html:1 MEDIUM"],
    ),
]


@pytest.mark.parametrize(
    ("code", "files", "expected"),
    [row[1:] for row in SEVERAL],
    ids=[row[0] for row in SEVERAL],
)
def test_several_templates(code: str, files: dict[str, str], expected: list[str]) -> None:
    assert found(code, files) == expected


def test_a_text_mail_is_no_page() -> None:
    for code in ("XSS401", "XSS402"):
        assert found(code, "{% autoescape off %}{{ a|safe }}{{ b }}", "a/templates/mail.txt") == []


def test_a_mail_of_markup_is_a_page() -> None:
    path = "a/templates/emails/welcome.html"
    assert found("XSS401", "<p>{{ a|safe }}", path) == ["1 MEDIUM"]


def test_a_block_is_reported_where_it_begins() -> None:
    text = "{% autoescape off %}\n\n\n\n\n<p>{{ a }}</p>\n<p>{{ b }}</p>{% endautoescape %}"
    assert found("XSS402", text) == ["1 MEDIUM", "6 MEDIUM", "7 MEDIUM"]
    text = '{% autoescape off %}\n\n\n\n<frame src="/x?{{ query }}">{% endautoescape %}'
    assert found("XSS402", text) == ["1 MEDIUM", "5 MEDIUM"]


def test_two_strings_on_a_line() -> None:
    text = "<script>show('{{ title }}', '{{ note }}');</script>"
    assert found("XSS404", text) == ["1 MEDIUM", "1 MEDIUM"]


def test_a_link_to_a_view_that_writes() -> None:
    project = project_of(
        {PAGE: "<a href=\"{% url 'like' 3 %}\">x</a>\n<a href='./3/delete/'>y</a>"}
    )
    place = Place("views.py", 1)
    view = FunctionFacts(
        "like", ("request", "pk"), (), Value(), place, writes=frozenset({"?.save"})
    )
    project.python["views.py"] = PythonFacts("views.py", "views", {}, (), (), (), (view,), (), 3)
    report = run_rules(project, rules=[_RULES["CSRF484"]])
    assert [finding.confidence.name for finding in report.findings] == ["MEDIUM", "LOW"]


MADE = [
    ("a property that is safe", "entry.link|safe", "Entry.link", ("self",), True, []),
    ("a property that is not", "entry.link|safe", "Entry.link", ("self",), False, ["1 MEDIUM"]),
    ("another class's", "page.link|safe", "Entry.link", ("self",), True, ["1 MEDIUM"]),
    ("a filter that is safe", "note|show|safe", "show", ("value",), True, []),
    ("a filter that is not", "note|show|safe", "show", ("value",), False, ["1 MEDIUM"]),
]


@pytest.mark.parametrize("row", MADE, ids=[row[0] for row in MADE])
def test_what_the_project_makes(
    row: tuple[str, str, str, tuple[str, ...], bool, list[str]],
) -> None:
    _, expression, name, parameters, safe, expected = row
    project = project_of({PAGE: f"<p>{{{{ {expression} }}}}</p>"})
    returns = Value(safe_for=frozenset({"html"} if safe else ()))
    class_name = name.rpartition(".")[0]
    place = Place("shop/templatetags/tags.py", 1)
    function = FunctionFacts(name, parameters, (), returns, place, class_name)
    module = "shop.templatetags.tags"
    facts = PythonFacts(place.path, module, {}, (), (), (), (function,), (), 3)
    project.python[place.path] = facts
    report = run_rules(project, rules=[_RULES["XSS401"]])
    assert [f"{each.hit.place.line} {each.confidence.name}" for each in report.findings] == expected


def test_no_middleware_checks_tokens() -> None:
    project = project_of({PAGE: '<form method="post"><input></form>'})
    place = Place("settings.py", 1)
    middleware = Setting(["django.middleware.common.CommonMiddleware"], place)
    project.settings.append(
        Settings("settings", "settings.py", "deployed", {"MIDDLEWARE": middleware})
    )
    (finding,) = run_rules(project, rules=[_RULES["CSRF481"]]).findings
    assert finding.confidence.name == "HIGH"


GIVEN = [
    ("data of the request", Value(sources=frozenset({Source.REQUEST})), ["1 HIGH"]),
    ("a constant", Value(literal="<b>x</b>"), []),
    ("escaped", Value(sources=frozenset({Source.REQUEST}), safe_for=frozenset({"html"})), []),
    ("nobody knows", Value(), ["1 MEDIUM"]),
]


@pytest.mark.parametrize(
    ("value", "expected"), [row[1:] for row in GIVEN], ids=[r[0] for r in GIVEN]
)
def test_what_a_view_gives(value: Value, expected: list[str]) -> None:
    project = project_of({PAGE: "<p>{{ note|safe }}</p>"})
    place = Place("views.py", 1)
    context = Value(items=((Value(literal="note"), value),))
    arguments = (Value(name="request"), Value(literal="shop/page.html"), context)
    call = Call("django.shortcuts.render", arguments, {}, place)
    project.python["views.py"] = PythonFacts("views.py", "views", {}, (), (call,), (), (), (), 3)
    report = run_rules(project, rules=[_RULES["XSS401"]])
    assert [f"{each.hit.place.line} {each.confidence.name}" for each in report.findings] == expected


def test_a_style_sheet_is_not_escaped_for_html() -> None:
    text = "{% autoescape off %}a { color: {{ c }} }{% endautoescape %}"
    assert found("XSS402", text, "a/templates/a.css") == []


def test_a_long_block_is_not_reported_line_by_line() -> None:
    text = "{% autoescape off %}\n\n\n\n\n<p>" + "{{ a }}\n" * 50
    assert len(found("XSS402", text + "{% endautoescape %}")) == 11
