"""``python -m benchmarks``: the same as ``python benchmarks/protection.py``."""

from __future__ import annotations

import sys
from pathlib import Path

# The modules beside this one are scripts and find each other as such.
sys.path.insert(0, str(Path(__file__).parent))

from protection import main

if __name__ == "__main__":
    main()
