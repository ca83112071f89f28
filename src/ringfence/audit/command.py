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
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from ringfence.audit import answers
from ringfence.audit import baseline as baselines
from ringfence.audit.collect.tree import around
from ringfence.audit.config import CONFIDENCES, FAIL_ON, Config, ConfigError
from ringfence.audit.configured import (
    UsageError,
    config_of,
    folders_of,
    in_colour,
    loaded_here,
    root_of,
    within,
)
from ringfence.audit.profiles import PROFILES
from ringfence.audit.progress import Progress
from ringfence.audit.render.plain import harmless
from ringfence.audit.run import Audited, Options, audit
from ringfence.audit.verdict import Verdict, judge
from ringfence.audit.writing import WriteError

if TYPE_CHECKING:
    from ringfence.audit.fixing import Again, Mended
    from ringfence.audit.model import Report

__all__ = ["add_arguments", "handle"]

_USAGE: Final = 2
_INTERRUPTED: Final = 130

#: With these more is done than a report printed.
_MORE: Final = ("urls", "live", "fix", "diff", "no_cache")

#: With these a file is read.
_READ: Final = ("config", "baseline")

#: What ``--live`` needs, of the extra ``prove``.
_OF_SANDBOX: Final = frozenset({"trustme", "cryptography"})

#: A module of ``render`` each, imported when it is asked for.
_FORMATS: Final = ("text", "json", "sarif", "github", "junit", "html")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``audit``. What the configuration says holds where an option is silent."""
    parser.epilog = (
        "Exit status: 0 nothing found; 1 findings at or above --fail-on; 2 the audit could not do "
        "its job: nothing could be read, a rule failed, or the configuration is wrong."
    )
    parser.add_argument(
        "path",
        nargs="?",
        metavar="PATH",
        help="the tree to audit (default: here; none, where there is a --url)",
    )
    parser.add_argument(
        "--url",
        action="append",
        default=[],
        dest="urls",
        metavar="URL",
        help="also ask this page's site, at most 60 times; may be repeated",
    )
    parser.add_argument(
        "--live",
        action="store_true",
        help="also ask this project's own site, booted on loopback (with manage.py)",
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
    parser.add_argument(
        "--advisories",
        action="store_true",
        help="ask pip-audit about pinned requirements (needs it, and the network)",
    )
    parser.add_argument(
        "--fix", action="store_true", help="mend what is certain, show the difference, write it"
    )
    parser.add_argument(
        "--diff", action="store_true", help="show what --fix would write, and write nothing"
    )
    parser.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="with --fix or --diff: also what a site that works may have to be adapted to",
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
        _check(options)
        root = root_of(options["path"] or ".")
        config = config_of(root, options)
        known = _known(config, options)
        progress = Progress(stderr)
        # Sites are asked once, however often a tree is read while it is mended.
        live = _live(options, progress)
        again = partial(_verdict, root, config, known, options, progress, live=live)
        verdict = again({})
        if options["fix"] or options["diff"]:
            mended = _mended(verdict, again, stdout, stderr, options)
            if options["diff"]:
                return _USAGE if verdict.incomplete else int(bool(mended.drafts))
            verdict = mended.verdict
        verdict = _with_fixes(verdict)
        text = _write(verdict, stdout, stderr, options)
        if text is not None and "given" in options:
            _keep(verdict, config, stdout, options)
    except (ConfigError, baselines.BaselineError, WriteError, UsageError) as error:
        stderr.write("".join(f"{harmless(line)}\n" for line in str(error).split("\n")))
        return _USAGE
    except KeyboardInterrupt:
        stderr.write("ringfence: interrupted\n")
        return _INTERRUPTED
    if options["write_baseline"]:
        return _USAGE if verdict.incomplete else 0
    return verdict.status


def _check(options: Mapping[str, Any]) -> None:
    if options["unsafe_fixes"] and not (options["fix"] or options["diff"]):
        raise UsageError("--unsafe-fixes does nothing by itself: add --fix or --diff.")


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
    progress: Progress,
    instead: Mapping[str, Path],
    *,
    live: Report | None,
) -> Verdict:
    start = time.monotonic()
    if live is None or options["path"] or options["live"]:
        done = _audited(root, config, options, progress, instead)
        if live is not None:
            done = replace(done, report=_together(done.report, live))
    else:
        done = Audited(root, live)
    progress.end()
    today = datetime.datetime.now(tz=datetime.UTC).date()
    verdict = judge(done.root, done.report, config, baseline=known, today=today)
    return replace(
        verdict,
        seconds=time.monotonic() - start,
        from_cache=done.from_cache,
        depends=done.depends,
        began=done.began,
    )


def _audited(
    root: Path,
    config: Config,
    options: Mapping[str, Any],
    progress: Progress,
    instead: Mapping[str, Path],
) -> Audited:
    root, paths = within(root, config)
    return audit(
        root,
        Options(
            paths=paths,
            exclude=config.exclude,
            settings=config.settings,
            jobs=max(options["jobs"], 0),
            cache=not options["no_cache"],
            advisories=config.advisories,
            loaded=loaded_here(),
            instead=instead,
        ),
        progress,
    )


def _live(options: Mapping[str, Any], progress: Progress) -> Report | None:
    """Return what is found in the answers of sites, nothing if none is to be asked."""
    if not (options["urls"] or options["live"]):
        return None
    from ringfence.audit.live import ask_own, ask_sites, merged  # noqa: PLC0415 - needs TLS

    conf = sys.modules.get("django.conf")
    if options["live"] and (conf is None or not conf.settings.configured):
        raise UsageError("--live boots a project: python manage.py ringfence audit --live")
    progress.say("asking what answers, at most 60 times a site …")
    report = ask_sites(options["urls"]) if options["urls"] else None
    if not options["live"]:
        return report
    try:
        own = ask_own()
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _OF_SANDBOX:
            raise
        raise UsageError(
            f'{error.name} is not installed: pip install "django-ringfence[prove]"'
        ) from error
    return own if report is None else merged(report, own)


def _together(of_tree: Report, live: Report) -> Report:
    from ringfence.audit.live import merged  # noqa: PLC0415 - it is there by now

    return merged(of_tree, live)


def _mended(
    verdict: Verdict, again: Again, stdout: TextIO, stderr: TextIO, options: Mapping[str, Any]
) -> Mended:
    from ringfence.audit import mending  # noqa: PLC0415 - an audit alone does without

    # What other programs read is not to have a difference before it.
    shown = stdout if options["diff"] or options["format"] == "text" else stderr
    return mending.run(
        verdict,
        again,
        shown,
        stderr,
        unsafe=options["unsafe_fixes"],
        writes=not options["diff"],
        colour=in_colour(shown, options),
    )


def _with_fixes(verdict: Verdict) -> Verdict:
    """Return it with the edits that would mend what is shown."""
    if not verdict.findings:
        return verdict
    from ringfence.audit import fixing  # noqa: PLC0415 - the fixes read templates

    return replace(verdict, findings=fixing.offered(verdict.root, verdict.findings))


def _keep(verdict: Verdict, config: Config, stdout: TextIO, options: Mapping[str, Any]) -> None:
    """Keep what was printed for the next one who asks just that, where nothing else was done."""
    if any(options[name] for name in _MORE) or not verdict.depends or verdict.incomplete:
        return
    again = replace(verdict, from_cache=True)
    first, second = (
        _rendered(replace(again, seconds=each), stdout, options) for each in (0.0, 1.0)
    )
    # Where the two differ, a later run puts its own seconds.
    at = next(
        (at for at, pair in enumerate(zip(first, second, strict=True)) if len({*pair}) > 1), None
    )
    said = (first, None) if at is None else (first[:at], first[at + len("0.0") :])
    place = options["path"] or "."
    root = os.path.realpath(place)
    files = {str(path / "pyproject.toml") for path in folders_of(Path(root))}
    files.update(str(Path.cwd() / options[name]) for name in _READ if options[name])
    files.update(str(path) for _, path in around(verdict.root))
    if config.baseline:
        files.add(str(Path(config.file).parent / config.baseline))
    answers.keep(
        options["given"],
        stdout,
        (*said, verdict.status),
        place=(place, root, str(verdict.root)),
        began=verdict.began,
        depends=verdict.depends,
        files=files,
    )


def _write(
    verdict: Verdict, stdout: TextIO, stderr: TextIO, options: Mapping[str, Any]
) -> str | None:
    """Write the report; return it if it was written to ``stdout``."""
    if options["write_baseline"]:
        found = [*verdict.findings]
        _replace(Path(options["write_baseline"]), baselines.as_text(found))
        stderr.write(f"ringfence: {len(found)} findings are in the baseline\n")
        return None
    if options["output"]:
        _replace(Path(options["output"]), _renderer(options).render(verdict))
        return None
    rendered = _rendered(verdict, stdout, options)
    # An ending of its own would be added by a management command's stdout.
    target = getattr(stdout, "_out", stdout)
    target.write(rendered)
    return rendered


def _renderer(options: Mapping[str, Any]) -> Any:
    return import_module(f"ringfence.audit.render.{options['format']}")


def _rendered(verdict: Verdict, stdout: TextIO, options: Mapping[str, Any]) -> str:
    """Return the report as ``stdout`` can take it."""
    renderer = _renderer(options)
    if options["format"] == "text":
        import shutil  # noqa: PLC0415 - as tempfile

        width = min(shutil.get_terminal_size().columns, 100) if stdout.isatty() else 100
        colour = in_colour(stdout, options)
        rendered = renderer.render(verdict, colour=colour, width=max(width, 40))
    else:
        rendered = renderer.render(verdict)
    encoding = getattr(stdout, "encoding", None) or "utf-8"
    return str(rendered.encode(encoding, "backslashreplace").decode(encoding))


def _replace(path: Path, content: str) -> None:
    """Write ``content`` to the file at once: it never holds a part of it."""
    import tempfile  # noqa: PLC0415 - most reports are not written to a file

    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(content)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException as error:
        with suppress(OSError):
            Path(name).unlink()
        if isinstance(error, OSError):
            raise UsageError(f"{path}: cannot be written: {error.strerror}.") from error
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
