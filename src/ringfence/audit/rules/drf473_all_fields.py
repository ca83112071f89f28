"""Forms and serializers of accounts with every field, ``is_staff`` and ``is_superuser`` too."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule, Value
from ringfence.audit.rules._python import files, head
from ringfence.finding import Confidence

_ACCOUNTS = ("user", "account", "member", "customer", "profile", "employee", "staff")


def check(project: Project) -> Iterator[Hit]:
    """Find ``fields = "__all__"``: of accounts it is a danger, of other models inventory."""
    for facts in files(project):
        if facts.module.rpartition(".")[2] in {"admin", "admins"}:
            continue
        for each in facts.classes:
            fields = each.attributes.get("fields")
            if not each.name.endswith(".Meta") or fields is None or fields.literal != "__all__":
                continue
            if "filter" in each.name.lower():
                continue
            model = each.attributes.get("model", Value()).name.rpartition(".")[2].lower()
            account = any(model.endswith(word) for word in _ACCOUNTS) or "get_user_model" in model
            yield Hit(
                head(each.place),
                "Whoever may send it may set every field"
                + (", is_staff and is_superuser among them." if account else " of the model."),
                "fields = ['first_name', 'last_name']: name what may be set.",
                Confidence.MEDIUM if account else Confidence.LOW,
            )


RULE = Rule("DRF473", "python", check)
