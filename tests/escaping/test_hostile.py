"""What a hostile review of the renderer found, each finding held by its least reproduction."""

from __future__ import annotations

import html
import re

import html5lib
import pytest
from django.core.cache import cache
from django.utils.safestring import SafeString

from ringfence.rings.escaping import place
from ringfence.rings.escaping.typed import SafeJS
from tests.escaping.engines import make_engine, render
from tests.escaping.pages import get

TOKEN = 'name="csrfmiddlewaretoken"'


def elements(markup):
    """Return the names of the elements and of their attributes, in order."""
    document = html5lib.parse(markup, treebuilder="etree", namespaceHTMLElements=False)
    return [
        (each.tag, sorted(each.attrib)) for each in document.iter() if isinstance(each.tag, str)
    ]


# Two values in one place


@pytest.mark.parametrize(
    ("first", "second"), [("java&#11", "5;cript:alert(1)"), ("javascript&col", "on;alert(1)")]
)
def test_a_vouched_value_and_the_next_one_make_no_scheme(first, second):
    out = render('<a href="{{ a|safe }}{{ b }}">', a=first, b=second)
    (link,) = html5lib.parse(out, namespaceHTMLElements=False).iter("a")

    assert not link.get("href").lower().startswith("javascript:")


@pytest.mark.parametrize("blank", ["\x0b", "\xa0", "\x1c", "\x85", "\u2028"])
def test_what_is_white_space_to_python_alone_ends_no_value(blank):
    out = render("<a {{ a }}>x</a>", a=SafeString(f'title={blank}" onclick=alert(1) "'))

    assert not any("onclick" in names for _, names in elements(out))


# Vouched markup that is read in two ways


@pytest.mark.parametrize(
    "markup",
    [
        '<noscript><a title="</noscript><script src=//evil x=\'">',
        '<div><svg></div><style><a title="</style><script src=//evil x=\'">',
        '<svg><font color=x><style><a title="</style><script src=//evil x=\'">',
        '<select><style><a title="</style><script src=//evil x=\'">',
        '<a\x0bx="><script>">',
        '<template><noscript><a title="</noscript></template><script src=//evil x=\'">',
        '<template><svg></template><style><a title="</style><script src=//evil x=\'">',
        '<!-- > <style><a title="--></style><script src=//evil x=\'">',
    ],
)
def test_the_templates_tag_is_never_a_part_of_vouched_markup(markup):
    # Wherever a reader may be behind the markup, the barrier leads it back to text.
    out = render("{{ x|safe }}<script src=/app.js></script>", x=markup)
    vouched, _, rest = out.partition("<script src=/app.js>")

    assert rest == "</script>"
    assert vouched.startswith(markup)
    assert "<!--'--><!--\"-->" in vouched


@pytest.mark.parametrize(
    "markup",
    [
        "<b>x</b> & <i class='a'>y</i><br/>",
        '<svg class="icon"><title>x</title><use href="#a"></use></svg>',
        '<script type="application/json">{"a": 1 < 2}</script>',
        '<select name="a"><option value="1" selected>a</option></select>',
        '<textarea name="a">\nx</textarea>',
        '<template id="a"><p>x</p><template><i class="b">y</i></template></template>',
        "<tr id='a'class=\"b\"data-c><td>x</td></tr>",
        "<!-- a-b: replace(/<i/g, '\"') -->",
    ],
)
def test_plain_vouched_markup_comes_out_as_it_is(markup):
    assert render("{{ x|safe }}", x=markup) == markup


@pytest.mark.parametrize(
    ("markup", "expected"), [("<b title='", "<b title=''>"), ("<!-- ", "<!-- -->")]
)
def test_markup_that_breaks_off_is_closed(markup, expected):
    assert render("{{ x|safe }}<p>", x=markup) == expected + "<p>"


def test_deep_foreign_content_costs_no_more_than_its_length():
    assert "ringfence-refused" in render("{{ x|safe }}", x="<svg>" * 20_000)


