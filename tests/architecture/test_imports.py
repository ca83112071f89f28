"""The house rules on imports, each held to the package and to an example that breaks it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

import pytest

from tests.architecture.imports import Graph, graph, imported, reach, sources, within

#: Packages that a decision must not need: it is tested, and read, without a site around it.
FRAMEWORKS = ("django", "asgiref", "rest_framework", "ninja", "corsheaders", "csp")
RINGS = ("csrf", "cors", "csp", "escaping", "isolation", "transport")
#: What the middleware is made of.
ACTING = (
    "ringfence.apps",
    "ringfence.asgi",
    "ringfence.checks",
    "ringfence.guard",
    "ringfence.middleware",
    "ringfence.seams",
    "ringfence.standalone",
)
#: What says where the settings come from; a policy is given its values.
READING = ("ringfence.conf", "ringfence.fence")


def is_pure(module: str) -> bool:
    """Tell whether ``module`` has to work without Django."""
    return (
        module in ("ringfence", "ringfence.origin", "ringfence.finding", "ringfence._codes")
        or (within(module, "ringfence.rings") and module.endswith(".policy"))
        or within(module, "ringfence.audit.rules")
        or module in ("ringfence.rings.csp.evaluate", "ringfence.cli")
    )


def ring_of(module: str) -> str:
    """Return the ring that ``module`` belongs to, or nothing."""
    parts = module.split(".")
    return parts[2] if parts[:2] == ["ringfence", "rings"] and len(parts) > 2 else ""


def pure_modules_need_no_framework(of: Graph) -> Iterator[str]:
    for module in filter(is_pure, of):
        for target, through in reach(of, module).items():
            if any(within(target, framework) for framework in FRAMEWORKS):
                yield f"{module} reaches {target} through {through}"


def attacks_import_no_framework(of: Graph) -> Iterator[str]:
    # Only directly: the sandbox, whose browser they drive, boots a site and needs Django.
    for module, targets in of.items():
        if within(module, "ringfence.prove.attacks"):
            for target in targets:
                if any(within(target, framework) for framework in FRAMEWORKS):
                    yield f"{module} imports {target}"


def rings_do_not_import_each_other(of: Graph) -> Iterator[str]:
    for module, targets in of.items():
        for target in targets:
            if ring_of(module) and ring_of(target) and ring_of(module) != ring_of(target):
                yield f"{module} imports {target}"


def policies_are_below_settings_and_middleware(of: Graph) -> Iterator[str]:
    for module in of:
        if within(module, "ringfence.rings") and module.endswith(".policy"):
            for target, through in reach(of, module).items():
                if any(within(target, upper) for upper in (*ACTING, *READING)):
                    yield f"{module} reaches {target} through {through}"


def settings_are_below_the_middleware(of: Graph) -> Iterator[str]:
    for module in READING:
        for target in of.get(module, ()):
            if any(within(target, upper) for upper in ACTING):
                yield f"{module} imports {target}"


def nothing_imports_the_app(of: Graph) -> Iterator[str]:
    for module, targets in of.items():
        if "ringfence.apps" in targets:
            yield f"{module} imports ringfence.apps"


def the_audit_never_imports_the_middleware(of: Graph) -> Iterator[str]:
    for module in of:
        if within(module, "ringfence.audit"):
            for target, through in reach(of, module).items():
                if within(target, "ringfence.middleware") or within(target, "ringfence.guard"):
                    yield f"{module} reaches {target} through {through}"


def a_proof_uses_no_ring(of: Graph) -> Iterator[str]:
    # A proof that shared a ring's code would share its bugs: it speaks HTTP, like an attacker.
    own = ("ringfence.sandbox", "ringfence.prove", "ringfence.finding", "ringfence._codes")
    for module, targets in of.items():
        if within(module, "ringfence.sandbox") or within(module, "ringfence.prove"):
            for target in targets:
                foreign = within(target, "ringfence") and target != "ringfence"
                if foreign and not any(within(target, package) for package in own):
                    yield f"{module} imports {target}"


TOOLS = ("ringfence.sandbox", "ringfence.prove", "ringfence.management")
#: `audit --live` asks the site that the sandbox boots: this module alone may, when it is asked to.
MAY_BOOT = "ringfence.audit.collect.live.own"


def a_proof_is_not_needed_to_serve(of: Graph) -> Iterator[str]:
    for module, targets in of.items():
        if module != MAY_BOOT and not any(within(module, tool) for tool in TOOLS):
            for target in targets:
                if any(within(target, tool) for tool in TOOLS):
                    yield f"{module} imports {target}"


def what_serves_reaches_no_tool(of: Graph) -> Iterator[str]:
    for module in of:
        if any(within(module, acting) for acting in ACTING):
            for target, through in reach(of, module).items():
                if any(within(target, tool) for tool in TOOLS):
                    yield f"{module} reaches {target} through {through}"


Rule = Callable[[Graph], Iterator[str]]

#: Each rule, and an import that it must refuse.
RULES: list[tuple[Rule, dict[str, set[str]]]] = [
    (
        pure_modules_need_no_framework,
        {
            "ringfence.rings.csp.policy": {"ringfence.rings.csp.grammar"},
            "ringfence.rings.csp.grammar": {"django.utils.functional"},
        },
    ),
    (attacks_import_no_framework, {"ringfence.prove.attacks.read": {"django.test"}}),
    (rings_do_not_import_each_other, {"ringfence.rings.cors.checks": {"ringfence.rings.csrf"}}),
    (
        policies_are_below_settings_and_middleware,
        {"ringfence.rings.csrf.policy": {"ringfence.conf"}},
    ),
    (settings_are_below_the_middleware, {"ringfence.conf": {"ringfence.seams.csrf"}}),
    (nothing_imports_the_app, {"ringfence.checks": {"ringfence.apps"}}),
    (
        the_audit_never_imports_the_middleware,
        {"ringfence.audit.collect.live": {"ringfence.middleware"}},
    ),
    (a_proof_uses_no_ring, {"ringfence.prove.attacks.csrf": {"ringfence.rings.csrf.policy"}}),
    (a_proof_is_not_needed_to_serve, {"ringfence.middleware": {"ringfence.sandbox"}}),
    (
        what_serves_reaches_no_tool,
        {"ringfence.checks": {MAY_BOOT}, MAY_BOOT: {"ringfence.sandbox.boot"}},
    ),
]
rules = pytest.mark.parametrize(("rule", "broken"), RULES, ids=[rule.__name__ for rule, _ in RULES])


@rules
def test_the_package_keeps(rule, broken):
    assert list(rule(graph())) == []


@rules
def test_a_breach_is_seen(rule, broken):
    assert list(rule({module: frozenset(targets) for module, targets in broken.items()}))


def test_the_graph_is_the_packages():
    found = graph()

    assert "ringfence.finding" in found["ringfence.rings.csrf.policy"] | found["ringfence.conf"]
    assert {f"ringfence.rings.{ring}" for ring in RINGS} >= {
        module for module in found if module.count(".") == 2 and ring_of(module)
    }


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import django.conf", {"django.conf"}),
        ("from ringfence.rings import csp", {"ringfence.rings.csp"}),
        ("from ringfence.origin import Origin", {"ringfence.origin"}),
        ("def late():\n    from django.urls import path", {"django.urls"}),
    ],
    ids=["plain", "a module by name", "a name out of a module", "inside a function"],
)
def test_an_import_is_read(source, expected):
    modules = {"ringfence.rings.csp": None, "ringfence.origin": None}
    assert set(imported(ast.parse(source), "ringfence.x", modules)) == expected


def only_names(tree: ast.Module) -> Iterator[str]:
    """Yield what stands in an ``__init__`` besides a docstring, imports and ``__all__``."""
    for number, node in enumerate(tree.body):
        is_docstring = number == 0 and isinstance(node, ast.Expr)
        is_dunder = isinstance(node, ast.Assign | ast.AnnAssign) and all(
            isinstance(target, ast.Name) and target.id.startswith("__")
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        )
        if not (is_docstring or is_dunder or isinstance(node, ast.Import | ast.ImportFrom)):
            yield f"line {node.lineno}: {ast.unparse(node)[:60]}"


def test_the_packages_init_holds_public_names_only():
    init = sources()["ringfence"]
    assert list(only_names(ast.parse(init.read_text("utf-8")))) == []


def test_an_init_that_does_more_is_seen():
    assert list(only_names(ast.parse('"""Doc."""\nimport os\nx = os.getcwd()')))


#: The settings that the rings decide from: read once, at start-up, by conf. (How a proxy says https
#: is no decision: Django itself reads it on every request.)
DECIDING = re.compile(
    r"RINGFENCE|SECURE_(?!PROXY_SSL_HEADER)\w+|CORS_\w+|CONTENT_SECURITY_POLICY\w*|PERMISSIONS_POLICY|X_FRAME_OPTIONS"
    r"|CSRF_TRUSTED_ORIGINS"
)
#: The stand-alone classes reproduce what they replace, which reads its settings by itself; the
#: sandbox is no part of a served site; explain-cors names the setting that a policy came from.
MAY_READ = (
    "ringfence.conf",
    "ringfence.standalone",
    "ringfence.sandbox",
    "ringfence.rings.cors.command",
)


def settings_read(tree: ast.AST) -> Iterator[str]:
    """Yield the settings of :data:`DECIDING` that are read off Django's settings object."""
    for node in ast.walk(tree):
        name = ""
        if isinstance(node, ast.Attribute) and _is_settings(node.value):
            name = node.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            match node.args:
                case [holder, ast.Constant(value=str(value)), *_] if _is_settings(holder):
                    name = value
        if DECIDING.fullmatch(name):
            yield name


def _is_settings(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in ("settings", "django_settings")


@pytest.mark.parametrize(
    "module",
    [name for name in sources() if not any(within(name, package) for package in MAY_READ)],
)
def test_only_conf_reads_what_the_rings_decide_from(module):
    assert list(settings_read(ast.parse(sources()[module].read_text("utf-8")))) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("settings.SECURE_SSL_REDIRECT", ["SECURE_SSL_REDIRECT"]),
        ("getattr(settings, 'RINGFENCE', {})", ["RINGFENCE"]),
        ("settings.DEBUG", []),
        ("fence.SECURE_SSL_REDIRECT", []),
    ],
    ids=["attribute", "getattr", "a setting of Django's own", "another object"],
)
def test_a_settings_reader_is_seen(source, expected):
    assert list(settings_read(ast.parse(source))) == expected
