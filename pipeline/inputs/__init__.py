"""What a card is made of: figures, evidence, objectives, judgements and restatements."""
