"""Whatever is sent: nothing raises, and twice as much takes about twice as long."""

from __future__ import annotations

import itertools
import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.finding import REGISTER
from ringfence.rings.csp.browser.ask import Asked, blocked_by
from ringfence.rings.csp.browser.enforce import Enforced, Level
from ringfence.rings.csp.browser.fallback import FALLBACKS
from ringfence.rings.csp.browser.receive import LIMIT, Received, receive
from ringfence.rings.csp.browser.source import Kind, read_source
from ringfence.rings.csp.browser.together import combine
from ringfence.rings.csp.evaluate import evaluate
from ringfence.rings.csp.explain import document, lines
from tests.rings.csp.odd_policies import NAMES, SOURCES, policies

FOUND = json.loads((Path(__file__).parent / "data/found_policies.json").read_text("utf-8"))
URLS = ["https://o.test/js/a.js", "https://s.o.test/a.js", "https://site.test/a.js", "data:,"]
PAGE = "https://site.test/"

WORDS = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from(SOURCES),
    st.text(st.sampled_from("ab*.:/'\"-;, \t\n\0%?#@[]\u00e9=<>"), max_size=10),
    st.text(max_size=6),
)
TEXTS = st.lists(WORDS, max_size=14).map(" ".join) | st.lists(WORDS, max_size=14).map("; ".join)


@given(TEXTS, st.booleans(), st.booleans(), st.sampled_from(Level))
def test_nothing_raises_and_every_finding_is_whole(text, enforced, in_meta, level):
    sent = receive(text, enforced=enforced, in_meta=in_meta)
    evaluation = evaluate(sent, level)
    for finding in evaluation.findings:
        assert finding.code in REGISTER
        assert finding.reason
        assert finding.fix
        assert finding.value.isprintable()
    assert set(evaluation.because) <= {finding.code for finding in evaluation.findings}
    grades = dict.fromkeys(Level, evaluation.grade.letter)
    assert all(line.isprintable() for line in lines(evaluation, grades))
    json.dumps(document(evaluation, grades))


@given(TEXTS)
def test_what_was_read_is_read_the_same_again(text):
    for policy in receive(text):
        again = "; ".join(" ".join((name, *values)) for name, values in policy.directives)
        assert [each.directives for each in receive(again)] == [policy.directives][: bool(again)]


@given(st.text(max_size=30))
def test_a_source_is_of_one_kind(text):
    source = read_source(text)
    if source is not None:
        assert source.text in (text, text.lower())
        assert source.has_url is (source.kind in (Kind.ANY, Kind.SELF, Kind.SCHEME, Kind.HOST))


@settings(max_examples=300)
@given(st.integers(0, 100_000), st.sampled_from(URLS), st.booleans())
def test_policies_together_allow_what_each_of_them_allows(seed, url, by_script):
    """The combined policy leaves nothing out that all of them allow."""
    sent = [Enforced(each) for text in policies(2, seed) for each in receive(text)]
    together = [Enforced(Received(combine(sent).directives))] if sent else []
    for asked in (
        Asked("script-src-elem", url, by_script=by_script),
        Asked("script-src-elem"),
        Asked("script-src-attr"),
        Asked("script-src"),
        Asked("img-src", url),
        Asked("style-src-elem", url),
        Asked("base-uri", url),
    ):
        if not blocked_by(sent, PAGE, asked):
            assert not blocked_by(together, PAGE, asked), asked


#: Of an attacker's own choosing, who has one host and all its ports and paths.
ATTACKER = [
    f"{scheme}://attacker.invalid{port}/{path}"
    for scheme, port, path in itertools.product(
        ("https", "http"), ("", ":8443"), ("", "js/", "a.js")
    )
]


