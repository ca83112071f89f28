"""How the documentation is built: ``make docs``; a warning is an error there."""

from __future__ import annotations

import os
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
# The pages' examples run inside the tests' site.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

import ringfence  # noqa: E402 - found through the lines above
from ringfence.audit import rules as audited  # noqa: E402
from ringfence.finding import REGISTER, Severity  # noqa: E402

project = "django-ringfence"
copyright = "2026, the django-ringfence maintainers"  # noqa: A001 - Sphinx's name
version = release = ringfence.__version__

extensions = ["sphinx.ext.autodoc", "sphinx.ext.doctest", "myst_parser"]
exclude_patterns = ["_build"]
source_suffix = {".md": "markdown"}
root_doc = "index"

html_theme = "furo"
html_title = "django-ringfence"
html_copy_source = False

myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "show-inheritance": True}

# A block that can be run is run: `{doctest}` fences in pages, and docstrings shown by autodoc are
# run by pytest instead, where they stand.
doctest_test_doctest_blocks = ""

FAMILIES = {
    "RING": "The setting as a whole, and the middleware list",
    "CSRF": "Cross-site request forgery",
    "CORS": "Cross-origin reads",
    "CSP": "Content Security Policy",
    "ESC": "Contextual escaping",
    "ISO": "Isolation",
    "TLS": "Transport",
}
EFFECTS = {
    Severity.INFO: "tells",
    Severity.WARNING: "warns",
    Severity.DEPLOY_ERROR: "warns; fails `check --deploy`",
    Severity.ERROR: "nothing is served",
}


def family(code: str) -> str:
    """Return the letters that a code begins with."""
    return code.rstrip("0123456789")


def codes() -> str:
    """Return the register of codes as Markdown: a table for each family."""
    lines = []
    for name, members in groupby(sorted(REGISTER), key=family):
        lines += ["", f"## {FAMILIES[name]}", "", "| code | what is found | effect | CWE |"]
        lines += ["|---|---|---|---|"]
        for code in members:
            entry = REGISTER[code]
            title = entry.title.replace("<", "\\<") + (" (withdrawn)" if entry.withdrawn else "")
            cwe = str(entry.cwe or "")
            lines.append(f"| `{code}` | {title} | {EFFECTS[entry.severity]} | {cwe} |")
    return "\n".join(lines)


#: The audit's pages stand in the package, for `ringfence explain`; here are copies of them.
PAGES = Path(__file__).parent / "codes"


def pages() -> dict[str, str]:
    """Return the audit's pages by the name of their file, and one that lists them."""
    entries = {code: audited.page(code) for code in audited.all_codes()}
    written = {f"{code}.md": text for code, text in entries.items() if text}
    listed = ["# The audit's codes", "", "| code | what is found | CWE |", "|---|---|---|"]
    for name in written:
        code = name.removesuffix(".md")
        entry = audited.all_codes()[code]
        title = entry.title.replace("<", "\\<")
        listed.append(f"| {{doc}}`{code} <{code}>` | {title} | {entry.cwe or ''} |")
    listed += ["", "```{toctree}", ":hidden:", ":glob:", "", "*", "```", ""]
    return written | {"index.md": "\n".join(listed)}


def write_pages() -> None:
    """Write what differs, so that nothing is read again for nothing."""
    PAGES.mkdir(exist_ok=True)
    wanted = pages()
    for path in PAGES.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        path = PAGES / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, encoding="utf-8")


write_pages()


def fill_in(_app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the register where the page asks for it, so that the two cannot differ."""
    if docname == "checks":
        source[0] = source[0].replace("<!-- the register of codes -->", codes())


def setup(app: Sphinx) -> None:
    """Connect what the pages need beyond Sphinx."""
    app.connect("source-read", fill_in)
