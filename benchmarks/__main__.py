"""``python -m benchmarks``: what protection costs, then what contextual escaping costs.

With ``--templates-only`` the latter alone, whose options then follow.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# The modules beside this one are scripts and find each other as such.
sys.path.insert(0, str(Path(__file__).parent))

import protection
import templates


def main() -> None:
    """Run them, each with its own options."""
    arguments = sys.argv[1:]
    if "--templates-only" in arguments:
        templates.main([each for each in arguments if each != "--templates-only"])
        return
    protection.main(arguments)
    # In a process of its own: the first holds this one to one processor for its workers.
    quick = ["--quick"] if "--quick" in arguments else []
    subprocess.run([sys.executable, "-m", "benchmarks", "--templates-only", *quick], check=True)


if __name__ == "__main__":
    main()