@settings(max_examples=400)
@given(st.integers(0, 100_000))
def test_what_is_found_is_what_a_browser_would_allow(seed):
    (text,) = policies(1, seed)
    sent = [Enforced(each) for each in receive(text)]
    codes = {finding.code for finding in evaluate(receive(text)).findings}

    def allowed(name, url="", **options):
        return not blocked_by(sent, PAGE, Asked(name, url, **options))

    inline = allowed("script-src-elem") or allowed("script-src-attr")
    foreign = any(allowed("script-src-elem", url) for url in ATTACKER)
    limited = any(each.governing("script-src") for each in sent)
    assert inline is bool(codes & {"CSP201", "CSP204"})
    sandboxed = any(each.blocks_all_scripts for each in sent)
    unlimited = not sandboxed and not any(each.governing("script-src-elem") for each in sent)
    if unlimited:
        assert "CSP204" in codes
    else:
        assert (foreign or allowed("script-src-elem", "data:,x")) is ("CSP203" in codes)
    # Where Trusted Types are required, strings run by leave of 'trusted-types-eval' alone.
    if limited and not any(each.requires_trusted_types for each in sent):
        assert allowed("script-src") is ("CSP202" in codes)
    lists = [found for each in sent if (found := each.governing("script-src-elem"))]
    trusted = [
        found.of_kind(Kind.NONCE) or (found.is_dynamic and found.of_kind(Kind.HASH))
        for found in lists
    ]
    styles = [each for each in sent if each.governing("style-src-elem")]
    if styles and (allowed("style-src-elem") or allowed("style-src-attr")):
        assert codes & {"CSP220", "CSP204"}
    if len(sent) == 1 and not sandboxed:
        base = any(allowed("base-uri", url) for url in ATTACKER)
        assert ("CSP206" in codes) is bool(base and any(trusted))


@given(TEXTS)
def test_one_more_policy_opens_nothing(text):
    one = [Enforced(each) for each in receive("script-src 'self'; img-src https:")]
    more = [*one, *(Enforced(each) for each in receive(text))]
    for name in FALLBACKS:
        for url in URLS:
            if blocked_by(one, PAGE, Asked(name, url)):
                assert blocked_by(more, PAGE, Asked(name, url))


@pytest.mark.parametrize("row", FOUND["policies"], ids=[row["id"] for row in FOUND["policies"]])
def test_found_policies_are_judged(row):
    sent = receive(row["policy"], enforced=row["disposition"] != "report-only")
    evaluation = evaluate(sent)
    assert evaluation.findings or evaluation.grade.letter == "A+"


BIG = {
    "hosts": lambda n: "script-src " + " ".join(f"h{i}.example" for i in range(n // 12)),
    "words": lambda n: "script-src " + "a" * n,
    "labels": lambda n: "script-src " + "a." * (n // 2),
    "quotes": lambda n: "script-src " + "' " * (n // 2),
    "bad keywords": lambda n: "script-src " + " ".join(f"'k{i}'" for i in range(n // 8)),
    "nonces": lambda n: "script-src " + " ".join(f"'nonce-{i}'" for i in range(n // 15)),
    "directives": lambda n: "; ".join(f"d{i} a" for i in range(n // 9)),
    "policies": lambda n: "script-src *.a.b, " * (n // 18),
    "two lists": lambda n: ", ".join(
        ["script-src " + " ".join(f"h{i}.example" for i in range(n // 24))] * 2
    ),
    "wildcards": lambda n: "default-src " + " ".join(f"*.h{i}.com" for i in range(n // 12)),
    "percent": lambda n: "script-src a.example/" + "%41" * (n // 3),
    "semicolons": lambda n: ";" * n,
    "spaces": lambda n: "script-src" + " " * n + "a",
}


def seconds(text):
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        evaluate(receive(text))
        best = min(best, time.process_time() - begun)
    return best


@pytest.mark.parametrize("name", sorted(BIG))
def test_time_grows_with_length(name):
    quarter, whole = LIMIT // 4 - 20, LIMIT - 20
    assert seconds(BIG[name](whole)) < 10 * seconds(BIG[name](quarter)) + 0.05
