"""The ways in which settings are written: what `init` makes of each, read and run."""

from __future__ import annotations

import importlib
import sys

import pytest

from ringfence import cli
from ringfence.replaced import FENCE, REPLACED

SECURITY = "django.middleware.security.SecurityMiddleware"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
CORS = "corsheaders.middleware.CorsMiddleware"
CSP = "csp.middleware.CSPMiddleware"
HEAD = 'DEBUG = False\nROOT_URLCONF = "shop.urls"\nALLOWED_HOSTS = ["shop.example"]\n'
APPS = 'INSTALLED_APPS = ["shop"]\n'
OURS = 'INSTALLED_APPS = ["ringfence", "shop"]\n'
LIST = f'MIDDLEWARE = [\n    "{SECURITY}",\n    "{SESSIONS}",\n    "{CSRF}",  # tokens\n]\n'
FENCED = f'MIDDLEWARE = [\n    "{FENCE}",\n    "{SESSIONS}",\n]\n'
BASE, LIVE, DEV = "shop/settings/base.py", "shop/settings/production.py", "shop/settings/dev.py"
STAR = "from .base import *\n"


def one(before, after):
    """Return a row for a site with one file of settings: what stands below the same head."""
    return (
        {"shop/settings.py": HEAD + APPS + before},
        {"shop/settings.py": HEAD + OURS + after},
    )


def split(live, after, *, base=LIST, based=FENCED, **others):
    """Return a row for a site whose production settings take over others."""
    before = {BASE: HEAD + APPS + base, LIVE: STAR + live}
    become = {BASE: HEAD + OURS + based, LIVE: STAR + after}
    for name, (old, new) in others.items():
        before[f"shop/settings/{name}.py"] = STAR + old
        become[f"shop/settings/{name}.py"] = STAR + new
    return before, become


