"""``manage.py ringfence prove``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

__all__ = ["add_arguments", "handle"]

_USAGE = 2
_INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``prove``. None of them names a site: it attacks only its own copy."""
    parser.epilog = (
        "Exit status: 0 every attack was stopped; 1 an attack succeeded, or only the browser's "
        "defaults stopped it; 2 no browser, or the site did not start; 3 something is inconclusive."
    )
    parser.add_argument(
        "--browser-path", metavar="FILE", help="the Chromium to use (else RINGFENCE_BROWSER, PATH)"
    )
    parser.add_argument("--json", metavar="FILE", help="also write the proof as JSON")
    parser.add_argument(
        "--targets", type=int, default=3, metavar="N", help="targets of each attack (default: 3)"
    )
    parser.add_argument(
        "--with-ringfence",
        action="store_true",
        help="measure as if RingfenceMiddleware stood in the place of what it replaces",
    )
    parser.add_argument("--title", help="what to write over the matrix")


def handle(stdout: TextIO, stderr: TextIO, options: Mapping[str, Any]) -> int:
    """Run the proof, print it, and return the exit status."""
    from ringfence.prove.document import as_document, exit_status  # noqa: PLC0415 - an extra
    from ringfence.prove.render.terminal import render  # noqa: PLC0415 - an extra
    from ringfence.prove.run import prove  # noqa: PLC0415 - an extra
    from ringfence.sandbox.boot import booted  # noqa: PLC0415 - an extra
    from ringfence.sandbox.browser import find_browser  # noqa: PLC0415 - an extra
    from ringfence.sandbox.ending import ended_by_signals  # noqa: PLC0415 - an extra
    from ringfence.sandbox.errors import SandboxError  # noqa: PLC0415 - an extra
    from ringfence.sandbox.site import site_states  # noqa: PLC0415 - an extra

    states = site_states(put_in=options["with_ringfence"])
    try:
        executable = find_browser(options["browser_path"])
        with ended_by_signals() as obey:

            def tell(line: str) -> None:
                obey()
                stderr.write(f"ringfence: {line}\n")

            with booted(executable) as sandbox:
                proof = prove(sandbox, states, targets=options["targets"], tell=tell)
            obey()
            render(proof, stdout, title=options["title"] or "ringfence prove")
            if options["json"]:
                text = json.dumps(as_document(proof), indent=2)
                Path(options["json"]).write_text(text + "\n", encoding="utf-8")
            return exit_status(proof)
    except SandboxError as error:
        stderr.write(f"{error}\n")
        return _USAGE
    except KeyboardInterrupt:
        stderr.write("ringfence: interrupted; nothing is left behind\n")
        return _INTERRUPTED
