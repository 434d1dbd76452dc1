"""What if: the same period with other measures, and what the next reward would take."""
