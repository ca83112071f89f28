"""Fetch the JSON schema of SARIF 2.1.0, by which the tests judge what the audit writes.

The schema is OASIS's; @microsoft/jest-sarif (MIT) carries it. The texts that describe its parts
are left out: they are half of it, and validate nothing.

    python scripts/refresh_sarif_schema.py [--check]

``--check`` writes nothing and exits with 1 where the file is out of date. Needs npm.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

PACKAGE = "@microsoft/jest-sarif@1.0.0-beta.0"
MEMBER = "package/lib/schemas/sarif-2.1.0-rtm.5.json"
TARGET = Path(__file__).resolve().parent.parent / "tests/audit/data/sarif-2.1.0.json"


def render() -> str:
    """Return the data file's text for the schema as the package has it."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", "--silent", PACKAGE],  # noqa: S607 - the npm of this machine
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as tar:
            member = tar.extractfile(MEMBER)
            assert member is not None  # noqa: S101 - extractfile returns None for folders only
            schema = json.load(member)
    return json.dumps(without_prose(schema), indent=1) + "\n"


def without_prose(schema: Any) -> Any:
    """Return ``schema`` less its descriptions."""
    if isinstance(schema, dict):
        return {
            key: without_prose(value)
            for key, value in schema.items()
            if not (key == "description" and isinstance(value, str))
        }
    if isinstance(schema, list):
        return [without_prose(each) for each in schema]
    return schema


def main() -> int:
    """Write the file, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only")
    text = render()
    if parser.parse_args().check:
        return int(TARGET.read_text("utf-8") != text)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