def test_odd_markup_may_hold_many_drawings():
    markup = "<b\x0bc>x</b>" + '<svg class="icon"><use href="#a"></use></svg>' * 100
    assert render("{{ x|safe }}|", x=markup) == markup + "<!--'--><!--\"-->|"


def test_scripts_in_scripts_end_somewhere():
    assert render("{{ x|safe }}|", x="<script type=text/html>" * 200).endswith("|")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<?{{ x }}>", "<?ringfence-refused>"),
        ("<?{{ x }}", "<?ringfence-refused"),
        ("<?a{{ x }} b>", "<?aringfence-refused b>"),
        ("<?a {{ x }}>", "<?a x&gt;>"),
        ("<?a?><!b {{ x }}>", "<?a?><!b x&gt;>"),
    ],
)
def test_a_value_names_no_processing_instruction(source, expected):
    # A comment to one reader, an instruction to another, and at the end of the text nothing.
    assert render(source, x="x>") == expected


@pytest.mark.parametrize(
    "markup",
    [
        '<a title="</noscript><script src=//evil x=\'">',
        "<a title='</NoScript><script src=//evil x=\"'>",
        "<!-- </noscript x='-->",
    ],
)
def test_vouched_markup_in_noscript_ends_in_text_where_scripts_run(markup):
    # There it is raw text, which its end tag ends, also in a value or a comment.
    out = render("<noscript>{{ x|safe }}</noscript><script src=/app.js></script>", x=markup)

    assert "<!--'--><!--\"--></noscript><script src=/app.js>" in out


# A sentence that is stored


def test_a_translated_sentence_that_is_stored_is_written_as_in_text():
    source = (
        "<script>{% blocktranslate asvar a %}<a href='{{ x }}'>{{ y }}</a>{% endblocktranslate %}"
        "</script>{{ a }}<p title='{{ a }}'>"
    )
    link = "<a href='{}'>a&amp;b</a>"

    def page(link):
        title = link.replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#x27;")
        return f"<script></script>{link}<p title='{title}'>"

    assert render(source, x="/a", y="a&b") == page(link.format("/a"))
    assert render(source, x="javascript:f()", y="a&b") == page(
        link.format("about:invalid#ringfence-refused")
    )


def test_what_follows_in_a_translated_sentence_decides_as_in_a_template():
    source = """<b onclick="a='{{ x }}<b>'">a</b>"""
    sentence = "{% blocktranslate %}" + source + "{% endblocktranslate %}"

    assert render(sentence, x="<i>") == render(source, x="<i>")


# Forms


FOREIGN = "https://evil.example/"


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("<form method=post action={{ x }}></form>", FOREIGN),
        ('<form method=post action="{{ x }}"></form>', "\x01//evil.example/"),
        ('<form method=post action="{{ x }}"></form>', "\x01https://evil.example/"),
        ('<form method=post action="{{ x }}"></form>', FOREIGN),
        ("<form method=post>{{ x|safe }}</form>", f"</form><form action={FOREIGN} method=post>"),
        ("{{ x|safe }}<form method=post></form>", f"<form action={FOREIGN}>"),
        ('<form method=post><button formaction="{{ x }}">go</button></form>', FOREIGN),
        ("<base href='https://evil.example/'><form method=post action=a></form>{{ x }}", ""),
        (
            "{% filter upper %}<form method=post action=x>{% endfilter %}<form action='{{ x }}'>",
            FOREIGN,
        ),
        ("<form method=get action='{{ x }}'><form method=post action={{ x }}></form>", FOREIGN),
    ],
)
def test_no_form_that_may_go_elsewhere_gets_a_token(source, value):
    assert TOKEN not in get(source, {"x": value}).text


def test_no_form_behind_one_of_data_s_that_was_rendered_before_gets_a_token():
    # A browser ignores a form's tag inside a form: the template's would be part of data's.
    inner = render("<p>{{ x|safe }}</p>", x=f"<form action={FOREIGN}>")
    outer = render("<div>{{ x }}</div>", x=inner)

    for markup in (inner, outer):
        assert TOKEN not in get("{{ x }}<form method=post></form>", {"x": markup}).text


