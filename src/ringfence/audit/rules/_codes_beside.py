"""The register of what is found in files beside the code: 46., DEPL4.. and DEPS4.."""

from __future__ import annotations

from ringfence.finding import Code, Severity

CODES = {
    "SECR461": Code("A secret stands in a file of the environment", Severity.DEPLOY_ERROR, 798),
    "DEPL401": Code("The development server is what is deployed", Severity.WARNING, 489),
    "DEPS401": Code("Django gets no fixes any more", Severity.WARNING, 1104),
    "DEPS402": Code("A package has a hole that nobody will mend", Severity.WARNING, 1104),
    "DEPS403": Code("A package has a published advisory", Severity.WARNING, 1395),
    "DEPL402": Code("The server reloads code while it serves", Severity.WARNING, 489),
}
