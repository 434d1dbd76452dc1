"""The inputs of a card: figures, evidence, objectives, judgements and restatements."""
