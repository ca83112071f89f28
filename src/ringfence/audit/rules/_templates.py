"""What the rules of templates have in common: which variables matter, and how much."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from ringfence.audit.model import (
    Hit,
    Markup,
    Place,
    Project,
    Source,
    TemplateFacts,
    TemplateVariable,
)
from ringfence.audit.rules._views import is_made_safe, values_of
from ringfence.finding import Confidence

__all__ = [
    "certainty",
    "hits",
    "is_foreign",
    "is_mail",
    "is_number",
    "is_tame",
    "markup",
    "place_of",
    "shown",
    "templates",
    "variables",
]

_HARMLESS = (
    "length length_is yesno floatformat intcomma date time pluralize add_int int float round"
    " divisibleby filesizeformat slugify urlencode tojson json_script force_escape count"
    " timestamp get_digit wordcount unlocalize"
)
_HARMLESS_FILTERS = frozenset(_HARMLESS.split())
_NUMBERS = re.compile(
    r"(?:^|[._])(?:pk|ids?|uuid|guid|index|idx|counter0?|revcounter0?|count|counts|num|number|total"
    r"|size|width|height|length|page|pages|per_page|page_number|num_pages|limit|offset|max|min"
    r"|order|position|year|month|day|hour|minute|timestamp|level|depth|lat|lng|lon|latitude"
    r"|longitude|zoom|percent|percentage|price|amount|quantity|qty|ratio|score|rank|duration"
    r"|timeout|interval)(?:\(\))?$"
    r"|(?:^|[._])(?:is|has|can|num|max|min|total|nb|enable|show|use|allow)_\w+$"
    r"|maximum|minimum"
    r"|_(?:id|pk|count|number|num|size|index|total|width|height|length|max|min|enabled)$|Id$|Count$"
)
#: What Django and form libraries make, escaped where it has to be.
_MADE = re.compile(
    r"(?:^|\.)(?:as_p|as_table|as_ul|as_div|as_widget|label_tag|legend_tag|\w*media|management_form"
    r"|hidden_fields|errors|non_field_errors|csrf_input|csrf_token|get_edited_object_html|__html__)"
    r"(?:\(\))?$|^(?:form|formset|csrf_token|csrf_input|block\.super|super|caller|widget)(?:\(\))?$"
)
#: A developer's own words, as a rule, or markup that a function of the site's makes.
_DEVELOPERS = re.compile(
    r"(?:^|[._])(?:help_text|verbose_name|icon|icons|svg|svg_icon|legend|attrs|flatatt|styles"
    r"|extra_attrs|attributes|css|stylesheet|STATIC_URL|MEDIA_URL|LANGUAGE_CODE|separator|sep"
    r"|indent|nbsp)(?:\(\))?$|(?:^|[._])rendered$|^rendered_|\.render$|\.as_html$"
    r"|^label$|(?:form|field|widget|option|choice)s?\.(?:\w+\.)*+label$"
    r"|^form\.\w+$|^(?:field|fieldset|formset|widget|panel|inline_admin_\w+)\."
    r"|^(?:[\w.]+\.)?(?:render|icon|svg|include|inline|bootstrap|crispy|field|form|paginate"
    r"|pagination|macros?)\w*\(",
)
_RENDERING = (
    "markdown markdownify markdown_deux md commonmark render_markdown richtext"
    " richtext_filters textile restructuredtext highlight pygmentize as_crispy_field"
    " render_field as_widget render_bundle typogrify typography add_class addclass attr widont"
    " widget_attrs field_attrs render_as render bbcode typogrify"
)
_RENDERING_FILTERS = frozenset(_RENDERING.split())
#: The server's own, or a header that no other site can have a visitor's browser send.
_OF_SERVER = re.compile(
    r"request\.META\.(?:HTTP_HOST|SERVER_\w+|REMOTE_\w+|HTTP_X_FORWARDED_\w+|SCRIPT_NAME)"
)
_REQUEST = re.compile(
    r"^(?:self\.)?request\.(?:GET|POST|COOKIES|META|REQUEST|FILES|headers|body|path|path_info"
    r"|get_full_path|build_absolute_uri|get_raw_uri|query_params|data|args|params|session\.GET)\b"
)
_MAIL = re.compile(r"(?:^|[/_.-])e?-?mails?(?:[/_.-]|$)|newsletter", re.IGNORECASE)


#: Lines between a variable and its ``autoescape off`` that are one place.
_NEAR = 3
_SCRIPTS = frozenset(("script", "string", "handler"))
_VISITORS = frozenset((Source.REQUEST, Source.URL, Source.FORM))


def templates(project: Project) -> Iterator[TemplateFacts]:
    """Yield the templates that are no test's."""
    return (facts for facts in project.templates.values() if not facts.is_test)


