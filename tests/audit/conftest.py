"""Trees to audit, and a cache that is nobody's."""

from __future__ import annotations

import pytest

from ringfence.audit import rules as registry
from ringfence.audit.model import Finding, Hit, Place, Report, Rule
from ringfence.finding import Code, Confidence, Severity


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder / "ringfence"


@pytest.fixture
def tree(tmp_path):
    """Return what writes files, by their path, into a tree of their own, and that tree."""
    root = tmp_path / "tree"
    root.mkdir()

    def write(**files):
        for path, text in files.pop("files", {}).items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(text, bytes):
                target.write_bytes(text)
            else:
                target.write_text(text, encoding="utf-8")
        return root

    return write


@pytest.fixture
def finding():
    """Return what makes findings that differ in what a test names."""

    def make(code="SQL401", **changed):
        place = changed.pop("place", None) or Place(
            changed.pop("path", "shop/views.py"),
            changed.pop("line", 3),
            changed.pop("end_line", 0),
            changed.pop("scope", "search"),
            changed.pop("text", "cursor.execute(query % name)"),
        )
        hit = Hit(
            place,
            changed.pop("reason", "name comes from the request."),
            changed.pop("fix", "cursor.execute(query, [name])"),
            edits=changed.pop("edits", ()),
        )
        values = {
            "code": code,
            "title": "SQL is put together from data",
            "severity": Severity.DEPLOY_ERROR,
            "confidence": Confidence.HIGH,
            "cwe": 89,
            "source": "python",
            "hit": hit,
            "fingerprint": "f" * 32,
        }
        return Finding(**(values | changed))

    return make


@pytest.fixture
def report():
    """Return what makes a report of findings."""

    def make(*findings, **changed):
        values = {"findings": list(findings), "skipped": [], "lines": 10, "files": 1}
        return Report(**(values | changed))

    return make


def _marked(project):
    for call in project.calls("django.utils.safestring.mark_safe"):
        sure = bool(call.args[0].sources)
        yield Hit(call.place, "it is.", "escape()", Confidence.HIGH if sure else Confidence.LOW)


def _safe(project):
    for facts in project.templates.values():
        for variable in facts.variables:
            if "safe" in variable.filters:
                yield Hit(variable.place, "it is.", "remove it")


@pytest.fixture
def two_rules(monkeypatch):
    """In the place of all rules stand two: TEST401 on mark_safe, TEST402 on the filter safe."""
    rules = (Rule("TEST401", "python", _marked), Rule("TEST402", "template", _safe))
    codes = {
        **registry.all_codes(),
        "TEST401": Code("Marked as safe", Severity.DEPLOY_ERROR, 79),
        "TEST402": Code("Marked as safe in a template", Severity.WARNING, 79),
    }
    audits = tuple(rule for rule in registry.all_rules() if rule.source == "audit")
    monkeypatch.setattr(registry, "all_rules", lambda without=(): (*audits, *rules))
    monkeypatch.setattr(registry, "all_codes", lambda: codes)
    monkeypatch.setattr(registry, "broken", lambda without=(): {})
