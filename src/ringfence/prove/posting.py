"""Send a form of the site's without a browser, as its own page would: token, files and all."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ringfence.prove.discover.filling import filled
from ringfence.prove.stage import new_marker

if TYPE_CHECKING:
    from ringfence.prove.stage import AnswerLike, FormLike, Stage

__all__ = ["post"]

_MOST_MARKUP = 2 << 20


class _Tokens(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "input" and dict(attrs).get("name") == "csrfmiddlewaretoken":
            self.found.append(dict(attrs).get("value") or "")


def post(
    stage: Stage,
    form: FormLike,
    visitor: str,
    marker: str,
    files: dict[str, tuple[str, bytes]],
) -> AnswerLike:
    """Fill in the form with ``marker``, attach ``files``, send it, and return the answer.

    ``files`` are names and contents by field.
    """
    page = urlsplit(form.page)
    shown = stage.ask("GET", page.path + (f"?{page.query}" if page.query else ""), visitor=visitor)
    parser = _Tokens()
    parser.feed(shown.text[:_MOST_MARKUP])
    fields = filled(form, marker)
    if parser.found:
        fields.append(("csrfmiddlewaretoken", parser.found[0]))
    boundary = new_marker()
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    for name, (filename, content) in files.items():
        parts += [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; '
            f'filename="{filename}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode(),
            content,
            b"\r\n",
        ]
    body = b"".join([*parts, f"--{boundary}--\r\n".encode()])
    action = urlsplit(form.action)
    return stage.ask(
        "POST",
        action.path + (f"?{action.query}" if action.query else ""),
        visitor=visitor,
        headers={
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Origin": stage.origin_of("victim"),
            "Referer": stage.url(page.path),
        },
        body=body,
    )
