"""The judge of origin regexes: what must fire, what must not, and that its proofs hold."""

from __future__ import annotations

import re
import time
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.rings.cors.regex import judge

FIT = {
    "one host": r"^https://example\.com$",
    "string anchors": r"\Ahttps://example\.com\Z",
    "any subdomain": r"^https://([a-z0-9-]+\.)*example\.com$",
    "a subdomain, word characters": r"^https://\w+\.example\.com$",
    "a subdomain, anything": r"^https://.*\.example\.com$",
    "a subdomain, negated class": r"^https://[^.]+\.example\.com$",
    "optional subdomain": r"^https://(?:[\w-]+\.)?example\.com$",
    "any port": r"^https://example\.com(:\d+)?$",
    "port of class": r"^https://example\.com:[0-9]{1,5}$",
    "two schemes": r"^https?://example\.com$",
    "alternative hosts": r"^https://(www|app)\.example\.(com|org|de|dk)$",
    "alternatives, each anchored": r"^https://a\.com$|^https://b\.com$",
    "alternatives in a group": r"^(https://a\.com|https://ba\.com)$",
    "any port on localhost": r"^http://localhost:\d+$",
    "an address": r"^http://127\.0\.0\.1(:\d+)?$",
    "an IPv6 address": r"^http://\[::1\]:\d+$",
    "number within a label": r"^https://pr-\d+-app\.example\.com$",
    "previews of one project": r"^https://deploy-preview-\d+--mysite\.netlify\.app$",
    "three labels": r"^https://[a-z0-9-]+\.example\.co\.uk$",
    "repetitions with separators": r"^https://[a-z]+-[a-z]+-[a-z]+-[a-z]+\.example\.com$",
    "two levels": r"^https://(?:[\w-]+\.)?[\w-]+\.example\.com$",
    "final dot": r"^https://example\.com\.?$",
    "ignoring case": r"(?i)^https://[a-z]+\.example\.com$",
    "look-ahead": r"^https://(?!old\.)[a-z]+\.example\.com$",
    "dot in a class": r"^https://example[.]com$",
}

UNFIT = {
    "not anchored at all": (r"https://example\.com", "CORS109"),
    "no end": (r"^https://example\.com", "CORS109"),
    "no beginning": (r"https://example\.com$", "CORS109"),
    "one alternative without an end": (r"^https://a\.com|^https://b\.com$", "CORS109"),
    "anchors outside the alternatives": (r"^https://a\.com|https://b\.com$", "CORS109"),
    "unescaped dot before com": (r"^https://example.com$", "CORS110"),
    "unescaped dot before the domain": (r"^https://app.example\.com$", "CORS110"),
    "anything before the domain": (r"^https://.*example\.com$", "CORS110"),
    "something before the domain": (r"^https://.+example\.com$", "CORS110"),
    "word before the domain": (r"^https://\w+example\.com$", "CORS110"),
    "class with a dot before the domain": (r"^https://[\w.-]*example\.com$", "CORS110"),
    "negated class before the domain": (r"^https://[^/]+example\.com$", "CORS110"),
    "optional dot before the domain": (r"^https://\w+\.?example\.com$", "CORS110"),
    "letters before a domain of three labels": (r"^https://\w+example\.co\.uk$", "CORS110"),
    "anything": (r"^https://.*$", "CORS110"),
    "any domain of com": (r"^https://.+\.com$", "CORS110"),
    "any label of io": (r"^https://[a-z-]+\.io$", "CORS110"),
    "domain with a digit": (r"^https://example\d\.com$", "CORS110"),
    "any top level": (r"^https://example\.[a-z]+$", "CORS110"),
    "one loose alternative": (r"^https://example\.(com|[a-z]+)$", "CORS110"),
    "anything behind": (r"^https://example\.com.*$", "CORS110"),
    "addresses": (r"^http://192\.168\.0\.\d+$", "CORS110"),
    "any extension": (r"^chrome-extension://[a-p]{32}$", "CORS110"),
    "back-reference": (r"^https://(a)\1\1$", "CORS110"),
    "any scheme": (r"^.*://example\.com$", "CORS121"),
    "scheme of word characters": (r"^\w+://example\.com$", "CORS121"),
    "optional scheme before anything": (r"^(https://)?.*\.example\.com$", "CORS121"),
    "not one literal": (r"^.*$", "CORS121"),
    "repetition of a repetition": (r"^https://(\w+)+\.example\.com$", "CORS111"),
    "star of a star": (r"^https://(a*)*\.example\.com$", "CORS111"),
    "overlapping alternatives": (r"^https://(\w+|\d+)*\.example\.com$", "CORS111"),
    "optional separator": (r"^https://([a-z]+-?)+\.example\.com$", "CORS111"),
    "separator that the class holds": (r"^https://([\w.]+\.)+example\.com$", "CORS111"),
    "three open repetitions": (r"^https://.*\..*\..*\.example\.com$", "CORS111"),
    "three overlapping repetitions": (r"^https://\w*\w*\w*\.example\.com$", "CORS111"),
    "three in alternatives": (r"^https://(\w*\w*|a)\w*\.example\.com$", "CORS111"),
    "matches nothing": (r"^$", "CORS204"),
}


