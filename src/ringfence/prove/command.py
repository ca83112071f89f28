"""``manage.py ringfence prove``."""

from __future__ import annotations

import argparse
import difflib
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from ringfence.sandbox.roles import ROLES
from ringfence.sandbox.states import RINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ringfence.prove.run import Proof
    from ringfence.prove.stage import Attack

__all__ = ["add_arguments", "handle"]

_USAGE = 2
_INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``prove``. None of them names a site: it attacks only its own copy."""
    parser.epilog = (
        "Exit status: 0 every attack was stopped; 1 an attack succeeded, only the browser's "
        "defaults stopped it, or its depth is below --fail-under; 2 no browser, or the site did "
        "not start; 3 something is inconclusive, or less of the site was seen than "
        "--min-coverage; 130 ended."
    )
    parser.add_argument(
        "--browser-path", metavar="FILE", help="the Chromium to use (else RINGFENCE_BROWSER, PATH)"
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="also write the proof as JSON, for machines"
    )
    parser.add_argument(
        "--html", type=Path, metavar="FILE", help="also write it as one page, with the rings drawn"
    )
    parser.add_argument(
        "--sarif", type=Path, metavar="FILE", help="also write it as SARIF, for code scanning"
    )
    parser.add_argument(
        "--baseline",
        type=Path,
        metavar="FILE",
        help="fail where a depth is less than in this former --json; judge only what is new by "
        "--fail-under",
    )
    parser.add_argument(
        "--verbose", action="store_true", help="show each target in a row of its own"
    )
    parser.add_argument(
        "--targets",
        type=_positive,
        metavar="N",
        help="targets of each attack that are carried through every state (default: all)",
    )
    parser.add_argument(
        "--pages",
        type=_positive,
        default=200,
        metavar="N",
        help="pages that are fetched as one visitor (default: 200)",
    )
    parser.add_argument(
        "--path",
        dest="paths",
        action="append",
        default=[],
        metavar="PREFIX",
        help="attack only what begins with this path; may be repeated",
    )
    parser.add_argument(
        "--attacks", metavar="NAME,…", help="only these attacks (default: all; --list names them)"
    )
    parser.add_argument("--list", action="store_true", help="name the attacks, and run none")
    parser.add_argument(
        "--ring",
        action="append",
        choices=RINGS,
        help="measure this ring alone, by the attacks that it is said to stop; may be repeated",
    )
    parser.add_argument(
        "--as",
        dest="visitors",
        action="append",
        choices=ROLES,
        help="look at the site as this visitor only; may be repeated",
    )
    parser.add_argument(
        "--fail-under",
        type=int,
        default=1,
        metavar="DEPTH",
        help="fail where an attack is stopped by fewer independent rings (default: 1)",
    )
    parser.add_argument(
        "--fixture",
        action="append",
        default=[],
        metavar="NAME",
        help="load this fixture into the copy of the database; may be repeated",
    )
    parser.add_argument(
        "--min-coverage",
        type=_share,
        default=0.6,
        metavar="PERCENT",
        help="fail where less of the URL patterns was reached (default: 60)",
    )
    parser.add_argument(
        "--with-ringfence",
        action="store_true",
        help="measure as if RingfenceMiddleware stood in the place of what it replaces",
    )
    parser.add_argument("--title", help="what to write over the matrix")


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of at least 1: write 3")
    return int(text)


def _share(text: str) -> float:
    try:
        share = float(text.removesuffix("%")) / 100
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no share from 0 to 100 per cent: write 60")
    return share


def handle(stdout: TextIO, stderr: TextIO, options: Mapping[str, Any]) -> int:
    """Run the proof, print it, and return the exit status."""
    from ringfence.prove.output import Output, OutputError  # noqa: PLC0415 - an extra
    from ringfence.prove.run import Proof  # noqa: PLC0415 - an extra
    from ringfence.sandbox.errors import SandboxError  # noqa: PLC0415 - an extra

    chosen = _chosen(options["attacks"], options["ring"])
    if isinstance(chosen, str):
        stderr.write(f"{chosen}\n")
        return _USAGE
    if options["list"]:
        stdout.writelines(
            f"{attack.name:<18} {attack.cwe:<9} {attack.title}\n" for attack in chosen
        )
        return 0
    proof = Proof()
    try:
        output = Output.prepared(options, [attack.name for attack in chosen])
    except OutputError as error:
        stderr.write(f"{error}\n")
        return _USAGE
    status = None
    try:
        _run(stderr, options, chosen, proof)
    except SandboxError as error:
        stderr.write(f"{error}\n")
        status = _USAGE
    except KeyboardInterrupt:
        stderr.write("ringfence: interrupted; nothing is left behind\n")
        status = _INTERRUPTED
    except SystemExit as ending:
        # SIGTERM: what was measured is told all the same.
        status = ending.code if isinstance(ending.code, int) else _USAGE
    except Exception:
        output.write(proof, stdout, stderr)
        raise
    if proof.trials or status is None:
        status = output.write(proof, stdout, stderr) or status
    return output.status(proof) if status is None else status


def settings_file() -> str:
    """Return the file of the project's settings, relative where it is below the working folder."""
    from django.conf import settings  # noqa: PLC0415 - `add_arguments` does without

    module = sys.modules.get(getattr(settings, "SETTINGS_MODULE", None) or "")
    file = getattr(module, "__file__", None)
    if not file:
        return ""
    path = Path(file)
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def moving_in() -> Sequence[str]:
    """Return what ``ringfence init`` would change, in sentences; none where ringfence is in use.

    The audit says it. It only ends the report and has no part in a verdict: by name, so that no
    module of a proof comes to lean on it.
    """
    from django.conf import settings  # noqa: PLC0415 - `add_arguments` does without

    if any(name.startswith("ringfence.") for name in settings.MIDDLEWARE):
        return ()
    say = import_module("ringfence.audit.moving.foretold").foretold
    sentences: Sequence[str] = say(Path.cwd())
    return sentences