@pytest.mark.parametrize(
    ("source", "value", "tokens"),
    [
        (
            "{% cache 60 a %}{{ x|safe }}{% endcache %}<form method=post></form>",
            f"<form action={FOREIGN}>",
            0,
        ),
        (
            "<form method=post>{% cache 60 a %}{{ x|safe }}{% endcache %}</form>",
            f"</form><form action={FOREIGN}>",
            0,
        ),
        (
            "<form method=post>{% cache 60 a %}</form><form action='{{ x }}'>{% endcache %}</form>",
            FOREIGN,
            1,
        ),
        (
            (
                "<form method=post>{% cache 60 a %}</form>{% endcache %}"
                "<form method=post action='{{ x }}'>{% cache 60 a %}</form>{% endcache %}"
            ),
            FOREIGN,
            1,
        ),
        ("{% cache 60 a %}<form method=post>{% endcache %}</form>", "", 1),
        ("<form method=post>{% cache 60 a %}<p>{{ x }}</p>{% endcache %}</form>", "a", 1),
    ],
)
def test_a_cached_fragment_does_to_forms_what_it_did_before(source, value, tokens):
    cache.clear()
    for _ in range(2):
        assert get(source, {"x": value}).text.count(TOKEN) == tokens
    cache.clear()


def test_a_form_that_stays_here_gets_one():
    assert get("<form method=post action='/a/'></form>").text.count(TOKEN) == 1


# What is kept


@pytest.mark.parametrize(
    "source",
    [
        '<script>location.href = "{{ x }}";</script>',
        "<script>el.innerHTML = '<a href=\"{{ x }}\">a</a>'</script>",
        '<div data-{{ x }}="{{ x }}"> {{ x }}</div>',
        "<a {{ s }} title=y>a</a>",
        "<p style='color: {{ x }}; {{ x }}'>{{ x }}</p>",
        "{{ v }}",
    ],
)
def test_values_do_not_fill_the_memory_of_states(source):
    def once(number):
        word = f"w{number}x"
        render(
            source,
            x=word,
            s=SafeString(f'href="/item/{word}"'),
            v=SafeString(f"<svg><style>{word}"),
        )

    for number in range(5):
        once(number)
    before = place.remembered()
    for number in range(5, 105):
        once(number)

    assert place.remembered() - before <= 2


# Idioms


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<{{ a }}{{ s }}>", '<h1 class="x">'),
        ("<input {{ c }}{{ s }}>", '<input checked class="x">'),
        ("<input{{ s }}>", '<input class="x">'),
        ("<script>var l = {{ l|safe }};</script>", '<script>var l = ["a","b"];</script>'),
    ],
)
def test_an_idiom_is_kept(source, expected):
    out = render(source, a="h1", c="checked", s=SafeString(' class="x"'), l=["a", "b"])

    assert out == expected


def test_a_quote_behind_an_empty_value_quotes_nothing():
    assert elements(render('<p lang={{ x }}" alt = "y">', x="")) == elements(
        render('<p lang={{ x }}" alt = "y">', x="z")
    )


def test_the_parents_block_is_not_written_twice():
    templates = {"base": "<script>{% block a %}f('{{ x }}');{% endblock %}</script>"}
    child = "{% extends 'base' %}{% block a %}{{ block.super|safe }}g();{% endblock %}"

    assert render(child, templates, x="o'r") == "<script>f('o\\u0027r');g();</script>"


@pytest.mark.parametrize("value", ["javascript:f()", SafeString("javascript:f()")])
def test_a_context_may_hold_a_block_that_is_none(value):
    assert "javascript" not in render('<a href="{{ block.super }}">', block={"super": value})


