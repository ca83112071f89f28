"""The register's part for templates: what stands in them, and where."""

from __future__ import annotations

from ringfence.finding import Code, Severity

_I, _W, _D, _E = Severity.INFO, Severity.WARNING, Severity.DEPLOY_ERROR, Severity.ERROR

CODES = {
    "XSS401": Code("Variable marked as safe in a template", _D, 79),
    "XSS402": Code("Variable where autoescaping is off", _D, 79),
    "XSS403": Code("Variable as code of a script", _D, 79),
    "XSS404": Code("Variable in a script's string without escapejs", _W, 79),
    "XSS405": Code("Script makes markup out of data", _D, 79),
    "XSS406": Code("Variable in an event handler", _D, 79),
    "XSS407": Code("Variable in a javascript: link", _D, 79),
    "XSS408": Code("Variable in an attribute without quotes", _D, 79),
    "XSS409": Code("Variable as the name of a tag or an attribute", _W, 79),
    "XSS410": Code("Link that a variable is the whole of", _W, 79),
    "XSS411": Code("Variable in a style", _W, 79),
    "XSS412": Code("Variable in a frame's srcdoc", _D, 79),
    "XSS413": Code("Script or frame loaded from where a variable says", _W, 829),
    "XSS414": Code("Unescaped variable in a script", _D, 79),
    "XSS415": Code("Script goes where its address says", _W, 601),
    "XSS416": Code("Library's attribute writes data as markup", _W, 79),
    "CSRF481": Code("POST form without a CSRF token", _D, 352),
    "CSRF482": Code("CSRF token sent to another site", _D, 201),
    "CSRF483": Code("CSRF token in an address", _W, 598),
    "CSRF484": Code("Link that changes something", _W, 352),
    "CSP481": Code("Inline code that a strict policy refuses", _I, 693),
    "CSP482": Code("Another site's script without integrity", _W, 353),
    "CSP483": Code("Weak policy in a page's meta element", _W, 693),
    "TLS481": Code("Page loads code over plain http", _D, 319),
    "TLS482": Code("Password sent over plain http", _D, 319),
    "INFO481": Code("New window that can reach this one", _I, 1022),
    "INFO482": Code("Another site's frame without a sandbox", _I, 829),
    "INFO483": Code("Debug tag in a template", _W, 489),
}