@pytest.mark.parametrize("text", FIT.values(), ids=FIT)
def test_fit(text):
    assert judge(re.compile(text)).problems == ()


@pytest.mark.parametrize(("text", "code"), UNFIT.values(), ids=UNFIT)
def test_unfit(text, code):
    problems = judge(re.compile(text)).problems
    assert code in {problem.code for problem in problems}
    assert all(problem.reason and problem.fix for problem in problems)


def test_a_dot_that_only_widens_a_subdomain_is_a_warning():
    problems = judge(re.compile(r"^https://a1.-b\.example\.com$")).problems
    assert [problem.code for problem in problems] == ["CORS203"]


def test_prefix_patterns_are_anchored_at_their_beginning():
    assert not judge(re.compile(r"https://a\.com$"), prefix=True).problems
    problems = judge(re.compile(r"https://a\.com"), prefix=True).problems
    assert [problem.code for problem in problems] == ["CORS109"]


@pytest.mark.parametrize(
    ("text", "schemes", "hosts", "parents"),
    [
        (r"^https?://a\.com$", {"http", "https"}, {"a.com"}, set()),
        (r"^https://\w+\.a\.com$", {"https"}, set(), {"a.com"}),
        (r"^https://(\w+\.)*a\.co\.uk:\d+$", {"https"}, {"a.co.uk"}, {"a.co.uk"}),
        (r"^https://[a-z]+--me\.netlify\.app$", {"https"}, set(), {"netlify.app"}),
        (r"^http://127\.0\.0\.1$", {"http"}, {"127.0.0.1"}, set()),
    ],
)
def test_what_a_regex_can_match(text, schemes, hosts, parents):
    found = judge(re.compile(text))
    assert (found.schemes, found.hosts, found.parents) == (schemes, hosts, parents)


@pytest.mark.parametrize("text", FIT.values(), ids=FIT)
def test_what_is_fit_is_fast_on_crafted_origins(text):
    pattern = re.compile(text)
    began = time.process_time()
    for filling in ("a", "a.", ".", "a-", "1", "-"):
        pattern.fullmatch(f"https://{filling * 280}"[:290] + "!")
    assert time.process_time() - began < 1


def test_a_huge_regex_is_refused_in_bounded_time():
    began = time.process_time()
    names = "|".join(f"host{number}" for number in range(3000))
    problems = judge(re.compile(rf"^https://({names})+\.({names})+\.example\.com$")).problems
    assert problems
    assert time.process_time() - began < 10


def test_a_long_list_of_hosts_is_fit():
    names = "|".join(f"host{number}" for number in range(200))
    assert not judge(re.compile(rf"^https://({names})\.example\.com$")).problems


PIECES = st.sampled_from(
    [
        "^",
        "$",
        "https",
        "http",
        "s?",
        "://",
        r"\.",
        ".",
        ".*",
        ".+",
        r"\w+",
        "[a-z]+",
        "[^.]+",
        "example",
        "com",
        "evil",
        "(",
        ")",
        "(?:",
        "|",
        "*",
        "+",
        "?",
        "{2,9}",
        "[.-]",
        ":",
        r"\d+",
        r"\1",
        "(?=",
        "(?!",
        "-",
        "[",
        "]",
        "x",
    ]
)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_the_judge_never_raises(text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            pattern = re.compile(text)
        except re.error:
            return
    assert isinstance(judge(pattern).problems, tuple)


SUB = st.sampled_from([r"\w+", "[a-z]*", "(a|b)", "x-", r"\.", "", "[^.]+", ".*", ".", "www"])


@given(
    st.lists(SUB, max_size=4).map("".join),
    st.text("abevilx.-", max_size=8),
    st.sampled_from(["example.com", "xexample.com", "evilexample.com", "exampleXcom.evil"]),
)
def test_what_is_judged_fit_matches_no_foreign_host(before, label, end):
    pattern = re.compile(rf"^https://{before}example\.com$")
    if judge(pattern).problems:
        return
    host = label + end
    if pattern.fullmatch(f"https://{host}"):
        assert host == "example.com" or host.endswith((".example.com",)), host
