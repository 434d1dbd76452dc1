"""The files of the book: YAML and tables read strictly, each fault with its line."""
