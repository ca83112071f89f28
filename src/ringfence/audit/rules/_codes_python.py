"""The register of what is found in Python code. Python's numbers end in 01-49 or begin at 470."""

from __future__ import annotations

from ringfence.finding import Code, Severity

_I, _W, _D = Severity.INFO, Severity.WARNING, Severity.DEPLOY_ERROR

CODES: dict[str, Code] = {
    "XSS501": Code("Data is marked as safe HTML", _D, 79),
    "XSS502": Code("The format of format_html() is put together from data", _D, 79),
    "XSS503": Code("A response of type HTML holds data as it came", _D, 79),
    "XSS504": Code("A template tag or filter promises safe HTML of data", _D, 79),
    "XSS505": Code("An admin column is shown without escaping", _D, 79),
    "XSS506": Code("A message is shown without escaping", _W, 79),
    "XSS507": Code("A template is compiled that escapes nothing", _D, 79),
    "XSS508": Code("HTML is rendered from data that nobody escaped", _D, 79),
    "SQL401": Code("SQL is put together from data", _D, 89),
    "REDIR401": Code("A redirect goes where the request says", _D, 601),
    "PATH401": Code("A file is chosen by the request", _D, 22),
    "PATH402": Code("An archive may write outside of its folder", _W, 22),
    "PATH403": Code("A template is chosen by the request", _W, 73),
    "SSRF401": Code("The server fetches what the request says", _D, 918),
    "EXEC401": Code("Data is run as Python", _D, 95),
    "EXEC402": Code("Data is run by the shell", _D, 78),
    "EXEC403": Code("Data is unpickled", _D, 502),
    "EXEC404": Code("YAML may create any object", _D, 502),
    "EXEC405": Code("XML may name files and addresses to read", _D, 611),
    "SSTI401": Code("Data is compiled as a template", _D, 1336),
    "SSTI402": Code("Data is written into a template", _D, 1336),
    "CSRF471": Code("A view is exempt from CSRF protection", _D, 352),
    "CSRF472": Code("CSRF protection is switched off by hand", _D, 352),
    "CSRF473": Code("A GET request writes", _W, 352),
    "CORS471": Code("CORS headers are written by hand", _W, 942),
    "CSP471": Code("A view is exempt from the content security policy", _W, 693),
    "CSP472": Code("A view may be framed by anyone", _W, 1021),
    "CSP473": Code("A policy written in code allows injected scripts", _W, 693),
    "COOK471": Code("A cookie is set without its flags", _W, 614),
    "TLS471": Code("Certificates are not verified", _D, 295),
    "AUTH471": Code("A password is hashed by a fast hash", _D, 916),
    "AUTH472": Code("A secret is made by a predictable generator", _D, 338),
    "AUTH473": Code("A token's signature can be forged", _D, 347),
    "AUTH474": Code("A request decides which fields are written", _D, 915),
    "AUTH475": Code("A password is stored as it was typed", _D, 256),
    "INFO471": Code("A debugger is left in the code", _W, 489),
    "SECR471": Code("A secret stands in the source", _D, 798),
    "SECR472": Code("A key of a known provider stands in the source", _D, 798),
    "DRF471": Code("An API view is open to everybody beside ones that are not", _W, 862),
    "DRF472": Code("An API view that writes asks nobody who they are", _W, 306),
    "DRF473": Code("A serializer or form of accounts takes every field", _W, 915),
}
