"""Each rule about Python on small modules: what it finds, how sure it is, and what it leaves alone.

A row is a name, the code, the confidence (``-`` where nothing is found), and a module; or several
modules, each after a line ``# file: path``.
"""

from __future__ import annotations

import pytest

from ringfence.audit.collect.python import link, read_python
from ringfence.audit.model import Hit, Project, PythonFacts
from ringfence.audit.rules import all_codes, all_rules

_PRELUDE = """
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

ROWS = [
    # -- mark_safe
    (
        "request text in %",
        "XSS501",
        "HIGH",
        "def view(request):\n    return mark_safe('<b>%s</b>' % request.GET['q'])",
    ),
    (
        "through a local name and an f-string",
        "XSS501",
        "HIGH",
        "def view(request):\n    q = request.GET.get('q', '').strip()\n"
        "    out = f'<b>{q}</b>'\n    return mark_safe(out)",
    ),
    (
        "a branch that escapes does not excuse the one that does not",
        "XSS501",
        "HIGH",
        "def view(request):\n    q = request.GET['q']\n    if request.user.is_staff:\n"
        "        q = escape(q)\n    return mark_safe('<b>' + q)",
    ),
    (
        "a list that is joined",
        "XSS501",
        "HIGH",
        "def view(request):\n    parts = []\n    for name in request.POST.getlist('n'):\n"
        "        parts.append('<li>%s</li>' % name)\n    return mark_safe(''.join(parts))",
    ),
    (
        "a model's text",
        "XSS501",
        "MEDIUM",
        "def column(pk):\n    article = Article.objects.get(pk=pk)\n"
        "    return mark_safe('<b>{}</b>'.format(article.title))",
    ),
    (
        "a filter's argument",
        "XSS501",
        "MEDIUM",
        "from django.template import Library\nregister = Library()\n"
        "@register.filter\ndef bold(value):\n    return mark_safe(value)",
    ),
    ("a literal", "XSS501", "-", "ICON = mark_safe('<i class=\"x\"></i>')"),
    ("of format_html", "XSS501", "-", "def f(x):\n    return mark_safe(format_html('<b>{}</b>', x))"),
    (
        "all parts escaped",
        "XSS501",
        "-",
        "def view(request):\n    return mark_safe(f\"<b>{escape(request.GET['q'])}</b> {len(x)}\")",
    ),
    (
        "a number",
        "XSS501",
        "-",
        "def view(request):\n    return mark_safe('<b>%d</b>' % int(request.GET['n']))",
    ),
    (
        "of a rendered template",
        "XSS501",
        "-",
        "from django.template.loader import render_to_string\n"
        "def f(x):\n    return mark_safe(render_to_string('x.html', {'x': x}))",
    ),
    # -- format_html
    (
        "a format with data",
        "XSS502",
        "HIGH",
        "def view(request):\n    return format_html('<b>%s</b>{}' % request.GET['q'], 1)",
    ),
    ("a literal format", "XSS502", "-", "def f(x):\n    return format_html('<b>{}</b>', x)"),
    # -- responses
    (
        "reflected",
        "XSS503",
        "HIGH",
        "def view(request):\n    return HttpResponse('Not found: ' + request.GET['q'])",
    ),
    (
        "a path, repeated",
        "XSS503",
        "HIGH",
        "def view(request):\n    return HttpResponse('Not here: %s' % request.path, status=410)",
    ),
    (
        "a helper's argument, in another module",
        "XSS503",
        "HIGH",
        "# file: app/views.py\nfrom .helpers import answer\n"
        "def view(request):\n    return answer(request.POST['q'])\n"
        "# file: app/helpers.py\nfrom django.http import HttpResponse\n"
        "def answer(text):\n    return HttpResponse('<p>' + text)",
    ),
    (
        "a helper's result, in another module",
        "XSS503",
        "HIGH",
        "# file: app/views.py\nfrom django.http import HttpResponse\nfrom .helpers import asked\n"
        "def view(request):\n    return HttpResponse(asked(request))\n"
        "# file: app/helpers.py\ndef asked(request):\n    return request.GET['q'].strip()",
    ),
    (
        "an exception's text",
        "XSS503",
        "MEDIUM",
        "def view(request):\n    try:\n        f(request)\n    except ValueError as e:\n"
        "        return HttpResponseBadRequest('Bad Request: {error}'.format(error=e))",
    ),
    (
        "JSON without a content type",
        "XSS503",
        "HIGH",
        "def view(request):\n    return HttpResponse(json.dumps({'q': request.GET['q']}))",
    ),
    (
        "JSON with one",
        "XSS503",
        "-",
        "def view(request):\n"
        "    return HttpResponse(json.dumps(request.GET), content_type='application/json')",
    ),
    (
        "plain text",
        "XSS503",
        "-",
        "def view(request):\n    return HttpResponse(request.body, 'text/plain')",
    ),
    (
        "a type given afterwards",
        "XSS503",
        "-",
        "def view(request):\n    response = HttpResponse(request.body)\n"
        "    response['Content-Type'] = 'text/csv'\n    return response",
    ),
    (
        "a word out of a list",
        "XSS503",
        "-",
        "def view(request):\n    q = request.GET['q']\n    if q not in ('a', 'b'):\n        q = 'a'\n"
        "    return HttpResponse('<b>' + q)",
    ),
    (
        "part of a URL that is a number",
        "XSS503",
        "-",
        "# file: app/urls.py\nfrom django.urls import path\nfrom . import views\n"
        "urlpatterns = [path('<int:what>/', views.view)]\n"
        "# file: app/views.py\nfrom django.http import HttpResponse\n"
        "def view(request, what):\n    return HttpResponse('<b>%s' % what)",
    ),
    (
        "part of a URL that is any text",
        "XSS503",
        "HIGH",
        "# file: app/urls.py\nfrom django.urls import path\nfrom . import views\n"
        "urlpatterns = [path('<str:what>/', views.view)]\n"
        "# file: app/views.py\nfrom django.http import HttpResponse\n"
        "def view(request, what):\n    return HttpResponse('<b>%s' % what)",
    ),
    (
        "in a view that is a class",
        "XSS503",
        "HIGH",
        "class V:\n    def get(self, request):\n"
        "        return HttpResponse(f\"<b>{self.request.GET['q']}\")",
    ),
    # -- tags
    ("a decorator", "XSS504", "MEDIUM", "@mark_safe\ndef bold(x):\n    return '<b>%s</b>' % x"),
    ("a decorated literal", "XSS504", "-", "@mark_safe\ndef rule(x):\n    return '<hr>'"),
    (
        "a column",
        "XSS505",
        "MEDIUM",
        "class A:\n    def link(self, obj):\n        return '<a>%s</a>' % obj.title\n"
        "    link.allow_tags = True",
    ),
    (
        "an escaped column",
        "XSS505",
        "-",
        "class A:\n    def link(self, obj):\n        return format_html('<a>{}</a>', obj.title)\n"
        "    link.allow_tags = True",
    ),
    (
        "a message",
        "XSS506",
        "HIGH",
        "def view(request):\n"
        "    messages.error(request, 'No %s' % request.GET['q'], extra_tags='safe')",
    ),
    ("an escaped message", "XSS506", "-", "def view(request):\n    messages.error(request, 'No')"),
    # -- SQL
    (
        "raw",
        "SQL401",
        "HIGH",
        "def view(request):\n    q = \"SELECT * FROM a WHERE n LIKE '{}'\".format(request.GET['q'])\n"
        "    return Article.objects.raw(q)",
    ),
    (
        "extra",
        "SQL401",
        "HIGH",
        "def view(request):\n"
        "    return Article.objects.extra(where=[\"n = '%s'\" % request.GET['q']])",
    ),
    (
        "a cursor",
        "SQL401",
        "HIGH",
        "from django.db import connection\ndef view(request):\n    with connection.cursor() as c:\n"
        "        c.execute('SELECT 1 WHERE a = ' + request.POST['a'])",
    ),
    (
        "parameters",
        "SQL401",
        "-",
        "def view(request):\n"
        "    return Article.objects.raw('SELECT * FROM a WHERE n = %s', [request.GET['q']])",
    ),
    # -- redirects
    (
        "next",
        "REDIR401",
        "HIGH",
        "def view(request):\n    url = request.POST.get('next') or '/'\n    return redirect(url)",
    ),
    (
        "next, looked at",
        "REDIR401",
        "-",
        "def view(request):\n    url = request.GET['next']\n"
        "    if not url_has_allowed_host_and_scheme(url, allowed_hosts=None):\n        url = '/'\n"
        "    return HttpResponseRedirect(url)",
    ),
    (
        "behind a fixed host",
        "REDIR401",
        "-",
        "def view(request):\n    return redirect('/login/?next=%s' % request.GET['next'])",
    ),
    (
        "with a host of the request's own",
        "REDIR401",
        "HIGH",
        "def view(request):\n    return redirect('https://' + request.GET['host'])",
    ),
    ("reversed", "REDIR401", "-", "def view(request):\n    return redirect(reverse('a'))"),
    # -- files
    (
        "open",
        "PATH401",
        "HIGH",
        "def view(request):\n    f = open(os.path.join('docs', request.GET['f']))\n"
        "    return render(request, 'x.html', {'f': f.read()})",
    ),
    (
        "a file response",
        "PATH401",
        "HIGH",
        "def view(request):\n    return FileResponse(open('/srv/' + request.GET['f'], 'rb'))",
    ),
    (
        "its last part only",
        "PATH401",
        "-",
        "def view(request):\n    return open('/srv/' + os.path.basename(request.GET['f']))",
    ),
    (
        "a tar archive",
        "PATH402",
        "MEDIUM",
        "def unpack(path):\n    archive = tarfile.open(path)\n    archive.extractall('/tmp/x')",
    ),
    (
        "a filtered tar archive",
        "PATH402",
        "-",
        "def unpack(path):\n    tarfile.open(path).extractall('/tmp/x', filter='data')",
    ),
    # -- fetching
    ("get", "SSRF401", "HIGH", "def view(request):\n    requests.get(request.POST['url'])"),
    (
        "a fixed host",
        "SSRF401",
        "-",
        "def view(request):\n    requests.get(f\"https://api.example.com/{request.GET['q']}\")",
    ),
    ("unverified", "TLS471", "MEDIUM", "def f():\n    requests.get('https://a', verify=False)"),
    ("verified", "TLS471", "-", "def f():\n    requests.get('https://a', verify='/ca.pem')"),
    # -- code
    ("eval", "EXEC401", "HIGH", "def view(request):\n    return eval(request.POST['e'])"),
    (
        "somebody's eval",
        "EXEC401",
        "HIGH",
        "from PIL import ImageMath\ndef view(request):\n"
        "    text = request.POST.get('f')\n    return ImageMath.eval(text, a=1)",
    ),
    ("a literal eval", "EXEC401", "-", "x = eval('1 + 1')"),
    (
        "a shell in a helper",
        "EXEC402",
        "HIGH",
        "def run(command):\n    return subprocess.Popen(command, shell=True)\n"
        "def view(request):\n    run('nmap ' + request.POST['ip'])",
    ),
    ("system", "EXEC402", "HIGH", "def view(request):\n    os.system(f\"ping {request.GET['h']}\")"),
    (
        "a list",
        "EXEC402",
        "-",
        "def view(request):\n    subprocess.run(['ping', request.GET['h']])",
    ),
    (
        "quoted",
        "EXEC402",
        "-",
        "import shlex\ndef view(request):\n    os.system('ping ' + shlex.quote(request.GET['h']))",
    ),
    (
        "a pickle in a cookie",
        "EXEC403",
        "HIGH",
        "import base64\ndef view(request):\n    token = request.COOKIES.get('t')\n"
        "    return pickle.loads(base64.b64decode(token))",
    ),
    ("a written pickle", "EXEC403", "-", "def f(x):\n    return pickle.dumps(x)"),
    (
        "yaml of an upload",
        "EXEC404",
        "HIGH",
        "def view(request):\n    return yaml.load(request.FILES['f'], yaml.Loader)",
    ),
    ("yaml", "EXEC404", "MEDIUM", "def f(text):\n    return yaml.load(text)"),
    ("safe yaml", "EXEC404", "-", "def f(text):\n    return yaml.load(text, Loader=yaml.SafeLoader)"),
    (
        "external entities",
        "EXEC405",
        "HIGH",
        "from xml.sax import make_parser\nfrom xml.sax.handler import feature_external_ges\n"
        "def f():\n    p = make_parser()\n    p.setFeature(feature_external_ges, True)",
    ),
    (
        "lxml of a body",
        "EXEC405",
        "HIGH",
        "from lxml import etree\ndef view(request):\n    return etree.fromstring(request.body)",
    ),
    (
        "a file of our own",
        "EXEC405",
        "-",
        "from xml.etree import ElementTree\ndef f():\n    return ElementTree.parse('a.xml')",
    ),
    (
        "a template",
        "SSTI401",
        "HIGH",
        "def view(request):\n    return Template('Hello ' + request.GET['n'])",
    ),
    (
        "a template out of the database",
        "SSTI401",
        "MEDIUM",
        "def f(pk):\n    mail = get_object_or_404(Article, pk=pk)\n"
        "    return engines['django'].from_string(mail.body)",
    ),
    ("a template here", "SSTI401", "-", "T = Template('Hello {{ name }}')"),
    (
        "written",
        "SSTI402",
        "HIGH",
        "def view(request):\n    name = f'templates/posts/{len(x)}.html'\n"
        "    with open(name, 'w') as f:\n        f.write(request.POST['blog'])",
    ),
    (
        "written elsewhere",
        "SSTI402",
        "-",
        "def view(request):\n    with open('/var/log/a', 'w') as f:\n        f.write(request.POST['b'])",
    ),
    # -- CSRF
    ("decorator", "CSRF471", "MEDIUM", "@csrf_exempt\ndef view(request):\n    return render(request)"),
    (
        "method_decorator",
        "CSRF471",
        "MEDIUM",
        "@method_decorator(csrf_exempt, name='dispatch')\nclass V:\n    def post(self, request): pass",
    ),
    (
        "among several",
        "CSRF471",
        "MEDIUM",
        "@method_decorator([require_POST, csrf_exempt], name='dispatch')\nclass V:\n"
        "    def post(self, request): pass",
    ),
    (
        "on dispatch",
        "CSRF471",
        "MEDIUM",
        "class V:\n    @method_decorator(csrf_exempt)\n    def dispatch(self, request): pass",
    ),
    (
        "in a URL file",
        "CSRF471",
        "MEDIUM",
        "from django.urls import path\nfrom .views import V\n"
        "urlpatterns = [path('a', csrf_exempt(V.as_view()))]",
    ),
    (
        "a webhook",
        "CSRF471",
        "LOW",
        "import hmac\n@csrf_exempt\ndef hook(request):\n"
        "    hmac.compare_digest(request.headers['X-Signature'], 'x')\n    return render(request)",
    ),
    ("a view like others", "CSRF471", "-", "@require_POST\ndef view(request):\n    return render(request)"),
    (
        "the flag",
        "CSRF472",
        "HIGH",
        "class M:\n    def process_request(self, request):\n"
        "        setattr(request, '_dont_enforce_csrf_checks', True)",
    ),
    (
        "the flag, assigned",
        "CSRF472",
        "HIGH",
        "class M:\n    def process_request(self, request):\n"
        "        request._dont_enforce_csrf_checks = True",
    ),
    (
        "an empty check",
        "CSRF472",
        "HIGH",
        "from rest_framework.authentication import SessionAuthentication\n"
        "class A(SessionAuthentication):\n    def enforce_csrf(self, request):\n        return",
    ),
    ("a flag of something else", "CSRF472", "-", "def f(request):\n    request.csrf_seen = True"),
    (
        "deletes",
        "CSRF473",
        "MEDIUM",
        "def remove(request, pk):\n    article = get_object_or_404(Article, pk=pk)\n"
        "    article.delete()\n    return redirect('list')",
    ),
    (
        "saves where the method is GET",
        "CSRF473",
        "MEDIUM",
        "def pay(request, pk):\n    if request.method == 'GET':\n        a = Article.objects.get(pk=pk)\n"
        "        a.paid = 1\n        a.save()\n    return redirect('list')",
    ),
    (
        "logs out",
        "CSRF473",
        "MEDIUM",
        "def leave(request):\n    logout(request)\n    return redirect('/')",
    ),
    (
        "saves what was posted",
        "CSRF473",
        "-",
        "def edit(request):\n    a = Article()\n    if request.method == 'POST':\n        a.save()\n"
        "    return render(request, 'x.html')",
    ),
    (
        "turns GET away first",
        "CSRF473",
        "-",
        "def edit(request):\n    if request.method != 'POST':\n        return redirect('/')\n"
        "    Article().save()\n    return redirect('/')",
    ),
    (
        "takes POST only",
        "CSRF473",
        "-",
        "@require_POST\ndef edit(request):\n    Article().save()\n    return redirect('/')",
    ),
    (
        "a valid form was posted",
        "CSRF473",
        "-",
        "def edit(request):\n    form = F(request.POST or None)\n    if form.is_valid():\n"
        "        a = Article()\n        a.save()\n    return render(request, 'x.html')",
    ),
    # -- headers and cookies
    (
        "any origin",
        "CORS471",
        "MEDIUM",
        "def view(request):\n    r = HttpResponse('')\n    r['Access-Control-Allow-Origin'] = '*'\n"
        "    return r",
    ),
    (
        "whoever asks",
        "CORS471",
        "HIGH",
        "def view(request):\n    r = HttpResponse('')\n"
        "    r['Access-Control-Allow-Origin'] = request.headers.get('Origin')\n    return r",
    ),
    (
        "one origin",
        "CORS471",
        "-",
        "def view(request):\n    r = HttpResponse('')\n"
        "    r['Access-Control-Allow-Origin'] = 'https://a.example'\n    return r",
    ),
    ("no policy", "CSP471", "MEDIUM", "@csp_exempt\ndef view(request):\n    return render(request)"),
    (
        "no policy, in a URL file",
        "CSP471",
        "MEDIUM",
        "from django.urls import path\nurlpatterns = [path('a', csp_exempt(V.as_view()))]",
    ),
    ("a policy", "CSP471", "-", "def view(request):\n    return redirect('/')"),
    (
        "framed and written to",
        "CSP472",
        "MEDIUM",
        "@xframe_options_exempt\ndef view(request):\n    f(request.POST)\n    return redirect('/')",
    ),
    ("not framed", "CSP472", "-", "def view(request):\n    return redirect('/')"),
    (
        "a bare cookie",
        "COOK471",
        "MEDIUM",
        "def view(request):\n    r = redirect('/')\n    r.set_cookie('auth', f(), max_age=200)\n"
        "    return r",
    ),
    (
        "with its flags",
        "COOK471",
        "-",
        "def view(request):\n    r = redirect('/')\n"
        "    r.set_cookie('auth', f(), secure=True, httponly=True)\n    return r",
    ),
    # -- secrets
    (
        "md5 of a password",
        "AUTH471",
        "HIGH",
        "def f(request):\n    password = request.POST['p']\n"
        "    return hashlib.md5(password.encode()).hexdigest()",
    ),
    ("md5 of a file", "AUTH471", "-", "def f(content):\n    return hashlib.md5(content).hexdigest()"),
    (
        "a token out of random",
        "AUTH472",
        "MEDIUM",
        "def make_token():\n    return ''.join(random.choice('abc') for _ in range(9))",
    ),
    ("a colour out of random", "AUTH472", "-", "def colour():\n    return random.choice(['a', 'b'])"),
    ("unverified token", "AUTH473", "HIGH", "def f(t):\n    return jwt.decode(t, verify=False)"),
    (
        "a key in the source",
        "AUTH473",
        "HIGH",
        "def f(p):\n    return jwt.encode(p, 'csrf_thing', algorithm='HS256')",
    ),
    (
        "verified token",
        "AUTH473",
        "-",
        "from django.conf import settings\n"
        "def f(t):\n    return jwt.decode(t, settings.JWT_KEY, algorithms=['HS256'])",
    ),
    (
        "all of POST",
        "AUTH474",
        "HIGH",
        "def view(request):\n    Article.objects.create(**request.POST.dict())",
    ),
    (
        "any attribute",
        "AUTH474",
        "HIGH",
        "def view(request):\n    a = Article()\n    for k, v in request.POST.items():\n"
        "        setattr(a, k, v)",
    ),
    ("named", "AUTH474", "-", "def view(request):\n    Article.objects.create(a=request.POST['a'])"),
    ("a literal secret", "SECR471", "MEDIUM", "API_KEY = 'f3Kq9ZpL0vXc81Tn'"),
    ("a placeholder", "SECR471", "-", "API_KEY = 'your-api-key-goes-here'"),
    ("out of the environment", "SECR471", "-", "API_KEY = os.environ['API_KEY']"),
    # -- API views
    (
        "open beside closed",
        "DRF471",
        "MEDIUM",
        "from rest_framework.permissions import AllowAny, IsAuthenticated\n"
        "class A:\n    permission_classes = [IsAuthenticated]\n"
        "class B:\n    permission_classes = [AllowAny]\n    def post(self, request): pass",
    ),
    (
        "open like all others",
        "DRF471",
        "-",
        "from rest_framework.permissions import AllowAny\n"
        "class B:\n    permission_classes = [AllowAny]\n    def post(self, request): pass",
    ),
    (
        "nobody is asked",
        "DRF472",
        "MEDIUM",
        "class B:\n    authentication_classes = []\n    def post(self, request): pass",
    ),
    (
        "reads only",
        "DRF472",
        "-",
        "class B:\n    authentication_classes = []\n    def get(self, request): pass",
    ),
    (
        "every field of users",
        "DRF473",
        "MEDIUM",
        "from django.contrib.auth.models import User\n"
        "class S:\n    class Meta:\n        model = User\n        fields = '__all__'",
    ),
    (
        "some fields of users",
        "DRF473",
        "-",
        "from django.contrib.auth.models import User\n"
        "class S:\n    class Meta:\n        model = User\n        fields = ['first_name']",
    ),
]
IDS = [f"{code}-{name}" for name, code, _, _ in ROWS]


def project(source: str) -> Project:
    """Return the facts of the modules in ``source``."""
    modules = {}
    if source.startswith("# file: "):
        for part in source.split("# file: ")[1:]:
            path, _, text = part.partition("\n")
            modules[path] = text
    else:
        modules["app/module.py"] = _PRELUDE + source + "\n"
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


@pytest.mark.parametrize(("name", "code", "expected", "source"), ROWS, ids=IDS)
def test_rule(name: str, code: str, expected: str, source: str) -> None:
    found = hits(code, source)
    if expected == "-":
        assert [hit for hit in found if hit.confidence.name != "LOW"] == []
    else:
        assert [hit.confidence.name for hit in found] == [expected]


def test_every_rule_has_a_row_that_fires_and_one_that_does_not() -> None:
    codes = {rule.code for rule in all_rules() if rule.source == "python"}
    fires = {code for _, code, expected, _ in ROWS if expected != "-"}
    silent = {code for _, code, expected, _ in ROWS if expected == "-"}
    assert codes - fires == set()
    assert codes - silent == set()
    assert codes - set(all_codes()) == set()


@pytest.mark.parametrize("code", ["SECR471", "AUTH473"])
def test_no_secret_is_repeated(code: str) -> None:
    secret = "f3Kq9ZpL0vXc81Tn"
    source = f"API_KEY = '{secret}'\ndef f(p):\n    return jwt.encode(p, '{secret}')"
    (hit,) = hits(code, source)
    assert secret not in f"{hit.reason} {hit.fix} {hit.place}"
