"""The pages that ``templates.py`` renders, each in Django's language and, where it can be, Jinja's.

Both say the same; the languages differ in a few words alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Page:
    """A page to render: sources by template name, the first of them is rendered."""

    name: str
    django: dict[str, str]
    context: Callable[[], dict[str, Any]]
    jinja: dict[str, str] = field(default_factory=dict)


_ROW = (
    "<tr><td>{{ row.number }}</td><td>{{ row.name }}</td><td>{{ row.note }}</td>"
    '<td title="{{ row.tip }}">x</td><td><a href="{{ row.url }}">go</a></td></tr>\n'
)
_HEAD = "<!doctype html>\n<title>{{ title }}</title>\n"
_TABLE = (
    _HEAD + "<table>{% for row in rows %}" + _ROW + "{% endfor %}</table>\n<p>{{ title }}</p>\n"
)


def _rows(count: int) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "name": f"Customer {number}",
            "note": f"likes \"R & D\", <{number}> and 'x'",
            "tip": f"created by user {number}",
            "url": f"/customers/{number}/?next=/list/&page={number}",
        }
        for number in range(count)
    ]


def _table() -> dict[str, Any]:
    return {"title": "Customers", "rows": _rows(1000)}


def _many() -> dict[str, str]:
    kinds = (
        "<p>{{{{ v{0} }}}}</p>",
        '<i class="{{{{ v{0} }}}}">x</i>',
        "<b>{{{{ v{0} }}}} and</b>",
        '<a href="/a/{{{{ v{0} }}}}/">x</a>',
        "<li data-x='{{{{ v{0} }}}}'>",
    )
    return {
        "page": _HEAD
        + "\n".join(kinds[number % len(kinds)].format(number % 50) for number in range(500))
    }


def _many_context() -> dict[str, Any]:
    values: list[Any] = ["short", "a bit longer than that", 17, "x & y", "b"]
    return {"title": "Many"} | {f"v{number}": values[number % 5] for number in range(50)}


_INCLUDES = {
    "page": _HEAD
    + "<ul>{% for row in rows %}{% include 'row' %}{% endfor %}</ul>{% include 'foot' %}",
    "row": "<li>{% include 'name' %} {% include 'link' %}</li>\n",
    "name": "<b>{{ row.name }}</b>",
    "link": '<a href="{{ row.url }}" title="{{ row.tip }}">{{ row.number }}</a>',
    "foot": "<footer>{{ title }}</footer>",
}
_FORM = {
    "page": _HEAD + '<form method="post">{% for field in form %}<div class="{{ field.name }}">'
    "{{ field.errors }}<label>{{ field.label }}</label>{{ field }}{{ field.help_text }}</div>"
    "{% endfor %}{{ form.as_div }}</form>"
}


def _form() -> dict[str, Any]:
    from django import forms

    class Contact(forms.Form):
        name = forms.CharField(max_length=80, help_text="first and last")
        mail = forms.EmailField()
        age = forms.IntegerField(min_value=0)
        country = forms.ChoiceField(choices=[(f"c{n}", f"Country {n}") for n in range(60)])
        topics = forms.MultipleChoiceField(
            choices=[(n, f"Topic {n}") for n in range(12)], widget=forms.CheckboxSelectMultiple
        )
        text = forms.CharField(widget=forms.Textarea)
        agreed = forms.BooleanField()

    return {"title": "Contact", "form": Contact({"name": 'R "D" <x>', "age": "-1"})}


_SCRIPTS = {
    "page": _HEAD
    + "\n".join(
        f"<script>var name{number} = '{{{{ name }}}}', id = {{{{ number }}}};\n"
        f"start(\"{{{{ title }}}}\", [{{{{ number }}}}, {number}], {{a: '{{{{ url }}}}'}});\n"
        "if (id < 10) { go(`item ${id}`) }</script>"
        for number in range(30)
    )
}


def _scripts() -> dict[str, Any]:
    return {"title": "It's a page", "name": "Ann O'Hara", "number": 17, "url": "/a/?b=c&d=e"}


PAGES = (
    Page("table of 1,000 rows", {"page": _TABLE}, _table, {"page": _TABLE}),
    Page("many small variables", _many(), _many_context, _many()),
    Page(
        "200 rows by includes",
        _INCLUDES,
        lambda: {"title": "List", "rows": _rows(200)},
        _INCLUDES,
    ),
    Page("form and its fields", _FORM, _form),
    Page("30 inline scripts", _SCRIPTS, _scripts, _SCRIPTS),
)
