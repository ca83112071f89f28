"""Scripts: what data of a page reaches where a browser makes markup or code of it."""

from ringfence.audit.collect.scripts.files import read_script
from ringfence.audit.collect.scripts.reader import flows

__all__ = ["flows", "read_script"]
