"""Public suffixes: what must fire, what must not, and what is said without the list."""

from __future__ import annotations

import importlib

import pytest

from ringfence.finding import Findings, Severity
from ringfence.rings.cors.checks import public_suffix_findings
from ringfence.rings.cors.policy import from_corsheaders, parse


def found(config):
    findings = Findings()
    site = parse(config, findings)
    assert not findings.errors
    findings = Findings()
    public_suffix_findings(site, findings)
    return [(finding.code, finding.setting) for finding in findings]


FIRES = {
    "a country's commercial domain": {"origins": ["https://*.co.uk"]},
    "a host of pages": {"origins": ["https://*.github.io"]},
    "with a port": {"origins": ["https://*.github.io:8443"]},
    "below a wildcard suffix": {"origins": ["https://*.foo.ck"]},
    "a regex": {"origin_regexes": [r"^https://[a-z]+\.github\.io$"]},
    "a regex with part of a label": {"origin_regexes": [r"^https://[a-z]+--me\.netlify\.app$"]},
}
SILENT = {
    "a domain": {"origins": ["https://*.example.com"]},
    "a domain of three labels": {"origins": ["https://*.example.co.uk"]},
    "one's own pages": {"origins": ["https://me.github.io", "https://*.me.github.io"]},
    "a name nobody lists": {"origins": ["https://*.internal.corp"]},
    "loopback": {"origins": ["http://*.localhost:3000"]},
    "a regex": {"origin_regexes": [r"^https://[a-z]+\.example\.co\.uk$"]},
    "a whole host by regex": {"origin_regexes": [r"^https://(me|you)\.github\.io$"]},
    "meant": {"origins": ["https://*.github.io"], "dangerously_public_suffixes": True},
}


@pytest.mark.parametrize("config", FIRES.values(), ids=FIRES)
def test_fires(config):
    key = next(iter(config))
    assert found(config) == [("CORS120", f"RINGFENCE['cors'][{key!r}]")]


@pytest.mark.parametrize("config", SILENT.values(), ids=SILENT)
def test_silent(config):
    assert found(config) == []


def test_views_and_paths_are_looked_at():
    wide = {"origins": ["https://*.github.io"]}
    assert [setting for _, setting in found({"views": {"a": wide}, "paths": {"/b": wide}})] == [
        "RINGFENCE['cors']['views']['a']['origins']",
        "RINGFENCE['cors']['paths']['/b']['origins']",
    ]


def test_a_legacy_regex_is_only_named():
    settings = {"CORS_ALLOWED_ORIGIN_REGEXES": [r"^https://\w+\.github\.io$"]}
    findings = Findings()
    public_suffix_findings(from_corsheaders(settings, Findings()), findings)
    assert [(f.code, f.severity) for f in findings] == [("CORS120", Severity.DEPLOY_ERROR)]


def test_without_the_list(monkeypatch):
    real = importlib.import_module

    def missing(name, *arguments):
        if name == "publicsuffixlist":
            raise ImportError(name)
        return real(name, *arguments)

    monkeypatch.setattr(importlib, "import_module", missing)
    assert found({"origins": ["https://*.example.com"]}) == [("CORS202", "RINGFENCE['cors']")]
    assert found({"origins": ["https://example.com"]}) == []


def test_no_site():
    findings = Findings()
    public_suffix_findings(None, findings)
    assert len(findings) == 0
