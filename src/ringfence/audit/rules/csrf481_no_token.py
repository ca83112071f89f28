"""CSRF481: a form that is sent by POST and has no CSRF token."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.audit.model import Form, Hit, Project, Rule, TemplateFacts
from ringfence.audit.rules._forms import Tokens, forms, is_scripted, names_another_site
from ringfence.finding import Confidence

_MIDDLEWARE = re.compile(r"csrf|ringfence", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"\{\{(?!\s*+(?:request\.|url(?:_for)?\(|reverse\(|\w+\.get_absolute_url))|\{%\s*+(?!url\b|if\b)"
)


def check(project: Project) -> Iterator[Hit]:
    """Find them."""
    unguarded = _is_unguarded(project)
    tokens = Tokens(project)
    for facts, form in forms(project):
        if form.method != "post" or names_another_site(form.action):
            continue
        has_token = tokens.of(form, facts)
        if has_token:
            continue
        confidence = _confidence(facts, form, unknown=has_token is None)
        if unguarded and confidence is Confidence.MEDIUM:
            confidence = Confidence.HIGH
        yield Hit(
            form.place,
            "The form is sent by POST and no template gives it a CSRF token: either it is refused, "
            "or its view accepts it from any site"
            + (", as no middleware checks tokens here." if unguarded else "."),
            "{{ csrf_input }}" if facts.engine == "jinja2" else "{% csrf_token %}",
            confidence,
        )


def _confidence(facts: TemplateFacts, form: Form, *, unknown: bool) -> Confidence:
    by_script = is_scripted(form) or any(
        "csrf" in element.content.lower() for element in facts.markup if element.content
    )
    # Where it is sent is not known: another site's form has no use for a token.
    elsewhere = _ELSEWHERE.match(form.action.strip())
    sent = form.fields and not elsewhere
    return Confidence.MEDIUM if sent and not unknown and not by_script else Confidence.LOW


def _is_unguarded(project: Project) -> bool:
    for settings in project.deployed():
        middleware = settings.get("MIDDLEWARE")
        if (
            isinstance(middleware, (list, tuple))
            and middleware
            and all(isinstance(each, str) and not _MIDDLEWARE.search(each) for each in middleware)
        ):
            return True
    return False


RULE = Rule("CSRF481", "template", check)
