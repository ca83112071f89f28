"""Forms and serializers with every field of a model, those that its users must not set too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ringfence.audit.model import UNKNOWN, ClassFacts, Hit, Project, PythonFacts, Route, Rule, Value
from ringfence.audit.rules._python import files, head
from ringfence.audit.rules._urls import UNSAFE, address, of_view
from ringfence.finding import Confidence

_ACCOUNTS: Final = ("user", "account", "member", "customer", "profile", "employee", "staff")
#: Fields that say what somebody may do, or whose something is.
_PRIVILEGES: Final = frozenset(
    {
        *("is_staff", "is_superuser", "is_admin", "is_approved", "approved", "is_verified"),
        *("verified", "role", "is_paid", "paid", "balance", "credit", "credits", "owner"),
        *("created_by", "user_permissions", "is_moderator", "is_published"),
    }
)
_VIEWS: Final = ("CreateView", "UpdateView")
#: Addresses of pages for people who may set everything.
_STAFF: Final = ("admin", "staff", "dashboard", "manage", "backoffice", "control")


def check(project: Project) -> Iterator[Hit]:
    """Find ``fields = "__all__"``: of accounts it is a danger, of other models inventory."""
    privileged = _privileged(project)
    users = _users(project)
    for facts in files(project):
        if facts.module.rpartition(".")[2] in {"admin", "admins"}:
            continue
        for each in facts.classes:
            if not _is_every(each) or "filter" in each.name.lower():
                continue
            if each.name.endswith(".Meta"):
                views = users.get(each.name.split(".")[-2])
            elif any(base.endswith(_VIEWS) for base in each.bases):
                views = [f"{facts.module}.{each.name}"]
            else:
                continue
            yield _hit(project, each, views, privileged)


def _is_every(each: ClassFacts) -> bool:
    """Say whether a form or serializer takes all fields: ``"__all__"``, or leaves none out."""
    fields = each.attributes.get("fields")
    left_out = each.attributes.get("exclude")
    if fields is not None:
        return fields.literal is not UNKNOWN and str(fields.literal) == "__all__"
    return left_out is not None and not (left_out.items or left_out.opaque or left_out.sources)


def _hit(
    project: Project, each: ClassFacts, views: list[str] | None, privileged: dict[str, str]
) -> Hit:
    routes = [
        route
        for view in views or ()
        for route in of_view(project, view)
        if not route.methods or route.methods & UNSAFE
    ]
    model = each.attributes.get("model", Value()).name.rpartition(".")[2]
    lower = model.lower()
    account = any(lower.endswith(word) for word in _ACCOUNTS) or "get_user_model" in lower
    unreached = bool(views) and bool(project.urls) and not routes
    open_to = next((route for route in routes if not _is_for_staff(route)), None)
    field = privileged.get(model, "")
    sure = (account and not unreached) or (bool(field) and open_to is not None)
    what = ", is_staff and is_superuser among them" if account else " of the model"
    if field and not account:
        what = f", {field} among them"
    return Hit(
        head(each.place),
        f"Whoever may send it{f' to {address(open_to)}' if open_to else ''} may set every field"
        f"{what}.",
        "fields = ['first_name', 'last_name']: name what may be set.",
        Confidence.MEDIUM if sure else Confidence.LOW,
    )


def _is_for_staff(route: Route) -> bool:
    text = f"{route.pattern} {route.view}".lower()
    return any(word in text for word in _STAFF)


def _privileged(project: Project) -> dict[str, str]:
    """Return, by model, a field of it that its users must not set."""
    found: dict[str, str] = {}
    for facts in project.python.values():
        for each in facts.classes:
            fields = sorted(_PRIVILEGES & set(each.attributes))
            if fields and any("Model" in base or "Abstract" in base for base in each.bases):
                found[each.name] = fields[0]
    return found


def _users(project: Project) -> dict[str, list[str]]:
    """Return, by form or serializer, the full names of the views that take it."""
    found: dict[str, list[str]] = {}
    for facts in files(project):
        for each in facts.classes:
            for name in ("form_class", "serializer_class"):
                value = each.attributes.get(name)
                if value is not None and value.name:
                    last = value.name.rpartition(".")[2]
                    found.setdefault(last, []).append(f"{facts.module}.{each.name}")
        _add_calls(facts, found)
    return found


def _add_calls(facts: PythonFacts, found: dict[str, list[str]]) -> None:
    for call in facts.calls:
        last = call.target.rpartition(".")[2]
        if last.endswith(("Form", "Serializer")) and call.function:
            function, _, method = call.function.rpartition(".")
            found.setdefault(last, []).append(f"{facts.module}.{function or method}")


RULE = Rule("DRF473", "python", check)
