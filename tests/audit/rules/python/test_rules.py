"""Each rule about Python on the modules of cases.txt: what it finds, what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringfence.audit.collect.python import link, read_python
from ringfence.audit.model import Hit, Project, PythonFacts
from ringfence.audit.rules import all_codes, all_rules

PRELUDE = """
import os, pickle, hashlib, random, subprocess, yaml, requests, tarfile, zipfile, jwt, json
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseRedirect, FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template import Template, engines
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import escape, format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from csp.decorators import csp_exempt
from .models import Article
"""

CASES = Path(__file__).with_name("cases.txt").read_text("utf-8")
ROWS = [
    (code, expected, name, source)
    for case in CASES.split("\n=== ")[1:]
    for head, _, source in [case.partition("\n")]
    for code, expected, name in [head.split(" ", 2)]
]


#: Every code there is a case for, twice at least: once found, once not.
COVERED = {
    "AUTH471",
    "AUTH472",
    "AUTH473",
    "AUTH474",
    "AUTH475",
    "COOK471",
    "CORS471",
    "CSP471",
    "CSP472",
    "CSP473",
    "CSRF471",
    "CSRF472",
    "CSRF473",
    "DRF471",
    "DRF472",
    "DRF473",
    "EXEC401",
    "EXEC402",
    "EXEC403",
    "EXEC404",
    "EXEC405",
    "INFO471",
    "PATH401",
    "PATH402",
    "PATH403",
    "REDIR401",
    "SECR471",
    "SECR472",
    "SQL401",
    "SSRF401",
    "SSTI401",
    "SSTI402",
    "TLS471",
    "XSS501",
    "XSS502",
    "XSS503",
    "XSS504",
    "XSS505",
    "XSS506",
    "XSS507",
    "XSS508",
}


def project(source: str) -> Project:
    """Return the facts of the modules in ``source``."""
    modules = {}
    if source.startswith("# file: "):
        for part in source.split("# file: ")[1:]:
            path, _, text = part.partition("\n")
            modules[path] = text
    else:
        modules["app/module.py"] = PRELUDE + source + "\n"
    facts = {}
    for path, text in modules.items():
        found = read_python(text, path)
        assert isinstance(found, PythonFacts), found
        facts[path] = found
    return Project(python=link(facts))


def hits(code: str, source: str) -> list[Hit]:
    """Return what the rule of ``code`` finds in ``source``."""
    (rule,) = [rule for rule in all_rules() if rule.code == code]
    return list(rule.check(project(source)))


@pytest.mark.parametrize(
    ("code", "expected", "name", "source"), ROWS, ids=[f"{row[0]}-{row[2]}" for row in ROWS]
)
def test_rule(code: str, expected: str, name: str, source: str) -> None:
    found = hits(code, source)
    if expected == "-":
        assert [hit for hit in found if hit.confidence.name != "LOW"] == []
    else:
        assert [hit.confidence.name for hit in found] == [expected]


def test_every_rule_has_a_row_that_fires_and_one_that_does_not() -> None:
    codes = {rule.code for rule in all_rules() if rule.source == "python"}
    fires = {code for code, expected, _, _ in ROWS if expected != "-"}
    silent = {code for code, expected, _, _ in ROWS if expected == "-"}
    assert codes == fires == silent == COVERED
    assert codes - set(all_codes()) == set()


@pytest.mark.parametrize("code", ["SECR471", "AUTH473"])
def test_no_secret_is_repeated(code: str) -> None:
    secret = "f3Kq9ZpL0vXc81Tn"
    source = f"API_KEY = '{secret}'\ndef f(p):\n    return jwt.encode(p, '{secret}')"
    (hit,) = hits(code, source)
    assert secret not in f"{hit.reason} {hit.fix} {hit.place}"
