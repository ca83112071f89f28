"""What several attacks aim at, and the visitor's ordinary use of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.prove.stage import Target

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Survey
    from ringfence.prove.stage import Stage

__all__ = ["answers", "private_pages", "sees_secret"]


def private_pages(survey: Survey, *, html: bool = False) -> tuple[Target, ...] | str:
    """Return the pages that show their visitor's data, one of each pattern; or why there is none.

    ``html`` leaves out what is no document.
    """
    kinds: dict[str, Target] = {}
    for page in survey.with_secret():
        if page.is_html or not html:
            label = f"GET {page.path}"
            kinds.setdefault(
                page.pattern, Target(page.path, label, visitor=page.visitor, place=page.place)
            )
    if not kinds:
        what = "HTML page" if html else "page"
        return f"no {what} that shows its visitor's name or e-mail address was found"
    return tuple(kinds.values())


def sees_secret(stage: Stage, target: Target) -> str | None:
    """Say what keeps the visitor from seeing his own data at the target, None for nothing."""
    answer = stage.ask("GET", target.path, visitor=target.visitor)
    if stage.secret(target.visitor) in answer.text:
        return None
    return f"the victim does not see the page either ({answer.error or answer.status})"


def answers(stage: Stage, target: Target) -> str | None:
    """Say what keeps the visitor from using the page of the target, None for nothing."""
    answer = stage.ask("GET", target.path, visitor=target.visitor)
    if answer.error or answer.status >= 400:
        return f"the page does not load ({answer.error or answer.status})"
    return None
