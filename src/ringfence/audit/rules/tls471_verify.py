"""TLS without a look at the certificate."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._python import files
from ringfence.finding import Confidence


def check(project: Project) -> Iterator[Hit]:
    """Find ``verify=False`` and unverified contexts."""
    for facts in files(project):
        for call in facts.calls:
            verify = call.kwargs.get("verify")
            off = verify is not None and verify.literal is False
            if off and call.target.startswith(("requests.", "httpx.")):
                what = "verify=False accepts any certificate"
            elif call.target.endswith("ssl._create_unverified_context"):
                what = "This context accepts any certificate"
            else:
                continue
            yield Hit(
                call.place,
                f"{what}, so whoever is between the two servers reads and changes what they say.",
                "Leave it out; give verify='/path/to/your-ca.pem' for a certificate of your own.",
                Confidence.MEDIUM,
            )


RULE = Rule("TLS471", "python", check)
