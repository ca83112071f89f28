"""A file that a visitor uploaded is served as a document of the site's, and its script runs there.

HTML, SVG, and markup in a file without a type, which a browser guesses. Oracle: the payload calls
the browser's binding where the file is opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ringfence.prove.aims import answers
from ringfence.prove.posting import post
from ringfence.prove.stage import (
    Attack,
    Outcome,
    Result,
    Target,
    new_marker,
    new_number,
    one_by_one,
    path_of,
)

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Survey
    from ringfence.prove.stage import Stage

__all__ = ["ATTACK"]

_SCRIPT = "<script>ringfence({})</script>"
_SVG = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{_SCRIPT}</svg>'
_KINDS = {
    "html": f"<!doctype html><title>x</title>{_SCRIPT}",
    "svg": _SVG,
    "xhtml": f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{_SCRIPT}</body></html>',
    # No type is known for it, or one that says nothing.
    "unknown": f"<!doctype html><html><title>x</title>{_SCRIPT}</html>",
}


def _find(survey: Survey) -> tuple[Target, ...] | str:
    targets = []
    for found in survey.forms:
        fields = [field.name for field in found.form.fields if field.kind == "file"]
        if found.form.method == "post" and fields:
            path = path_of(found.form.action)
            targets += [
                Target(
                    "",
                    f"{kind} by {fields[0]} of {path}",
                    visitor=found.visitor,
                    form=found.form,
                    parameter=fields[0],
                    place=found.place,
                    data={"kind": kind},
                )
                for kind in _KINDS
            ]
    return tuple(targets) or "no form that takes a file was found"


def _strike(stage: Stage, target: Target) -> Result:
    number, marker = new_number(), new_marker()
    content = _KINDS[target.data["kind"]].format(number)
    before = stage.files()
    _upload(stage, target, content, marker)
    new = [row for row, name in stage.files().items() if before.get(row) != name]
    if not new:
        return Result(Outcome.STOPPED, "refused", "the site did not keep the file")
    shown = False
    for path in _places(stage, target, new):
        answer = stage.ask("GET", path, visitor=target.visitor)
        if number not in answer.text:
            continue
        shown = True
        visit = stage.visit(stage.url(path))
        if number in visit.fired:
            return Result(
                Outcome.SUCCEEDED,
                "ran",
                f"its script ran at {path}, served as {answer.kind or 'nothing'}",
                target=replace(target, path=target.path or path),
                picture=stage.picture(),
            )
    if not shown:
        return Result(Outcome.STOPPED, "not shown", "the file was kept, and is shown nowhere")
    return Result(Outcome.STOPPED, "not run", "the file is shown, and nothing in it ran")


def _upload(stage: Stage, target: Target, content: str, marker: str) -> None:
    if target.form is None:
        raise ValueError(f"{target.label} names no form.")
    kind = target.data["kind"]
    filename = marker if kind == "unknown" else f"{marker}.{kind}"
    files = {target.parameter or "": (filename, content.encode())}
    post(stage, target.form, target.visitor, marker, files)


def _places(stage: Stage, target: Target, rows: list[str]) -> Iterator[str]:
    for row in rows:
        yield from stage.paths_of(row)


def _use(stage: Stage, target: Target) -> str | None:
    page = path_of(target.form.page) if target.form else "/"
    return answers(stage, replace(target, path=page))


ATTACK = Attack(
    name="upload",
    title="uploaded file whose script runs as the site's",
    cwe="CWE-434",
    stopped_by=("csp",),
    find=_find,
    strike=one_by_one(_strike),
    use=_use,
    fix="serve uploads from a host of their own, or as `Content-Disposition: attachment`, nosniff",
    changes=True,
    guess=True,
)