def test_attributes_that_python_gave_are_written_by_any_template():
    loop = (
        "<p{% for name, value in widget.attrs.items %} {{ name }}=\"{{ value|stringformat:'s' }}\""
        "{% endfor %}>"
    )
    attributes = {"onchange": "this.form.submit()", "x-on:click": "a()", "title": 'a"b'}

    assert render(loop, widget={"attrs": attributes}) == (
        '<p onchange="this.form.submit()" x-on:click="a()" title="a&quot;b">'
    )


@pytest.mark.parametrize(
    ("source", "refused"),
    [
        ('<p x-html="{{ x }}">', "<img"),
        ('<a :href="{{ u }}">', "javascript:"),
        ("<a x-bind:href=\"'{{ u }}'\">", "javascript:"),
        ('<script type=importmap>{"imports": {"a": {{ w }} }}</script>', "evil"),
        ('<script>el["innerHTML"]="{{ x }}"</script>', "\\u003C"),
        ('<script>document["write"]("{{ x }}")</script>', "\\u003C"),
        ('<script>location["replace"]("{{ u }}")</script>', "javascript"),
        ('<script type="text/babel">a = {{ x }}{{ x }}</script>', "<img"),
    ],
)
def test_what_a_library_makes_of_a_value_is_harmless(source, refused):
    out = render(source, x="<img src=x>", u="javascript:f()", w="https://evil.example/x.js")

    assert refused not in out.replace("&#x27;", "'")


def test_attributes_of_any_other_dict_are_data():
    loop = '<p{% for k, v in product.attrs.items %} {{ k }}="{{ v }}"{% endfor %}>'

    assert "onmouseover" not in render(loop, product={"attrs": {"onmouseover": "f()"}})


def test_a_rendering_without_the_request_has_no_token():
    page = "{% without_request 'mail.html' %}"
    templates = {"mail.html": "<form method=post></form>"}

    assert TOKEN not in get(page, templates=templates).text


def test_a_name_that_is_remembered_is_still_begun_by_data():
    """`s` is harmless; with the template's "cript" behind it, it is not."""
    for _ in range(2):
        out = render("<{{ tag }}>x</{{ tag }}><{{ tag }}cript>pwn()</{{ tag }}cript>", tag="s")
        assert "<script>" not in out
        assert out.startswith("<s>x</s>")


def decode_js(page):
    """Return a script with its escapes resolved."""
    return re.sub(r"\\u([0-9A-F]{4})", lambda match: chr(int(match[1], 16)), page)


#: What another language may hold of a page's markup, and how it is read again.
NESTED = {
    "srcdoc": ('<iframe srcdoc="~"></iframe>', html.unescape),
    "srcdoc twice": (
        '<iframe srcdoc="<iframe srcdoc=&quot;~&quot;></iframe>"></iframe>',
        lambda page: html.unescape(html.unescape(page)),
    ),
    "inert script": ('<script type="text/template">~</script>', str),
    "template literal": ("<script>el.innerHTML = `~`;</script>", decode_js),
    "string": ('<script>document.write("~")</script>', decode_js),
    "handler": ("<b onclick='el.innerHTML = `~`'>", lambda page: decode_js(html.unescape(page))),
    "expression": ("<p v-html='`~`'>", lambda page: decode_js(html.unescape(page))),
    "sum of strings": ('<script>el.innerHTML = "<p>" + "~"</script>', decode_js),
}
#: What the template goes on with behind a variable, what the variable is, what must not come of it.
BEGUN = {
    "scheme": ("<a href={{ x }}:pwn()>y</a>", "javascript", "href=javascript:"),
    "scheme in parts": ("<a href=java{{ x }}&colon;pwn()>y</a>", "script", "script&colon;"),
    "element": ("<{{ x }}cript>pwn()", "s", "<script>pwn"),
    "handler": ("<img {{ x }}click=pwn()>", "on", "<img onclick="),
    "host": ("<embed src={{ x }}/evil.example/a>", "/", "src=//evil"),
    "unquoted": ("<b title={{ x }} onclick=pwn()>y</b>", "", "title= onclick"),
}


