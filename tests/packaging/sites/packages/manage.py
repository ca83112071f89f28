#!/usr/bin/env python
"""Run the site that has the packages which ringfence replaces."""

import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
