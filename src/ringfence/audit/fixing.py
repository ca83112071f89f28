"""``--fix``: which findings can be mended, and that the result is what was meant.

Edits are made of the files' texts, applied to copies in a folder of their own, and the tree is
audited again with the copies in the files' places. What is not gone by then, or brings something
new, is taken back. This goes on until nothing is left to do, so that a second run changes nothing.
Nothing of the tree is written here.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from ringfence.audit.collect.environment.names import form_of
from ringfence.audit.drafts import Draft, Original, UnfitError, overlap, staged
from ringfence.audit.fixes import all_fixes
from ringfence.audit.fixes._text import Text
from ringfence.audit.model import Edit, Finding, Report
from ringfence.audit.soundness import flaw
from ringfence.audit.verdict import Verdict
from ringfence.finding import Confidence
from ringfence.records import record

__all__ = ["Again", "Mended", "grown", "mend", "offered"]

#: How often the tree is audited again, at the most.
_MOST: Final = 20

#: The tree audited again, with some files read from elsewhere.
Again = Callable[[Mapping[str, Path]], Verdict]


@record
class Mended:
    """What became of it. ``verdict`` is about the tree as ``drafts`` have it."""

    drafts: Sequence[Draft]
    verdict: Verdict
    fixed: Sequence[Finding]
    #: Findings that were not mended although they could have been, and why.
    dropped: Sequence[tuple[Finding, str]]


def offered(root: Path, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings with the edits that would mend them, safe or not."""
    texts: dict[str, Text | None] = {}
    for path in {finding.hit.place.path for finding in findings if finding.code in all_fixes()}:
        try:
            texts[path] = Text(path, Original.read(root, path).text)
        except UnfitError:
            texts[path] = None
    return [_with_edits(finding, texts.get(finding.hit.place.path)) for finding in findings]


def mend(verdict: Verdict, again: Again, *, unsafe: bool = False) -> Mended:
    """Return what the files of the tree are to become for the findings that are shown."""
    with tempfile.TemporaryDirectory(prefix="ringfence-") as folder:
        return _Mending(verdict, again, Path(folder), unsafe=unsafe).run()


def _with_edits(finding: Finding, text: Text | None) -> Finding:
    fix = all_fixes().get(finding.code)
    if fix is None or text is None or form_of(finding.hit.place.path):
        # What a line of the environment looks like is not what it is in Python.
        return finding
    try:
        edits = tuple(fix.make(text, finding))
    except (LookupError, ValueError, RecursionError):
        # The text is not what the finding was made of.
        edits = ()
    if finding.confidence is Confidence.LOW and not all(edit.safe for edit in edits):
        # An inventory is no reason to change what a site does.
        return finding
    return replace(finding, hit=replace(finding.hit, edits=edits)) if edits else finding


