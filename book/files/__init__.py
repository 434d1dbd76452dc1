"""The files of the book: YAML and tables read strictly, each mistake with its line."""
