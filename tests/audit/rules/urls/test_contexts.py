"""``{{ q|safe }}`` is traced back to what a view gives the template, however it does."""

from __future__ import annotations

import pytest

from ringfence.audit.rules import all_rules
from ringfence.audit.run import Options, collect

HEAD = """
from django.shortcuts import render
from django.template import Context, RequestContext, loader
from django.template.response import TemplateResponse
from django.utils.html import escape
from django.views.generic import ListView, TemplateView, View
from .models import Order
"""
CLASS = """
class Page(TemplateView):
    template_name = "q.html"
    def get_context_data(self, **kwargs):
        %s
"""

RENDER = 'def v(request):\n    return render(request, "q.html", {"q": %s})'

VISITORS = [
    ("a dictionary", RENDER % 'request.GET["q"]'),
    (
        "entries",
        ('def v(request):\n    context = {}\n    context["q"] = request.GET["q"]\n'
        '    return render(request, "q.html", context)'),
    ),
    (
        "update",
        ('def v(request):\n    context = {"n": 1}\n    context.update({"q": request.GET["q"]})\n'
        '    return render(request, "q.html", context)'),
    ),
    (
        "dict()",
        ('def v(request):\n    context = dict(q=request.GET["q"])\n'
        '    return TemplateResponse(request, "q.html", context)'),
    ),
    (
        "locals()",
        ('def v(request):\n    q = request.GET["q"]\n'
        '    return render(request, "q.html", locals())'),
    ),
    (
        "a loaded template",
        ('def v(request):\n    template = loader.get_template("q.html")\n'
        '    return HttpResponse(template.render({"q": request.GET["q"]}, request))'),
    ),
    (
        "a Context",
        ('def v(request):\n    template = loader.get_template("q.html")\n'
        '    return HttpResponse(template.render(Context({"q": request.GET["q"]})))'),
    ),
    (
        "one of several templates",
        ('def v(request):\n'
        '    return render(request, ["mine.html", "q.html"], {"q": request.GET["q"]})'),
    ),
    (
        "get_context_data",
        CLASS % 'context = super().get_context_data(**kwargs)\n'
        '        context["q"] = self.request.GET["q"]\n        return context',
    ),
    (
        "its arguments",
        CLASS % 'return super().get_context_data(q=self.request.GET["q"], **kwargs)',
    ),
    (
        "its keywords",
        CLASS % 'kwargs["q"] = self.request.GET["q"]\n'
        "        return super().get_context_data(**kwargs)",
    ),
    (
        "a dictionary in it",
        CLASS % 'return {**super().get_context_data(**kwargs), "q": self.request.GET["q"]}',
    ),
    (
        "the base class",
        (CLASS % 'return {"q": self.request.GET["q"]}').replace('"q.html"', '"other.html"')
        + '\nclass Own(Page):\n    template_name = "q.html"',
    ),
    (
        "get_template_names",
        (CLASS % 'return {"q": self.request.GET["q"]}').replace('template_name = "q.html"', "")
        + '\n    def get_template_names(self):\n        return ["q.html"]',
    ),
    (
        "the class's template by its attribute",
        ('class Page(View):\n    template_name = "q.html"\n    def get(self, request):\n'
        '        return render(request, self.template_name, {"q": request.GET["q"]})'),
    ),
    (
        "render_to_response",
        ('class Page(TemplateView):\n    template_name = "q.html"\n    def get(self, request):\n'
        '        return self.render_to_response({"q": request.GET["q"]})'),
    ),
]  # fmt: skip
OTHERS = [
    ("escaped", RENDER % 'escape(request.GET["q"])', []),
    ("a constant", RENDER % '"<b>new</b>"', []),
    ("escaped in a class", CLASS % 'return {"q": escape(self.request.GET["q"])}', []),
    (
        "extra_context",
        'class Page(TemplateView):\n    template_name = "q.html"\n    extra_context = {"q": "b"}',
        [],
    ),
    ("unknown", "", ["MEDIUM"]),
    ("another template", (RENDER % 'request.GET["q"]').replace("q.html", "z.html"), ["MEDIUM"]),
]  # fmt: skip


def found(tree, views, **templates):
    """Return how sure XSS401 is of each variable."""
    (rule,) = [rule for rule in all_rules() if rule.code == "XSS401"]
    files = {f"shop/templates/{name}.html": text for name, text in templates.items()}
    files["shop/views.py"] = HEAD + views
    project = collect(tree(files=files), Options(cache=False, jobs=1))
    return [hit.confidence.name for hit in rule.check(project)]


@pytest.mark.parametrize("views", [row[1] for row in VISITORS], ids=[row[0] for row in VISITORS])
def test_what_a_visitor_sent(tree, views):
    assert found(tree, views, q="<p>{{ q|safe }}</p>") == ["HIGH"]


@pytest.mark.parametrize(
    ("views", "expected"), [row[1:] for row in OTHERS], ids=[row[0] for row in OTHERS]
)
def test_what_nobody_sent(tree, views, expected):
    assert found(tree, views, q="<p>{{ q|safe }}</p>") == expected


VIEW = 'def v(request):\n    return render(request, "page.html", {"q": request.GET["q"]})'


def test_an_included_template_has_what_its_page_has(tree):
    page = '{% include "q.html" %}'
    assert found(tree, VIEW, page=page, q="<p>{{ q|safe }}</p>") == ["HIGH"]


def test_a_base_template_has_what_its_page_has(tree):
    base = "<p>{{ q|safe }}</p>{% block a %}{% endblock %}"
    assert found(tree, VIEW, page='{% extends "q.html" %}', q=base) == ["HIGH"]


def test_that_one_page_is_harmless_says_nothing_of_the_others(tree):
    harmless = VIEW.replace('request.GET["q"]', '"<b>new</b>"')
    page = '{% include "q.html" %}'
    assert found(tree, harmless, page=page, q="<p>{{ q|safe }}</p>") == ["MEDIUM"]


def test_a_model_names_the_template_of_its_list(tree):
    views = (
        "class Orders(ListView):\n    model = Order\n    def get_context_data(self, **kwargs):\n"
        '        return {"q": self.request.GET["q"]}'
    )
    (rule,) = [rule for rule in all_rules() if rule.code == "XSS401"]
    files = {
        "shop/views.py": HEAD + views,
        "shop/templates/shop/order_list.html": "<p>{{ q|safe }}</p>",
    }
    project = collect(tree(files=files), Options(cache=False, jobs=1))
    assert [hit.confidence.name for hit in rule.check(project)] == ["HIGH"]
