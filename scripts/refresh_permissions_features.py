"""Rebuild the list of Permissions-Policy features from the installed django-permissions-policy.

That package follows Chromium's and Firefox's source; ringfence must not depend on it at run time,
so its table is kept as a data file with the version it came from.

    python scripts/refresh_permissions_features.py [--check]

``--check`` writes nothing and exits with 1 where the file is out of date.
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib.metadata import version
from pathlib import Path

# Private, but the only place where the package keeps the table.
from django_permissions_policy import _FEATURE_NAMES

PACKAGE = "django-permissions-policy"
TARGET = (
    Path(__file__).resolve().parent.parent
    / "src/ringfence/rings/transport/permissions_features.json"
)


def render() -> str:
    """Return the data file's text for the package as installed."""
    document = {
        "source": f"{PACKAGE} (MIT), which follows Chromium's permissions_policy_features.json5 "
        "and Firefox's FeaturePolicyUtils.cpp",
        "version": version(PACKAGE),
        "refresh": "scripts/refresh_permissions_features.py",
        "features": sorted(_FEATURE_NAMES),
    }
    return json.dumps(document, indent=2) + "\n"


def main() -> int:
    """Write the file, or with ``--check`` compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    text = render()
    if arguments.check:
        return 0 if TARGET.read_text(encoding="utf-8") == text else 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
