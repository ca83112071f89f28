"""State a site's depth as a test: :class:`ProveTestCase`, or :func:`prove` and its :class:`Proven`.

The proof runs in a process of its own, from the project's settings as they are on disk: what a test
overrides, patches or puts into its test database is not seen there. It works on a copy of the
database that the settings name, or on an empty one, migrated, where there is none; ``fixtures`` are
loaded into that copy.
"""

from __future__ import annotations

import difflib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings as django_settings
from django.test import SimpleTestCase

__all__ = ["ProveError", "ProveTestCase", "Proven", "prove"]

#: The statuses of a run that came to its end.
_ENDED = (0, 1, 3)


class ProveError(Exception):
    """There is no proof: no browser, the site did not start, or it took too long."""


class Proven:
    """A proof, to be asked about. Made of the document that ``--json`` writes."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self._verdicts = {
            (verdict["attack"], verdict["target"]): verdict for verdict in document["verdicts"]
        }

    def targets(self, attack: str) -> list[str]:
        """Return what the attack found to aim at, by the names that the other methods take."""
        return [target for name, target in self._verdicts if name == attack]

    def verdict(self, attack: str, target: str) -> Mapping[str, Any]:
        """Return the verdict as the document has it.

        :raises AssertionError: if the attack did not meet that target; a test that no longer tests
            anything must not pass.
        """
        found = self._verdicts.get((attack, target))
        if found is None:
            raise AssertionError(self._not_met(attack, target))
        verdict: Mapping[str, Any] = found
        return verdict

    def depth(self, attack: str, target: str) -> int:
        """Return how many independent rings stop the attack alone.

        :raises AssertionError: if the target was not met, or nothing can be said of it.
        """
        verdict = self.verdict(attack, target)
        depth: int | None = verdict["depth"]
        if depth is None:
            raise AssertionError(f"{attack} on {target} is inconclusive: {verdict['reason']}")
        return depth

    def assert_stopped(self, attack: str, target: str | None = None, *, depth: int = 1) -> None:
        """Make sure that the attack is stopped by at least ``depth`` independent rings.

        Without ``target`` on every target that it met, of which there must be one.

        :raises AssertionError: with each target on which it is not, what happened, and the fix.
        """
        targets = self.targets(attack) if target is None else [target]
        if not targets:
            raise AssertionError(self._not_met(attack, "any target"))
        wrong = []
        for each in targets:
            verdict = self.verdict(attack, each)
            found = verdict["depth"]
            if verdict["verdict"] != "stopped" or found is None or found < depth:
                shown = "" if found is None else f" at depth {found}"
                wrong.append(
                    f"{attack} on {each}: {verdict['verdict']}{shown}, and depth {depth} is asked "
                    f"for: {verdict['reason']}. To do: {verdict['fix']}"
                )
        if wrong:
            raise AssertionError("\n".join(wrong))

    def _not_met(self, attack: str, target: str) -> str:
        said = f"{attack} did not meet {target}"
        why = [each["reason"] for each in self.document["untargeted"] if each["attack"] == attack]
        known = self.targets(attack)
        if why:
            return f"{said}: {why[0]}."
        if not known:
            names = ", ".join(dict.fromkeys(name for name, _ in self._verdicts)) or "none"
            return f"{said}; the attacks that met something: {names}."
        near = difflib.get_close_matches(target, known, n=5, cutoff=0) or known[:5]
        return f"{said}; it met: {', '.join(near)}."


def prove(
    *,
    attacks: Sequence[str] = (),
    paths: Sequence[str] = (),
    fixtures: Sequence[str] = (),
    pages: int = 200,
    settings: str = "",
    arguments: Sequence[str] = (),
    timeout: float = 1800,
) -> Proven:
    """Run ``ringfence prove`` in a process of its own, and return what it found.

    ``attacks`` are names, none for all; ``paths`` with what an attacked path begins, none for any;
    ``fixtures`` and ``pages`` as of the command, which is also given ``arguments`` (such as
    ``["--as=user"]``). ``settings`` is a settings module, the one in use if empty. Whatever is
    inherited of the environment is the tests' own.

    :raises ProveError: if there is no proof; its text is what the command said.
    """
    module = settings or _settings_module()
    with tempfile.TemporaryDirectory(prefix="ringfence-test-") as folder:
        report = Path(folder) / "proof.json"
        command = [sys.executable, "-m", "django", "ringfence", "prove", "--json", str(report)]
        command += [f"--attacks={','.join(attacks)}"] if attacks else []
        command += [f"--path={path}" for path in paths]
        command += [f"--fixture={fixture}" for fixture in fixtures]
        status, said = _run([*command, f"--pages={pages}", *arguments], module, timeout)
        if status not in _ENDED or not report.exists():
            raise ProveError(f"ringfence prove ended with {status}:\n{said[-4000:]}")
        return Proven(json.loads(report.read_bytes()))


def _settings_module() -> str:
    module = getattr(django_settings, "SETTINGS_MODULE", None) or os.environ.get(
        "DJANGO_SETTINGS_MODULE"
    )
    if not module:
        raise ProveError(
            "The settings are no module (settings.configure() was called), and another process "
            "cannot have them: write them into a module, and name it by DJANGO_SETTINGS_MODULE."
        )
    return str(module)


def _run(command: Sequence[str], module: str, timeout: float) -> tuple[int, str]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": module,
        # What the tests can import the project can.
        "PYTHONPATH": os.pathsep.join(path or os.curdir for path in sys.path),
        "PYTHONIOENCODING": "utf-8",
    }
    with subprocess.Popen(  # noqa: S603 - this interpreter, with the caller's own words
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            _, said = process.communicate(timeout=timeout)
        except BaseException as error:
            # Asked to end it takes everything down that it built; a kill would leave it.
            process.terminate()
            process.communicate()
            if isinstance(error, subprocess.TimeoutExpired):
                raise ProveError(f"ringfence prove took more than {timeout:g} s.") from error
            raise
    return process.returncode, said


class ProveTestCase(SimpleTestCase):
    """A test case whose site is attacked once for the class; ``self.proof`` is what was found.

    The class's attributes are the arguments of :func:`prove`.
    """

    attacks: ClassVar[Sequence[str]] = ()
    paths: ClassVar[Sequence[str]] = ()
    prove_fixtures: ClassVar[Sequence[str]] = ()
    pages: ClassVar[int] = 200
    prove_settings: ClassVar[str] = ""
    prove_arguments: ClassVar[Sequence[str]] = ()
    timeout: ClassVar[float] = 1800
    proof: ClassVar[Proven]

    @classmethod
    def setUpClass(cls) -> None:
        """Attack the site."""
        super().setUpClass()
        cls.proof = prove(
            attacks=cls.attacks,
            paths=cls.paths,
            fixtures=cls.prove_fixtures,
            pages=cls.pages,
            settings=cls.prove_settings,
            arguments=cls.prove_arguments,
            timeout=cls.timeout,
        )

    def assert_stopped(self, attack: str, target: str | None = None, *, depth: int = 1) -> None:
        """Make sure that the attack is stopped: see :meth:`Proven.assert_stopped`."""
        self.proof.assert_stopped(attack, target, depth=depth)
