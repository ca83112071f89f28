"""A neighbourhood market full of holes, each with a mended twin, to measure a proof on."""
