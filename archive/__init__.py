"""What is kept of a card: its files, what is sealed beside them, and the book that it was made with."""
