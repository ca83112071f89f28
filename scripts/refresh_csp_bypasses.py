"""Rebuild the list of hosts that bypass a script allow-list from Google's csp_evaluator.

The npm package is fetched into a temporary directory; hosts and paths are taken out of its JSON as
facts, nothing else of it is kept.

    python scripts/refresh_csp_bypasses.py [--check]

``--check`` writes nothing and exits with 1 where the file is out of date. Needs npm.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

PACKAGE = "csp_evaluator"
ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src/ringfence/rings/csp/known_bypasses.py"

HEAD = '''"""Hosts and paths by which script allow-lists are bypassed. Data only, made by a script.

Source: the lists of AngularJS copies and JSONP endpoints in the npm package {package} {version}
(google/csp-evaluator, Apache-2.0), hosts and paths taken as facts. Refreshed by
scripts/refresh_csp_bypasses.py.
"""

from __future__ import annotations

__all__ = ["ANGULAR", "JSONP", "NEEDS_EVAL"]
'''


def fetch(into: Path) -> Path:
    """Install the package below ``into`` and return its folder."""
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run([*command, "--prefix", str(into), PACKAGE], check=True, stdout=sys.stderr)
    return into / "node_modules" / PACKAGE


def paths_by_host(urls: list[str]) -> dict[str, list[str]]:
    """Return the decoded paths of scheme-relative URLs, by host."""
    found: dict[str, set[str]] = {}
    for url in urls:
        parts = urlsplit(url)
        if parts.hostname:
            found.setdefault(parts.hostname, set()).add(unquote(parts.path) or "/")
    return {host: sorted(paths) for host, paths in sorted(found.items())}


def literal(name: str, comment: str, hosts: dict[str, list[str]]) -> str:
    """Return a dict of tuples as source text."""
    lines = ["", f"#: {comment}", f"{name}: dict[str, tuple[str, ...]] = {{"]
    for host, paths in hosts.items():
        inner = ", ".join(json.dumps(path) for path in paths)
        lines.append(f'    "{host}": ({inner}{"," if len(paths) == 1 else ""}),')
    return "\n".join([*lines, "}", ""])


def render(package: Path) -> str:
    """Return the module's text for the package as fetched, formatted as the house does."""
    lists = package / "allowlist_bypasses" / "json"
    angular = json.loads((lists / "angular.json").read_text("utf-8"))
    jsonp = json.loads((lists / "jsonp.json").read_text("utf-8"))
    version = json.loads((package / "package.json").read_text("utf-8"))["version"]
    needs_eval = ", ".join(json.dumps(host) for host in sorted(jsonp["needsEval"]))
    text = HEAD.format(package=PACKAGE, version=version)
    text += literal(
        "ANGULAR",
        "host -> paths of AngularJS releases whose templates run injected expressions.",
        paths_by_host(angular["urls"]),
    )
    text += literal(
        "JSONP",
        "host -> paths that answer with whatever callback the URL names.",
        paths_by_host(jsonp["urls"]),
    )
    text += "\n#: Hosts whose answer is text that only eval() would run.\n"
    text += f"NEEDS_EVAL = frozenset(({needs_eval}))\n"
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(TARGET), "-"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return done.stdout


def main() -> int:
    """Write the file, or with ``--check`` compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = render(fetch(Path(folder)))
    if arguments.check:
        return 0 if TARGET.read_text(encoding="utf-8") == text else 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
