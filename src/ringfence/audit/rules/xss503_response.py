"""``HttpResponse(text)`` is HTML unless it says otherwise, and nothing in it is escaped."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import UNKNOWN, Call, Hit, Project, Rule, Source, Value
from ringfence.audit.rules._python import OUTSIDE, argument, ending, origin
from ringfence.finding import Confidence

_NAMES = (
    *("HttpResponse", "HttpResponseBadRequest", "HttpResponseNotFound", "HttpResponseForbidden"),
    *("HttpResponseServerError", "HttpResponseGone", "StreamingHttpResponse"),
)
_MARKUP = ("text/html", "xhtml", "image/svg", "text/xml", "application/xml")


def check(project: Project) -> Iterator[Hit]:
    """Find responses whose body has data in it that nobody escaped."""
    for call in ending(project, *_NAMES):
        value = argument(call, 0, "content", "streaming_content")
        confidence = _confidence(value)
        if confidence is not None and _is_jsonp(call, value):
            yield _jsonp(call)
            continue
        if confidence is None or not _is_markup(project, call):
            continue
        if argument(call, 1, "content_type").sources & OUTSIDE:
            confidence = Confidence.HIGH
        yield _hit(call, value, confidence)
    for call in ending(project, "write"):
        if call.target.startswith("django.http.") and not _is_other_text(project, call):
            value = argument(call, 0, "content")
            confidence = _confidence(value)
            if confidence is not None:
                yield _hit(call, value, confidence)


def _hit(call: Call, value: Value, confidence: Confidence) -> Hit:
    return Hit(
        call.place,
        f"The body of this response is HTML with a part from {origin(value)} that is not escaped.",
        "Render a template, escape() the data, or say content_type='text/plain' "
        "(JsonResponse for JSON).",
        confidence,
    )


def _is_jsonp(call: Call, value: Value) -> bool:
    """Say whether a script begins with what the request says: the name of a function."""
    kind = argument(call, 1, "content_type", "mimetype").literal
    begins = bool(value.sources & OUTSIDE) and value.built and "url" not in value.safe_for
    return begins and isinstance(kind, str) and "javascript" in kind.lower()


def _jsonp(call: Call) -> Hit:
    return Hit(
        call.place,
        "The script begins with whatever the request names as its callback, and any site may load "
        "it: with the data in it, and with code of its choice.",
        "Answer with JsonResponse and let CORS name who may read it; else take no callback but one "
        r"that re.fullmatch(r'[\w.]{1,60}', callback) accepts.",
        Confidence.MEDIUM,
    )


def _confidence(value: Value) -> Confidence | None:
    if value.literal is not UNKNOWN or ("html" in value.safe_for and not value.opaque):
        return None
    outside = value.sources & OUTSIDE
    if outside and "html" not in value.safe_for:
        # A file that was sent is data, but its text is seldom what is answered.
        return Confidence.LOW if value.name.startswith("request.FILES") else Confidence.HIGH
    if "exception" in value.calls:
        return Confidence.MEDIUM
    if Source.MODEL in value.sources and value.built and "html" not in value.safe_for:
        return Confidence.MEDIUM
    return None


def _is_other_text(project: Project, call: Call) -> bool:
    """Say whether the function that writes to a response made one that is no HTML."""
    made = (
        each
        for each in project.python[call.place.path].calls
        if each.function == call.function and each.target.rpartition(".")[2] in _NAMES
    )
    return not all(_is_markup(project, each) for each in made)


def _is_markup(project: Project, call: Call) -> bool:
    kind = argument(call, 1, "content_type", "mimetype")
    if "headers" in call.kwargs:
        return False
    if len(call.args) > 1 or "content_type" in call.kwargs or "mimetype" in call.kwargs:
        if kind.sources & OUTSIDE:
            return True  # whoever sends the text says what it is
        return isinstance(kind.literal, str) and kind.literal.startswith(_MARKUP)
    facts = project.python[call.place.path]
    return not any(
        given.function == call.function and given.target.lower().endswith("[content-type]")
        for given in facts.assignments
    )


RULE = Rule("XSS503", "python", check)
