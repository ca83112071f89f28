"""``allow_tags = True``: how the admin's columns were shown as markup until Django 2.0."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import UNKNOWN, Hit, Project, Rule
from ringfence.audit.rules._python import files
from ringfence.finding import Confidence


def check(project: Project) -> Iterator[Hit]:
    """Find the attribute where the function that it is given to returns data unescaped."""
    for facts in files(project):
        for given in facts.assignments:
            if not given.target.endswith(".allow_tags") or given.value.literal is not True:
                continue
            name = given.target.split(".")[-2]
            returns = [
                function.returns
                for function in facts.functions
                if function.name.rpartition(".")[2] == name
            ]
            plain = [
                value
                for value in returns
                if value.literal is UNKNOWN and ("html" not in value.safe_for or value.opaque)
            ]
            if plain or not returns:
                yield Hit(
                    given.place,
                    "allow_tags shows the column's text as markup, and the text has data in it.",
                    "Return format_html('<b>{}</b>', value) and take allow_tags away.",
                    Confidence.MEDIUM if any(value.built for value in plain) else Confidence.LOW,
                )


RULE = Rule("XSS505", "python", check)
