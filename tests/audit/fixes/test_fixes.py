"""Each fix: a file before and after, by the command as it is typed; a second run is idle."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ringfence import cli
from ringfence.audit.fixes import all_fixes
from ringfence.audit.rules import all_codes

SITE = """\
DEBUG = False
ALLOWED_HOSTS = ["shop.example"]
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.sessions", "shop"]
"""
MIDDLEWARE = """\
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
"""
PAGE, VIEWS, SETTINGS = "shop/templates/shop/a.html", "shop/views.py", "shop/settings.py"
FIELD = '<input name="a" type="text">'


def site(text):
    return {SETTINGS: SITE + ("" if "MIDDLEWARE" in text else MIDDLEWARE) + text}


def without(name, text=MIDDLEWARE):
    return "".join(line for line in text.splitlines(keepends=True) if name not in line)


CSP = '    "django.middleware.csp.ContentSecurityPolicyMiddleware",\n]'
DROP = """\
def drop(request, pk):
    thing = get_object_or_404(Thing, pk=pk)
    thing.delete()
    return redirect("/")"""

#: code, whether it is safe, the file before, and the lines that stand there after and not before.
CASES = [
    pytest.param(
        *("CSRF481", True, {PAGE: f'<form method="post">\n{FIELD}</form>\n'}),
        {PAGE: f'<form method="post">{{% csrf_token %}}\n{FIELD}</form>\n'},
        id="CSRF481",
    ),
    pytest.param(
        *(
            "CSRF481",
            True,
            {PAGE: f"<form method='POST' action='{{% url \"a\" %}}'>{FIELD}</form>"},
        ),
        {PAGE: f"<form method='POST' action='{{% url \"a\" %}}'>{{% csrf_token %}}{FIELD}</form>"},
        id="CSRF481 to a named view",
    ),
    pytest.param(
        *("CSRF481", False, {"shop/jinja2/a.html": f'<form method="post">{FIELD}</form>'}),
        {"shop/jinja2/a.html": f'<form method="post">{{{{ csrf_input }}}}{FIELD}</form>'},
        id="CSRF481 of Jinja2",
    ),
    pytest.param(
        "CSRF482",
        False,
        {
            PAGE: '<form method="post" action="https://pay.example/">\n'
            "  {% csrf_token %}\n  x</form>"
        },
        {PAGE: '<form method="post" action="https://pay.example/">\n  x</form>'},
        id="CSRF482",
    ),
    pytest.param(
        "CSRF483",
        False,
        {PAGE: '<form method="get" action="/s">{% csrf_token %}<input name="q"></form>'},
        {PAGE: '<form method="get" action="/s"><input name="q"></form>'},
        id="CSRF483",
    ),
    pytest.param(
        *("XSS408", True, {PAGE: "<p\n class=x{{ kind }} title={{ title }}>x</p>"}),
        {PAGE: '<p\n class="x{{ kind }}" title="{{ title }}">x</p>'},
        id="XSS408",
    ),
    pytest.param(
        "INFO481",
        True,
        {PAGE: '<a target="_blank" href="https://x.example/">x</a>'},
        {PAGE: '<a target="_blank" rel="noopener" href="https://x.example/">x</a>'},
        id="INFO481",
    ),
    pytest.param(
        "INFO481",
        True,
        {PAGE: "<a rel='nofollow' target='_blank' href='https://x.example/'>x</a>"},
        {PAGE: "<a rel='nofollow noopener' target='_blank' href='https://x.example/'>x</a>"},
        id="INFO481 beside another word",
    ),
    pytest.param(
        *("TLS481", False, {PAGE: '<script src="http://cdn.example/a.js"></script>'}),
        {PAGE: '<script src="https://cdn.example/a.js"></script>'},
        id="TLS481",
    ),
    *(
        pytest.param(
            code, False, site(f"{name} = {old}  # why\n"), site(f"{name} = {new}  # why\n")
        )
        for code, name, old, new in [
            ("COOK491", "SESSION_COOKIE_SECURE", "False", "True"),
            ("COOK492", "SESSION_COOKIE_HTTPONLY", "False", "True"),
            ("COOK493", "CSRF_COOKIE_SECURE", "False", "True"),
            ("SET409", "SECURE_CONTENT_TYPE_NOSNIFF", "False", "True"),
            ("AUTH492", "SOCIALACCOUNT_LOGIN_ON_GET", "True", "False"),
            ("SET410", "SECURE_CROSS_ORIGIN_OPENER_POLICY", "'same-orign'", "'same-origin'"),
            (
                "SET411",
                "SECURE_REFERRER_POLICY",
                '"unsafe-url"',
                '"strict-origin-when-cross-origin"',
            ),
            (
                "SET415",
                "SESSION_SERIALIZER",
                '"django.contrib.sessions.serializers.PickleSerializer"',
                '"django.contrib.sessions.serializers.JSONSerializer"',
            ),
            ("SET422", "FILE_UPLOAD_PERMISSIONS", "0o777", "0o644"),
        ]
    ),
    *(
        pytest.param(code, True, site(f"{name} = {old}  # why\n"), site(f"{name} = {new}  # why\n"))
        for code, name, old, new in [
            ("SET411", "SECURE_REFERRER_POLICY", "None", '"strict-origin-when-cross-origin"'),
            ("SET412", "SECURE_REFERRER_POLICY", "'none'", "'strict-origin-when-cross-origin'"),
            (
                "CSRF101",
                "CSRF_TRUSTED_ORIGINS",
                '["pay.example", "https://b.example"]',
                '["https://pay.example", "https://b.example"]',
            ),
            (
                "SET428",
                "TEMPLATES",
                '[{"BACKEND": "ringfence.template.DjangoTemplates", "OPTIONS": {"debug": True}}]',
                '[{"BACKEND": "ringfence.template.DjangoTemplates", "OPTIONS": {}}]',
            ),
            (
                "SET418",
                "PASSWORD_HASHERS",
                '["django.contrib.auth.hashers.MD5PasswordHasher"]',
                (
                    '["django.contrib.auth.hashers.PBKDF2PasswordHasher", '
                    '"django.contrib.auth.hashers.MD5PasswordHasher"]'
                ),
            ),
        ]
    ),
    pytest.param(
        "SET418",
        True,
        site(
            "PASSWORD_HASHERS = [\n    'x.MD5PasswordHasher',  # of 2009\n"
            "    'x.Argon2PasswordHasher',  # new\n]\n"
        ),
        site(
            "PASSWORD_HASHERS = [\n    'x.Argon2PasswordHasher',  # new\n"
            "    'x.MD5PasswordHasher',  # of 2009\n]\n"
        ),
        id="SET418 with a strong one below",
    ),
    pytest.param(
        *("SET419", False, site("AUTH_PASSWORD_VALIDATORS = []\n")),
        site(
            "AUTH_PASSWORD_VALIDATORS = [\n"
            + "".join(
                f'    {{"NAME": "django.contrib.auth.password_validation.{name}Validator"}},\n'
                for name in (
                    *("UserAttributeSimilarity", "MinimumLength"),
                    *("CommonPassword", "NumericPassword"),
                )
            )
            + "]\n"
        ),
        id="SET419",
    ),
    pytest.param(
        *("SET406", False, site(without("Security", MIDDLEWARE)), site(MIDDLEWARE)), id="SET406"
    ),
    pytest.param(
        *("SET407", False, site(without("XFrame", MIDDLEWARE)), site(MIDDLEWARE)), id="SET407"
    ),
    pytest.param(
        *("CSRF491", False, site(without("Csrf", MIDDLEWARE)), site(MIDDLEWARE)), id="CSRF491"
    ),
    pytest.param(
        "SET429",
        True,
        site(
            without("SessionM").removesuffix("]\n")
            + '    # keeps\n    "django.contrib.sessions.middleware.SessionMiddleware",  # who\n]\n'
        ),
        site(
            without("SessionM")
            .removesuffix("]\n")
            .replace(
                '    "django.contrib.auth.m',
                '    "django.contrib.sessions.middleware.SessionMiddleware",  # who\n'
                '    "django.contrib.auth.m',
            )
            + "    # keeps\n]\n"
        ),
        id="SET429",
    ),
    pytest.param(
        "SET435",
        True,
        site(
            MIDDLEWARE.replace("]", CSP) + "from django.utils.csp import CSP\n"
            'SECURE_CSP = {"script-src": [CSP.NONCE]}\n'
            'TEMPLATES = [{"BACKEND": "ringfence.template.DjangoTemplates", "OPTIONS": '
            '{"context_processors": ["django.template.context_processors.request"]}}]\n'
        ),
        site(
            MIDDLEWARE.replace("]", CSP) + "from django.utils.csp import CSP\n"
            'SECURE_CSP = {"script-src": [CSP.NONCE]}\n'
            'TEMPLATES = [{"BACKEND": "ringfence.template.DjangoTemplates", "OPTIONS": '
            '{"context_processors": ["django.template.context_processors.request", '
            '"django.template.context_processors.csp"]}}]\n'
        ),
        id="SET435",
    ),
    *(
        pytest.param(
            *(code, safe, {VIEWS: f"{imports}\n\n\ndef token(request):\n    {old}\n"}),
            {VIEWS: f"{after or imports}\n\n\ndef token(request):\n    {new}\n"},
        )
        for code, safe, imports, after, old, new in [
            (
                *("AUTH472", True, "import random", ""),
                *("return random.choice('ab')", "return random.SystemRandom().choice('ab')"),
            ),
            (
                *("EXEC404", False, "import yaml", ""),
                *(
                    "return yaml.load(request.body)  # x",
                    "return yaml.safe_load(request.body)  # x",
                ),
            ),
            (
                *("EXEC404", False, "import yaml", ""),
                "return yaml.load(request.body, Loader=yaml.Loader)",
                "return yaml.safe_load(request.body)",
            ),
            (
                *("INFO471", False, "import pdb", ""),
                *("pdb.set_trace()\n    return 1", "return 1"),
            ),
            (*("INFO471", False, "", ""), "breakpoint()", "pass"),
            (
                *("PATH402", False, "import tarfile", ""),
                "tarfile.open(fileobj=request.FILES['f']).extractall('/srv/x')",
                "tarfile.open(fileobj=request.FILES['f']).extractall('/srv/x', filter=\"data\")",
            ),
            (
                *("TLS471", False, "import requests", ""),
                *(
                    "requests.get('https://x', verify=False)",
                    "requests.get('https://x', verify=True)",
                ),
            ),
            (
                *("SQL401", False, "from django.db import connection", ""),
                (
                    "cursor = connection.cursor()\n"
                    "    cursor.execute(\"SELECT 1 FROM x WHERE n = '%s'\" % request.GET['n'])"
                ),
                (
                    "cursor = connection.cursor()\n"
                    "    cursor.execute(\"SELECT 1 FROM x WHERE n = %s\", [request.GET['n']])"
                ),
            ),
            (
                *("SQL401", False, "from django.db import connection", ""),
                (
                    "n = request.GET['n']\n    cursor = connection.cursor()\n"
                    "    cursor.execute(f\"SELECT 1 FROM x WHERE n = '{n}'\")"
                ),
                (
                    "n = request.GET['n']\n    cursor = connection.cursor()\n"
                    '    cursor.execute("SELECT 1 FROM x WHERE n = %s", [n])'
                ),
            ),
            (
                "XSS501",
                False,
                "from django.utils.safestring import mark_safe",
                (
                    "from django.utils.html import format_html\n"
                    "from django.utils.safestring import mark_safe"
                ),
                "return mark_safe('<b>%s</b>' % request.GET['q'])",
                "return format_html('<b>{}</b>', request.GET['q'])",
            ),
            (
                "XSS501",
                False,
                (
                    "from django.utils.html import escape\n"
                    "from django.utils.safestring import mark_safe"
                ),
                (
                    "from django.utils.html import escape, format_html\n"
                    "from django.utils.safestring import mark_safe"
                ),
                "q = request.GET['q']\n    return mark_safe(f'<b>{q}</b>')",
                "q = request.GET['q']\n    return format_html('<b>{}</b>', q)",
            ),
            (
                *("XSS502", False, "from django.utils.html import format_html", ""),
                "return format_html('<b>%s %s</b>' % (request.GET['q'], 1))",
                "return format_html('<b>{} {}</b>', request.GET['q'], 1)",
            ),
            (
                "CSRF471",
                False,
                (
                    "from django.views.decorators.csrf import csrf_exempt\n\n\n@csrf_exempt\n"
                    "def other(request):\n    return request.POST['a']"
                ),
                (
                    "from django.views.decorators.csrf import csrf_exempt\n\n\n"
                    "def other(request):\n    return request.POST['a']"
                ),
                *("return 1", "return 1"),
            ),
            (
                "CSRF473",
                False,
                (
                    "from django.shortcuts import get_object_or_404, redirect\n"
                    "from django.views.decorators.cache import never_cache\n\n\n@never_cache\n"
                    + DROP
                ),
                (
                    "from django.shortcuts import get_object_or_404, redirect\n"
                    "from django.views.decorators.cache import never_cache\n"
                    "from django.views.decorators.http import require_POST\n\n\n"
                    "@require_POST\n@never_cache\n" + DROP
                ),
                *("return 1", "return 1"),
            ),
        ]
    ),
]


@pytest.fixture
def fix(tree, capsys):
    """Return what writes files, runs `audit --fix` on the tree, and returns what they are then."""

    def run(files, *options):
        root = tree(files=files)
        arguments = ["audit", str(root), "--fix", "--min-confidence", "low", "--jobs", "1"]
        cli.main([*arguments, "--no-cache", *options])
        said = capsys.readouterr()
        return {path: (root / path).read_bytes().decode() for path in files}, said

    return run


@pytest.mark.parametrize(("code", "safe", "before", "after"), CASES)
def test_a_finding_is_mended(fix, tmp_path, code, safe, before, after):
    only = f'[tool.ringfence]\noff = {families()}\non = ["{code}"]\n'
    files = {**before, "pyproject.toml": only}
    found, said = fix(files)
    assert (found == {**after, "pyproject.toml": only}) is safe, said.out + said.err
    if not safe:
        found, said = fix(files, "--unsafe-fixes")
        assert found == {**after, "pyproject.toml": only}, said.out + said.err
    # And then there is nothing to do.
    found, said = fix(found, "--unsafe-fixes")
    assert found == {**after, "pyproject.toml": only}
    assert "0 findings fixed in 0 files" in said.err
    assert not said.out.startswith("---")


def families():
    return sorted({code.rstrip("0123456789") for code in all_codes()})


def test_every_fix_has_its_case():
    assert {case.values[0] for case in CASES} == set(all_fixes())


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            {PAGE: f'<form method="post" action="{{{{ url }}}}">{FIELD}</form>'}, id="who knows"
        ),
        pytest.param(
            {PAGE: f'<form method="post">{FIELD}</form><form method="post">{FIELD}</form>'},
            id="two forms on one line",
        ),
        pytest.param(
            {"shop/templates/mail/a.html": f'<form method="post">{FIELD}</form>'}, id="mail"
        ),
        pytest.param(
            {PAGE: "<p class={{ a }}{% if b %}-b{% endif %}>x</p>"}, id="a value that goes on"
        ),
        pytest.param({PAGE: "<p class={{ a|default:'b>' }}>x</p>"}, id="a value with a bracket"),
        pytest.param(
            {
                PAGE: '<a {% if a %}rel="me"{% endif %} target="_blank" href="https://x.example/">x</a>'
            },
            id="an attribute that is there at times",
        ),
        pytest.param(
            {PAGE: "{% blocktrans %}<p class={{ a }}>x</p>{% endblocktrans %}{% trans 'a' %}"},
            id="a text that is translated",
        ),
        pytest.param(
            {
                VIEWS: "from django.shortcuts import redirect\n\n\ndef seen(request, pk):\n"
                "    Seen.objects.create(page=pk)\n    return redirect('/')\n"
            },
            id="an inventory",
        ),
        pytest.param(site("SESSION_COOKIE_SECURE = not True\n"), id="a flag that is computed"),
        pytest.param(
            site("import os\nSESSION_COOKIE_SECURE = os.environ.get('S', False)\n"),
            id="environment",
        ),
        pytest.param(
            site(without("Csrf", MIDDLEWARE).replace("]", "    *EXTRA,\n]")),
            id="a list that is more",
        ),
        pytest.param(
            {VIEWS: "import yaml\ndef f(request):\n    yaml.load(request.body, L)\n"}, id="a loader"
        ),
        pytest.param(
            {
                VIEWS: "import sqlite3\nfrom django.db import connection\ndef f(request):\n"
                "    c = connection.cursor()\n"
                "    c.execute(\"SELECT '%s'\" % request.GET['n'])\n"
            },
            id="another driver",
        ),
        pytest.param(
            {
                VIEWS: "from django.db import connection\ndef f(request):\n"
                "    c = connection.cursor()\n"
                '    c.execute("SELECT 1 FROM %s" % request.GET["n"])\n'
            },
            id="a table's name",
        ),
        pytest.param(
            {
                VIEWS: "from django.utils.safestring import mark_safe\ndef f(request):\n"
                "    q = request.GET['q']\n    return mark_safe(f'<b>{q!s:>10}</b>')\n"
            },
            id="a field with a format",
        ),
        pytest.param(
            {VIEWS: "import random as r\ndef token():\n    return r.choice('ab')\n"},
            id="a local name",
        ),
    ],
)
def test_what_is_not_certain_is_left_alone(fix, files):
    only = "[tool.ringfence]\n"
    files = {**files, "pyproject.toml": only}
    assert fix(files, "--unsafe-fixes")[0] == files


def test_the_table_in_the_docs_has_every_fix():
    text = (Path(__file__).parents[3] / "docs" / "audit.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([A-Z]+\d+) \| (.+?) \| .+ \|$", text, re.MULTILINE))
    assert rows == {code: fix.what for code, fix in all_fixes().items()}
