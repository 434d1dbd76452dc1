"""The gate: what is missing from the data, so that a card can say how complete it is."""
