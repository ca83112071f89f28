"""Renderers of one report: text, JSON, SARIF, HTML, GitHub annotations, JUnit."""
