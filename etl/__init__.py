"""From the platforms' exports to rows: landing, reading, formats, sources, quality."""
