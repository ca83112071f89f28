"""``ringfence init``: by itself on any tree, and as ``manage.py ringfence init``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TextIO

from ringfence.audit.config import Config, ConfigError
from ringfence.audit.configured import (
    UsageError,
    config_of,
    in_colour,
    loaded_here,
    root_of,
    within,
)
from ringfence.audit.moving.moved import Moved, UnreadError, move
from ringfence.audit.moving.telling import NEXT, counted, told
from ringfence.audit.progress import Progress
from ringfence.audit.render.plain import harmless
from ringfence.audit.run import Options
from ringfence.audit.writing import WriteError, write

__all__ = ["add_arguments", "handle"]

_DONE: Final = 0
#: There is something to change, and it was not to be written.
_OPEN: Final = 1
_USAGE: Final = 2
_INTERRUPTED: Final = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``init``."""
    parser.epilog = (
        "Exit status: 0 it is done, or nothing is to be changed; 1 something would be changed, and "
        "--diff or your answer left it; 2 something has to be changed by hand, the settings cannot "
        "be read, or nobody can be asked and there is no --yes."
    )
    parser.add_argument("path", nargs="?", metavar="PATH", help="the project (default: here)")
    parser.add_argument(
        "--settings", dest="deployed", metavar="MODULE", help="the settings that are deployed"
    )
    parser.add_argument("--yes", action="store_true", help="write it without being asked")
    parser.add_argument("--diff", action="store_true", help="show what would change, write nothing")
    parser.add_argument("--config", metavar="FILE", help="the pyproject.toml (else: found)")
    parser.add_argument(
        "--no-color",
        action="store_true",
        default=argparse.SUPPRESS,  # said before the subcommand, it is not to be forgotten here
        help="no colours on a terminal",
    )


def handle(stdout: TextIO, stderr: TextIO, options: Mapping[str, Any]) -> int:
    """Plan, show, ask and write; return the exit status."""
    try:
        return _run(stdout, stderr, options)
    except (ConfigError, WriteError, UsageError) as error:
        stderr.write("".join(f"{harmless(line)}\n" for line in str(error).split("\n")))
        return _USAGE
    except (KeyboardInterrupt, EOFError):
        stderr.write("\nringfence: nothing is written\n")
        return _INTERRUPTED


def _run(stdout: TextIO, stderr: TextIO, options: Mapping[str, Any]) -> int:
    if options["yes"] and options["diff"]:
        raise UsageError("--yes writes and --diff does not: give one of them.")
    root = root_of(options["path"] or ".")
    if not root.is_dir():
        raise UsageError(f"{options['path']}: it is a file. Name the folder of the project.")
    moved = _moved(root, config_of(root, options), Progress(stderr))
    _out(stdout, told(moved, colour=in_colour(stdout, options)))
    if moved.flaw:
        raise UsageError(f"Nothing is written. {moved.flaw}")
    status = _USAGE if moved.by_hand else _DONE
    if not moved.drafts:
        return status
    count = counted(len(moved.drafts), "file")
    if options["diff"]:
        return status or _OPEN
    if not options["yes"]:
        if not sys.stdin.isatty():
            raise UsageError(
                "Nothing is written: there is no terminal to ask. `--yes` writes this to "
                f"{count}, `--diff` only shows it."
            )
        if not _agreed(stderr, f"Write this to {count}? [y/N] "):
            stderr.write("ringfence: nothing is written\n")
            return status or _OPEN
    write(moved.root, moved.drafts)
    stderr.write(f"ringfence: {count} written\n")
    _out(stdout, NEXT)
    return status


def _moved(root: Path, config: Config, progress: Progress) -> Moved:
    root, paths = within(root, config)
    options = Options(
        paths=paths, exclude=config.exclude, settings=config.settings, loaded=loaded_here()
    )
    try:
        return move(root, options, progress)
    except UnreadError as error:
        raise UsageError(str(error)) from error


def _out(stdout: TextIO, text: str) -> None:
    encoding = getattr(stdout, "encoding", None) or "utf-8"
    # An ending of its own would be added by a management command's stdout.
    target = getattr(stdout, "_out", stdout)
    target.write(text.encode(encoding, "backslashreplace").decode(encoding))
    target.flush()


def _agreed(stderr: TextIO, question: str) -> bool:
    target = getattr(stderr, "_out", stderr)
    target.write(question)
    target.flush()
    answer = sys.stdin.readline()
    if not answer:
        raise EOFError
    return answer.strip().lower() in ("y", "yes")
