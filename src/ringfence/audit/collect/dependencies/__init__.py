"""Requirements and lock files -> facts, without asking an installer or the network."""
