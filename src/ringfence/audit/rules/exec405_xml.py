"""XML parsers that follow what a document says to read."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Call, Hit, Project, Rule
from ringfence.audit.rules._python import OUTSIDE, argument, ending
from ringfence.finding import Confidence

_PARSERS = ("parseString", "parse", "fromstring", "XML", "iterparse", "parsestring")
_MODULES = ("lxml.", "xml.dom.", "xml.sax.", "xml.etree.")


def check(project: Project) -> Iterator[Hit]:
    """Find external entities switched on, and parsers of what a request brings."""
    for call in ending(project, "setFeature", "XMLParser", *_PARSERS):
        confidence = _switched_on(call) or _parses_request(call)
        if confidence is not None:
            yield Hit(
                call.place,
                "A document may name files and addresses for this parser to read, or entities "
                "that grow without end.",
                "defusedxml's parse() and fromstring(); lxml's XMLParser(resolve_entities=False, "
                "no_network=True).",
                confidence,
            )


def _switched_on(call: Call) -> Confidence | None:
    if call.target.endswith("setFeature"):
        feature = argument(call, 0)
        name = feature.literal if isinstance(feature.literal, str) else feature.name
        external = "external_ges" in name or "external-general-entities" in name
        on = argument(call, 1).literal is True
        return Confidence.HIGH if external and on else None
    if call.target.endswith("XMLParser"):
        for option, value in (
            ("resolve_entities", True),
            ("no_network", False),
            ("load_dtd", True),
        ):
            given = call.kwargs.get(option)
            if given is not None and given.literal is value:
                return Confidence.MEDIUM
    return None


def _parses_request(call: Call) -> Confidence | None:
    if not call.target.startswith(_MODULES) or call.target.endswith(("XMLParser", "setFeature")):
        return None
    if not argument(call, 0).sources & OUTSIDE or len(call.args) > 1 or "parser" in call.kwargs:
        return None
    # lxml resolved entities of its own accord until 5.0.
    return Confidence.HIGH if call.target.startswith("lxml.") else Confidence.MEDIUM


RULE = Rule("EXEC405", "python", check)
