"""Policies that were sent: each code must fire and must not, and the grade follows."""

from __future__ import annotations

import pytest

from ringfence.finding import REGISTER, Severity
from ringfence.rings.csp.browser.enforce import Level
from ringfence.rings.csp.browser.receive import LIMIT, receive
from ringfence.rings.csp.evaluate import evaluate
from ringfence.rings.csp.grade import ALGORITHM, CAPS, Grade
from ringfence.rings.csp.known_bypasses import ANGULAR, JSONP, NEEDS_EVAL
from ringfence.rings.csp.policy import PRESETS

NONCE = "'nonce-dGhpcyBpcyBub3QgcmFuZG9t'"
HASH = "'sha256-5jFwrAK0UV47oFbVg/iCCBbxD8X1w+QvoOUepu4C2YA='"
REST = "; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
STYLE = "; style-src 'self'"
STRICT = f"script-src {NONCE} 'strict-dynamic'{REST}{STYLE}"
BEST = f"{STRICT}; require-trusted-types-for 'script'; trusted-types app"


def evaluated(enforce=(), report_only=(), meta=(), level=3, **options):
    return evaluate(
        (
            *receive(enforce),
            *receive(report_only, enforced=False),
            *receive(meta, in_meta=True),
        ),
        Level(level),
        **options,
    )


def codes(*arguments, **options):
    return {finding.code for finding in evaluated(*arguments, **options).findings}


FIRES = [
    ("a name without its hyphen", "scriptsrc 'self'", "CSP001"),
    ("a name with a colon", "script-src: 'self'", "CSP001"),
    ("the header's name", "Content-Security-Policy: script-src 'self'", "CSP001"),
    ("a name twice", "script-src 'self'; SCRIPT-SRC *", "CSP005"),
    ("a query in a source", "script-src https://a.example/x?y", "CSP101"),
    ("a Trusted Types group in capitals", "require-trusted-types-for 'SCRIPT'", "CSP101"),
    ("an unknown sandbox flag", "sandbox allow-everything", "CSP101"),
    ("self without quotes", "script-src self", "CSP102"),
    ("double quotes", 'script-src "self"', "CSP102"),
    ("a nonce that another response had", STRICT, "CSP105"),
    ("none beside others", "script-src 'none' 'self'", "CSP106"),
    ("an unknown keyword", "script-src 'unsafe-everything'", "CSP107"),
    ("a hash of the wrong length", "script-src 'sha256-xxxx'", "CSP108"),
    ("curly quotes", "script-src \u2018self\u2019", "CSP109"),
    ("a policy that is too long", "img-src " + "a.example " * LIMIT, "CSP110"),
    ("no value", "script-src", "CSP111"),
    ("a semicolon forgotten", "script-src 'self' object-src 'none'", "CSP113"),
    ("a placeholder for a nonce", "script-src 'nonce-{nonce}'", "CSP114"),
    ("an empty nonce", "script-src 'nonce-'", "CSP114"),
    ("a short nonce", "script-src 'nonce-abc'", "CSP115"),
    ("inline scripts", f"script-src 'unsafe-inline'{REST}", "CSP201"),
    ("inline scripts by a placeholder", "script-src 'unsafe-inline' 'nonce-$x'", "CSP201"),
    ("inline handlers alone", f"{STRICT}; script-src-attr 'unsafe-inline'", "CSP201"),
    ("a hash that does not decode", "script-src 'unsafe-inline' 'sha256-x'", "CSP201"),
    ("eval", f"script-src 'self' 'unsafe-eval'{REST}", "CSP202"),
    ("any host", f"script-src *{REST}", "CSP203"),
    ("any host over https", f"script-src https://*{REST}", "CSP203"),
    ("any host at a port", f"script-src *:8443{REST}", "CSP203"),
    ("any host below a path", f"script-src https://*/js/{REST}", "CSP203"),
    ("nothing about scripts", "img-src 'self'", "CSP204"),
    ("handlers left open", "script-src-elem 'none'", "CSP204"),
    ("a directive dropped for its quotes", "script-src \u2018self\u2019; img-src *", "CSP204"),
    ("sandboxed with scripts", "sandbox allow-scripts", "CSP204"),
    ("Trusted Types without script-src", "require-trusted-types-for 'script'", "CSP204"),
    ("no plugins named", "script-src 'self'", "CSP205"),
    ("no base beside a nonce", f"script-src {NONCE}; object-src 'none'", "CSP206"),
    ("any base beside a nonce", f"script-src {NONCE}; base-uri https:", "CSP206"),
    ("plain http", "img-src http://a.example", "CSP207"),
    ("reports over http", "img-src *; report-uri http://a.example/csp", "CSP207"),
    ("a shared suffix", f"script-src *.github.io{REST}", "CSP208"),
    ("an IP address", "img-src 10.0.0.1", "CSP209"),
    ("a bypass of the full list", f"script-src https://oss.maxcdn.com{REST}", "CSP210"),
    ("a bypass by eval", "script-src 'unsafe-eval' www.google-analytics.com", "CSP210"),
    ("a bypass of the short list", f"script-src unpkg.com{REST}", "CSP210"),
    ("a directive of the past", "block-all-mixed-content", "CSP211"),
    ("strict-dynamic alone", f"script-src 'strict-dynamic'{REST}", "CSP217"),
    ("hosts", f"script-src https://static.example.com{REST}", "CSP219"),
    ("inline styles", f"{STRICT.replace(STYLE, '')}; style-src 'unsafe-inline'", "CSP220"),
    ("styles by nothing", STRICT.replace(STYLE, ""), "CSP220"),
    ("nobody said who may frame", "script-src 'self'", "CSP221"),
    ("anyone may frame", "frame-ancestors https:", "CSP221"),
    ("nobody said where forms go", "default-src 'self'", "CSP222"),
    ("forms go anywhere", "form-action *", "CSP222"),
    ("handlers by hash", f"script-src 'unsafe-hashes' {HASH}", "CSP223"),
    ("strings in sinks", STRICT, "CSP224"),
    ("types of any name", BEST.replace(" app", " *"), "CSP227"),
    ("a keyword for images", "img-src 'unsafe-inline'", "CSP229"),
    ("a nonce for images", f"img-src {NONCE}", "CSP229"),
    ("a URL for handlers", "script-src-attr https://a.example", "CSP229"),
    ("two policies with nothing in common", "script-src a.example, script-src b.test", "CSP303"),
    ("two nonces", f"script-src {NONCE}, script-src {NONCE.replace('dG', 'dH')}", "CSP303"),
]


