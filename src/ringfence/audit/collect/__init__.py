"""Readers: files, settings, Python, templates, responses -> facts. Nothing is imported or run."""
