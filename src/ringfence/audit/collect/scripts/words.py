"""What names of the browser's and of libraries say: where data comes from, and where it goes."""

from __future__ import annotations

import re
from typing import Final

from ringfence.audit.collect.templates.expressions import listed

__all__ = [
    "ANSWERING",
    "ANSWERS",
    "CELLS",
    "CLEAN_CALL",
    "CLEAN_NAME",
    "CODE_CALLS",
    "CUTS",
    "EACH",
    "GOES_ON",
    "KEEPS",
    "MARKUP_CALLS",
    "MARKUP_IF_BUILT",
    "MARKUP_OPTIONS",
    "MARKUP_PROPERTIES",
    "MAY_MATTER",
    "OF_ELEMENT",
    "QUIET_OF_LOCATION",
    "ROOTS",
    "THEN",
    "WORDS_ONLY",
]

#: A script without any of these makes nothing out of anything.
MAY_MATTER: Final = re.compile(
    r"HTML|srcdoc|\.write(?:ln)?\s*\(|\.html\s*\(|\beval\b|Function\s*\(|location|\bopen\s*\("
    r"|\.(?:append|prepend|before|after|replaceWith|bindPopup|bindTooltip|setContent)\s*\("
    r"|\$\(|jQuery\(|toastr|[sS]wal|bootbox|popover|tooltip|render|ormatter|set(?:Timeout|Interval)"
    r"|parseHTML|-html\b"
)

# Where data comes from

#: What a request's answer is read from, whoever sent the request.
ANSWERS: Final = listed("responseText responseJSON responseXML response")
#: Calls whose result, or whose callback's first argument, is an answer.
ANSWERING: Final = re.compile(
    r"fetch|\$http|(?:window\.)?fetch|(?:\$|jQuery|axios|http|\$http|ky|superagent|api|client)"
    r"\.(?:get|post|put|patch|delete|getJSON|ajax|request|getScript)|axios|ky|\$\.getJSON"
)
THEN: Final = listed("then done success always fail catch error complete")
EACH: Final = listed("forEach map filter flatMap some every find each")
#: Methods whose result has in it what they are asked of.
KEEPS: Final = listed(
    "join concat slice substr substring trim toLowerCase toUpperCase toString split replace"
    " replaceAll shift pop at get getAll filter map flatMap reverse sort json text format"
    " padStart find values entries keys reduce flat charAt repeat normalize then finally catch"
    " toArray first last done success match parse data call apply"
)
#: Of these the part that is asked for.
CUTS: Final = listed("split slice substr substring match")
#: Functions whose result has in it what they are given.
ROOTS: Final = listed(
    "decodeURIComponent decodeURI unescape atob String JSON.parse JSON.stringify $.parseJSON"
    " jQuery.parseJSON $.trim jQuery.trim Object.values Object.entries Object.keys"
    " Object.fromEntries Object.assign Array.from interpolate sprintf Promise.all Promise.resolve"
    " URLSearchParams URL $.map Array.of structuredClone"
)
#: What elements are called where ``value`` or a name after them is read.
OF_ELEMENT: Final = listed(
    "this target currentTarget srcElement getElementById querySelector elements activeElement"
    " closest getElementsByName event"
)
QUIET_OF_LOCATION: Final = listed(
    "protocol host hostname origin port pathname replace assign reload ancestorOrigins length"
)

# What makes it harmless

CLEAN_CALL: Final = re.compile(
    r"(?i)(?:^|[_$.a-z])(?<!un)escape|sanit|purif|encode|^_?esc$|^_?h$|strip_?(?:tags|html)"
    r"|htmlspecialchars|parseInt|parseFloat|toFixed|toLocale|linkify|autolink"
    r"|createTextNode|to_?(?:number|int|date)|format_?(?:date|time|number|currency|price|size|bytes|money)"
    r"|^(?:Number|Boolean|Date|Math|moment|dayjs|isNaN|BigInt|Symbol|createElement)$"
    r"|slugify|^(?:n|p|np|u)?gettext$|^(?:_|t|i18n|trans|__)$"
)
#: Last names of a path that bring no text of anybody's.
CLEAN_NAME: Final = re.compile(
    r"(?:^|_)(?:length|id|ids|pk|uuid|count|size|index|idx|total|width|height|status|num|number|page"
    r"|pages|year|month|day|hours?|minutes?|seconds|percent|price|amount|quantity|lat|lng|lon|x|y|top|left"
    r"|timestamp|time|date|created|modified|updated|checked|disabled|selected|selectedIndex"
    r"|statusText|readyState|keyCode|which|ok|type|position|offset|level|depth|score|rank|zoom)$"
    r"|(?:Id|Count|Index|Size|Width|Height|Length|Number|Date|Time|Total)$"
)

# Where it goes

MARKUP_PROPERTIES: Final = listed("innerHTML outerHTML srcdoc")
MARKUP_CALLS: Final = listed(
    "html write writeln insertAdjacentHTML createContextualFragment parseHTML setHTMLUnsafe"
    " bindPopup bindTooltip setPopupContent setTooltipContent"
)
#: These take elements as well: a text is markup to them only if there is markup in it.
MARKUP_IF_BUILT: Final = listed(
    "append prepend before after replaceWith appendTo prependTo insertBefore insertAfter wrap"
    " setContent"
)
CODE_CALLS: Final = listed("eval Function setTimeout setInterval execScript globalEval")
#: Options that are read as markup, of calls by the last two names of their path.
MARKUP_OPTIONS: Final = {
    "Swal.fire": ("html", "footer"),
    "swal": ("html",),
    "bootbox.dialog": ("message", "title"),
    "bootbox.alert": ("message",),
    "bootbox.confirm": ("message",),
    "M.toast": ("html",),
    "$.notify": ("message",),
}
#: Options of functions that say, as markup, what a table or a list shows.
CELLS: Final = listed(
    "render mRender fnRender formatter templateResult templateSelection formatResult"
    " formatSelection"
)
#: A value in front of these, or behind these, only decides, or is a number.
WORDS_ONLY: Final = listed("=== !== == != < > <= >= && - * / % ** in instanceof ?")
GOES_ON: Final = listed("=== !== == != < > <= >= ! typeof - * / % ** delete void")
