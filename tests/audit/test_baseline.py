"""A baseline is written, read, and refused when it is none."""

from __future__ import annotations

import pytest

from ringfence.audit.baseline import BaselineError, as_text, load


def test_what_is_written_is_read(tmp_path, finding):
    path = tmp_path / "audit.json"
    path.write_text(as_text([finding(fingerprint="a"), finding(fingerprint="b")]))
    assert load(path) == {"a", "b"}


def test_the_order_of_findings_does_not_matter(finding):
    one, two = finding(fingerprint="a"), finding(fingerprint="b", path="a.py")
    assert as_text([one, two]) == as_text([two, one])


def test_it_says_what_it_is_about_and_no_line(finding):
    text = as_text([finding(line=1234)])
    assert "SQL401 shop/views.py" in text
    assert "1234" not in text


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b'{"version": 2, "findings": {}}', b"\xff", b"[" * 100_000],
    ids=["empty", "torn", "list", "no findings", "of another version", "no text", "deep"],
)
def test_what_is_none_is_refused(tmp_path, content):
    path = tmp_path / "audit.json"
    path.write_bytes(content)
    with pytest.raises(BaselineError, match=r"audit\.json"):
        load(path)


def test_one_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BaselineError, match="No such file"):
        load(tmp_path / "audit.json")
