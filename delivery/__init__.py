"""Handing finished messages over, each once: what a mail is made of, the ways out, and the outbox."""
