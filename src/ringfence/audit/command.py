"""``ringfence audit``: by itself on any tree, and as ``manage.py ringfence audit``."""

from __future__ import annotations

import argparse
import datetime
import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from ringfence.audit import baseline as baselines
from ringfence.audit import rules as registry
from ringfence.audit.config import CONFIDENCES, FAIL_ON, Config, ConfigError, load
from ringfence.audit.profiles import PROFILES
from ringfence.audit.render.plain import harmless
from ringfence.audit.run import Options, audit
from ringfence.audit.verdict import Verdict, judge

if TYPE_CHECKING:
    from ringfence.audit.loaded import Loaded

__all__ = ["add_arguments", "handle"]

_USAGE: Final = 2
_INTERRUPTED: Final = 130
#: Where a configuration is looked for: in the folder, and at most so far above it.
_ABOVE: Final = 8

#: A module of ``render`` each, imported when it is asked for.
_FORMATS: Final = ("text", "json", "sarif", "github", "junit", "html")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``audit``. What the configuration says holds where an option is silent."""
    parser.epilog = (
        "Exit status: 0 nothing found; 1 findings at or above --fail-on; 2 the audit could not do "
        "its job: nothing could be read, a rule failed, or the configuration is wrong."
    )
    parser.add_argument(
        "path", nargs="?", default=".", metavar="PATH", help="the tree to audit (default: here)"
    )
    parser.add_argument("--format", choices=_FORMATS, default="text", help="(default: text)")
    parser.add_argument("--output", metavar="FILE", help="write there instead of to the terminal")
    parser.add_argument("--fail-on", choices=FAIL_ON, help="the least that fails (warning)")
    parser.add_argument("--min-confidence", choices=CONFIDENCES, help="the least shown (medium)")
    parser.add_argument(
        "--settings", dest="deployed", metavar="MODULE", help="the settings that are deployed"
    )
    parser.add_argument("--profile", choices=PROFILES, help="what kind of deployment it is")
    parser.add_argument("--config", metavar="FILE", help="the pyproject.toml (else: found)")
    parser.add_argument("--baseline", metavar="FILE", help="show only what is not in there")
    parser.add_argument(
        "--write-baseline", metavar="FILE", help="write what is found there, and exit with 0"
    )
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help="processes (one a core)")
    parser.add_argument("--no-cache", action="store_true", help="keep nothing, use nothing kept")
    parser.add_argument(
        "--no-color",
        action="store_true",
        default=argparse.SUPPRESS,  # said before the subcommand, it is not to be forgotten here
        help="no colours on a terminal",
    )


def handle(stdout: TextIO, stderr: TextIO, options: Mapping[str, Any]) -> int:
    """Audit, write the report, and return the exit status."""
    try:
        root = _root(options["path"])
        config = _config(root, options)
        known = _known(config, options)
        verdict = _verdict(root, config, known, options, _Progress(stderr))
        _write(verdict, stdout, stderr, options)
    except (ConfigError, baselines.BaselineError, _UsageError) as error:
        stderr.write("".join(f"{harmless(line)}\n" for line in str(error).split("\n")))
        return _USAGE
    except KeyboardInterrupt:
        stderr.write("ringfence: interrupted\n")
        return _INTERRUPTED
    if options["write_baseline"]:
        return _USAGE if verdict.incomplete else 0
    return verdict.status


class _UsageError(Exception):
    """What was asked for cannot be done."""


def _root(path: str) -> Path:
    root = Path(os.path.realpath(path))
    if not root.exists():
        raise _UsageError(f"{path}: there is no such file or folder.")
    return root


def _config(root: Path, options: Mapping[str, Any]) -> Config:
    """Return the configuration, with what the command line says in the place of what it says."""
    config = Config()
    path = Path(options["config"]) if options["config"] else _found(root)
    if path is not None:
        config = load(path, codes=registry.all_codes())
    said: dict[str, Any] = {
        "fail_on": options["fail_on"],
        "profile": options["profile"],
        "settings": options["deployed"],
        "min_confidence": CONFIDENCES.get(options["min_confidence"] or ""),
    }
    return replace(config, **{name: value for name, value in said.items() if value})


def _found(root: Path) -> Path | None:
    """Return the nearest ``pyproject.toml`` in ``root``, or above it in the same repository.

    What stands outside of the repository is not the project's: anybody may write one to ``/tmp``.
    """
    here = root if root.is_dir() else root.parent
    folders = [here, *here.parents][:_ABOVE]
    top = next((each for each in folders if _is_repository(each)), here)
    for folder in folders:
        if (folder / "pyproject.toml").is_file():
            return folder / "pyproject.toml"
        if folder == top:
            return None
    return None


def _is_repository(folder: Path) -> bool:
    return (folder / ".git").exists() and not folder.stat().st_mode & 0o002


def _known(config: Config, options: Mapping[str, Any]) -> frozenset[str]:
    if options["write_baseline"]:
        return frozenset()
    if options["baseline"]:
        return baselines.load(Path(options["baseline"]))
    if config.baseline:
        return baselines.load(Path(config.file).parent / config.baseline)
    return frozenset()


def _verdict(
    root: Path,
    config: Config,
    known: frozenset[str],
    options: Mapping[str, Any],
    progress: _Progress,
) -> Verdict:
    start = time.monotonic()
    paths = config.paths
    if config.file:
        # What is configured is relative to the file that says so, and so is what is reported.
        top = Path(config.file).resolve().parent
        if root.is_relative_to(top) and root != top:
            root, paths = top, (root.relative_to(top).as_posix(),)
    done = audit(
        root,
        Options(
            paths=paths,
            exclude=config.exclude,
            settings=config.settings,
            jobs=max(options["jobs"], 0),
            cache=not options["no_cache"],
            loaded=_loaded(),
        ),
        progress,
    )
    progress.end()
    today = datetime.datetime.now(tz=datetime.UTC).date()
    verdict = judge(done.root, done.report, config, baseline=known, today=today)
    return replace(verdict, seconds=time.monotonic() - start, from_cache=done.from_cache)


def _loaded() -> Loaded | None:
    """Return the settings of the project that runs this command, as `manage.py` loaded them."""
    conf = sys.modules.get("django.conf")
    if conf is None or not conf.settings.configured:
        return None
    from ringfence.audit.loaded import Loaded  # noqa: PLC0415 - the rules

    settings = conf.settings
    module = sys.modules.get(getattr(settings, "SETTINGS_MODULE", None) or "")
    if module is None or not module.__file__:
        return None
    names = (name for name in dir(settings) if name.isupper() and settings.is_overridden(name))
    return Loaded(Path(module.__file__), {name: getattr(settings, name) for name in names})


def _write(verdict: Verdict, stdout: TextIO, stderr: TextIO, options: Mapping[str, Any]) -> None:
    if options["write_baseline"]:
        found = [*verdict.findings]
        _replace(Path(options["write_baseline"]), baselines.as_text(found))
        stderr.write(f"ringfence: {len(found)} findings are in the baseline\n")
        return
    renderer: Any = import_module(f"ringfence.audit.render.{options['format']}")
    if options["output"]:
        _replace(Path(options["output"]), renderer.render(verdict))
        return
    if options["format"] == "text":
        import shutil  # noqa: PLC0415 - as tempfile

        terminal = stdout.isatty()
        colour = terminal and not options.get("no_color") and _wants_colour()
        width = min(shutil.get_terminal_size().columns, 100) if terminal else 100
        rendered = renderer.render(verdict, colour=colour, width=max(width, 40))
    else:
        rendered = renderer.render(verdict)
    encoding = getattr(stdout, "encoding", None) or "utf-8"
    # An ending of its own would be added by a management command's stdout.
    target = getattr(stdout, "_out", stdout)
    target.write(rendered.encode(encoding, "backslashreplace").decode(encoding))


def _wants_colour() -> bool:
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _replace(path: Path, content: str) -> None:
    """Write ``content`` to the file at once: it never holds a part of it."""
    import tempfile  # noqa: PLC0415 - most reports are not written to a file

    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise _UsageError(f"{path}: cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(content)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException as error:
        with suppress(OSError):
            Path(name).unlink()
        if isinstance(error, OSError):
            raise _UsageError(f"{path}: cannot be written: {error.strerror}.") from error
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


class _Progress:
    """Says on a terminal how far a long run is; a short one is over before it would."""

    _PATIENCE = 1.0

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._next = time.monotonic() + self._PATIENCE
        self._on = bool(stream.isatty())
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        if not self._on or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + 0.1
        filled = 30 * done // max(total, 1)
        bar = "#" * filled + "-" * (30 - filled)
        self._put(f"\r[{bar}] {done:,} of {total:,} files")
        self._shown = True

    def end(self) -> None:
        if self._shown:
            self._put("\r\x1b[K")

    def _put(self, said: str) -> None:
        target = getattr(self._stream, "_out", self._stream)
        target.write(said)
        target.flush()
