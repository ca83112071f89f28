"""``ringfence audit``: collect facts, ask the rules, render what they found.

``collect`` reads files and imports nothing of what it reads; ``rules`` are pure functions from
facts to findings, one a file; ``render`` writes a report. What passes between them is in
:mod:`ringfence.audit.model`.
"""
