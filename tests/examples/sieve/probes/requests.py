"""What others' pages send, and what they may read of the answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from sieve.holes import Side
from sieve.seed import LETTER, PASSWORD

from tests.examples.sieve.market import ATTACKER, OWN, SECRET, Seen, Visitor, state
from tests.examples.sieve.oracle import elements

_FORM = "application/x-www-form-urlencoded"
_CREDENTIALS = {"username": "ben", "password": PASSWORD}


def _sent(side: Side) -> tuple[Any, str | None]:
    fields = dict.fromkeys(("phone", "street", "name", "text"), "changed")
    match side.reached["encoding"]:
        case "multipart/form-data":
            return {"avatar": SimpleUploadedFile("changed.png", b"picture")}, None
        case "text/plain":
            return '{"text": "changed"}', "text/plain"
        case "":
            return str(LETTER), "application/octet-stream"
    return urlencode(fields), _FORM


def forgery(side: Side) -> Seen:
    with transaction.atomic():
        works = _own_use(side)
        transaction.set_rollback(True)
    visitor, before = Visitor("user"), state()
    parameter = side.reached.get("parameter")
    if parameter == "_method":
        visitor.get(side.path, {"_method": "PUT", "text": "changed"})
    elif parameter:
        asked = {"Origin": ATTACKER, "Access-Control-Request-Headers": "x-http-method-override"}
        answer = visitor.client.options(side.path, secure=True, headers=asked)
        if answer.headers.get("Access-Control-Allow-Origin") == ATTACKER:
            visitor.get(side.path, **{"Origin": ATTACKER, parameter: "PUT", "X-Phone": "changed"})
    else:
        visitor.forge(side.path, *_sent(side))
    return Seen(works, {"changed": state() != before})


def _own_use(side: Side) -> bool:
    visitor, before = Visitor("user"), state()
    parameter = side.reached.get("parameter")
    if parameter == "_method":
        visitor.post(f"{side.path}?_method=PUT", {"_method": "PUT", "text": "own"})
    elif parameter:
        visitor.post(side.path, {}, **{parameter: "PUT", "X-Phone": "own"})
    else:
        data, kind = _sent(side)
        visitor.post(side.path, data, "application/json" if kind == "text/plain" else kind)
    return state() != before


def login_forgery(side: Side) -> Seen:
    forged, own = Visitor("anonymous"), Visitor("anonymous")
    forged.forge(side.path, _CREDENTIALS)
    own.post(side.path, _CREDENTIALS)
    return Seen(
        "_auth_user_id" in own.client.session, {"in": "_auth_user_id" in forged.client.session}
    )


_VALUES = {"drop": "2", "email": "attacker@attacker.test"}


def get_change(side: Side) -> Seen:
    parameter = side.reached.get("parameter")
    data = {parameter: _VALUES[parameter]} if parameter else {}
    visitor = Visitor("user")
    before = state()
    visitor.get(side.path, data)
    changed = state() != before
    visitor.post(side.path, data)
    return Seen(state() != before, {"changed": changed})


#: The origin that each rule takes for a friend's.
_ORIGINS = {
    "read-reflected": ATTACKER,
    "read-null": "null",
    "read-http": "http://victim.localhost",
    "read-suffix": "https://xvictim.localhost",
    "read-prefix": "https://victim.localhost.attacker.test",
    "read-sibling": "https://stall.victim.localhost:8443",
}


def _readable(side: Side, origin: str) -> bool:
    answer = Visitor("user").get(side.path, Origin=origin)
    allowed = answer.headers.get("Access-Control-Allow-Origin") == origin
    sent = answer.headers.get("Access-Control-Allow-Credentials") == "true"
    return allowed and sent and SECRET in answer.text


def read(side: Side) -> Seen:
    """Ask a hole as the one whom its rule takes for a friend, a twin as every such origin."""
    works = SECRET in Visitor("user").get(side.path).text
    origins = [_ORIGINS[side.name]] if side.is_hole else list(_ORIGINS.values())
    return Seen(works, {origin: _readable(side, origin) for origin in origins})


def inclusion(side: Side) -> Seen:
    answer = Visitor("user").get(side.path, {"callback": "steal"})
    script = answer.headers["Content-Type"].startswith("text/javascript")
    return Seen(answer.status_code == 200, {"told": script and SECRET in answer.text})


def _redirected(answer: Any) -> bool:
    there = urljoin(f"{OWN}/", answer.headers.get("Location", ""))
    return urlsplit(there).netloc == urlsplit(ATTACKER).netloc


def redirect(side: Side) -> Seen:
    away = "//attacker.test/" if side.name.endswith("slashes") else f"{ATTACKER}/"
    within = _follow(side, "/listings/")
    works = within.headers.get("Location") == "/listings/"
    return Seen(works, {"away": _redirected(_follow(side, away))})


def _follow(side: Side, address: str) -> Any:
    visitor = Visitor("anonymous")
    if "argument" in side.reached:
        return visitor.get(side.path.replace("https://shop.test/", address))
    if side.name == "redirect-login":
        return visitor.post(f"{side.path}?{urlencode({'next': address})}", _CREDENTIALS)
    if side.method == "POST":
        fields = {
            e.get("name"): e for e in elements(visitor.get(side.path, {"next": address}).text)
        }
        data = {"email": "x@victim.localhost", "next": fields["next"].get("value")}
        return visitor.post(side.path, data)
    return visitor.get(side.path, {side.reached["parameter"]: address})
