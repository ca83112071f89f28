"""Files whose path the request chooses."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Call, Hit, Project, Rule, Value
from ringfence.audit.rules._python import NOBODY, OUTSIDE, argument, ending, origin, short
from ringfence.finding import Confidence

_BY_ARGUMENT = (
    *("open", "remove", "unlink", "rmtree", "listdir", "rename", "copyfile", "makedirs"),
    *("sendfile", "send_file"),
)
_BY_RECEIVER = ("read_text", "read_bytes", "write_text", "write_bytes", "unlink")
_MODULES = frozenset({"os", "io", "codecs", "gzip", "bz2", "lzma", "shutil", "open", "sendfile"})


def check(project: Project) -> Iterator[Hit]:
    """Find paths with a part that the request brings and that may hold ``../``."""
    for call in ending(project, *_BY_ARGUMENT, *_BY_RECEIVER):
        value = _path(call)
        if "path" in value.safe_for or not value.sources & OUTSIDE:
            continue
        if value.name.startswith(("request.FILES", "form.cleaned_data")) and not value.built:
            continue  # an upload, which is a file and no name of one
        yield Hit(
            call.place,
            f"The path given to {short(call)}() has a part from {origin(value)}: ../ leads to any "
            "file that the server may read.",
            "path = django.utils._os.safe_join(folder, name), or a storage's open(name).",
            Confidence.HIGH,
        )


def _path(call: Call) -> Value:
    last = short(call)
    if last in _BY_RECEIVER and call.receiver is not None and call.receiver.sources:
        return call.receiver
    if call.target.partition(".")[0] in _MODULES:
        return argument(call, 0, "file", "path", "filename", "src")
    if last == "open" and call.receiver is not None and not call.args:
        return call.receiver
    return NOBODY


RULE = Rule("PATH401", "python", check)
