"""The commands, by purpose. Each imports what it needs when it is called."""
