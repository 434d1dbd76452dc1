"""The gate: what is missing from the data, so that a card can say how far it can be trusted."""
