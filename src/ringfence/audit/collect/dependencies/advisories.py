"""Published advisories on pinned requirements: what pip-audit says of them.

It is run, where it is installed and somebody asks for it, on a list of names and versions in a
folder of its own; nothing of the audited tree is handed to it. What it cannot tell (there is no
network, it is not installed, it takes too long) is said, and no reason for the audit to fail.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Any, Final

from ringfence.audit.model import Advisory, Requirement, Skipped
from ringfence.records import record

__all__ = ["Answer", "advisories", "ask", "parsed"]

#: Seconds for one list; pip-audit asks for each package by itself.
_PATIENCE: Final = 180
_LARGEST: Final = 50_000_000
#: A package that is pinned to several versions is asked for in so many lists.
_LISTS: Final = 4
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,100}")
_VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.!+_-]{0,60}")
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,60}")
_WHO: Final = "advisories"

Pin = tuple[str, str]


@record
class Answer:
    """What is known of pins: ids and mended versions by pin, and why the rest is not."""

    known: Mapping[Pin, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = field(
        default_factory=dict
    )
    #: Reasons by pin, "" of both for all of them.
    unknown: Mapping[Pin, str] = field(default_factory=dict)


def advisories(wanted: Sequence[Requirement]) -> tuple[list[Advisory], list[Skipped]]:
    """Return the advisories on what is pinned, and what could not be found out."""
    pins = {
        (each.name, each.version)
        for each in wanted
        if _NAME.fullmatch(each.name) and _VERSION.fullmatch(each.version)
    }
    if not pins:
        return [], [Skipped(_WHO, "no requirement is pinned to a version, so none was looked up")]
    answer = ask(tuple(sorted(pins)))
    found = [
        Advisory(each, ids, fixed)
        for each in wanted
        for ids, fixed in answer.known.get((each.name, each.version), ())
    ]
    return found, list(_skipped(answer.unknown))


def _skipped(unknown: Mapping[Pin, str]) -> Iterator[Skipped]:
    by_reason: dict[str, list[str]] = {}
    for (name, _), reason in unknown.items():
        by_reason.setdefault(reason, []).append(name)
    for reason, names in by_reason.items():
        shown = ", ".join(sorted(filter(None, names))[:5])
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""
        yield Skipped(_WHO, f"{shown}{more}: {reason}" if shown else reason)


@cache
def ask(pins: tuple[Pin, ...]) -> Answer:
    """Return what pip-audit says of ``pins``; it is asked once, however often a tree is read."""
    program = _program()
    if not program:
        return Answer(unknown={("", ""): "pip-audit is not installed: pip install pip-audit"})
    lists: list[dict[str, str]] = []
    for name, version in pins:
        free = next((each for each in lists if name not in each), None)
        if free is None:
            free = {}
            lists.append(free)
        free[name] = version
    known: dict[Pin, Any] = {}
    unknown: dict[Pin, str] = {}
    for number, one in enumerate(lists):
        if number >= _LISTS:
            unknown.update(dict.fromkeys(one.items(), "pinned to too many versions"))
            continue
        answer = _asked(program, one)
        known.update(answer.known)
        unknown.update(answer.unknown)
        if ("", "") in answer.unknown:
            break
    return Answer(known, unknown)


def _program() -> str:
    """Return pip-audit's path: on ``PATH``, or beside the Python that runs the audit.

    A relative entry of ``PATH`` would name a program of the audited tree.
    """
    given = os.environ.get("PATH", "").split(os.pathsep)
    folders = [each for each in given if Path(each).is_absolute()]
    folders.append(str(Path(sys.executable).parent))
    return shutil.which("pip-audit", path=os.pathsep.join(folders)) or ""


def _asked(program: str, pins: Mapping[str, str]) -> Answer:
    with tempfile.TemporaryDirectory(prefix="ringfence-") as name:
        folder = Path(name)
        listed = folder / "requirements.txt"
        listed.write_text("".join(f"{each}=={pins[each]}\n" for each in sorted(pins)), "ascii")
        command = [program, "--requirement", str(listed), "--no-deps", "--disable-pip"]
        command += ["--format", "json", "--progress-spinner", "off", "--desc", "off"]
        said, errors = folder / "said", folder / "errors"
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith("PIP_AUDIT_OUT")
        }
        try:
            with said.open("wb") as out, errors.open("wb") as err:
                status = _run(command, folder, environment, out, err)
            if status is None:
                reason = f"pip-audit did not answer within {_PATIENCE} seconds"
                return Answer(unknown={("", ""): reason})
            if said.stat().st_size > _LARGEST:
                return Answer(unknown={("", ""): "pip-audit said too much"})
            text = said.read_text("utf-8", "replace")
            why = errors.read_bytes()[-4000:].decode("utf-8", "replace")
        except OSError as error:
            reason = f"pip-audit cannot be run: {error.strerror or error}"
            return Answer(unknown={("", ""): reason})
    answer = parsed(text, pins)
    if answer is not None:
        return answer
    last = " ".join((why.strip().split("\n") or [""])[-1].split())[:200]
    return Answer(unknown={("", ""): f"pip-audit failed (exit status {status}): {last}"})


def _run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], out: Any, err: Any
) -> int | None:
    """Run a program with all that it starts; return its exit status, None if it took too long."""
    process = subprocess.Popen(  # noqa: S603 - the program that the user installed
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=err,
        start_new_session=True,
    )
    try:
        return process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.poll() is None:
            with suppress(OSError):
                if hasattr(os, "killpg"):
                    os.killpg(process.pid, signal.SIGKILL)
                process.kill()
            process.wait()


def parsed(text: str, pins: Mapping[str, str]) -> Answer | None:
    """Return what a report of pip-audit's says of ``pins``; None if it is none.

    ``{"dependencies": [{"name", "version", "vulns": [{"id", "fix_versions", "aliases"}]}, …]}``,
    where one that could not be looked up has ``skip_reason`` instead.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    listed = document.get("dependencies") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        return None
    known: dict[Pin, Any] = {}
    unknown: dict[Pin, str] = {}
    for each in listed:
        if not isinstance(each, dict) or each.get("name") not in pins:
            continue
        pin = (each["name"], pins[each["name"]])
        vulns = each.get("vulns")
        if isinstance(vulns, list):
            known[pin] = tuple(filter(None, map(_vulnerability, vulns)))
        else:
            unknown[pin] = f"pip-audit: {' '.join(str(each.get('skip_reason', '')).split())}"[:200]
    left = [pin for pin in pins.items() if pin not in known and pin not in unknown]
    unknown.update(dict.fromkeys(left, "pip-audit says nothing of it"))
    return Answer(known, unknown)


def _vulnerability(value: Any) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    if not isinstance(value, dict):
        return None
    ids = [value.get("id"), *_texts(value.get("aliases"))]
    texts = (each for each in ids if isinstance(each, str) and _ID.fullmatch(each))
    named = tuple(dict.fromkeys(texts))
    fixed = tuple(each for each in _texts(value.get("fix_versions")) if _VERSION.fullmatch(each))
    return (named[:8], fixed[:8]) if named else None


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