FORMS = [
    pytest.param(*one(LIST, FENCED), id="a list"),
    pytest.param(
        *one(
            f"MIDDLEWARE = ['shop.m.A', '{CSRF}', 'shop.m.B']\n",
            f"MIDDLEWARE = ['{FENCE}', 'shop.m.A', 'shop.m.B']\n",
        ),
        id="a list on one line, and its quotes",
    ),
    pytest.param(
        *one(
            f'MIDDLEWARE = [\n    # first of all\n    "{SECURITY}",  # https\n    "shop.m.A",\n'
            f'    "{CORS}",  # before common\n    # the last\n    "{CSP}",\n]\n',
            f'MIDDLEWARE = [\n    # first of all\n    "{FENCE}",\n    "shop.m.A",\n'
            "    # the last\n]\n",
        ),
        id="comments",
    ),
    pytest.param(
        *one(
            f'MIDDLEWARE: tuple[str, ...] = ("{SECURITY}", "{CSRF}")\n',
            f'MIDDLEWARE: tuple[str, ...] = ("{FENCE}",)\n',
        ),
        id="a tuple of which one is left",
    ),
    pytest.param(
        *one(
            f'MIDDLEWARE = ("{CORS}", "shop.m.A",)\nMIDDLEWARE += ("{CSRF}",)\n',
            f'MIDDLEWARE = ("{FENCE}", "shop.m.A",)\n',
        ),
        id="a tuple that grows",
    ),
    pytest.param(*one("MIDDLEWARE = []\n", f'MIDDLEWARE = ["{FENCE}"]\n'), id="an empty list"),
    pytest.param(
        *one(
            f'MIDDLEWARE = ["shop.m.A", "{FENCE}", "{CSRF}"]\n',
            f'MIDDLEWARE = ["{FENCE}", "shop.m.A"]\n',
        ),
        id="ringfence is there, and not first",
    ),
    pytest.param(
        *one(
            f'MIDDLEWARE = ["ringfence.middleware.CsrfViewMiddleware", "{SECURITY}"]\n',
            f'MIDDLEWARE = ["{FENCE}"]\n',
        ),
        id="moved in ring by ring until now",
    ),
    pytest.param(
        *one(
            LIST + f'MIDDLEWARE.insert(MIDDLEWARE.index("{SECURITY}") + 1, "shop.m.White")\n',
            FENCED + f'MIDDLEWARE.insert(MIDDLEWARE.index("{FENCE}") + 1, "shop.m.White")\n',
        ),
        id="inserted behind one that goes",
    ),
    pytest.param(
        *one(
            LIST + f'MIDDLEWARE.insert(0, "{CORS}")\nMIDDLEWARE.insert(0, "shop.m.First")\n',
            FENCED + 'MIDDLEWARE.insert(1, "shop.m.First")\n',
        ),
        id="inserted before all others",
    ),
    pytest.param(
        *one(
            LIST + f'if DEBUG:\n    MIDDLEWARE.remove("{CSRF}")\n', FENCED + "if DEBUG:\n    pass\n"
        ),
        id="taken out where no server takes that branch",
    ),
    pytest.param(
        *one(
            LIST + f'import os\nif os.environ.get("X"):\n    MIDDLEWARE += ["{CORS}"]\n    X = 1\n',
            FENCED + 'import os\nif os.environ.get("X"):\n    X = 1\n',
        ),
        id="under a condition",
    ),
    pytest.param(
        *one(
            f'COMMON = ["{SECURITY}", "shop.m.A"]\nMIDDLEWARE = ["{CORS}"] + COMMON + ["{CSRF}"]\n',
            f'COMMON = ["shop.m.A"]\nMIDDLEWARE = ["{FENCE}"] + COMMON\n',
        ),
        id="put together",
    ),
    pytest.param(
        {
            "shop/settings.py": HEAD
            + 'OWN = ["shop"]\nTHIRD_PARTY = [\n    "corsheaders",\n    "crispy",\n]\n'
            + f"INSTALLED_APPS = OWN + THIRD_PARTY\n{LIST}MIDDLEWARE.append('{CORS}')\n"
        },
        {
            "shop/settings.py": HEAD
            + 'OWN = ["shop"]\nTHIRD_PARTY = [\n    "ringfence",\n    "crispy",\n]\n'
            + f"INSTALLED_APPS = OWN + THIRD_PARTY\n{FENCED}"
        },
        id="apps of others in a list of their own",
    ),
    pytest.param(*split("", ""), id="split: nothing changed"),
    pytest.param(
        *split(f'MIDDLEWARE += ["{CORS}", "shop.m.A"]\n', 'MIDDLEWARE += ["shop.m.A"]\n'),
        id="split: +=",
    ),
    pytest.param(
        *split(
            f'MIDDLEWARE = ["{CORS}", "shop.m.A"] + MIDDLEWARE\n',
            'MIDDLEWARE = MIDDLEWARE[:1] + ["shop.m.A"] + MIDDLEWARE[1:]\n',
        ),
        id="split: put before",
    ),
    pytest.param(
        *split(
            f'MIDDLEWARE = [*MIDDLEWARE, "{CSP}", "shop.m.A"]\n',
            'MIDDLEWARE = [*MIDDLEWARE, "shop.m.A"]\n',
        ),
        id="split: unpacked",
    ),
    pytest.param(
        *split(
            f'MIDDLEWARE = ["shop.m.A", *MIDDLEWARE, "{CSP}"]\n',
            'MIDDLEWARE = [*MIDDLEWARE[:1], "shop.m.A", *MIDDLEWARE[1:]]\n',
        ),
        id="split: unpacked behind another",
    ),
    pytest.param(
        *split(
            f'from . import base\nMIDDLEWARE = base.MIDDLEWARE + ["{CSP}"]\n',
            "from . import base\nMIDDLEWARE = base.MIDDLEWARE\n",
        ),
        id="split: by the module's name",
    ),
    pytest.param(
        *split(
            "",
            "",
            dev=(
                'DEBUG = True\nMIDDLEWARE.insert(0, "shop.m.Toolbar")\n',
                'DEBUG = True\nMIDDLEWARE.insert(1, "shop.m.Toolbar")\n',
            ),
            test=(
                f'MIDDLEWARE = [each for each in MIDDLEWARE if each != "{CSRF}"]\n',
                f'MIDDLEWARE = [each for each in MIDDLEWARE if each != "{CSRF}"]\n',
            ),
        ),
        id="split: others build upon the same",
    ),
    pytest.param(
        *split(LIST, FENCED, base="", based="", dev=(LIST, LIST)),
        id="split: another has a list of its own",
    ),
]


@pytest.fixture
def init(tree, capsys):
    """Return what writes files, runs `init --yes` on them, and returns status, files and words."""

    def run(files, *options):
        root = tree(files=files)
        status = cli.main(["init", str(root), "--yes", *options])
        said = capsys.readouterr()
        return status, {path: (root / path).read_text("utf-8") for path in files}, said

    return run


