"""One module a platform: the truth of a slice in, the bytes of its export files out."""
