"""Attacks the site that the sandbox booted, and says how many independent rings stop each attack.

Speaks HTTP and the browser's protocol; uses no ring's code.
"""
