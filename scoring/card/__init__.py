"""From measures and targets to a scorecard."""