def variables(
    project: Project, *languages: str
) -> Iterator[tuple[TemplateFacts, TemplateVariable]]:
    """Yield the variables that stand in these languages, of templates that are no test's."""
    for facts in templates(project):
        for variable in facts.variables:
            if variable.language in languages and variable.tag != "debug":
                yield facts, variable


def markup(project: Project, *names: str) -> Iterator[Markup]:
    """Yield the elements of these names, all if there are none."""
    for facts in templates(project):
        for element in facts.markup:
            if not names or element.element in names:
                yield element


def hits(
    project: Project,
    languages: tuple[str, ...],
    judge: Callable[[TemplateFacts, TemplateVariable], Confidence | None],
    reason: str,
    fix: str,
) -> Iterator[Hit]:
    """Yield a hit for each variable that ``judge`` is sure of to some degree.

    ``{variable}`` in ``reason`` and ``fix`` becomes the variable as it is shown.
    """
    for facts, variable in variables(project, *languages):
        confidence = judge(facts, variable)
        if confidence is not None:
            sure = certainty(project, facts, variable, confidence)
            if sure is not None:
                yield Hit(
                    place_of(variable),
                    reason.replace("{variable}", shown(variable)),
                    fix.replace("{variable}", variable.expression[:80]),
                    sure,
                )


def place_of(variable: TemplateVariable) -> Place:
    """Return where a variable is reported: with its ``autoescape off``, if that stands near."""
    place = variable.place
    near = variable.since and not variable.escaped and place.line - variable.since <= _NEAR
    return replace(place, line=variable.since, end_line=place.line) if near else place


def certainty(
    project: Project,
    facts: TemplateFacts,
    variable: TemplateVariable,
    otherwise: Confidence,
) -> Confidence | None:
    """Return how sure it is that a variable brings what an attacker wrote; None if it does not."""
    expression = variable.expression
    if _REQUEST.match(expression) and not _OF_SERVER.match(expression):
        return Confidence.HIGH
    filters = variable.filters
    in_script = variable.language in _SCRIPTS
    if _MADE.search(expression) or _HARMLESS_FILTERS.intersection(filters):
        return None
    use = "url" if variable.language == "url" else "html"
    values = values_of(project, facts, expression)
    if values:
        if all(value.is_literal or (use in value.safe_for and not in_script) for value in values):
            return None
        dangerous = [value for value in values if value.from_outside(use)]
        if any(value.sources & _VISITORS for value in dangerous):
            return Confidence.HIGH
        if dangerous:
            return max(otherwise, Confidence.MEDIUM)
    if "safe" in filters and "striptags" in filters[filters.index("safe") :]:
        return Confidence.LOW
    if not in_script and is_made_safe(project, expression, filters):
        return None
    if (
        is_number(variable)
        or _DEVELOPERS.search(expression)
        or _RENDERING_FILTERS.intersection(variable.filters)
    ):
        return Confidence.LOW
    return otherwise


def is_number(variable: TemplateVariable) -> bool:
    """Whether the variable's name is that of a number or of a yes or no."""
    return _NUMBERS.search(variable.expression) is not None


def is_tame(expression: str) -> bool:
    """Whether a variable's name is that of a number, or of a developer's own words.

    >>> is_tame("form.auto_id"), is_tame("user.nickname")
    (True, False)
    """
    return bool(_NUMBERS.search(expression) or _DEVELOPERS.search(expression))


def is_mail(facts: TemplateFacts) -> bool:
    """Whether the template is, by its path, a mail's: mail programs run no scripts."""
    return _MAIL.search(facts.path) is not None


def is_foreign(url: str) -> bool:
    """Whether a URL of the template's text names a host.

    >>> is_foreign("https://a.example/x"), is_foreign("//a.example"), is_foreign("/x")
    (True, True, False)
    """
    url = url.strip().lower()
    return url.startswith(("http://", "https://", "//")) and not url.startswith(
        ("http://{", "https://{", "//{", "http://localhost", "http://127.0.0.1")
    )


def shown(variable: TemplateVariable) -> str:
    """Return the variable as a message shows it."""
    expression = " ".join(variable.expression.split())[:60]
    return "|".join((expression, *variable.filters))
