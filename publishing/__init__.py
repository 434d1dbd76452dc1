"""A folder with a page for every issued card, for people to read without any program but a browser."""
