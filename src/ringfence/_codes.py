"""The register of codes: every finding that ringfence can make, one line each.

A code is a family and three digits. Its first digit is its kind: 0 the shape of the settings,
1 a dangerous or malformed value, 2 a departure from best practice, 3 two settings that
contradict each other. A code is never reused.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Severity(enum.IntEnum):
    """What a finding does: informs, warns, warns and fails ``check --deploy``, or refuses."""

    INFO = 10
    WARNING = 20
    DEPLOY_ERROR = 30
    ERROR = 40


@dataclass(frozen=True, slots=True)
class Code:
    """One registered code; ``cwe`` is a number of the Common Weakness Enumeration, 0 for none."""

    title: str
    severity: Severity
    cwe: int = 0
    withdrawn: bool = False


_I, _W, _D, _E = Severity.INFO, Severity.WARNING, Severity.DEPLOY_ERROR, Severity.ERROR

REGISTER: dict[str, Code] = {
    # the shape of RINGFENCE
    "RING001": Code("Unknown key in RINGFENCE", _E),
    "RING002": Code("Value of the wrong type in RINGFENCE", _E),
    "RING003": Code("Ring switched off", _W, 693),
    "RING004": Code("Fence not in MIDDLEWARE", _W, 693),
    "RING005": Code("Fence not first in MIDDLEWARE", _W, 693),
    "RING006": Code("Replaced middleware still in MIDDLEWARE", _W),
    "RING008": Code("Anyone may frame the site", _D, 1021),
    "RING007": Code("ringfence not in INSTALLED_APPS", _W),
    # -- csrf
    "CSRF001": Code("Unknown or misplaced CSRF option", _E),
    "CSRF002": Code("CSRF option of the wrong type", _E),
    "CSRF101": Code("Trusted origin is malformed", _E, 346),
    "CSRF102": Code("Trusted origin is null", _E, 346),
    "CSRF103": Code("Trusted origin over plain http", _E, 319),
    "CSRF104": Code("Trusted wildcard covers a whole top-level domain", _E, 346),
    "CSRF105": Code("Token fallback allows every request without browser headers", _W, 352),
    "CSRF106": Code("CSRF_TRUSTED_ORIGINS entry is malformed", _D, 346),
    "CSRF107": Code("Trusted wildcard below a public suffix", _D, 346),
    "CSRF201": Code("CSRF ring only reports", _W, 352),
    "CSRF301": Code("No tokens are rendered, but the fallback asks for them", _E, 352),
    "CSRF302": Code("CSRF_USE_SESSIONS without Django's session middleware", _W, 352),
    # -- cors
    "CORS001": Code("Unknown key in a CORS policy", _E),
    "CORS002": Code("Value of the wrong type in a CORS policy", _E),
    "CORS003": Code("CORS policy without origins", _E),
    "CORS004": Code("CORS origins written as one string", _E),
    "CORS005": Code("CORS policy for no URL name or path", _E),
    "CORS101": Code("CORS allows any origin with credentials", _E, 942),
    "CORS102": Code("CORS allows the origin null", _E, 942),
    "CORS103": Code("CORS allows the origin null with credentials", _E, 942),
    "CORS104": Code("CORS allows an http origin with credentials", _E, 319),
    "CORS105": Code("CORS wildcard for a whole top-level domain", _E, 942),
    "CORS106": Code("CORS wildcard in the wrong place", _E),
    "CORS107": Code("Malformed CORS origin", _E),
    "CORS108": Code("CORS origin with its default port written out", _E),
    "CORS109": Code("CORS origin regex not anchored", _E, 777),
    "CORS110": Code("CORS origin regex too permissive for a host", _E, 625),
    "CORS111": Code("CORS origin regex that can take exponential time", _E, 1333),
    "CORS112": Code("CORS origin regex that does not compile", _E),
    "CORS113": Code("Forbidden method in a CORS policy", _E),
    "CORS114": Code("Malformed method in a CORS policy", _E),
    "CORS115": Code("Forbidden request header in a CORS policy", _E),
    "CORS116": Code("Malformed header name in a CORS policy", _E),
    "CORS117": Code("CORS exposes a header that no script can read", _E, 200),
    "CORS118": Code("CORS wildcard for headers with credentials", _E, 942),
    "CORS119": Code("CORS max_age out of range", _E),
    "CORS120": Code("CORS allows everything below a public suffix", _E, 942),
    "CORS121": Code("CORS origin regex that matches any scheme", _E, 625),
    "CORS122": Code("Origins callable cannot be imported", _E),
    "CORS123": Code("CORS policy of a view that does not exist", _D, 942),
    "CORS201": Code("CORS method not in upper case", _W),
    "CORS202": Code("Public-suffix check skipped", _I),
    "CORS203": Code("Unescaped dot in a CORS origin regex", _W, 625),
    "CORS204": Code("CORS origin that no browser sends", _W),
    "CORS301": Code("Two CORS settings of which only one holds", _W),
    "CORS302": Code("CORS origins listed beside any origin", _W),
    # -- csp
    "CSP001": Code("Unknown CSP directive", _E, 1173),
    "CSP002": Code("Unknown CSP preset", _E),
    "CSP003": Code("Value of the wrong type in a CSP", _E),
    "CSP004": Code("CSP directives and options in one dict", _E),
    "CSP005": Code("CSP directive given twice", _E),
    "CSP006": Code("Unknown CSP option", _E),
    "CSP007": Code("Unusable CSP reporting endpoint", _E),
    "CSP101": Code("CSP value outside the grammar", _E, 1173),
    "CSP102": Code("CSP keyword without its quotes, or quotes without a keyword", _E, 1173),
    "CSP103": Code("Separator inside a CSP value", _E, 74),
    "CSP104": Code("Control character in a CSP value", _E, 113),
    "CSP105": Code("Fixed nonce in a CSP", _E, 323),
    "CSP106": Code("'none' beside other CSP sources", _E, 693),
    "CSP107": Code("Unknown CSP keyword", _E, 1173),
    "CSP108": Code("Malformed CSP hash", _E, 1173),
    "CSP109": Code("Character outside ASCII in a CSP value", _E, 1173),
    "CSP110": Code("CSP too long", _E),
    "CSP111": Code("CSP directive without a value", _E, 1173),
    "CSP112": Code("Every path exempt from the CSP", _D, 693),
    "CSP113": Code("Semicolon missing between CSP directives", _W, 1173),
    "CSP114": Code("CSP nonce that browsers skip", _W, 1173),
    "CSP115": Code("CSP nonce short enough to guess", _W, 334),
    "CSP201": Code("CSP allows inline scripts", _D, 79),
    "CSP202": Code("CSP allows eval", _W, 95),
    "CSP203": Code("CSP allows scripts from anywhere", _D, 79),
    "CSP204": Code("CSP does not restrict scripts", _W, 693),
    "CSP205": Code("CSP does not restrict plugins", _W, 693),
    "CSP206": Code("CSP does not restrict <base>", _D, 79),
    "CSP207": Code("Plain-http host in a CSP", _W, 319),
    "CSP208": Code("Wildcard over hosts of many owners in a CSP", _D, 183),
    "CSP209": Code("IP address in a CSP", _W),
    "CSP210": Code("Host with known CSP bypasses", _D, 829),
    "CSP211": Code("Deprecated CSP directive", _W, 477),
    "CSP212": Code("CSP directive without effect in report-only", _W),
    "CSP213": Code("report-to without an endpoint", _W),
    "CSP214": Code("CSP host that reads like a scheme", _W),
    "CSP215": Code("Nonce in a CSP directive where it has no effect", _W),
    "CSP216": Code("Inline scripts allowed where a response uses no nonce", _D, 79),
    "CSP217": Code("'strict-dynamic' without a nonce or hash", _W),
    "CSP218": Code("Path prefixes exempt from the CSP", _W, 693),
    "CSP219": Code("CSP allows scripts by host", _I, 183),
    "CSP220": Code("CSP allows injected styles", _I, 79),
    "CSP221": Code("CSP lets anyone frame the page", _I, 1021),
    "CSP222": Code("CSP lets forms be sent anywhere", _I, 79),
    "CSP223": Code("CSP allows handlers by hash", _I, 79),
    "CSP224": Code("CSP without Trusted Types", _I, 79),
    "CSP225": Code("CSP that enforces nothing", _W, 693),
    "CSP226": Code("Report-only CSP that reports to nobody", _W, 778),
    "CSP227": Code("Trusted Types policies of any name", _I, 79),
    "CSP228": Code("CSP directive without effect in <meta>", _W, 693),
    "CSP229": Code("CSP source without effect in its directive", _I),
    "CSP301": Code("CSP reports sent to two places", _E),
    "CSP302": Code("CSP set for Django and for django-csp", _W),
    "CSP303": Code("Several CSPs that together allow no script", _W),
    # -- escaping
    "ESC001": Code("Unknown option of the escaping ring", _E),
    "ESC002": Code("Escaping option of the wrong type", _E),
    "ESC101": Code("Unknown value of an escaping option", _E),
    "ESC102": Code("Links may have a URL scheme that runs code", _E, 79),
    "ESC103": Code("Malformed URL scheme", _E),
    "ESC104": Code("Budget for hashes out of range", _E),
    "ESC105": Code("Template engine that escapes nothing", _D, 79),
    "ESC201": Code("Template engine that escapes for HTML text only", _W, 79),
    "ESC202": Code("Handlers with data in them allowed by hash", _W, 79),
    "ESC301": Code("Option of a provenance that is off", _E),
    # -- isolation
    "ISO001": Code("Unknown option of the isolation ring", _E),
    "ISO002": Code("Isolation option of the wrong type", _E),
    "ISO101": Code("Unknown value of an isolation header", _E),
    "ISO102": Code("X-Frame-Options value that browsers ignore", _E, 1021),
    "ISO201": Code("Other sites keep a handle on the site's windows", _W, 346),
    "ISO202": Code("Resource isolation switched off", _W, 352),
    "ISO203": Code("Resource isolation only reports", _I, 352),
    "ISO301": Code("COEP without the COOP that it needs", _E),
    "ISO302": Code("Option of a resource isolation that is off", _E),
    "ISO303": Code("X_FRAME_OPTIONS contradicts the frame-ancestors that holds", _W, 1021),
    "ISO304": Code("RINGFENCE overrules a Django setting of the isolation ring", _W),
    # -- transport
    "TLS001": Code("Unknown option of the transport ring", _E),
    "TLS002": Code("Transport option of the wrong type", _E),
    "TLS101": Code("HSTS lifetime or first day is not valid", _E, 319),
    "TLS102": Code("Unknown referrer policy", _E, 200),
    "TLS103": Code("Unknown Permissions-Policy feature", _E),
    "TLS104": Code("Malformed entry in a Permissions-Policy allow-list", _E),
    "TLS105": Code("HTTPS redirect to something that is no host", _E, 601),
    "TLS106": Code("Redirect exemption is no regular expression", _E),
    "TLS107": Code("Redirect exemption matches every path", _E, 319),
    "TLS108": Code("Referrer policy sends full addresses to other sites", _E, 200),
    "TLS109": Code("Cookie option below the floor", _E, 614),
    "TLS110": Code("HSTS preload without what preload lists ask for", _E, 319),
    "TLS201": Code("Nobody has decided whether the site is served over https", _I, 319),
    "TLS202": Code("HSTS ramp without a first day", _W, 319),
    "TLS203": Code("HSTS lifetime is short", _I, 319),
    "TLS204": Code("Browsers may guess content types", _W, 430),
    "TLS205": Code("HSTS preload that preload lists refuse", _W, 319),
    "TLS206": Code("Cookie setting raised to the floor", _W, 614),
    "TLS207": Code("HTTPS redirect without HSTS", _I, 319),
    "TLS301": Code("Cookie contradicts its __Host- prefix", _E),
    "TLS302": Code("RINGFENCE overrules a SECURE_* or PERMISSIONS_POLICY setting", _W),
    "TLS303": Code("HSTS ramp and a fixed lifetime at once", _E),
}
