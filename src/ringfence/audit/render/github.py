"""Annotations for GitHub Actions: workflow commands, one a line.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from ringfence.audit.render.plain import harmless, is_url, message, where
from ringfence.audit.verdict import Verdict
from ringfence.finding import Severity

__all__ = ["render"]

_COMMANDS = {
    Severity.INFO: "notice",
    Severity.WARNING: "warning",
    Severity.DEPLOY_ERROR: "error",
    Severity.ERROR: "error",
}


def render(verdict: Verdict) -> str:
    """Return a command for each finding, and one for each thing that kept the audit from asking."""
    lines = []
    for finding in verdict.findings:
        place = finding.hit.place
        properties = {"title": f"{finding.code} {finding.title}"}
        said = message(finding)
        if is_url(place.path):
            said = f"{where(place)}: {said}"
        else:
            line, end = str(place.line), str(max(place.end_line, place.line))
            properties = {"file": place.path, "line": line, "endLine": end, **properties}
        lines.append(_command(_COMMANDS[finding.severity], properties, said))
    if verdict.incomplete:
        lines.append(_command("error", {"title": "ringfence audit"}, verdict.incomplete))
    return "".join(f"{line}\n" for line in lines)


def _command(name: str, properties: dict[str, str], said: str) -> str:
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    return f"::{name} {given}::{_data(said)}"


def _data(text: str) -> str:
    # The percent sign first, as @actions/core does; then what else would end the command.
    return harmless(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
