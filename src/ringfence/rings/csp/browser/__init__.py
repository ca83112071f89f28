"""A Content Security Policy as browsers have it: what they read, keep, ignore and allow."""