@pytest.mark.parametrize(("before", "after"), FORMS)
def test_settings_move_in(init, tree, before, after, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    old = {path: loaded(tree(files=before), path) for path in before}
    status, found, said = init(before)
    assert (status, found) == (0, after), said.out + said.err
    # And then there is nothing to do.
    status, found, said = init(found)
    assert (status, found) == (0, after)
    assert "nothing is to be changed" in said.out
    for path in after:
        new = loaded(tree(files=after), path)
        if path != DEV or FENCE in new["MIDDLEWARE"]:
            assert_moved(old[path], new, path)


def loaded(root, path):
    """Run settings, as Django would."""
    for name in [each for each in sys.modules if each.split(".")[0] == "shop"]:
        del sys.modules[name]
    importlib.invalidate_caches()
    sys.path.insert(0, str(root))
    try:
        return vars(importlib.import_module(path.removesuffix(".py").replace("/", ".")))
    finally:
        sys.path.remove(str(root))
        for name in [each for each in sys.modules if each.split(".")[0] == "shop"]:
            del sys.modules[name]


def assert_moved(old, new, path):
    if "MIDDLEWARE" in old:
        replaced = {*REPLACED, FENCE, "ringfence.middleware.CsrfViewMiddleware"}
        kept = [each for each in old["MIDDLEWARE"] if each not in replaced]
        assert list(new["MIDDLEWARE"]) == [FENCE, *kept], path
        assert type(new["MIDDLEWARE"]) is type(old["MIDDLEWARE"])
    assert sorted({*old["INSTALLED_APPS"], "ringfence"} - {"corsheaders"}) == sorted(
        new["INSTALLED_APPS"]
    )


ENGINE, JINJA = "django.template.backends.django.DjangoTemplates", "django.template.backends.jinja2"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            f'TEMPLATES = [{{"BACKEND": "{ENGINE}", "APP_DIRS": True}}]\n',
            'TEMPLATES = [{"BACKEND": "ringfence.template.DjangoTemplates", "NAME": "django", '
            '"APP_DIRS": True}]\n',
            id="Django's",
        ),
        pytest.param(
            f'TEMPLATES = [\n    {{\n        "BACKEND": "{ENGINE}",  # x\n        "DIRS": [],\n'
            "    },\n]\n",
            'TEMPLATES = [\n    {\n        "BACKEND": "ringfence.template.DjangoTemplates",\n'
            '        "NAME": "django",  # x\n        "DIRS": [],\n    },\n]\n',
            id="on lines of its own",
        ),
        pytest.param(
            f'TEMPLATES = [{{"NAME": "pages", "BACKEND": "{ENGINE}"}}]\n',
            'TEMPLATES = [{"NAME": "pages", "BACKEND": "ringfence.template.DjangoTemplates"}]\n',
            id="that has a name",
        ),
        pytest.param(
            f"TEMPLATES = [{{'BACKEND': '{JINJA}.Jinja2'}}, {{'BACKEND': '{ENGINE}'}}]\n",
            "TEMPLATES = [{'BACKEND': 'ringfence.template.Jinja2', 'NAME': 'jinja2'}, "
            "{'BACKEND': 'ringfence.template.DjangoTemplates', 'NAME': 'django'}]\n",
            id="both",
        ),
        pytest.param(
            f'ENGINE = "{ENGINE}"\nTEMPLATES = [{{"BACKEND": ENGINE, "NAME": "django"}}]\n',
            'ENGINE = "ringfence.template.DjangoTemplates"\n'
            'TEMPLATES = [{"BACKEND": ENGINE, "NAME": "django"}]\n',
            id="by a name",
        ),
        pytest.param(
            f'TEMPLATES = [{{"NAME": "a"}}]\nTEMPLATES[0]["BACKEND"] = "{ENGINE}"\n',
            'TEMPLATES = [{"NAME": "a"}]\n'
            'TEMPLATES[0]["BACKEND"] = "ringfence.template.DjangoTemplates"\n',
            id="by an item",
        ),
        pytest.param(
            f'TEMPLATES = [{{"BACKEND": "{ENGINE}"}}]\nRINGFENCE = {{"escaping": False}}\n',
            f'TEMPLATES = [{{"BACKEND": "{ENGINE}"}}]\nRINGFENCE = {{"escaping": False}}\n',
            id="the ring is off",
        ),
        pytest.param(
            'TEMPLATES = [{"BACKEND": "django_jinja.jinja2.Jinja2"}]\n',
            'TEMPLATES = [{"BACKEND": "django_jinja.jinja2.Jinja2"}]\n',
            id="another's",
        ),
    ],
)
def test_template_engines_are_replaced(init, before, after):
    status, found, said = init(
        {"shop/settings.py": HEAD + APPS + LIST + before},
    )
    assert (status, found["shop/settings.py"]) == (0, HEAD + OURS + FENCED + after), said.err


