"""Mozilla's HTTP Observatory: its facts of a policy, and why they differ from ours."""

from __future__ import annotations

from collections import Counter

from ringfence.rings.csp.browser.receive import Why
from scripts.oracles.case import (
    ALL,
    BASE,
    DYNAMIC,
    ELEM,
    EVAL,
    FTP,
    HASH_OURS,
    HYPHEN,
    IDLE,
    OTHER_FORMS,
    OVERRIDDEN,
    READING,
    SANDBOX,
    UNEXPLAINED,
    Answer,
    Case,
    Oracle,
    Question,
    Reason,
    codes,
)


def _fact(*names: str, negated: bool = False) -> Answer:
    def answer(case: Case) -> bool:
        facts = case.answers["mozilla"]["facts"]
        return any(bool(facts.get(name)) for name in names) is not negated

    return answer


def _refusal(case: Case) -> str:
    if case.answers["mozilla"].get("facts"):
        return ""
    if "," in case.text:
        return READING[0].category
    written = (part.split() for part in case.text.split(";"))
    if max(Counter(words[0].lower() for words in written if words).values()) > 1:
        return "it refuses a policy in which a directive is repeated; browsers obey the first"
    return UNEXPLAINED


def _own_styles(case: Case) -> bool:
    return any(case.governing(name) == name for name in ("style-src-elem", "style-src-attr"))


_BASE_WORDS = Reason(
    "theirs",
    "it takes 'unsafe-inline' or data: in base-uri for any host",
    lambda case: bool({"'unsafe-inline'", "data:"} & {*case.tokens("base-uri")}),
)
_DATA = Reason(
    "ours",
    "it lets data: pass for plugins",
    lambda case: "data:" in case.tokens("object-src", "default-src"),
)
#: A hash that it takes for one, and a nonce.
_GRANTED = Reason(
    "ours",
    "it takes whatever begins with 'nonce- or 'sha256- for a nonce or hash",
    lambda case: any(token.startswith(("'nonce-", "'sha256-")) for token in case.tokens()),
)

MOZILLA = Oracle(
    "Mozilla's HTTP Observatory",
    "@mdn/mdn-http-observatory",
    _refusal,
    (
        Question(
            "injected scripts or plugins",
            codes("CSP201", "CSP203", "CSP204", "CSP205"),
            _fact("unsafeInline"),
            (
                SANDBOX,
                ELEM,
                OTHER_FORMS,
                _DATA,
                HASH_OURS._replace(category=_GRANTED.category),
                _GRANTED,
                OVERRIDDEN,
                Reason(
                    "theirs",
                    "it keeps hosts beside 'strict-dynamic' where there is no nonce or hash",
                    lambda case: case.dynamic,
                ),
                HYPHEN,
                FTP,
            ),
        ),
        Question(
            "eval",
            codes("CSP202"),
            _fact("unsafeEval"),
            (
                SANDBOX,
                EVAL,
                Reason(
                    "theirs",
                    "it takes 'unsafe-eval' in style-src to have an effect",
                    lambda case: "'unsafe-eval'" in case.tokens("style-src", "default-src"),
                ),
            ),
        ),
        Question(
            "plain http",
            codes("CSP207"),
            _fact("insecureSchemeActive", "insecureSchemePassive"),
            (
                Reason(
                    "theirs",
                    "it counts the scheme http: among hosts; we say that any host is allowed",
                    lambda case: "http:" in case.tokens(),
                ),
                FTP,
                DYNAMIC,
                Reason(
                    "ours",
                    "of two report-uri it obeys the last; browsers obey the first",
                    lambda case: case.dropped(Why.REPEATED),
                ),
                Reason(
                    "theirs",
                    "it judges the values of a directive that does not exist",
                    lambda case: case.dropped(Why.NAME),
                ),
                IDLE,
            ),
        ),
        Question(
            "injected styles",
            codes("CSP220"),
            _fact("unsafeInlineStyle"),
            (
                OTHER_FORMS,
                FTP,
                DYNAMIC,
                Reason(
                    "ours",
                    "it does not look at style-src-elem or style-src-attr",
                    _own_styles,
                ),
                _GRANTED,
                HYPHEN,
                DYNAMIC._replace(
                    who="theirs",
                    category="'strict-dynamic' in default-src switches inline styles off as well",
                ),
                Reason(
                    "theirs",
                    "it judges a style-src that one for elements or attributes takes the place of",
                    _own_styles,
                ),
                ALL,
            ),
        ),
        Question(
            "framing", codes("CSP221"), _fact("antiClickjacking", negated=True), (OTHER_FORMS, FTP)
        ),
        Question(
            "<base>", codes("CSP206"), _fact("insecureBaseUri"), (BASE, _BASE_WORDS, OTHER_FORMS)
        ),
        Question("forms", codes("CSP222"), _fact("insecureFormAction"), (OTHER_FORMS, FTP)),
        Question(
            "plugins",
            codes("CSP205"),
            _fact("unsafeObjects"),
            (SANDBOX, ALL, _DATA, OTHER_FORMS, FTP),
        ),
    ),
)
