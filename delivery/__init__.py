"""Delivers finished messages, each once: mails, channels, and the outbox."""
