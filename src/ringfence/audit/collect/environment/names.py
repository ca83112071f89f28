"""Which files say something of the environment, and what each of them is for, by their names."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["form_of", "purpose_of"]

_NAMES: Final = {
    "procfile": "procfile",
    "fly.toml": "fly",
    "app.yaml": "app.yaml",
    "app.yml": "app.yaml",
    "render.yaml": "render",
    "render.yml": "render",
    "heroku.yml": "heroku",
    "app.json": "app.json",
}
#: Forms that nothing but a deployment has.
_ALWAYS_DEPLOYED: Final = frozenset({"procfile", "fly", "app.yaml", "render", "heroku", "app.json"})
_COMPOSE: Final = re.compile(r"(?:docker-)?compose(?:[._-][\w.-]{1,60})?\.ya?ml")
#: What cookiecutter-django called its compose files.
_STAGES: Final = re.compile(r"(?:local|production|staging|dev|prod)\.ya?ml")
#: ``.env`` with what it is for before or behind it.
_DOTENV: Final = re.compile(r"\.env(?:[._-][\w.-]{0,60})?|[\w.-]{1,60}\.env|\.?env[._-][\w-]{1,60}")
#: Sources of programs, notes, and what is encrypted.
_OTHERS: Final = frozenset(
    {
        *("py", "pyi", "js", "ts", "mjs", "cjs", "json", "sh", "bash", "fish", "yml", "yaml", "md"),
        *("toml", "html", "ini", "enc", "gpg", "asc", "age", "vault", "sops", "lock", "log", "txt"),
        *(
            "j2",
            "jinja",
            "jinja2",
            "erb",
            "tpl",
            "rb",
            "php",
            "go",
            "rs",
            "conf",
            "cfg",
            "d",
            "bat",
        ),
    }
)
_WORDS: Final = re.compile(r"[a-z0-9]+")
_EXAMPLE: Final = frozenset(
    {
        *("example", "examples", "sample", "samples", "template", "templates", "tmpl", "dist"),
        *("default", "defaults", "skel", "skeleton", "dummy", "demo", "boilerplate"),
    }
)
_TEST: Final = frozenset(
    {"test", "tests", "testing", "ci", "e2e", "pytest", "tox", "cypress", "github", "benchmark"}
)
_DEVELOPMENT: Final = frozenset(
    {
        *("dev", "develop", "development", "devel", "local", "localhost", "debug", "override"),
        *("devcontainer", "vagrant", "localdev", "sandbox", "playground", "docs", "doc", "vscode"),
    }
)
_DEPLOYED: Final = frozenset(
    {
        *("prod", "production", "live", "prd", "deploy", "deployed", "deployment", "staging"),
        *("stage", "stg", "heroku", "aws", "gcp", "azure", "fly", "render", "traefik", "swarm"),
    }
)


def form_of(path: str) -> str:
    """Return what kind of file this is, "" if it says nothing of an environment.

    >>> form_of(".env.prod"), form_of("compose.yaml"), form_of("env.py")
    ('dotenv', 'compose', '')
    """
    *folders, name = path.lower().split("/")
    if len(name) > 120:
        return ""
    if name in _NAMES:
        # A JSON file of this name is the platform's at the root only.
        return "" if name == "app.json" and folders else _NAMES[name]
    if name.startswith("procfile."):
        return "procfile"
    if re.fullmatch(r"fly\.[\w-]{1,40}\.toml", name):
        return "fly"
    stem = name.replace("containerfile", "dockerfile")
    if stem == "dockerfile" or stem.startswith(("dockerfile.", "dockerfile-")):
        return "" if stem.endswith((".dockerignore", ".md", ".j2")) else "dockerfile"
    if stem.endswith(".dockerfile"):
        return "dockerfile"
    if _COMPOSE.fullmatch(name) or (len(folders) < 2 and _STAGES.fullmatch(name)):
        return "compose"
    if _DOTENV.fullmatch(name) and name.rpartition(".")[2] not in _OTHERS:
        return "dotenv"
    if ".envs" in folders and name.rpartition(".")[2] not in _OTHERS:
        return "dotenv"
    return ""


def purpose_of(path: str, form: str) -> str:
    """Return what the file is for; "unmarked" where its name does not say.

    >>> purpose_of(".envs/.production/.django", "dotenv"), purpose_of(".env", "dotenv")
    ('deployed', 'unmarked')
    >>> purpose_of("docker-compose.override.yml", "compose")
    'development'
    """
    *folders, name = path.lower().split("/")
    words = [frozenset(_WORDS.findall(name))]
    words += [frozenset(_WORDS.findall(folder)) for folder in reversed(folders[-4:])]
    for number, found in enumerate(words):
        if found & _EXAMPLE:
            # A folder of examples holds a whole site of its own, which nobody deploys.
            return "example" if number == 0 else "development"
        if found & _TEST:
            return "test"
        if found & _DEVELOPMENT:
            return "development"
        if found & _DEPLOYED or (number == 0 and form in _ALWAYS_DEPLOYED):
            return "deployed"
    return "unmarked"
