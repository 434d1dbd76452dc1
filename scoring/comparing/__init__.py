"""Two revisions of one card compared: what changed, and why."""
