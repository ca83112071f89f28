"""Commands put together from data and given to a shell."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import UNKNOWN, Call, Hit, Project, Rule, Value
from ringfence.audit.rules._python import OUTSIDE, argument, ending, origin, short
from ringfence.finding import Confidence

_SHELLS = frozenset(
    {"os.system", "os.popen", "os.popen2", "subprocess.getoutput", "subprocess.getstatusoutput"}
    | {"commands.getoutput", "commands.getstatusoutput", "asyncio.create_subprocess_shell"}
)
_LISTS = ("run", "call", "check_call", "check_output", "Popen")


def check(project: Project) -> Iterator[Hit]:
    """Find commands with data in them that a shell takes apart."""
    names = {name.rpartition(".")[2] for name in _SHELLS}
    for call in ending(project, *names, *_LISTS):
        if not call.target.startswith(("os.", "subprocess.", "commands.", "asyncio.")):
            continue
        value = argument(call, 0, "args", "cmd", "command")
        confidence = _confidence(call, value)
        if confidence is not None:
            yield Hit(
                call.place,
                f"The command given to {short(call)}() has a part from {origin(value)}; a shell "
                "takes ; and $( in it for more commands.",
                "subprocess.run(['program', value], check=True): a list, and no shell=True.",
                confidence,
            )


def _confidence(call: Call, value: Value) -> Confidence | None:
    if value.literal is not UNKNOWN or ("shell" in value.safe_for and value.sources):
        return None
    by_shell = call.target in _SHELLS or call.kwargs.get("shell", Value()).literal is True
    outside = bool(value.sources & OUTSIDE)
    if not by_shell:
        # A list: only a first element that the request names chooses what is run.
        first = value.items[0] if value.items else value
        chosen = isinstance(first, Value) and bool(first.sources & OUTSIDE)
        return Confidence.HIGH if chosen else None
    if outside:
        return Confidence.HIGH
    if value.built and (value.sources or value.opaque):
        return Confidence.MEDIUM
    return Confidence.LOW


RULE = Rule("EXEC402", "python", check)
