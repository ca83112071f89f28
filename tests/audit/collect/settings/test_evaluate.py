"""What a settings module comes to, read and not imported."""

from __future__ import annotations

import datetime

import pytest

from ringfence.audit.model import UNKNOWN
from tests.audit.rules.settings.sites import URLS, site


def settings_of(root, text, **others):
    project = site(root, settings=URLS + text, **others)
    return next(each for each in project.settings if each.path == "settings.py")


#: Source, and what ``X`` is whatever the environment says.
KNOWN = {
    "a slice that becomes others": ("X = ['a', 'b']\nX[:0] = ['z']\nX[1:2] = ('y',)", list("zyb")),
    "a list that grows": ("X = ['a']\nX += ['b']\nX.append('c')\nX.insert(0, 'z')", list("zabc")),
    "a list that shrinks": ("X = ['a', 'b']\nX.remove('a')", ["b"]),
    "a sum of lists": ("A = ('a',)\nX = A + ('b',)", ("a", "b")),
    "a starred list": ("A = ['a']\nX = [*A, 'b']", ["a", "b"]),
    "a dict unpacked": ("A = {'a': 1}\nX = {**A, 'b': 2}", {"a": 1, "b": 2}),
    "a dict updated": ("X = {'a': {}}\nX['a']['b'] = 1\nX.update(c=2)", {"a": {"b": 1}, "c": 2}),
    "a path": (
        "from pathlib import Path\nB = Path(__file__).resolve().parent\nX = B / 'static'",
        "/srv/code/site/static",
    ),
    "a path of os.path": (
        "import os\nX = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'a')",
        "/srv/code/site/a",
    ),
    "an f-string": ("A = 'b'\nX = f'a{A}c{1}'", "abc1"),
    "a format": ("X = '{}-{b}'.format('a', b='c')", "a-c"),
    "a percent": ("X = '%s:%d' % ('a', 3)", "a:3"),
    "a comprehension": ("X = [each.strip() for each in 'a, b,'.split(',') if each]", ["a", "b"]),
    "a function of the module": ("def f(*a):\n    return '/'.join(a)\nX = f('a', 'b')", "a/b"),
    "a lambda": ("f = lambda a, b='c': a + b\nX = f('a')", "ac"),
    "a loop": ("X = []\nfor each in ('a', 'b'):\n    X.append(each * 2)", ["aa", "bb"]),
    "a known condition": ("A = 1\nif A > 1:\n    X = 'a'\nelse:\n    X = 'b'", "b"),
    "a conditional expression": ("X = 'a' if len('abc') == 3 else 'b'", "a"),
    "globals": ("globals()['X'] = 1", 1),
    "globals().update": ("globals().update({'X': 2})", 2),
    "a duration": (
        "from datetime import timedelta\nX = timedelta(days=2)",
        datetime.timedelta(days=2),
    ),
    "django-csp's constants": (
        "from csp.constants import SELF, NONE\nX = [SELF, NONE]",
        ["'self'", "'none'"],
    ),
    "corsheaders' defaults": (
        "from corsheaders.defaults import default_headers\nX = default_headers[:1]",
        ("accept",),
    ),
    "a translated name": (
        "from django.utils.translation import gettext_lazy as _\nX = _('a')",
        "a",
    ),
    "a database's address": (
        "import dj_database_url\nX = dj_database_url.parse('postgres://u:p%40@h/n')['PASSWORD']",
        "p@",
    ),
    "with debugging off": (
        "import os\nDEBUG = os.environ.get('DEBUG') == '1'\nX = 1\nif DEBUG:\n    X = 2",
        1,
    ),
    "in production": (
        "import os\nENV = os.environ.get('ENV', 'dev')\nX = 1\nif ENV == 'production':\n    X = 2",
        2,
    ),
    "not in tests": ("import sys\nX = 1\nif 'test' in sys.argv:\n    X = 2", 1),
    "a branch that raises": ("import os\nX = 1\nif os.environ.get('A'):\n    raise SystemExit", 1),
    "local settings that are not here": (
        "X = 1\ntry:\n    from local_settings import *\nexcept ImportError:\n    pass",
        1,
    ),
    "a statement that this Python cannot parse": ("print 'hello'\nX = 1", 1),
}