@pytest.mark.parametrize(
    ("text", "code"), [row[1:] for row in FIRES], ids=[row[0] for row in FIRES]
)
def test_fires(text, code):
    assert code in codes(text, repeated={NONCE[7:-1]})


SILENT = [
    ("known names", "Script-Src 'self'", "CSP001"),
    ("names once in each policy", "script-src 'self', script-src 'self'", "CSP005"),
    ("a path", "script-src https://a.example/x", "CSP101"),
    ("the sandbox's flags", "sandbox allow-scripts ALLOW-FORMS", "CSP101"),
    ("a host that looks like a word", "script-src selfish", "CSP102"),
    ("a nonce nobody else had", STRICT.replace("dG", "dH"), "CSP105"),
    ("none alone", "script-src 'none'", "CSP106"),
    ("the newest keywords", "script-src 'trusted-types-eval' 'report-sha256'", "CSP107"),
    ("a hash", f"script-src {HASH}", "CSP108"),
    ("ASCII", "script-src xn--e1afmkfd.example", "CSP109"),
    ("a long policy", "img-src " + "a.example " * 1000, "CSP110"),
    ("directives without values", "upgrade-insecure-requests; sandbox", "CSP111"),
    ("a host named as a directive", "script-src img-src.example", "CSP113"),
    ("a nonce in capitals", "script-src 'NONCE-dGhpcyBpcyBub3QgcmFuZG9t'", "CSP114"),
    ("a nonce of 128 bits", f"script-src {NONCE}", "CSP115"),
    ("inline beside a nonce", f"script-src {NONCE} 'unsafe-inline'", "CSP201"),
    ("inline beside a wrong hash", "script-src 'unsafe-inline' 'sha256-xxxx'", "CSP201"),
    ("inline beside strict-dynamic", f"{STRICT} 'unsafe-inline'", "CSP201"),
    ("inline, repeated in vain", "script-src 'self'; script-src 'unsafe-inline'", "CSP201"),
    ("inline in capitals beside a nonce", f"script-src 'UNSAFE-INLINE' {NONCE}", "CSP201"),
    ("inline, forbidden by another", "script-src 'unsafe-inline', default-src 'self'", "CSP201"),
    ("inline in a sandbox", "script-src 'unsafe-inline'; sandbox", "CSP201"),
    ("eval under Trusted Types", BEST.replace(NONCE, f"{NONCE} 'unsafe-eval'"), "CSP202"),
    ("eval for elements", "script-src 'self'; script-src-elem 'unsafe-eval'", "CSP202"),
    ("hosts beside strict-dynamic", f"script-src {NONCE} 'strict-dynamic' * http:", "CSP203"),
    ("URLs for handlers", "script-src 'self'; script-src-attr *", "CSP203"),
    ("anywhere, forbidden by another", "script-src *, script-src 'self'", "CSP203"),
    ("scripts by fallback", "default-src 'self'", "CSP204"),
    ("elements and handlers", "script-src-elem 'none'; script-src-attr 'none'", "CSP204"),
    ("a sandbox", "sandbox allow-forms", "CSP204"),
    ("an empty list", "script-src 'self'; object-src", "CSP205"),
    ("no base with hosts", "script-src 'self'; object-src 'none'", "CSP206"),
    ("no base where nothing runs", "script-src 'strict-dynamic'", "CSP206"),
    ("base in another policy", f"script-src {NONCE}, base-uri 'none'", "CSP206"),
    ("http beside strict-dynamic", f"script-src {NONCE} 'strict-dynamic' http://a.test", "CSP207"),
    ("one's own wildcard", "script-src *.example.com", "CSP208"),
    ("loopback", "img-src 127.0.0.1", "CSP209"),
    ("a bypass that needs eval", "script-src www.google-analytics.com", "CSP210"),
    ("another path", "script-src https://oss.maxcdn.com/jquery/", "CSP210"),
    ("another port", "script-src https://oss.maxcdn.com:8443", "CSP210"),
    ("images", "script-src 'self'; img-src oss.maxcdn.com", "CSP210"),
    ("directives of today", "upgrade-insecure-requests", "CSP211"),
    ("strict-dynamic with a hash", f"script-src {HASH} 'strict-dynamic'", "CSP217"),
    ("one's own origin", "script-src 'self'", "CSP219"),
    ("hosts beside strict-dynamic", f"{STRICT} https://a.example", "CSP219"),
    ("styles by nonce", f"{STRICT}; style-src-elem {NONCE} 'unsafe-inline'", "CSP220"),
    ("framing named", STRICT, "CSP221"),
    ("framing in another policy", "script-src 'self', frame-ancestors 'self'", "CSP221"),
    ("forms named", STRICT, "CSP222"),
    ("hashes for elements", f"script-src {HASH}", "CSP223"),
    ("Trusted Types", BEST, "CSP224"),
    ("no scripts, no strings", "script-src 'none'", "CSP224"),
    ("names of types", BEST, "CSP227"),
    ("keywords for scripts", "default-src 'unsafe-inline' 'unsafe-eval'", "CSP229"),
    (
        "policies that overlap",
        "script-src *.example.com, script-src https://a.example.com",
        "CSP303",
    ),
    ("one's own origin and a host", "default-src 'self', script-src https://a.example", "CSP303"),
    ("a policy that allows none", "script-src 'self', script-src 'none'", "CSP303"),
    ("one policy", "script-src a.example; script-src b.example", "CSP303"),
]


