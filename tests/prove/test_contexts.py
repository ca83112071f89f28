"""Where a word stands in markup, as a browser reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.prove.contexts import Context, contexts


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        pytest.param("<p>W</p>", [Context("text")], id="text"),
        pytest.param("a < W", [Context("text")], id="a sign that begins no tag"),
        pytest.param("<!-- a > W -->", [Context("comment")], id="comment"),
        pytest.param("<!W>", [Context("comment")], id="what is no comment ends like one"),
        pytest.param("<title><b>W</title>", [Context("rcdata", "", "title")], id="title"),
        pytest.param("<xmp><b>W</xmp >", [Context("rawtext", "", "xmp")], id="raw text"),
        pytest.param("<STYLE>W</STYLE>", [Context("style", "", "style")], id="style"),
        pytest.param("<p title=W>", [Context("attribute", "", "title")], id="unquoted"),
        pytest.param("<p a='>' title = 'W>'>", [Context("attribute", "'", "title")], id="single"),
        pytest.param('<p title="W">', [Context("attribute", '"', "title")], id="double"),
        pytest.param("<p W=1>", [Context("name", "", "p")], id="name of an attribute"),
        pytest.param("<bW>", [Context("tag")], id="name of an element"),
        pytest.param('<a href="W">', [Context("url", '"', "href")], id="an address"),
        pytest.param('<a href="/W">', [Context("attribute", '"', "href")], id="its path"),
        pytest.param("<b onclick=W>", [Context("handler", "", "onclick")], id="handler"),
        pytest.param("<b style='W'>", [Context("css", "'", "style")], id="style attribute"),
        pytest.param('<iframe srcdoc="W">', [Context("srcdoc", '"', "srcdoc")], id="srcdoc"),
        pytest.param("<script>f(W)</script>", [Context("script", "", "script")], id="script"),
        pytest.param("<script>a='\\'W'</script>", [Context("script", "'", "script")], id="string"),
        pytest.param('<script>"a" + "W"</script>', [Context("script", '"', "script")], id="second"),
        pytest.param("<script>`'${W}`</script>", [Context("script", "`", "script")], id="literal"),
        pytest.param("<script>//'W\n</script>", [Context("script", "//", "script")], id="line"),
        pytest.param("<script>/*'W*/</script>", [Context("script", "/*", "script")], id="block"),
        pytest.param("<script></scripted>W</script>", [Context("script", "", "script")], id="end"),
        pytest.param("<script></script>W", [Context("text")], id="behind a script"),
        pytest.param("<p title='W", [Context("attribute", "'", "title")], id="never closed"),
        pytest.param("nothing", [], id="nowhere"),
        pytest.param("W<b>W</b>", [Context("text")], id="each kind once"),
    ],
)
def test_contexts(markup, found):
    assert contexts(markup, "W") == tuple(found)


@given(
    st.lists(
        st.sampled_from(
            [
                "<",
                ">",
                "</",
                "script",
                "W",
                "=",
                "'",
                '"',
                "`",
                "\\",
                "<!--",
                "-->",
                " ",
                "/",
                "title",
                "//",
                "/*",
                "*/",
                "\n",
            ]
        )
    ).map("".join)
)
def test_any_markup_is_read_to_its_end(markup):
    found = contexts(markup, "W")
    assert ("W" in markup) or not found