@pytest.mark.parametrize("begun", BEGUN)
@pytest.mark.parametrize("nested", NESTED)
def test_the_template_completes_nothing_that_data_began(nested, begun):
    """A template's own text behind a variable makes no scheme, name or host of it, at any depth."""
    outer, read = NESTED[nested]
    inner, value, never = BEGUN[begun]
    page = read(render(outer.replace("~", inner), x=value))
    assert never not in page, page
    assert value in page


@pytest.mark.parametrize("nested", NESTED)
def test_what_data_began_harmlessly_stays_as_it_is(nested):
    outer, read = NESTED[nested]
    inner = "<a href={{ x }}.html><h{{ n }} data-{{ x }}=y>"
    page = read(render(outer.replace("~", inner), x="page", n=2))
    assert "<a href=page.html><h2 data-page=y>" in page


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("a = b[0]{{ x }}", ";pwn()", 'a = b[0]"ringfence-refused"'),
        ("a = 'b]{{ x }}'", "\\", r"a = 'b]\u005C'"),
        ("a = '[[b]]{{ x }}'", ">", r"a = '[[b]]\u003E'"),
        ("a = {{ x }}>1", [[1]], "a = [[1]] >1"),
        ("a = ']{{ x }}]>'", "]", r"a = ']\u005D]>'"),
        ("a = '{{ x }}>'", "]]", r"a = '\u005D\u005D>'"),
        ("a[{{ x }}]>1", [1], "a[[1] ]>1"),
        ("a = {{ x }}", SafeJS("[[1]]>1"), 'a = "ringfence-refused"'),
        ("a[0]]]><![CDATA[a = '{{ x }}'", "'", r"a[0]]]><![CDATA[a = '\u0027'"),
        ("location = '{{ x }}:pwn()'", "javascript", "'javascriptringfence-refused:pwn()'"),
        ("location = '{{ x }}' + ':pwn()'", "javascript", "'javascriptringfence-refused' + "),
    ],
)
def test_a_script_in_a_cdata_section_is_read_as_one(source, value, expected):
    page = render(f"<svg><script><![CDATA[{source}]]></script></svg>", x=value)
    assert expected in page


def test_a_style_in_a_cdata_section_is_read_as_one():
    source = "<svg><style><![CDATA[a[b]{ quotes: ']{{ x }}]>' }</style>"
    assert r"quotes: ']\5d ]>'" in render(source, x="]")


@pytest.mark.parametrize(
    "source",
    [
        "<svg><script>a = 1; <script>b</script>{{ x }}</script>",
        "<svg><script>a = '<a>'</a>';{{ x }}'</script>",
        "<svg><style>a{b:'<a>'</a>';c:{{ x }}'</style>",
    ],
)
def test_elements_in_a_foreign_script_leave_no_place_for_a_value(source):
    assert "pwn" not in render(source, x=";pwn()")


@pytest.mark.parametrize("between", ["<{{ y }}>", "</{{ y }}>", "x<{{ y }} z>"])
def test_a_string_whose_element_a_variable_names_is_markup(between):
    page = render("<script>s = '{{ x }}" + between + "';</script>", x="<img onerror=pwn()>", y="b")
    assert "&lt;img" in decode_js(page)
    assert "<img" not in decode_js(page)


@pytest.mark.parametrize(
    "source",
    [
        "<div><math></div><script>{{ x }}</script>",
        "<div><math><mi>a</mi></div><script>f({{ x }})</script>",
        "<div><svg></div><script>if (a<b) { c = {{ x }} }</script>",
        "<div><svg><g></div><script>if (a<b) { c = {{ x }} }</script>",
        "<a><svg><g></a><script>if (a<b) { c = {{ x }} }</script>",
        "<x-card><svg></x-card><script>if (a<b) { c = {{ x }} }</script>",
        "<a><math></a><script>{{ x }}</script>",
        "<div><svg><a><button></button></a></div><script>if (a<b) { c = {{ x }} }</script>",
        "<div><svg></div><style>a>b{c:{{ x }}}</style>",
    ],
)
def test_an_end_tag_of_html_ends_the_foreign_elements_in_it(source):
    page = render(source, x="alert(1)")
    assert '"alert(1)"' in page or "ringfence-refused" in page


