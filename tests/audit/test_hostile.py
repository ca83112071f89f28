"""Trees that somebody made to break the audit: what cannot be read is named, the rest is found."""

from __future__ import annotations

import pytest

from ringfence.audit import codec, collecting, toml
from ringfence.audit.collect.tree import File
from ringfence.audit.model import PythonFacts
from ringfence.audit.run import Options, audit

#: Source of a module called views.py, and why it is not read; "" if it is.
PYTHON = {
    "a name of many parts": ("import " + ".".join(["a"] * 9_000), "thousands of parts"),
    "such a name, line by line": ("from " + ".\\\n".join(["a"] * 9_000) + " import b", "thousands"),
    "such a name behind another statement": ("x = 1; import " + "a." * 9_000 + "a", "thousands"),
    "many names with dots": ("x = a.b.c\n" * 3_000, ""),
    "a long chain of attributes": ("x = a" + ".b" * 90, ""),
    "lists of themselves": ("x = 1\n" + "x = [x, x]\nf(x)\n" * 3_000, ""),
    "dictionaries of themselves": ("x = 1\n" + "x = {'a': x, 'b': x}\n" * 3_000, ""),
    "a context of itself": (
        "def f(request):\n" + "    x = locals()\n    y = locals()\n" * 100 + "    render(x)\n",
        "",
    ),
    "loaders of themselves": (
        "from django.template.loader import get_template\nx = 'a'\n"
        + "x = get_template(x)\n" * 900,
        "",
    ),
    "decorators of themselves": ("x = 1\n@a(x)\n@b(c=x)\ndef x(): pass\n" * 900, ""),
    "deep brackets": ("x = " + "(" * 5_000 + ")" * 5_000, "deep|syntax"),
    "deep calls": ("x = " + "f(" * 80 + ")" * 80, ""),
    "many imports": ("".join(f"import a{n}\nfrom b{n} import *\n" for n in range(3_000)), ""),
    "a null byte": ("x = 1\n" * 200 + "\0", ""),
    "form feeds": ("\f" * 1_000 + "x = 1\n", ""),
    "surrogates": ("x = '\\ud800'\n", ""),
}


@pytest.mark.parametrize(("text", "reason"), PYTHON.values(), ids=PYTHON)
def test_a_module_is_read_or_has_a_reason(tmp_path, text, reason):
    path = tmp_path / "views.py"
    path.write_text(text, newline="")
    (read,) = collecting._read_batch([File("views.py", path, "python", len(text))])
    if reason:
        assert any(each in read.reason for each in reason.split("|"))
    else:
        assert not read.reason
        assert isinstance(read.facts, str)
        assert len(read.facts) < 200 * len(text) + 20_000
        assert isinstance(codec.loads(PythonFacts, read.facts), PythonFacts)


def test_what_cannot_be_handed_on_loses_nothing_else(tree, monkeypatch):
    """Facts that are nested too deeply for JSON are one file's loss."""
    root = tree(files={"views.py": "x = 1\n", "b.py": "import os\nos.system(input())\n"})

    def dumps(value):
        if value.path == "views.py":
            raise RecursionError
        return "null"

    monkeypatch.setattr(codec, "dumps", dumps)
    found = [File(path, root / path, "python", 1) for path in ("views.py", "b.py")]
    first, second = collecting._read_batch(found)
    assert first.reason == "nested too deeply"
    assert second.reason == ""


#: Templates, and whether the form in ``a.html`` has no token.
CIRCLES = {
    "one that includes itself": ({"a": "{% include 'a.html' %}"}, True),
    "two that include each other": (
        {"a": "{% include 'b.html' %}", "b": "{% include 'a.html' %}"},
        True,
    ),
    "a token on the way": (
        {"a": "{% include 'b.html' %}", "b": "{% include 'b.html' %}{% csrf_token %}"},
        False,
    ),
    "all of them in each of them": (
        {
            chr(97 + n): "".join(f"{{% include '{chr(97 + m)}.html' %}}" for m in range(20))
            for n in range(20)
        },
        True,
    ),
}


