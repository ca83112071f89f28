"""Google's CSP Evaluator: its findings by type, and why they differ from ours."""

from __future__ import annotations

from typing import Any

from ringfence.rings.csp.browser.source import Kind
from ringfence.rings.csp.grammar import DIRECTIVES
from scripts.oracles.case import (
    ALL,
    BASE,
    DYNAMIC,
    ELEM,
    EVAL,
    HASH_OURS,
    HASH_THEIRS,
    HYPHEN,
    IDLE,
    OTHER_FORMS,
    OVERRIDDEN,
    SANDBOX,
    Answer,
    Case,
    Oracle,
    Question,
    Reason,
    always,
    codes,
)


def _said(case: Case, *types: int, **where: Any) -> list[dict[str, Any]]:
    return [
        finding
        for finding in case.answers["google"].get("findings", ())
        if finding["type"] in types and all(finding[key] in where[key] for key in where)
    ]


def _asked(*types: int, **where: Any) -> Answer:
    return lambda case: bool(_said(case, *types, **where))


def _unknown(*types: int) -> Reason:
    return Reason(
        "theirs",
        "it judges the values of a directive that does not exist",
        lambda case: all(each["directive"] not in DIRECTIVES for each in _said(case, *types)),
    )


def _anywhere(case: Case) -> list[dict[str, Any]]:
    return [each for each in _said(case, 303, 304) if each["directive"] != "base-uri"]


def _ip(case: Case) -> list[dict[str, Any]]:
    return [each for each in _said(case, 308) if "127.0.0.1" not in each["value"]]


def _keyword(category: str, *parts: str) -> Reason:
    return Reason(
        "theirs",
        category,
        lambda case: any(
            part in each["value"] + " " + each["directive"]
            for each in _said(case, 102)
            for part in parts
        ),
    )


def _refusal(case: Case) -> str:
    failed = "error" in case.answers["google"]
    return "it fails on a source that is no URL, and says nothing" if failed else ""


SCRIPTS = (
    Question(
        "inline scripts",
        codes("CSP201"),
        _asked(301),
        (SANDBOX, OVERRIDDEN, HASH_OURS, HYPHEN),
    ),
    Question(
        "eval",
        codes("CSP202"),
        _asked(302),
        (
            SANDBOX,
            EVAL,
            Reason(
                "theirs",
                "it takes 'unsafe-eval' in script-src-elem or script-src-attr to have an effect",
                ELEM.applies,
            ),
        ),
    ),
    Question(
        "scripts or plugins from anywhere",
        lambda case: case.has("CSP203") or any(case.values.get("CSP205", ())),
        lambda case: bool(_anywhere(case)),
        (
            DYNAMIC,
            OTHER_FORMS,
            Reason(
                "theirs",
                "it takes a URL in script-src-attr to have an effect",
                lambda case: all(each["directive"].endswith("-attr") for each in _anywhere(case)),
            ),
            SANDBOX,
            OVERRIDDEN,
            ALL,
        ),
    ),
    Question(
        "no script-src",
        codes("CSP204"),
        _asked(300, directive=("script-src",)),
        (
            SANDBOX,
            Reason(
                "theirs",
                "script-src-elem and script-src-attr limit all scripts without script-src",
                ELEM.applies,
            ),
        ),
    ),
    Question(
        "host with known bypass",
        codes("CSP210"),
        _asked(305, severity=(10,)),
        (
            SANDBOX,
            OVERRIDDEN,
            Reason(
                "ours", "hosts of our own list: package mirrors, paths above a known one", always
            ),
        ),
    ),
    Question(
        "'strict-dynamic' alone",
        codes("CSP217"),
        _asked(401),
        (SANDBOX, OVERRIDDEN, HASH_OURS, ELEM, HYPHEN),
    ),
    Question(
        "'unsafe-hashes'",
        codes("CSP223"),
        _asked(317),
        (
            SANDBOX,
            Reason("theirs", "'unsafe-hashes' has an effect on handlers only", ELEM.applies),
        ),
    ),
    Question(
        "scripts by host",
        codes("CSP219"),
        _asked(400),
        (
            SANDBOX,
            Reason(
                "theirs", "we say that any host is allowed, not that hosts are", codes("CSP203")
            ),
            ELEM,
            OVERRIDDEN,
            Reason(
                "theirs",
                "it counts a source that matches no script: malformed, or of another scheme",
                lambda case: not any(found.of_kind(Kind.HOST) for found in case.script_lists),
            ),
        ),
    ),
    Question(
        "no Trusted Types",
        codes("CSP224"),
        _asked(500),
        (
            SANDBOX,
            ALL,
            Reason(
                "theirs",
                "no script runs, and none can pass a string on",
                lambda case: not all(found.sources for found in case.script_lists),
            ),
        ),
    ),
)