@pytest.mark.parametrize("css", ["a{b:url({{ x }})}", "a{b:'{{ x }}'}", "/* {{ x }} */", "{{ x }}"])
def test_a_style_sheet_has_no_ampersand_of_data(css):
    """Whether SVG is still open behind a stray end tag depends on what is open around it."""
    page = render("<svg></s><style>" + css + "</style>", x="&#41;&quot;*/")
    assert "&" not in page


@pytest.mark.parametrize(
    "source",
    [
        "<svg><g><a href='/'>x</a></g><title>&amp;{{ x }}</title></svg>",
        "<svg><button>x</button></foo-bar-x></svg><p>{{ x }}",
        "<math><mi>{{ x }}</mi></math>",
        "<div><svg></div><p>{{ x }}",
    ],
)
def test_text_in_and_behind_foreign_elements_is_text(source):
    assert render(source, x="a'b") == source.replace("{{ x }}", "a&#x27;b")


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("a = '&{{ x }}'", "quot", "a = '&&#113;uot'"),
        ("a = '&{{ x }}'", "#39", "a = '&&#35;39'"),
        ("a = '&#{{ x }}'", "39", "a = '&#&#51;9'"),
        ("a = '&#x{{ x }}'", "27", "a = '&#x&#50;7'"),
        ("a = '&#" + "0" * 50 + "{{ x }}'", "39", "0&#51;9'"),
        ("a = '&qu{{ x }}'", "ot;", "a = '&qu&#111;t\\u003B'"),
        ("a = '&amp;{{ x }}'", "lt;", "a = '&amp;lt\\u003B'"),
        ("a = '&<!-- -->{{ x }}'", "lt", "a = '&<!-- -->lt'"),
    ],
)
def test_data_goes_on_with_no_reference_in_a_foreign_script(source, value, expected):
    assert expected in render(f"<svg><script>{source}</script></svg>", x=value)


def test_data_goes_on_with_no_long_reference_in_an_attribute():
    page = render("<a onclick='f(\"&#" + "0" * 60 + "{{ x }}\")'>", x="34")
    assert "0&#51;4" in page


def test_a_less_than_sign_of_a_foreign_script_is_read():
    page = render("<svg><script>a = 1 < /x'{{ x }}/; b = '{{ x }}'</script>", x="'")
    # Without it the slash would divide, and the quote begin a string.
    assert page == "<svg><script>a = 1 < /x'ringfence-refused/; b = '\\u0027'</script>"


def test_a_sum_of_strings_goes_on_with_a_string():
    source = """<script>el.innerHTML = "<a href='" + {{ x }} + ":pwn()'>";</script>"""
    page = render(source, x="javascript")
    assert '"javascript"+"ringfence-refused" + ":pwn()' in page


@pytest.mark.parametrize(
    "source",
    [
        '<script>location.href = "{{ x }}:pwn()"</script>',
        "<a href=\"javascript:location='{{ x }}:pwn()'\">",
        "<a href=\"javascript:location='{{ x }}%3apwn()'\">",
        "<script>location = '{{ x }}\\x3apwn()'</script>",
        """<script type="importmap">{"imports": {"x": "{{ x }}:pwn()"}}</script>""",
    ],
)
def test_an_address_in_a_script_is_not_completed_either(source):
    assert "javascriptringfence-refused" in render(source, x="javascript")


def test_a_script_file_is_read_as_a_script_in_a_page_is():
    template = make_engine({"app.js": "location = '{{ x }}:pwn()'"}).get_template("app.js")
    page = template.render({"x": "javascript"})
    assert "javascriptringfence-refused:" in page
