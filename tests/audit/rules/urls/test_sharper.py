"""What routes add to rules about Python: who comes to a view, and by which methods."""

from __future__ import annotations

import pytest

from ringfence.audit.rules import all_rules
from ringfence.audit.run import Options, collect

HEAD = """
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import DetailView, UpdateView
from .models import Order
"""
URLS = """
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from shop import views
"""
WRITES = """
def change(request, pk):
    order = get_object_or_404(Order, pk=pk)
    order.name = request.POST["name"]
    order.save()
    return redirect("orders")
"""
REMOVES = """
def change(request, pk):
    get_object_or_404(Order, pk=pk).delete()
    return redirect("orders")
"""
FORM = """
from django import forms
class OrderForm(forms.ModelForm):
    class Meta:
        model = Order
        fields = "__all__"
class Edit(UpdateView):
    form_class = OrderForm
"""
MODEL = """
from django.db import models
class Order(models.Model):
    name = models.CharField(max_length=10)
    %s = models.CharField(max_length=10)
"""
CHANGE = 'path("change/<int:pk>", views.change)'
POSTED = 'path("change/<int:pk>", require_POST(views.change))'
EDIT = 'path("edit/<int:pk>", views.Edit.as_view())'
DISPATCH = """
@method_decorator(csrf_exempt, name="dispatch")
class change(LoginRequiredMixin, View):
    def post(self, request):
        Order.objects.create(name=request.POST["name"])
"""
PAGE = "class Page(DetailView):\n    model = Order"
EXEMPT = 'path("page/<int:pk>", csrf_exempt(views.Page.as_view()))'

ROWS = [
    (
        "CSRF471",
        "HIGH",
        "users by session, and writes",
        "@csrf_exempt\n@login_required" + WRITES,
        CHANGE,
    ),
    (
        "CSRF471",
        "HIGH",
        "a class",
        DISPATCH,
        CHANGE.replace("change)", "change.as_view())"),
    ),
    ("CSRF471", "MEDIUM", "no session", "@csrf_exempt" + WRITES, CHANGE),
    (
        "CSRF471",
        "LOW",
        "a GET only",
        '@csrf_exempt\n@require_GET\ndef change(request, pk):\n    return HttpResponse("")',
        CHANGE,
    ),
    ("CSRF471", "LOW", "a page of one thing, exempt in the URL file", PAGE, EXEMPT),
    ("CSRF471", "MEDIUM", "a form, exempt there", PAGE.replace("Detail", "Update"), EXEMPT),
    ("CSRF473", "MEDIUM", "routed", REMOVES, CHANGE),
    ("CSRF473", "none", "POST in the URL file", REMOVES, POSTED),
    ("CSRF473", "none", "routed nowhere", REMOVES, EDIT),
    (
        "CSRF473",
        "LOW",
        "counts visits",
        REMOVES.replace(".delete()", "").replace(
            "    return", "    order = Order.objects.get(pk=pk)\n    order.view_count += 1\n"
            "    order.save()\n    return"
        ),
        CHANGE,
    ),
    ("DRF473", "MEDIUM", "a field that says whose it is", FORM, EDIT),
    ("DRF473", "LOW", "for staff", FORM, EDIT.replace("edit/", "staff/edit/")),
    ("DRF473", "LOW", "routed nowhere", FORM, CHANGE),
    (
        "DRF473",
        "MEDIUM",
        "the view itself",
        'class Edit(UpdateView):\n    model = Order\n    fields = "__all__"',
        EDIT,
    ),
]  # fmt: skip


def hits(tree, code, views, route, field="owner"):
    """Return what the rule of ``code`` finds on a site of these views."""
    (rule,) = [rule for rule in all_rules() if rule.code == code]
    files = {
        "site/__init__.py": "",
        "site/settings.py": 'DEBUG = False\nROOT_URLCONF = "site.urls"\nINSTALLED_APPS = ["shop"]\n'
        "MIDDLEWARE = []\n",
        "site/urls.py": f"{URLS}urlpatterns = [{route}]\n",
        "shop/__init__.py": "",
        "shop/models.py": MODEL % field,
        "shop/views.py": HEAD + views,
    }
    return list(rule.check(collect(tree(files=files), Options(cache=False, jobs=1))))


@pytest.mark.parametrize(
    ("code", "expected", "views", "route"),
    [(code, expected, views, route) for code, expected, _, views, route in ROWS],
    ids=[f"{row[0]}-{row[2]}" for row in ROWS],
)
def test_rule(tree, code, expected, views, route):
    found = [hit.confidence.name for hit in hits(tree, code, views, route)]
    assert found == ([] if expected == "none" else [expected])


def test_a_model_without_such_a_field_is_inventory(tree):
    (hit,) = hits(tree, "DRF473", FORM, EDIT, field="text")
    assert hit.confidence.name == "LOW"


def test_the_address_is_said(tree):
    (hit,) = hits(tree, "CSRF473", REMOVES, CHANGE)
    assert "/change/<int:pk>" in hit.reason


def test_an_address_behind_a_language_is_said(tree):
    (hit,) = hits(tree, "CSRF473", REMOVES, f"*i18n_patterns({CHANGE})")
    assert " /…/change/<int:pk> " in hit.reason