@dataclass(slots=True)
class _Mending:
    verdict: Verdict
    again: Again
    folder: Path
    unsafe: bool
    drafts: dict[str, Draft] = field(default_factory=dict)
    fixed: list[Finding] = field(default_factory=list)
    dropped: dict[tuple[str, str], tuple[Finding, str]] = field(default_factory=dict)
    audits: int = 0

    def run(self) -> Mended:
        while chosen := self._chosen():
            trial, chosen = self._applied(chosen)
            while chosen and not self._accepted(trial, chosen):
                chosen = [each for each in chosen if _key(each) not in self.dropped]
                trial, chosen = self._applied(chosen)
        changed = [draft for _, draft in sorted(self.drafts.items()) if draft.changes]
        return Mended(changed, self.verdict, self.fixed, list(self.dropped.values()))

    def _chosen(self) -> list[Finding]:
        """Return findings with edits that can be made together."""
        if self.audits >= _MOST:
            return []
        chosen: list[Finding] = []
        taken: dict[str, set[Edit]] = {}
        for finding in self._findings():
            edits = finding.hit.edits
            if not edits or _key(finding) in self.dropped:
                continue
            if not self.unsafe and not all(edit.safe for edit in edits):
                continue
            if overlap(edits):
                self.dropped[_key(finding)] = (finding, "its edits overlap")
                continue
            # One that overlaps another's waits until that one is made.
            together = {path: taken.get(path, set()).union(of) for path, of in _by_path(edits)}
            if not any(overlap(each) for each in together.values()):
                taken.update(together)
                chosen.append(finding)
        return chosen

    def _findings(self) -> Iterator[Finding]:
        texts: dict[str, Text | None] = {}
        for finding in self.verdict.findings:
            path = finding.hit.place.path
            if finding.code in all_fixes() and path not in texts:
                try:
                    texts[path] = Text(path, self._draft(path).text)
                except UnfitError as error:
                    texts[path] = None
                    self.dropped[_key(finding)] = (finding, str(error))
            yield _with_edits(finding, texts.get(path))

    def _draft(self, path: str) -> Draft:
        if path not in self.drafts:
            self.drafts[path] = Draft.of(Original.read(self.verdict.root, path))
        return self.drafts[path]

    def _applied(self, chosen: Sequence[Finding]) -> tuple[dict[str, Draft], list[Finding]]:
        """Return the drafts after the edits of the findings, less those that cannot be made."""
        drafts = dict(self.drafts)
        bad: dict[str, str] = {}
        edits = {edit for finding in chosen for edit in finding.hit.edits}
        for path, of_path in _by_path(edits):
            before = self._draft(path)
            after = before.edited(of_path)
            try:
                _ = after.data
                why = flaw(Text(path, before.text), after.text, of_path)
            except (UnfitError, RecursionError) as error:
                why = str(error)
            drafts[path] = after
            if why:
                bad[path] = why
        if not bad:
            return drafts, list(chosen)
        for finding in chosen:
            whys = [bad[edit.path] for edit in finding.hit.edits if edit.path in bad]
            if whys:
                self.dropped[_key(finding)] = (finding, whys[0])
        return self._applied([each for each in chosen if _key(each) not in self.dropped])

    def _accepted(self, trial: dict[str, Draft], chosen: Sequence[Finding]) -> bool:
        """Audit the tree as it would be, and go on from there if it got better throughout."""
        if self.audits >= _MOST:
            self._drop(chosen, "it could not be tried: too many fixes had to be taken back")
            return False
        self.audits += 1
        verdict = self.again(staged(trial, self.folder))
        bad = list(_worse(self.verdict.report, verdict.report, chosen))
        if bad:
            self._drop(bad, "audited again, it was not gone, or something else was found")
            return False
        self.drafts, self.verdict = trial, verdict
        self.fixed += chosen
        return True

    def _drop(self, findings: Sequence[Finding], why: str) -> None:
        self.dropped.update({_key(finding): (finding, why) for finding in findings})


def _key(finding: Finding) -> tuple[str, str]:
    return finding.code, finding.fingerprint


def _by_path(edits: Sequence[Edit] | set[Edit]) -> Iterator[tuple[str, list[Edit]]]:
    for path in sorted({edit.path for edit in edits}):
        yield path, [edit for edit in edits if edit.path == path]


def grown(before: Report, after: Report, chosen: Sequence[Finding] = ()) -> set[tuple[str, str]]:
    """Return the codes and paths that there are more findings of, ``chosen`` being gone."""
    more: set[tuple[str, str]] = set()
    # What was mended may leave something to look at once: less sure, it is another finding.
    for least in (Confidence.LOW, Confidence.MEDIUM):
        expected = _counted(before.findings, least)
        expected.subtract(_place(each) for each in chosen if _level(each) is least)
        found = _counted(after.findings, least)
        more |= {place for place, count in found.items() if count > expected[place]}
    return more


def _worse(before: Report, after: Report, chosen: Sequence[Finding]) -> Iterator[Finding]:
    """Yield those of ``chosen`` that are not gone, or that may have brought something new."""
    more = grown(before, after, chosen)
    unread = {each.path for each in after.skipped} - {each.path for each in before.skipped}
    if not more and not unread and not set(after.unasked) - set(before.unasked):
        return
    paths = unread | {path for _, path in more}
    guilty = [each for each in chosen if _place(each) in more or each.hit.place.path in unread]
    near = [each for each in chosen if paths.intersection(edit.path for edit in each.hit.edits)]
    yield from guilty or near or chosen


def _place(finding: Finding) -> tuple[str, str]:
    return finding.code, finding.hit.place.path


def _level(finding: Finding) -> Confidence:
    return min(finding.confidence, Confidence.MEDIUM)


def _counted(findings: Sequence[Finding], least: Confidence) -> Counter[tuple[str, str]]:
    return Counter(_place(each) for each in findings if each.confidence >= least)
