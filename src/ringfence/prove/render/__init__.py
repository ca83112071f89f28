"""How a proof is shown."""
