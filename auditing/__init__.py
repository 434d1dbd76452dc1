"""Holds what is kept against what vouches for it, and makes what was lost again."""
