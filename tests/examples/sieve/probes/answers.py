"""What an answer says of itself: who may frame it, keep it, sniff it; and whose host it names."""

from __future__ import annotations

from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from sieve.holes import Side
from sieve.policies.views import NONCE
from sieve.seed import PASSWORD
from sieve.uploads.models import Upload

from tests.examples.sieve.market import SECRET, Seen, Visitor, state
from tests.examples.sieve.oracle import PAYLOADS, elements, nodes, runs


def _policy(answer: HttpResponse) -> dict[str, list[str]]:
    """Return the directives of the policy that the browser enforces."""
    parts = answer.headers.get("Content-Security-Policy", "").split(";")
    words = [part.split() for part in parts if part.strip()]
    return {name: sources for name, *sources in words}


def _framable(answer: HttpResponse) -> bool:
    ancestors = _policy(answer).get("frame-ancestors")
    if ancestors is not None:
        return "*" in ancestors
    return answer.headers.get("X-Frame-Options", "").upper() not in ("DENY", "SAMEORIGIN")


def framing(side: Side) -> Seen:
    visitor = Visitor("user")
    answer = visitor.get(side.path)
    framable = _framable(answer)
    if side.name == "setting-frames":
        return Seen(answer.status_code == 200, {"framed": framable})
    before = state()
    visitor.post(side.path, {"text": "clicked"})
    return Seen(state() != before, {"framed": framable})


def session(side: Side) -> Seen:
    visitor = Visitor("anonymous")
    if side.name == "setting-redirect":
        answer = visitor.client.get("/")
        return Seen(answer.status_code in (200, 301), {"plain": answer.status_code == 200})
    if side.name == "setting-hsts":
        answer = visitor.get("/")
        missing = "Strict-Transport-Security" not in answer.headers
        return Seen(answer.status_code == 200, {"downgraded": missing})
    if "cookie" in side.reached:
        cookie = Visitor("user").get(side.path).cookies[side.reached["cookie"]]
    else:
        credentials = {"username": "ada", "password": PASSWORD}
        cookie = visitor.post("/accounts/sign-in/", credentials).cookies["sessionid"]
    signs = {
        "cookie-script": not cookie["httponly"],
        "setting-httponly": not cookie["httponly"],
        "cookie-plain": not cookie["secure"],
        "setting-secure": not cookie["secure"],
        "setting-samesite": cookie["samesite"] == "None",
    }
    return Seen(bool(cookie.value), {"taken": signs[side.name]})


def host(side: Side) -> Seen:
    visitor = Visitor("anonymous", host="attacker.test")
    if side.name == "setting-hosts":
        works = Visitor("anonymous").get(side.path).status_code == 200
        return Seen(works, {"believed": visitor.get(side.path).status_code == 200})
    mail.outbox.clear()
    if side.method == "POST":
        visitor.post(side.path, {"email": "ada@victim.localhost", "note": "n", "remark": "r"})
        text = mail.outbox[0].body
    else:
        text = visitor.get(side.path).text
    return Seen("https://" in text, {"poisoned": "https://attacker.test" in text})


_FILES = {
    "upload-html": ("page.html", "text/html", b"<!doctype html><svg onload=boom()>"),
    "upload-svg": (
        "p.svg",
        "image/svg+xml",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="boom()"/>',
    ),
    "upload-sniffed": ("page", "", b"<!doctype html><svg onload=boom()>"),
}


def upload(side: Side) -> Seen:
    visitor = Visitor("user")
    if side.name == "setting-nosniff":
        answer = visitor.get(side.path)
        return Seen(answer.status_code == 200, {"sniffed": _sniffed(answer)})
    name, kind, content = _FILES[side.name]
    file = SimpleUploadedFile(name, content, content_type=kind)
    assert visitor.post("/uploads/add/", {"title": "A file", "file": file}).status_code == 302
    row, seeded = Upload.objects.order_by("-pk")[0], Upload.objects.get(pk=1)
    path = side.path.replace(str(seeded.key), str(row.key)).replace("/1/", f"/{row.pk}/")
    answer = Visitor("anonymous").get(path)
    kind = answer.headers.get("Content-Type", "")
    document = kind.startswith(("text/html", "image/svg")) or (not kind and _sniffed(answer))
    inline = "attachment" not in answer.headers.get("Content-Disposition", "")
    return Seen(answer.content == content, {"runs": document and inline})


def _sniffed(answer: HttpResponse) -> bool:
    return answer.headers.get("X-Content-Type-Options") != "nosniff"


def referer(side: Side) -> Seen:
    answer = Visitor("anonymous").get(side.path)
    found = elements(answer.text)
    metas = [e.get("content") for e in found if e.get("name") == "referrer"]
    policy = [answer.headers.get("Referrer-Policy"), *metas][-1]
    if side.name == "setting-referrer":
        return Seen(answer.status_code == 200, {"told": policy == "unsafe-url"})
    foreign = [e for e in found if (e.get("src") or "").startswith("https://paper.test/")]
    return Seen(bool(foreign), {"told": policy == "unsafe-url"})


def cache(side: Side) -> Seen:
    answer = Visitor("user").get(side.path)
    public = "public" in answer.headers.get("Cache-Control", "")
    leaked = SECRET in Visitor("other").get(side.path).text
    return Seen(SECRET in answer.text, {"kept": public or leaked})


def csp(side: Side) -> Seen:
    visitor = Visitor(side.visitor)
    answers = [visitor.get(side.path, {"q": PAYLOADS[0]}) for _ in range(2)]
    shown = visitor.get(side.path, {"q": "marker7"})
    signs = {"injected": runs(answers[0].text), "bypassed": _bypassed(side, visitor, answers)}
    return Seen("marker7" in shown.text, signs)


def _bypassed(side: Side, visitor: Visitor, answers: list[HttpResponse]) -> bool:
    policy = _policy(answers[0])
    scripts = policy.get("script-src", [])
    addresses = [e.get("src") for e in elements(answers[0].text) if e.get("src")]
    match side.name:
        case "csp-constant-nonce":
            return f"'nonce-{NONCE}'" in scripts
        case "csp-reused-nonce":
            return scripts == _policy(answers[1]).get("script-src")
        case "csp-jsonp":
            path = next(a for a in addresses if "callback" in a).partition("?")[0]
            answer = visitor.get(path, {"callback": "boom()//"})
            return any(
                n.type == "CallExpression" and n.callee.name == "boom" for n in nodes(answer.text)
            )
        case "csp-base":
            return "base-uri" not in policy
        case "csp-dangling":
            return not {"img-src", "default-src"} & set(policy)
        case "csp-form-action":
            return "form-action" not in policy
        case "csp-gadget":
            path = next(a for a in addresses if a.startswith("/static/policies/la"))
            code = b"".join(visitor.get(path)).decode()
            given = [n.right for n in nodes(code) if n.type == "AssignmentExpression"]
            loads = any(getattr(getattr(v, "object", None), "property", None) for v in given)
            return "'strict-dynamic'" in scripts and loads
        case "csp-report-only":
            return not policy
        case "csp-schemes":
            return bool({"https:", "data:"} & set(scripts))
    raise ValueError(side.name)
