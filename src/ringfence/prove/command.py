"""``manage.py ringfence prove``."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from ringfence.sandbox.roles import ROLES
from ringfence.sandbox.states import RINGS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

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
    parser.add_argument("--json", metavar="FILE", help="also write the proof as JSON")
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
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _share(text: str) -> float:
    share = float(text.removesuffix("%")) / 100
    if not 0 <= share <= 1:
        raise ValueError
    return share


def handle(stdout: TextIO, stderr: TextIO, options: Mapping[str, Any]) -> int:
    """Run the proof, print it, and return the exit status."""
    from ringfence.prove.document import as_document, exit_status  # noqa: PLC0415 - an extra
    from ringfence.prove.progress import Progress  # noqa: PLC0415 - an extra
    from ringfence.prove.render.terminal import render  # noqa: PLC0415 - an extra
    from ringfence.prove.run import Plan, Proof, prove  # noqa: PLC0415 - an extra
    from ringfence.sandbox.boot import booted  # noqa: PLC0415 - an extra
    from ringfence.sandbox.ending import ended_by_signals  # noqa: PLC0415 - an extra
    from ringfence.sandbox.errors import SandboxError  # noqa: PLC0415 - an extra
    from ringfence.sandbox.executable import find_browser  # noqa: PLC0415 - an extra
    from ringfence.sandbox.site import site_states  # noqa: PLC0415 - an extra

    chosen = _chosen(options["attacks"], options["ring"])
    if isinstance(chosen, str):
        stderr.write(f"{chosen}\n")
        return _USAGE
    if options["list"]:
        stdout.writelines(
            f"{attack.name:<12} {attack.cwe:<9} {attack.title}\n" for attack in chosen
        )
        return 0
    proof = Proof()
    status = None
    try:
        states = site_states(put_in=options["with_ringfence"])
        executable = find_browser(options["browser_path"])
        with ended_by_signals() as obey:
            rings = options["ring"] or RINGS
            progress = Progress(stderr, obey, states=3 + len(rings), attacks=len(chosen))
            with booted(executable, options["fixture"]) as sandbox:
                roles = [
                    role for role in sandbox.visitors if role in (options["visitors"] or ROLES)
                ]
                plan = Plan(chosen, roles, options["pages"], options["targets"], rings)
                prove(sandbox, states, plan, progress, proof)
            progress.end()
            obey()
    except SandboxError as error:
        stderr.write(f"{error}\n")
        status = _USAGE
    except KeyboardInterrupt:
        stderr.write("ringfence: interrupted; nothing is left behind\n")
        status = _INTERRUPTED
    if proof.trials or status is None:
        render(proof, stdout, title=options["title"] or "ringfence prove")
        if options["json"]:
            text = json.dumps(as_document(proof), indent=2)
            Path(options["json"]).write_text(text + "\n", encoding="utf-8")
    if status is not None:
        return status
    return exit_status(
        proof, fail_under=options["fail_under"], min_coverage=options["min_coverage"]
    )


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
    if unknown or not names:
        close = difflib.get_close_matches(unknown[0] if unknown else "", known, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(known)}."
        return f"--attacks: no attack is called {unknown[0] if unknown else ''!r}; {hint}"
    return [known[name] for name in names]
