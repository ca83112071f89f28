"""What reaches a place in a script, and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.audit.collect.scripts import flows, read_script
from ringfence.audit.collect.templates import read_template
from ringfence.audit.model import Place, TemplateFacts


def found(text: str) -> list[str]:
    """Return sink, place and origins of each flow; those of unknown parameters are left out."""
    return [
        f"{flow.into} < {', '.join(kinds)}"
        for flow in flows(text, lambda offset: Place("a.js", text.count("\n", 0, offset) + 1))
        if (kinds := sorted({each.kind for each in flow.origins} - {"parameter"}))
    ]


REACHES = [
    # where it comes from
    ("the address", "b.innerHTML = location.hash", "innerHTML < address"),
    (
        "a parameter of it",
        "b.innerHTML = new URLSearchParams(location.search).get('q')",
        "innerHTML < address",
    ),
    ("the referrer", "document.write('<a>' + document.referrer)", "write() < address"),
    (
        "an answer",
        "fetch(u).then(r => r.json()).then(d => { b.innerHTML = d.name })",
        "innerHTML < answer",
    ),
    (
        "an awaited answer",
        "const r = await fetch(u); const d = await r.json(); b.innerHTML = d.note",
        "innerHTML < answer",
    ),
    ("jQuery's answer", "$.get(u, function (d) { $('#a').html(d.name) })", "html() < answer"),
    (
        "an answer by options",
        "$.ajax({success: function (d) { $('#a').html(d.name) }})",
        "html() < answer",
    ),
    (
        "a named callback",
        "function show(d) { b.innerHTML = d.note } $.getJSON(u, show)",
        "innerHTML < answer",
    ),
    ("a done callback", "$.ajax(u).done(function (d) { $('#a').html(d.note) })", "html() < answer"),
    ("axios", "axios.get(u).then(({data}) => { b.innerHTML = data.note })", "innerHTML < answer"),
    ("a request's text", "b.innerHTML = xhr.responseText", "innerHTML < answer"),
    (
        "a socket's",
        "s.onmessage = function (e) { var d = JSON.parse(e.data); b.innerHTML = d.note }",
        "innerHTML < answer",
    ),
    (
        "a message",
        "window.addEventListener('message', e => { b.innerHTML = e.data })",
        "innerHTML < message",
    ),
    ("a field", "b.innerHTML = document.getElementById('a').value", "innerHTML < field"),
    ("jQuery's field", "$('#b').html($('#a').val())", "html() < field"),
    ("an attribute", "b.innerHTML = a.dataset.note", "innerHTML < attribute"),
    ("jQuery's attribute", "$('#b').html($(this).data('note'))", "html() < attribute"),
    ("an element's text", "b.innerHTML = '<b>' + a.textContent", "innerHTML < text"),
    ("the browser's storage", "b.innerHTML = localStorage.getItem('a')", "innerHTML < storage"),
    ("a file's name", "for (const f of i.files) { b.innerHTML = f.name }", "innerHTML < file"),
    ("a table's row", "$('#b').append('<p>' + table.row(this).data().note)", "append() < cell"),
    # how it gets there
    ("a name", "var h = location.hash; var m = '<b>' + h; b.innerHTML = m", "innerHTML < address"),
    ("a template literal", "b.innerHTML = `<b>${location.hash}</b>`", "innerHTML < address"),
    ("decoded", "b.innerHTML = decodeURIComponent(location.hash.slice(1))", "innerHTML < address"),
    (
        "gathered in a loop",
        "$.get(u, d => { let h = ''; for (const x of d) { h += '<p>' + x.n } b.innerHTML = h })",
        "innerHTML < answer",
    ),
    (
        "mapped and joined",
        "$.get(u, d => { b.innerHTML = d.map(x => `<p>${x.n}</p>`).join('') })",
        "innerHTML < answer",
    ),
    (
        "a function's result",
        "function row(x) { return '<p>' + x.n } $.get(u, d => { b.innerHTML = row(d) })",
        "innerHTML < answer",
    ),
    (
        "a function's parameter",
        "function show(t) { b.innerHTML = t } show(location.hash)",
        "innerHTML < address",
    ),
    (
        "each",
        "$.getJSON(u, d => { $.each(d, function (i, x) { $('#a').append('<p>' + x.n) }) })",
        "append() < answer",
    ),
    ("either of two", "b.innerHTML = ok ? location.hash : ''", "innerHTML < address"),
    (
        "a helper's parameter",
        "function get(n) { return new RegExp(n).exec(location.search)[1] } b.innerHTML = get('a')",
        "innerHTML < address",
    ),
    (
        "an object's",
        "class A { constructor(d) { this.d = d; b.innerHTML = this.d.n } } $.get(u, d => new A(d))",
        "innerHTML < answer",
    ),
    (
        "this in each",
        "$.getJSON(u, d => { $.each(d, function () { $('#a').html(this.note) }) })",
        "html() < answer",
    ),
    # where it goes
    (
        "inserted",
        "b.insertAdjacentHTML('beforeend', location.hash)",
        "insertAdjacentHTML() < address",
    ),
    ("jQuery's markup", "$('<b>' + location.hash + '</b>')", "$() < address"),
    ("code", "eval(location.hash)", "eval < address"),
    ("a function of text", "new Function(a.dataset.run)()", "Function < attribute"),
    ("a timer of text", "setTimeout('go(' + location.hash + ')', 1)", "setTimeout < address"),
    (
        "a cell",
        "t.DataTable({columns: [{render: function (d) { return '<b>' + d }}]})",
        "render < cell",
    ),
    (
        "a popover",
        "$(a).popover({html: true, content: a.dataset.note})",
        "a popover's content < attribute",
    ),
    ("a toast", "toastr.info(location.hash)", "toastr < address"),
    ("an alert of a library's", "Swal.fire({html: location.hash})", "Swal.fire's html < address"),
    (
        "an address",
        "location.href = new URLSearchParams(location.search).get('next')",
        "href < address",
    ),
]


@pytest.mark.parametrize(
    ("text", "expected"), [row[1:] for row in REACHES], ids=[row[0] for row in REACHES]
)
def test_reaches(text: str, expected: str) -> None:
    assert found(text) == [expected]


SILENT = [
    ("text", "b.textContent = location.hash"),
    ("a constant", "b.innerHTML = '<b>location.hash</b>'"),
    ("a comment", "// b.innerHTML = location.hash"),
    ("a string", "var s = 'b.innerHTML = location.hash'"),
    ("encoded", "b.innerHTML = encodeURIComponent(location.hash)"),
    ("cleaned", "b.innerHTML = DOMPurify.sanitize(location.hash)"),
    ("escaped by a function", "b.innerHTML = '<b>' + escapeHtml(location.hash)"),
    ("escaped by jQuery", "b.innerHTML = $('<p>').text(location.hash).html()"),
    ("escaped by replacing", "b.innerHTML = location.hash.replace(/</g, '&lt;')"),
    ("a number", "b.innerHTML = '<b>' + Number(location.hash)"),
    ("a difference", "b.innerHTML = a.dataset.note - 1"),
    ("how long it is", "b.innerHTML = '<b>' + location.hash.length"),
    ("only compared", "b.innerHTML = location.hash === '#a' ? '<b>a</b>' : ''"),
    ("the host", "b.innerHTML = '<b>' + location.host"),
    ("a name of its own", "function f() { var h = location.hash } b.innerHTML = h"),
    ("cleaned afterwards", "var h = location.hash; h = escapeHtml(h); b.innerHTML = h"),
    ("an element", "fetch(u).then(r => r.json()).then(d => { p.textContent = d.x; b.append(p) })"),
    ("jQuery's element", "$.get(u, d => { $('#a').append($('<p>').text(d.x)) })"),
    ("a message of a known origin",
     "window.addEventListener('message', e => { if (e.origin === o) b.innerHTML = e.data })"),
    ("a function that is handed on", "function f(done) { setTimeout(done, 1) }"),
    ("an option that is set", "o.value = x; b.innerHTML = o.value"),
    ("a compared address",
     "const n = new URLSearchParams(location.search).get('n'); if (ok.includes(n)) location = n"),
    ("a page of the site's", "location.href = '/a/?next=' + location.hash"),
    ("the same page and its fragment", "location = location.href + '&a=1' + location.hash"),
    (
        "the same by a function",
        "function add(a) { return a + '&b' + location.hash } location.replace(add(location.href))",
    ),
    ("the same page", "location.href = location.href.split('#')[0]"),
    ("a popover of text", "$(a).popover({content: a.dataset.note})"),
    ("a DOM fragment", "const t = document.querySelector('template'); b.append(t.content)"),
]  # fmt: skip


@pytest.mark.parametrize("text", [row[1] for row in SILENT], ids=[row[0] for row in SILENT])
def test_is_silent(text: str) -> None:
    assert found(text) == []


PIECES = (
    "b.innerHTML = location.hash ; ( ) { } [ ] => function f x , : ? ` ${ 'a' for of eval .then"
    " .map return + += $ < const"
)


@given(st.lists(st.sampled_from(PIECES.split()), max_size=120))
def test_any_tokens_end(pieces: list[str]) -> None:
    found(" ".join(pieces))


@pytest.mark.parametrize(
    "text",
    [
        "b.innerHTML = " + "f(" * 5_000 + "location.hash" + ")" * 5_000,
        "b.innerHTML = " + "a => " * 3_000 + "location.hash",
        "function f(x) { return f(x) + g(x) } function g(x) { return f(g(x)) } b.innerHTML = f(a);"
        * 200,
        "x.then(y => y)" * 3_000 + ".innerHTML = 1",
        "x" + ".then(y => y)" * 3_000 + "; b.innerHTML = x",
        "b.innerHTML = `${" * 3_000,
    ],
    ids=["calls", "arrows", "recursion", "lines", "a long chain", "literals"],
)
def test_a_hostile_script_ends(text: str) -> None:
    found(text)


@pytest.mark.parametrize(
    "text",
    [
        "/*! Slider v1.2.3 | MIT */\nb.innerHTML = location.hash;",
        "b.innerHTML = location.hash;" * 100,
        "typeof define === 'function' && define.amd ? define(f) : f();b.innerHTML = location.hash",
    ],
    ids=["a banner", "minified", "for all loaders"],
)
def test_a_copy_of_a_library_is_not_read(text: str) -> None:
    facts = read_script("static/a.js", text)
    assert (facts.flows, facts.lines) == ((), 0)


def test_a_script_of_a_template_has_its_variables() -> None:
    text = "<p>\n<script>\nvar n = '{{ user.name|escapejs }}';\nbox.innerHTML = n;\n</script>"
    facts = read_template("a/templates/a.html", text)
    assert isinstance(facts, TemplateFacts)
    (flow,) = facts.flows
    (origin,) = flow.origins
    assert (flow.place.line, flow.place.text) == (4, "box.innerHTML = n;")
    assert (origin.kind, origin.name, origin.filters) == ("variable", "user.name", ("escapejs",))


def test_a_script_of_data_is_none() -> None:
    text = '<script type="application/json">b.innerHTML = location.hash</script>'
    facts = read_template("a/templates/a.html", text)
    assert isinstance(facts, TemplateFacts)
    assert facts.flows == ()
