"""One policy with everybody's answers, and how two answers are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from ringfence.rings.csp.browser.enforce import SourceList
from ringfence.rings.csp.browser.receive import Received, Why
from ringfence.rings.csp.browser.source import Kind, read_source
from ringfence.rings.csp.evaluate import Evaluation

UNEXPLAINED = "**unexplained**"


class Case:
    """One policy, and what everybody says of it."""

    def __init__(
        self,
        text: str,
        received: tuple[Received, ...],
        evaluation: Evaluation,
        answers: dict[str, Any],
    ) -> None:
        """Hold them together."""
        self.text = text
        self.received = received
        self.evaluation = evaluation
        self.answers = answers

    @cached_property
    def values(self) -> dict[str, list[str]]:
        """What we found: code -> values."""
        found: dict[str, list[str]] = {}
        for finding in self.evaluation.findings:
            found.setdefault(finding.code, []).append(finding.value.strip("'\""))
        return found

    def has(self, *codes: str) -> bool:
        """Whether we found any of these."""
        return any(code in self.values for code in codes)

    def dropped(self, why: Why) -> bool:
        """Whether a browser drops a directive for this."""
        return any(item.why is why for policy in self.received for item in policy.dropped)

    @property
    def sandboxed(self) -> bool:
        """Whether no script runs at all."""
        return any(each.blocks_all_scripts for each in self.evaluation.policies)

    @property
    def requires_trusted_types(self) -> bool:
        """Whether strings are refused where they would run."""
        return any(each.requires_trusted_types for each in self.evaluation.policies)

    def governing(self, name: str) -> str:
        """Which directive governs ``name``, "" where none does."""
        lists = (each.governing(name) for each in self.evaluation.policies)
        return next((found.directive for found in lists if found is not None), "")

    @property
    def script_lists(self) -> list[SourceList]:
        """The lists that govern script elements."""
        lists = (each.governing("script-src-elem") for each in self.evaluation.policies)
        return [found for found in lists if found is not None]

    @property
    def dynamic(self) -> bool:
        """Whether URLs do not count for scripts."""
        return any(found.is_dynamic for found in self.script_lists)

    def tokens(self, *names: str) -> list[str]:
        """Return the values of directives that hold (all, or these), in lower case."""
        return [
            value.lower()
            for policy in self.received
            for name, values in policy.directives
            if not names or name in names
            for value in values
        ]

    def names(self) -> list[str]:
        """Return the names of the directives that hold."""
        return [name for policy in self.received for name, _ in policy.directives]


Answer = Callable[[Case], bool]


class Reason(NamedTuple):
    """Why one says yes and the other no: ``who`` says yes, and when this is the reason."""

    who: str
    category: str
    applies: Answer


class Question(NamedTuple):
    """One question, and the reasons to differ, the first that applies being the one."""

    name: str
    ours: Answer
    theirs: Answer
    reasons: tuple[Reason, ...]


class Oracle(NamedTuple):
    """An oracle and its questions. ``refusal`` says why it has no answer at all, or nothing."""

    title: str
    package: str
    refusal: Callable[[Case], str]
    questions: tuple[Question, ...]

    def differences(self, case: Case) -> Iterator[tuple[str, str | None]]:
        """Yield each question with the category of the difference, None where there is none."""
        refusal = self.refusal(case)
        if refusal:
            yield "all", refusal
            return
        for question in self.questions:
            ours, theirs = question.ours(case), question.theirs(case)
            if ours == theirs:
                yield question.name, None
            else:
                who = "ours" if ours else "theirs"
                yield f"{question.name}, {who}", _reason(question, who, case)


def _reason(question: Question, who: str, case: Case) -> str:
    for reason in (*READING, *question.reasons):
        if reason.who in (who, "both") and reason.applies(case):
            return reason.category
    return UNEXPLAINED


def codes(*wanted: str) -> Answer:
    """Return the answer that is yes where we found one of these."""
    return lambda case: case.has(*wanted)


def always(_case: Case) -> bool:
    """Return yes."""
    return True


def _uses_elem(case: Case) -> bool:
    return any(name in ("script-src-elem", "script-src-attr") for name in case.names())


def _overridden(case: Case) -> bool:
    own = ("script-src-elem", "script-src-attr")
    return any(case.governing(name) == name for name in own)


def _other_forms(case: Case) -> bool:
    sources = (read_source(token) for token in case.tokens())
    return any(
        source is not None and source.kind is Kind.HOST and source.is_anywhere for source in sources
    )


def _bad_hash(case: Case) -> bool:
    return any("sha256-xxxxx'" in token for token in case.tokens())


def _trusts(found: SourceList) -> bool:
    hashes = found.of_kind(Kind.HASH)
    return bool(found.of_kind(Kind.NONCE)) or (found.is_dynamic and bool(hashes))


def _idle(case: Case) -> bool:
    return case.dynamic or case.has("CSP229", "CSP101", "CSP001", "CSP005")


#: What both oracles get wrong in reading, whatever is asked.
READING = (
    Reason(
        "both",
        "it reads a comma as part of a value; browsers begin a new policy",
        lambda case: "," in case.text,
    ),
    Reason(
        "both",
        "it keeps a directive that browsers drop for a character outside ASCII",
        lambda case: case.dropped(Why.CHARACTERS),
    ),
)

ELEM = Reason("ours", "it does not look at script-src-elem or script-src-attr for this", _uses_elem)
SANDBOX = Reason(
    "theirs",
    "it judges the scripts of a page that is sandboxed without any",
    lambda case: case.sandboxed,
)
ALL = Reason(
    "theirs",
    "we say that nothing limits scripts, and leave the lesser holes out",
    codes("CSP204"),
)
OVERRIDDEN = Reason(
    "theirs",
    "it judges a script-src that script-src-elem or script-src-attr takes the place of",
    _overridden,
)
OTHER_FORMS = Reason(
    "ours",
    "any host, written otherwise than `*` or a scheme (`*:*`, `https://*:8443`)",
    _other_forms,
)
HASH_OURS = Reason("ours", "it takes a hash that does not decode for a hash", _bad_hash)
HASH_THEIRS = HASH_OURS._replace(who="theirs")
HYPHEN = Reason(
    "theirs",
    "it does not know 'sha-256-…' for a hash, which Chromium does",
    lambda case: any("'sha-" in token for token in case.tokens()),
)
IDLE = Reason("theirs", "we are silent about a source that has no effect where it stands", _idle)
FTP = Reason(
    "theirs",
    "it counts ftp:, from which browsers load nothing any more",
    lambda case: any(token.startswith("ftp:") for token in case.tokens()),
)
EVAL = Reason(
    "theirs",
    "'unsafe-eval' lets no string run where Trusted Types are required",
    lambda case: case.requires_trusted_types,
)
BASE = Reason(
    "theirs",
    "a base matters only where scripts are trusted by nonce or 'strict-dynamic'",
    lambda case: case.sandboxed or not any(map(_trusts, case.script_lists)),
)
DYNAMIC = Reason(
    "ours",
    "it takes 'strict-dynamic' in default-src to switch hosts off for other things, too",
    lambda case: "'strict-dynamic'" in case.tokens("default-src"),
)
