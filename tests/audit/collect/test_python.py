"""Python source -> facts: what other Pythons wrote, what is broken, what is hostile."""

from __future__ import annotations

import pickle
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.audit import codec
from ringfence.audit.collect.python import link, read_python
from ringfence.audit.collect.python.parse import Unreadable, parse
from ringfence.audit.model import Project, PythonFacts, Skipped, Source
from ringfence.audit.rules import all_rules

HEAD = "from django.utils.safestring import mark_safe\n"
TAIL = "\ndef view(request):\n    return mark_safe('<b>%s</b>' % request.GET['q'])\n"

OTHER_PYTHONS = {
    "except without parentheses": "try:\n    pass\nexcept A, B:\n    pass\n",
    "except with a name, Python 2": "try:\n    pass\nexcept ValueError, e:\n    print e\n",
    "print": "def f():\n    print 'a', b\n    print\n    print >>x, 'a'\n",
    "exec": "exec 'x = 1' in {}\nexec 'y'\n",
    "raise": "def f():\n    raise ValueError, 'no'\n",
    "numbers": "x = 0777\ny = 10L\nz = 0xFFL\n",
    "strings": "x = ur'a'\n",
    "unequal": "if a <> b:\n    pass\n",
    "backticks": "x = `y`\n",
    "tabs and spaces": "class A:\n    def f(self):\n\tif 1:\n\t    print 'x'\n",
    "template strings": "x = t'{a} b'\n",
    "a broken statement": "x = = 1\n",
    "a broken function": "def f(:\n    return 1\n",
    "an open bracket": "x = (1,\ndef f():\n    pass\n",
    "merge marks": "<<<<<<< ours\nx = 1\n=======\nx = 2\n>>>>>>> theirs\n",
}


def facts_of(text: str, path: str = "app/views.py") -> PythonFacts:
    found = read_python(text, path)
    assert isinstance(found, PythonFacts), found
    return found


@pytest.mark.parametrize("text", OTHER_PYTHONS.values(), ids=OTHER_PYTHONS.keys())
def test_the_rest_of_a_file_is_still_read(text: str) -> None:
    facts = facts_of(HEAD + text + TAIL)
    (call,) = [call for call in facts.calls if call.target.endswith("mark_safe")]
    assert call.args[0].sources == {Source.REQUEST}
    assert call.place.line == (HEAD + text + TAIL).split("\n").index(TAIL.split("\n")[2]) + 1


@pytest.mark.parametrize(
    "text",
    [
        "((((" * 5000,
        "x = " + "[" * 3000 + "]" * 3000,
        "x = " + "-" * 50_000 + "1",
        "mark_safe(" + "a." * 20_000 + "b)",
        "x = " + " + ".join(["mark_safe(a)"] * 5000),
        "if a: pass\n" + "".join(f"elif a == {n}: mark_safe(x)\n" for n in range(3000)),
        "mark_safe\n" + "\n".join("    " * n + "if 1:" for n in range(150)),
        "mark_safe\x00",
        "mark_safe \ud800",
        "mark_safe\n" * 3 + "except " * 20_000,
        "mark_safe\nprint " + "a, " * 100_000,
        "x = mark_safe('" + "%s" * 30_000 + "' % y)",
        "x = mark_safe('a' * 10**9)\ny = 'b' * 10**12\nz = 10 ** 10 ** 10\n",
    ],
    ids=[
        *("open", "lists", "minus", "dots", "sum", "elif", "blocks", "nul", "surrogate", "except"),
        *("print", "percents", "bombs"),
    ],
)
def test_hostile_text_ends_soon(text: str) -> None:
    start = time.process_time()
    found = read_python(text, "a.py")
    assert isinstance(found, (PythonFacts, Skipped))
    if isinstance(found, PythonFacts):
        link({"a.py": found})
        codec.dumps(found)
    assert time.process_time() - start < 20


@given(st.text(max_size=200))
def test_any_text_is_facts_or_skipped_with_a_reason(text: str) -> None:
    found = read_python("mark_safe\n" + text, "a.py")
    assert isinstance(found, PythonFacts) or found.reason


_WORDS = st.sampled_from(
    [
        *("request.GET['a']", "x", "'<b>%s</b>'", "f'{x}'", "mark_safe(x)", "escape(x)", "[x, 1]"),
        *(
            "{'a': x}",
            "x.format(y)",
            "x + y",
            "x % y",
            "x if y else z",
            "[i for i in x]",
            "lambda: x",
        ),
    ]
)