def _run(
    stderr: TextIO, options: Mapping[str, Any], chosen: Sequence[Attack], proof: Proof
) -> None:
    from ringfence.prove.progress import Progress  # noqa: PLC0415 - an extra
    from ringfence.prove.run import Plan, prove  # noqa: PLC0415 - an extra
    from ringfence.sandbox.boot import booted  # noqa: PLC0415 - an extra
    from ringfence.sandbox.ending import ended_by_signals  # noqa: PLC0415 - an extra
    from ringfence.sandbox.executable import find_browser  # noqa: PLC0415 - an extra
    from ringfence.sandbox.site import site_states  # noqa: PLC0415 - an extra

    proof.settings = settings_file()
    proof.moving_in += moving_in()
    states = site_states(put_in=options["with_ringfence"])
    executable = find_browser(options["browser_path"])
    rings = options["ring"] or RINGS
    with (
        ended_by_signals() as obey,
        Progress(stderr, obey, states=3 + len(rings), attacks=len(chosen)) as progress,
    ):
        with booted(executable, options["fixture"]) as sandbox:
            roles = [role for role in sandbox.visitors if role in (options["visitors"] or ROLES)]
            plan = Plan(
                chosen,
                roles,
                pages=options["pages"],
                targets=options["targets"],
                rings=rings,
                paths=options["paths"],
            )
            prove(sandbox, states, plan, progress, proof)
        obey()


def _chosen(named: str | None, rings: Sequence[str] | None) -> Sequence[Attack] | str:
    """Return the attacks that are named, all where none is; or what is wrong with the names.

    Of those only what one of ``rings`` is said to stop, where any is given.
    """
    from ringfence.prove.attacks import ATTACKS  # noqa: PLC0415 - an extra

    known = {
        attack.name: attack
        for attack in ATTACKS
        if rings is None or not set(attack.stopped_by).isdisjoint(rings)
    }
    if named is None:
        return list(known.values())
    names = [name.strip() for name in named.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    other = [name for name in unknown if any(attack.name == name for attack in ATTACKS)]
    if other:
        return f"--attacks: {other[0]!r} is stopped by none of --ring {', '.join(rings or ())}."
    if unknown or not names:
        close = difflib.get_close_matches(unknown[0] if unknown else "", known, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(known)}."
        return f"--attacks: no attack is called {unknown[0] if unknown else ''!r}; {hint}"
    return [known[name] for name in names]