FRAMES = f'MIDDLEWARE = ["django.middleware.clickjacking.XFrameOptionsMiddleware", "{CSRF}"]\n'
DENY = (
    "# Django's default: ringfence's would let the site frame its own pages.\n"
    'X_FRAME_OPTIONS = "DENY"\n'
)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        pytest.param("", True, id="nothing"),
        pytest.param('RINGFENCE = {"csp": "strict"}\n', True, id="something else"),
        pytest.param('X_FRAME_OPTIONS = "SAMEORIGIN"\n', False, id="what it is to be"),
        pytest.param('RINGFENCE = {"isolation": {"preset": "base"}}\n', False, id="the ring"),
    ],
)
def test_no_page_may_be_framed_that_could_not_be(init, said, written):
    _, found, _ = init({"shop/settings.py": HEAD + APPS + FRAMES + said})
    after = f'MIDDLEWARE = ["{FENCE}"]\n' + (DENY if written else "") + said
    assert found["shop/settings.py"] == HEAD + OURS + after


def test_nor_where_that_is_left_to_somebodys_hands(init):
    split_up = FRAMES.replace("middleware.csrf", 'middleware." "csrf')
    _, _, said = init({"shop/settings.py": HEAD + APPS + split_up})
    assert '        X_FRAME_OPTIONS = "DENY"\n' in said.out


def test_a_ring_that_is_off_replaces_nothing(init):
    off = 'RINGFENCE = {"csrf": False}\n'
    _, found, _ = init({"shop/settings.py": HEAD + APPS + LIST + off})
    after = LIST.replace(SECURITY, FENCE)
    assert found["shop/settings.py"] == HEAD + OURS + after + off


def test_settings_that_are_a_class(init):
    before = (
        "from configurations import Configuration\n\n\nclass Production(Configuration):\n"
        f"    DEBUG = False\n    ROOT_URLCONF = 'shop.urls'\n    INSTALLED_APPS = ['shop']\n"
        f"    MIDDLEWARE = [\n        '{SECURITY}',\n        '{CSRF}',\n    ]\n"
    )
    status, found, _ = init({"shop/settings.py": before})
    after = before.replace("['shop']", "['ringfence', 'shop']").replace(SECURITY, FENCE)
    assert (status, found["shop/settings.py"]) == (0, after.replace(f"        '{CSRF}',\n", ""))


# Packages that are needed no more


PACKAGES = 'INSTALLED_APPS = [\n    "corsheaders",\n    "csp",\n    "shop",\n]\n'
WITH_PACKAGES = f'MIDDLEWARE = ["{CORS}", "{CSP}", "{CSRF}"]\n'


@pytest.mark.parametrize(
    ("files", "kept", "why"),
    [
        pytest.param({}, [], "", id="nothing else uses them"),
        pytest.param(
            {"shop/views.py": "from csp.decorators import csp_exempt\n"},
            ["csp"],
            "shop/views.py:1",
            id="a decorator",
        ),
        pytest.param(
            {"shop/views.py": "def receive():\n    from corsheaders import signals\n"},
            ["corsheaders"],
            "shop/views.py:2",
            id="a signal",
        ),
        pytest.param(
            {"shop/templates/a.html": "<p>\n{% load static csp %}\n"},
            ["csp"],
            "shop/templates/a.html:2",
            id="a template tag",
        ),
        pytest.param(
            {"shop/extra.py": 'PROCESSORS = ["csp.context_processors.nonce"]\n'},
            ["csp"],
            "shop/extra.py:1",
            id="a name in a string",
        ),
        pytest.param(
            {"shop/old.py": "print 'corsheaders'\n"},
            ["corsheaders"],
            "shop/old.py:1",
            id="a file that cannot be parsed",
        ),
        pytest.param(
            {"shop/views.py": "from . import csp\nfrom .csp import header\n# import corsheaders\n"},
            [],
            "",
            id="a module of one's own, and a comment",
        ),
    ],
)
def test_apps_go_that_nothing_uses(init, files, kept, why):
    status, found, said = init({"shop/settings.py": HEAD + PACKAGES + WITH_PACKAGES, **files})
    assert status == 0
    for app in ("corsheaders", "csp"):
        assert (f'    "{app}",\n' in found["shop/settings.py"]) is (app in kept)
    assert why in said.out.replace("\n    ", " ")
    assert f'MIDDLEWARE = ["{FENCE}"]\n' in found["shop/settings.py"]


def test_an_app_stays_while_other_settings_have_its_middleware(init):
    before = {
        BASE: HEAD + PACKAGES,
        LIVE: STAR + WITH_PACKAGES,
        "shop/settings/staging.py": STAR + "MIDDLEWARE = eval('x')\n",
    }
    status, found, said = init(before)
    assert status == 2
    assert '    "corsheaders",\n    "csp",\n' in found[BASE]
    assert "shop/settings/staging.py:2" in said.out
