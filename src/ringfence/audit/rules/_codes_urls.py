"""The register of what is found in URL configurations: numbers from 451."""

from __future__ import annotations

from ringfence.finding import Code, Severity

_I, _W, _D = Severity.INFO, Severity.WARNING, Severity.DEPLOY_ERROR

CODES: dict[str, Code] = {
    "AUTH451": Code("A view asks for no login beside views that do", _W, 306),
    "AUTH452": Code("A view of the admin's asks for no login", _D, 306),
    "CSRF451": Code("A ninja API takes sessions without a CSRF check", _D, 352),
    "DRF451": Code("An API that writes is open to everybody", _W, 306),
    "INFO451": Code("The admin is where everybody looks for it", _I, 200),
    "INFO452": Code("Pages for developers are on the deployed site", _W, 489),
    "UPL451": Code("Django itself serves uploaded files", _W, 434),
}
