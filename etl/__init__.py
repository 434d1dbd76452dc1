"""From the platforms' exports to measures: sources, landing, reading, warehouse, quality."""
