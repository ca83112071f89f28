"""DEPL402: The server reloads code while it serves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ringfence.audit.model import Hit, Place, Project, Rule
from ringfence.audit.rules._environment import SURE, commands, words

_FLAGS = {
    "gunicorn": frozenset({"--reload"}),
    "uvicorn": frozenset({"--reload"}),
    "hypercorn": frozenset({"--reload"}),
    "granian": frozenset({"--reload"}),
    "uwsgi": frozenset({"--py-autoreload", "--py-auto-reload", "--python-autoreload"}),
}
#: Variables that servers take options from.
_VARIABLES = {"GUNICORN_CMD_ARGS": "gunicorn"}


def _reloads(server: str, options: Sequence[str]) -> bool:
    flags = _FLAGS[server]
    return any(each.partition("=")[0] in flags and not each.endswith("=0") for each in options)


def _check(project: Project) -> Iterator[Hit]:
    for file, command, said in commands(project):
        for at, word in enumerate(said):
            server = word.rpartition("/")[2]
            if server in _FLAGS and _reloads(server, said[at + 1 :]):
                yield _hit(command.place, server, file.purpose)
                break
    for file in project.environment:
        for variable in file.variables if file.purpose in SURE else ():
            own = _VARIABLES.get(variable.name, "")
            if own and _reloads(own, words(variable.value or "")):
                yield _hit(variable.place, own, file.purpose)


def _hit(place: Place, server: str, purpose: str) -> Hit:
    return Hit(
        place,
        f"{server} watches the files and runs what has been written to them: a hole that writes a "
        "file is then one that runs code, and every reload drops the requests under way.",
        "Leave the option out; keep it in the file for development.",
        SURE[purpose],
    )


RULE = Rule("DEPL402", "environment", _check)
