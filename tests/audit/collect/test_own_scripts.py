"""Which scripts are the project's own, by path and by text."""

from __future__ import annotations

import pytest

from ringfence.audit.collect.own_scripts import is_own_script, is_written_here


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("shop/static/shop/js/cart.js", True),
        ("static/js/datatables-init.js", True),
        ("assets/jquery.custom.js", True),
        ("static/app.module.mjs", True),
        ("static/js/app.min.js", False),
        ("static/js/app.bundle.js", False),
        ("static/vendor/x.js", False),
        ("static/lib/x.js", False),
        ("static/js/jquery-3.7.1.js", False),
        ("static/js/jquery.cookie.js", False),
        ("static/js/bootstrap.js", False),
        ("static/slider-1.2.js", False),
        ("webpack.config.js", False),
        ("static/tests/x.js", False),
        ("static/x.test.js", False),
    ],
)
def test_by_path(path: str, expected: bool) -> None:
    assert is_own_script(tuple(path.split("/"))) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/* Cart of the shop. */\nvar a;", True),
        ("/*! a */", False),
        ("// @license MIT", False),
        ("/* Slider, licensed under the MIT licence */", False),
        ("var a;\n//# sourceMappingURL=a.js.map", False),
        ("a;" * 2_000, False),
    ],
    ids=["a comment", "a kept comment", "a licence", "a sentence", "a source map", "one line"],
)
def test_by_text(text: str, expected: bool) -> None:
    assert is_written_here(text) is expected