@pytest.mark.parametrize(
    ("text", "code"), [row[1:] for row in SILENT], ids=[row[0] for row in SILENT]
)
def test_is_silent(text, code):
    assert code not in codes(text, repeated={NONCE[7:-1]})


def test_a_policy_that_is_only_reported_on():
    assert {"CSP225", "CSP226", "CSP212"} <= codes(report_only="script-src 'self'; sandbox")
    quiet = codes("script-src 'self'; sandbox", report_only="img-src *; report-uri /csp")
    assert not quiet & {"CSP225", "CSP226", "CSP212"}


def test_what_holds_in_a_header_alone():
    assert "CSP228" in codes(meta="frame-ancestors 'none'; script-src 'self'")
    assert "CSP228" not in codes(meta="script-src 'self'; img-src *")
    assert "CSP228" not in codes("frame-ancestors 'none'")


def test_no_policy_is_one_finding():
    assert codes() == {"CSP204"}
    assert evaluated().grade is Grade.F


#: Found in settings only, or refused in them.
ELSEWHERE = {
    *("CSP002", "CSP003", "CSP004", "CSP006", "CSP007", "CSP103", "CSP104", "CSP112"),
    *("CSP213", "CSP214", "CSP215", "CSP216", "CSP218", "CSP301", "CSP302"),
}


