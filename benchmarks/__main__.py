"""``python -m benchmarks``: what protection costs, what contextual escaping costs, what an audit.

With ``--templates-only`` or ``--audit-only`` that alone, whose options then follow.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# The modules beside this one are scripts and find each other as such.
sys.path.insert(0, str(Path(__file__).parent))

import audit
import protection
import templates


def main() -> None:
    """Run them, each with its own options."""
    arguments = sys.argv[1:]
    if "--templates-only" in arguments:
        templates.main([each for each in arguments if each != "--templates-only"])
        return
    if "--audit-only" in arguments:
        audit.main([each for each in arguments if each != "--audit-only"])
        return
    protection.main(arguments)
    # In processes of their own: the first holds this one to one processor for its workers.
    quick = ["--quick"] if "--quick" in arguments else []
    for each in ("--templates-only", "--audit-only"):
        subprocess.run([sys.executable, "-m", "benchmarks", each, *quick], check=True)


if __name__ == "__main__":
    main()