@given(st.lists(st.tuples(st.sampled_from(["x", "y", "z"]), _WORDS), max_size=12))
def test_rules_take_whatever_facts_there_are(statements: list[tuple[str, str]]) -> None:
    body = "".join(f"    {name} = {word}\n" for name, word in statements)
    facts = facts_of(f"{HEAD}def view(request, x):\n{body}    return mark_safe(x)\n")
    linked = link({facts.path: facts})
    for rule in all_rules():
        if rule.source == "python":
            list(rule.check(Project(python=linked)))


def test_facts_can_be_kept() -> None:
    facts = facts_of(HEAD + TAIL + "\nclass V:\n    a = {'x': [1, b'2', 3.5, None, ...]}\n")
    assert pickle.loads(pickle.dumps(facts)) == facts  # noqa: S301 - written one line above
    assert codec.loads(PythonFacts, codec.dumps(facts)) == facts


def test_nothing_is_imported_or_run(tmp_path: Path) -> None:
    trap = tmp_path / "sprung"
    text = f"open({str(trap)!r}, 'w').write('x')\nimport app.views\n@x\ndef f(): pass\n" + HEAD
    facts_of("# -*- coding: utf-8 -*-\n" + text)
    assert not trap.exists()


def test_tests_are_counted_and_not_read() -> None:
    facts = read_python("def f(:\n", "tests/a.py", is_test=True)
    assert isinstance(facts, PythonFacts)
    assert (facts.lines, facts.is_test, facts.calls) == (1, True, ())


def test_modules_without_anything_to_look_at_are_not_parsed() -> None:
    text = "import json\nfrom decimal import Decimal\ndef f(: broken\n"
    facts = facts_of(text, "app/numbers.py")
    assert set(facts.imports) == {"json", "decimal"}


def test_views_are_read_whatever_is_in_them() -> None:
    facts = facts_of("from .base import Base\nclass A(Base):\n    page = 'a'\n")
    assert [each.name for each in facts.classes] == ["A"]


def test_what_is_imported_under_a_condition_is_known() -> None:
    facts = facts_of(
        "try:\n    from a import x\nexcept ImportError:\n    from b import x, y\n"
        "if DEBUG:\n    import c\n"
    )
    assert facts.imports == {"x": "a.x", "y": "b.y", "c": "c"}


def test_what_a_template_is_given_is_kept() -> None:
    facts = facts_of(
        "from django.shortcuts import render\n"
        "def view(request):\n    context = {'a': 1}\n    context['q'] = request.GET['q']\n"
        "    return render(request, 'x.html', context)\n"
    )
    (call,) = facts.calls
    pairs = {item[0].literal: item[1] for item in call.args[2].items if isinstance(item, tuple)}
    assert pairs["a"].literal == 1
    assert pairs["q"].sources == {Source.REQUEST}


@pytest.mark.parametrize(
    ("path", "line", "expected"),
    [
        ("app/views.py", "from .a import b", "app.a.b"),
        ("app/views.py", "from . import b", "app.b"),
        ("app/sub/views.py", "from ..a import b", "app.a.b"),
        ("app/__init__.py", "from .a import b", "app.a.b"),
        ("src/app/views.py", "from .a import b", "app.a.b"),
        ("app/views.py", "from ....a import b", "a.b"),
        (
            "app/views.py",
            "from django.http.response import HttpResponse as b",
            "django.http.HttpResponse",
        ),
    ],
)
def test_imports_resolve(path: str, line: str, expected: str) -> None:
    assert facts_of(f"{line}\nmark_safe = b\n", path).imports["b"] == expected


def test_data_through_two_helpers() -> None:
    modules = {
        "a/views.py": "from a.one import first\ndef view(request):\n    first(request.GET['q'])\n"
        "# redirect\n",
        "a/one.py": "from a.two import second\ndef first(text):\n    return second(text=text)\n"
        "# redirect\n",
        "a/two.py": HEAD + "def second(other=1.5, text=None):\n    return mark_safe(text)\n",
    }
    linked = link({path: facts_of(text, path) for path, text in modules.items()})
    (call,) = linked["a/two.py"].calls
    assert Source.REQUEST in call.args[0].sources


def test_a_function_of_the_same_name_elsewhere_is_another() -> None:
    modules = {
        "a/views.py": "from b.one import show\ndef view(request):\n    show(request.GET['q'])\n",
        "a/one.py": HEAD + "def show(text):\n    return mark_safe(text)\n",
        "b/one.py": "def show(text):\n    return len(text)  # redirect\n",
    }
    linked = link({path: facts_of(text, path) for path, text in modules.items()})
    (call,) = linked["a/one.py"].calls
    assert call.args[0].sources == {Source.PARAMETER}


def test_unreadable_says_where() -> None:
    with pytest.raises(Unreadable, match=r"nested too deeply|syntax error"):
        parse("(" * 100_000)