def test_every_code_is_in_both_tables():
    ours = {code for code in REGISTER if code.startswith("CSP")} - ELSEWHERE
    alone = {"CSP212", "CSP225", "CSP226", "CSP228"}
    assert {row[2] for row in FIRES} == ours - alone
    assert {row[2] for row in SILENT} == ours - alone


GRADES = [
    ("nothing left open", BEST, "A+", set()),
    ("without Trusted Types", STRICT, "A", {"CSP224"}),
    ("own files", f"default-src 'self'{REST}", "A", {"CSP224"}),
    ("nothing at all", f"default-src 'none'{REST}", "A+", set()),
    ("hosts", f"script-src static.example.com{REST}", "B", {"CSP219"}),
    ("eval", f"script-src 'self' 'unsafe-eval'{REST}", "C", {"CSP202"}),
    ("a bypass", f"script-src cdnjs.cloudflare.com{REST}", "D", {"CSP210"}),
    ("no base", STRICT.replace("base-uri 'none'; ", ""), "D", {"CSP206"}),
    ("inline", f"script-src 'unsafe-inline'{REST}", "F", {"CSP201"}),
    ("http for images counts little", f"{STRICT}; img-src http://a.example", "A", None),
    ("http for scripts counts", f"script-src http://a.example{REST}", "C", {"CSP207"}),
    ("shared hosts for images", f"{STRICT}; img-src *.github.io", "A", None),
    ("a slip of the pen", f"{BEST}; scripts-src x", "A", {"CSP001"}),
    ("the stricter of two", f"script-src 'unsafe-inline', {BEST}", "A+", set()),
]


@pytest.mark.parametrize(
    ("text", "letter", "because"), [row[1:] for row in GRADES], ids=[row[0] for row in GRADES]
)
def test_grade(text, letter, because):
    evaluation = evaluated(text)
    assert evaluation.grade.letter == letter
    if because is not None:
        assert set(evaluation.because) == because
    assert evaluation.algorithm == ALGORITHM


@pytest.mark.parametrize(
    ("level", "letter"), [(1, "F"), (2, "F"), (3, "A")], ids=["CSP1", "CSP2", "CSP3"]
)
def test_a_policy_with_fallbacks_by_level(level, letter):
    text = STRICT.replace("'strict-dynamic'", "'strict-dynamic' https: 'unsafe-inline'")
    assert evaluated(text, level=level).grade.letter == letter


def test_the_grade_if_it_were_enforced():
    evaluation = evaluated(report_only=BEST)
    assert (evaluation.grade.letter, evaluation.if_enforced) == ("F", Grade.A_PLUS)
    assert evaluated(BEST).if_enforced is None


def test_what_is_only_reported_on_is_judged_where_nothing_is_enforced():
    assert {"CSP201", "CSP225"} <= codes(report_only="script-src 'unsafe-inline'; report-uri /")
    assert "CSP201" not in codes(BEST, report_only="script-src 'unsafe-inline'; report-uri /")
    assert evaluated(BEST, report_only="scripts-src x; report-uri /").grade is Grade.A_PLUS


@pytest.mark.parametrize(
    ("directive", "severity"),
    [("script-src", Severity.DEPLOY_ERROR), ("img-src", Severity.WARNING)],
    ids=str,
)
def test_hosts_of_many_are_a_danger_where_they_send_scripts(directive, severity):
    findings = evaluated(f"default-src 'self'; {directive} *.github.io").findings
    assert [each.severity for each in findings if each.code == "CSP208"] == [severity]


@pytest.mark.parametrize(
    ("name", "letter"), [("base", "F"), ("strict", "A"), ("self", "A")], ids=str
)
def test_our_own_presets(name, letter):
    assert evaluated(PRESETS[name].compile().render("A" * 22)).grade.letter == letter


def test_findings_are_sorted_and_none_refuses_what_is_served():
    findings = evaluated("script-src 'unsafe-inline' self https://a.example/?; foo x").findings
    severities = [finding.severity for finding in findings]
    assert severities == sorted(severities, reverse=True)
    assert Severity.ERROR not in severities
    assert all(finding.reason and finding.fix for finding in findings)


def test_every_cap_is_of_a_registered_code():
    assert CAPS.keys() <= REGISTER.keys()


@pytest.mark.parametrize("host", sorted({*ANGULAR, *JSONP}))
def test_every_listed_host_fires(host):
    text = f"script-src 'unsafe-eval' https://{host}{REST}"
    assert "CSP210" in codes(text)
    if host in NEEDS_EVAL and host not in ANGULAR:
        assert "CSP210" not in codes(text.replace(" 'unsafe-eval'", ""))