PAGE = (
    Question(
        "no object-src",
        lambda case: "" in case.values.get("CSP205", ()),
        _asked(300, directive=("object-src",)),
        (
            SANDBOX,
            ALL,
            Reason(
                "theirs",
                "it takes an empty list for none at all; browsers read 'none'",
                lambda case: any(
                    policy.get(name) == ()
                    for policy in case.received
                    for name in ("object-src", "default-src")
                ),
            ),
        ),
    ),
    Question(
        "<base>",
        codes("CSP206"),
        _asked(300, 303, 304, directive=("base-uri",)),
        (
            SANDBOX,
            HASH_THEIRS._replace(
                applies=lambda case: (
                    HASH_THEIRS.applies(case) and bool(_said(case, 300, directive=("base-uri",)))
                )
            ),
            HYPHEN._replace(who="ours"),
            BASE,
            OTHER_FORMS._replace(applies=lambda case: any(case.values["CSP206"])),
            ELEM,
            OVERRIDDEN,
        ),
    ),
)

VALUES = (
    Question(
        "IP address",
        codes("CSP209"),
        lambda case: bool(_ip(case)),
        (
            DYNAMIC,
            _unknown(308),
            Reason(
                "theirs",
                "an IPv6 address is no source at all: we say so as of other malformed ones",
                lambda case: any("[" in each["value"] for each in _ip(case)),
            ),
            IDLE,
        ),
    ),
    Question("plain http", codes("CSP207"), _asked(310), (DYNAMIC, _unknown(310), IDLE)),
    Question(
        "deprecated directive",
        codes("CSP211"),
        _asked(309),
        (Reason("ours", "it does not know the directive for deprecated", always),),
    ),
    Question("unknown directive", codes("CSP001"), _asked(101), ()),
    Question(
        "missing semicolon",
        codes("CSP113"),
        _asked(100),
        (
            _unknown(100),
            Reason(
                "ours",
                "it drops sources beside 'strict-dynamic' before it looks how they are written",
                lambda case: "'strict-dynamic'" in case.tokens(),
            ),
        ),
    ),
    Question(
        "malformed keyword, hash or nonce",
        codes("CSP101", "CSP102", "CSP106", "CSP107", "CSP108", "CSP114", "CSP214", "CSP229"),
        _asked(102, 106),
        (
            _unknown(102, 106),
            _keyword(
                "it does not know a keyword of CSP level 3", "report-sha", "trusted-types-eval"
            ),
            _keyword(
                "it looks for quotes at words of a deprecated directive",
                "reflected-xss",
                "referrer",
            ),
            Reason(
                "ours", "it says nothing of a source that is malformed or without effect", always
            ),
        ),
    ),
    Question(
        "short nonce",
        codes("CSP115"),
        _asked(307),
        (
            _unknown(307),
            Reason(
                "theirs",
                "a nonce that is malformed or in a directive without nonces has no length",
                codes("CSP114", "CSP229"),
            ),
            Reason("ours", "it asks for 8 characters; the standard's 128 bits are 22", always),
        ),
    ),
)

GOOGLE = Oracle("Google's CSP Evaluator", "csp_evaluator", _refusal, (*SCRIPTS, *PAGE, *VALUES))
