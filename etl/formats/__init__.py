"""Formats as data: what the exports of a platform look like, and the one reader behind all of them."""