@pytest.mark.parametrize(("text", "expected"), KNOWN.values(), ids=KNOWN)
def test_a_value_is_known(text, expected, tmp_path):
    assert settings_of(tmp_path, text).get("X") == expected


#: Source, and what ``X`` is where the environment says nothing.
DEFAULTS = {
    "os.environ.get": ("import os\nX = os.environ.get('A', 'b')", "b"),
    "os.getenv, split": ("import os\nX = os.getenv('A', 'b,c').split(',')", ["b", "c"]),
    "a comparison": ("import os\nX = os.environ.get('A', 'true').lower() in ('1', 'true')", True),
    "a negation": ("import os\nX = not os.environ.get('A')", True),
    "or": ("import os\nX = os.environ.get('A') or 'b'", "b"),
    "environ, imported": ("from os import environ\nX = environ.get('A', 'b')", "b"),
    "django-environ": (
        "import environ\nenv = environ.Env()\nX = env.bool('A', default=True)",
        True,
    ),
    "django-environ's scheme": (
        "import environ\nenv = environ.Env(A=(bool, True))\nX = env('A')",
        True,
    ),
    "django-environ's list": (
        "import environ\nenv = environ.Env()\nX = env.list('A', default=['*'])",
        ["*"],
    ),
    "environs": ("from environs import Env\nenv = Env()\nX = env.list('A', 'b,c')", ["b", "c"]),
    "decouple": ("from decouple import config\nX = config('A', default='yes', cast=bool)", True),
    "decouple's Csv": (
        "from decouple import config, Csv\nX = config('A', default='*, b', cast=Csv())",
        ["*", "b"],
    ),
    "decouple's lambda": (
        (
            "from decouple import config\n"
            "X = config('A', default='a b', cast=lambda v: [s for s in v.split()])"
        ),
        ["a", "b"],
    ),
    "a function around it": (
        (
            "import os\ndef env(name, default=None):\n    return os.environ.get(name, default)\n"
            "X = env('A', 'b')"
        ),
        "b",
    ),
    "a function that catches": (
        (
            "import os\ndef env(name, default):\n    try:\n        return os.environ[name]\n"
            "    except KeyError:\n        return default\nX = env('A', 'b')"
        ),
        "b",
    ),
    "inside a dict": ("import os\nX = {'a': os.environ.get('A', 'b')}", {"a": "b"}),
}


@pytest.mark.parametrize(("text", "expected"), DEFAULTS.values(), ids=DEFAULTS)
def test_a_default_is_known_and_is_no_certainty(text, expected, tmp_path):
    setting = settings_of(tmp_path, text).values["X"]

    assert setting.default == expected
    assert setting.value is UNKNOWN or UNKNOWN in setting.value.values()


UNKNOWNS = {
    "a required variable": "import os\nX = os.environ['A']",
    "a file": "X = open('a').read()",
    "another package's function": "from a.b import c\nX = c()",
    "one of two": "import os\nX = 1\nif os.path.exists('a'):\n    X = 2",
    "something random": "from secrets import token_urlsafe\nX = token_urlsafe(50)",
    "a width of gigabytes": "X = '%1000000000d' % 1",
    "a repetition": "X = 'a' * 10 ** 9",
    "an attribute in a format": "X = '{0.__class__}'.format(1)",
    "a default that does not start": (
        "import os\nX = os.environ.get('A', 'b')\nif X == 'b':\n    raise ValueError"
    ),
}


@pytest.mark.parametrize("text", UNKNOWNS.values(), ids=UNKNOWNS)
def test_nothing_is_guessed(text, tmp_path):
    setting = settings_of(tmp_path, text).values["X"]

    assert setting.value is UNKNOWN
    assert setting.default is UNKNOWN


