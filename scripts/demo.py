"""Attack a fresh Wagtail site in a real browser, before and after ringfence is put in.

Everything is made in ``.demo/`` of the checkout and used again by the next run; delete the folder
to start afresh. Exit status: that of the run with ringfence, 0 where every attack was stopped; 2
where something that the demo needs could not be had.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / ".demo"
PYTHON = DEMO / "venv" / "bin" / "python"
SITE = DEMO / "site"
EXAMPLE = ROOT / "examples" / "teller" / "teller"

# The site without ringfence's middleware: as `wagtail start` made it, with the example's app.
# The ringfence app is installed for its command only.
BEFORE = """\
from .dev import *

INSTALLED_APPS = [*INSTALLED_APPS, "ringfence", "teller"]
ROOT_URLCONF = "fenced_demo.urls_with_teller"
LOGIN_URL = "teller:login"
"""

# What a developer would change: one middleware in the place of three, one template engine in the
# place of another, and one setting.
AFTER = """\
from .before import *

REPLACED = {
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
}
MIDDLEWARE = [
    "ringfence.middleware.RingfenceMiddleware",
    *(name for name in MIDDLEWARE if name not in REPLACED),
]
TEMPLATES = [
    {**engine, "BACKEND": "ringfence.template.DjangoTemplates"} for engine in TEMPLATES
]
RINGFENCE = {"csp": "strict", "transport": "https"}
"""

URLS = """\
from django.urls import include, path

from fenced_demo.urls import urlpatterns as of_wagtail

urlpatterns = [path("teller/", include("teller.urls")), *of_wagtail]
"""

USER = """\
from django.contrib.auth import get_user_model
users = get_user_model().objects
users.filter(username="demo").exists() or users.create_superuser("demo", "demo@example.com", "demo")
"""

started = time.monotonic()


def say(line: str) -> None:
    """Tell what comes next."""
    print(f"[{time.monotonic() - started:5.1f} s] {line}", flush=True)


def run(*command: str | Path, **environment: str) -> int:
    """Run a command in the site's folder, where there is one yet, and return its status."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=SITE if SITE.is_dir() else ROOT,
        env={**os.environ, **environment},
        check=False,
    ).returncode


def need(*command: str | Path, **environment: str) -> None:
    """Run a command that the demo cannot do without."""
    if run(*command, **environment):
        print(f"demo: this failed: {' '.join(map(str, command))}", file=sys.stderr)
        sys.exit(2)


def install() -> None:
    """Make the environment, and bring it up to date where the package's needs have changed."""
    stamp = DEMO / "installed"
    needs = (ROOT / "pyproject.toml").read_bytes() + sys.version.encode()
    wanted = hashlib.sha256(needs).hexdigest()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        say("using the environment in .demo/venv")
        return
    say("installing ringfence and Wagtail into .demo/venv")
    DEMO.mkdir(exist_ok=True)
    # Whatever a run makes is nothing to commit.
    (DEMO / ".gitignore").write_text("*\n")
    venv.create(DEMO / "venv", with_pip=True, clear=True, symlinks=True)
    need(PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check",
         "--editable", f"{ROOT}[prove]", "wagtail>=7.0")  # fmt: skip
    stamp.write_text(wanted)


def usable_browser() -> str | None:
    """Return a browser that really starts: on some systems the name is a stub without one."""
    found = subprocess.run(
        [
            PYTHON,
            "-c",
            "from ringfence.sandbox.executable import find_browser; print(find_browser())",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    path = found.stdout.strip()
    if found.returncode or not path:
        return None
    starts = subprocess.run([path, "--version"], capture_output=True, check=False)
    return path if starts.returncode == 0 else None


def browser() -> str:
    """Find a browser, or get one: from the system's packages as root, else from Playwright."""
    if path := usable_browser():
        return path
    is_root = os.geteuid() == 0
    if is_root and shutil.which("apt-get"):
        say("installing chromium with apt-get")
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        # Another apt-get may be at work on a machine that has only just started.
        lock = ("-o", "DPkg::Lock::Timeout=300")
        run("apt-get", "update", "-qq", **quiet)
        run("apt-get", "install", "-qq", "-y", "--no-install-recommends", *lock, "chromium",
            **quiet)  # fmt: skip
        if path := usable_browser():
            return path
    say("downloading Chromium with Playwright")
    run(PYTHON, "-m", "playwright", "install", *(["--with-deps"] if is_root else []), "chromium")
    if path := usable_browser():
        return path
    print(
        "demo: no browser could be had. Install Chromium or Chrome (apt-get install chromium), or "
        "name one: RINGFENCE_BROWSER=/path/to/chrome make demo",
        file=sys.stderr,
    )
    sys.exit(2)


def make_site() -> None:
    """Create the Wagtail site with the example's app, its database and a user."""
    if not (SITE / "manage.py").exists():
        say("creating a Wagtail site with `wagtail start`")
        shutil.rmtree(SITE, ignore_errors=True)
        SITE.mkdir()
        need(PYTHON.with_name("wagtail"), "start", "fenced_demo", SITE)
    shutil.copytree(EXAMPLE, SITE / "teller", dirs_exist_ok=True)
    settings = SITE / "fenced_demo" / "settings"
    (settings / "before.py").write_text(BEFORE)
    (settings / "after.py").write_text(AFTER)
    (SITE / "fenced_demo" / "urls_with_teller.py").write_text(URLS)
    say("creating its database")
    before = {"DJANGO_SETTINGS_MODULE": "fenced_demo.settings.before"}
    need(PYTHON, "manage.py", "migrate", "--verbosity=0", "--skip-checks", **before)
    need(PYTHON, "manage.py", "shell", "--verbosity=0", "--command", USER, **before)


def prove(settings: str, title: str, path: str) -> int:
    """Run the proof under those settings."""
    say(f"manage.py ringfence prove: {title}")
    return run(
        PYTHON, "manage.py", "ringfence", "prove", "--title", title, "--browser-path", path,
        # A few attacks on what a visitor of the site sees: all of them take longer.
        "--attacks", "forgery,read,framing,script,handler,link,attribute,string",
        "--as", "user", "--targets", "1", "--pages", "60", "--min-coverage", "0",
        DJANGO_SETTINGS_MODULE=f"fenced_demo.settings.{settings}",
    )  # fmt: skip


def main() -> int:
    """Make everything, prove twice, and return the status of the second proof."""
    install()
    path = browser()
    say(f"attacking with {path}")
    make_site()
    before = prove("before", "BEFORE: the site as `wagtail start` makes it", path)
    if before == 2:
        return before
    title = "AFTER: ringfence's middleware and template engine, csp strict, https"
    after = prove("after", title, path)
    say(
        "the column `escaping` is the template engine with every other ring off, the policy (CSP) "
        "included: stored text in a handler, a link, a bare attribute and a script stays text there"
    )
    say(
        "done. To look at the site (demo / demo): cd .demo/site && "
        "DJANGO_SETTINGS_MODULE=fenced_demo.settings.after ../venv/bin/python manage.py runserver"
    )
    return after


if __name__ == "__main__":
    sys.exit(main())