@pytest.mark.parametrize(("templates", "found"), CIRCLES.values(), ids=CIRCLES)
def test_circles_of_templates(tree, templates, found):
    files = {f"templates/{name}.html": text for name, text in templates.items()}
    files["templates/a.html"] = (
        f"<form method=post action=/x><input name=b type=text>{templates['a']}</form>"
    )
    report = audit(tree(files=files), Options(cache=False, jobs=1)).report
    assert not report.unasked
    assert ("CSRF481" in {each.code for each in report.findings}) is found


#: Texts that are no TOML to us.
NO_TOML = {
    "a key of many parts": "a" + ".a" * 50_000 + " = 1",
    "a table of many parts": "[a" + " . 'a-b'" * 50_000 + "]",
    "in a table on one line": "x = {a" + ".a" * 50_000 + " = 1}",
    "nested": "a = " + "[" * 50_000,
    "nothing": "a = = 1",
    "a surrogate": "a = '\ud800",
}


@pytest.mark.parametrize("text", NO_TOML.values(), ids=NO_TOML)
def test_hostile_toml(text):
    with pytest.raises(toml.MalformedError):
        toml.loads(text)


def test_usual_toml():
    text = "[tool.a.b]\nx = '" + "1." * 40 + "'\ny.z = [" + "1.5," * 1000 + "]\n"
    assert toml.loads(text)["tool"]["a"]["b"]["y"] == {"z": [1.5] * 1000}


#: What a settings module does beside saying that DEBUG is on.
SETTINGS = {
    "lists of themselves": "X = [1]\n" + "X = [X, X]\n" * 500,
    "dictionaries of themselves": "X = {}\n" + "X = {'a': X, 'b': X}\n" * 500,
    "tuples of themselves": "X = (1,)\n" + "X = (X, X)\n" * 60 + "Y = {X: 1}\nZ = {X}\n",
    "two that are compared": "X = [1]\nY = [1]\n"
    + "X = [X, X]\nY = [Y, Y]\n" * 40
    + "Z = X == Y\n",
    "one that is printed": "X = [1]\n" + "X = [X, X]\n" * 40 + "Z = '%s' % (X,)\nY = f'{X}'\n",
    "sums": "X = [[1]]\n" + "X = X + X\n" * 60 + "Y = [X] * 4000\n",
    "a list that is filled from above": (
        "".join(f"L{n} = []\n" for n in range(50))
        + "".join(f"L{n}.append(L{n + 1})\nL{n}.append(L{n + 1})\n" for n in range(49))
        + "import a\nif a.b:\n    L0.append(1)\nX = L0 == L1\nL0.sort()\nY = sorted(L0)\n"
    ),
    "a list in itself": "X = []\nX.append(X)\nX.append(X)\nY = X == X\nX.sort()\n",
    "classes of classes": (
        "class C0: pass\n"
        + "".join(f"class C{n}({', '.join([f'C{n - 1}'] * 9)}): pass\n" for n in range(1, 15))
        + "X = C14.y\n"
    ),
    "texts of themselves": "X = 'ab'\n" + "X = X + X\n" * 60 + "Y = '%99999999d' % 1\n",
    "powers": "X = 10 ** 10 ** 10\nY = 1 << 10 ** 12\nZ = [1] * 10 ** 12\nW = 'a' * 10 ** 12\n",
    "a function that calls itself": "def f(x):\n    return f(x) + f(x)\nX = f(1)\n",
}


@pytest.mark.parametrize("text", SETTINGS.values(), ids=SETTINGS)
def test_settings_beyond_all_bounds_come_to_an_end(tree, text):
    source = f"ROOT_URLCONF = 'a'\nINSTALLED_APPS = []\nDEBUG = True\n{text}"
    report = audit(tree(files={"settings.py": source}), Options(cache=False, jobs=1)).report
    assert not report.unasked
    known = "SET401" in {each.code for each in report.findings}
    assert known or "does more than settings do" in {each.reason for each in report.skipped}