def test_an_entry_under_a_condition_is_a_possible_one(tmp_path):
    value = settings_of(
        tmp_path, "import os\nX = ['a']\nif os.environ.get('B'):\n    X += ['b']"
    ).get("X")

    assert value == ["a", "b"]
    assert [each.conditional for each in value] == [False, True]


def test_a_string_knows_where_it_stands(tmp_path):
    of = settings_of(tmp_path, "from base import *\nX += ['b']", base="X = [\n    'a',\n]\n")

    assert [(each.path, each.line) for each in of.get("X")] == [("base.py", 2), ("settings.py", 3)]
    assert of.values["X"].place.path == "base.py"


def test_what_may_be_changed_by_something_unread_is_unsure(tmp_path):
    of = settings_of(tmp_path, "A = 1\nfrom elsewhere.settings import *\nB = 2")

    assert of.values["A"].conditional
    assert not of.values["B"].conditional
    assert of.unread == ("elsewhere.settings",)


def test_modules_are_followed_relatively_absolutely_and_by_include(tmp_path):
    project = site(
        tmp_path,
        conf__settings__main="from split_settings.tools import include, optional\n"
        "include('parts/*.py', optional('nothing.py'))\n",
        conf__settings__parts__a="from ..values import A\nINSTALLED_APPS = [A]\n",
        conf__settings__parts__b="INSTALLED_APPS += ['b']\n"
        "from conf.settings import values\nC = values.A\n",
        conf__settings__values="A = 'a'\n",
    )
    (of,) = [each for each in project.settings if each.path.endswith("main.py")]

    assert of.get("INSTALLED_APPS") == ["a", "b"]
    assert of.get("C") == "a"


def test_configurations_are_settings_each(tmp_path):
    project = site(
        tmp_path,
        settings="from configurations import Configuration, values\n"
        "class Base(Configuration):\n    ROOT_URLCONF = 'a'\n"
        "    DEBUG = values.BooleanValue(True)\n"
        "    A = ['a']\n"
        "    @property\n    def B(self):\n        return self.A + ['b']\n"
        "class Dev(Base):\n    DEBUG = True\n"
        "class Production(Base):\n    DEBUG = False\n    A = ['c']\n",
    )
    found = {each.module.partition(":")[2]: each for each in project.settings}

    assert {name: each.purpose for name, each in found.items()} == {
        "Base": "base",
        "Dev": "development",
        "Production": "deployed",
    }
    assert found["Base"].values["DEBUG"].default is True
    assert found["Production"].get("DEBUG") is False
    assert found["Production"].get("B") == ["c", "b"]


HOSTILE = {
    "an endless loop": "while True:\n    X = 1",
    "a deep recursion": "def f(n):\n    return f(n + 1)\nX = f(0)",
    "an explosion": "X = ['a']\n" + "X = X + X\n" * 60,
    "nested conditions": "".join(" " * n + f"if unknown{n}():\n" for n in range(18))
    + " " * 18
    + "X = 1",
    "many branches over long lists": "X = list(range(200)) * 20\n"
    + "if unknown():\n    from elsewhere import y\n    X += [1]\n" * 1000,
    "lists with nothing in common": "X = []\nif unknown():\n"
    "    X = ['a%d' % n for n in range(200)] * 20\n"
    "else:\n    X = ['b%d' % n for n in range(200)] * 20",
    "a circle of imports": "from settings import *\nX = 1",
    "an expression of a thousand levels": "X = " + "(" * 900 + "1" + ")" * 900,
    "a loop of loops": "X = 0\nA = list(range(200))\n"
    "for a in A:\n    for b in A:\n        for c in A:\n            X = c",
    "code that would run": "import os\nos.system('touch ran')\n"
    "X = __import__('os').system('touch ran')",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_module_ends(text, tmp_path):
    project = site(tmp_path, settings=URLS + text)

    assert [each.path for each in project.settings] == ["settings.py"] or project.skipped
    assert not (tmp_path / "ran").exists()
