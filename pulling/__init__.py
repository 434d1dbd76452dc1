"""Pulling from the platforms' own interfaces, each described in a YAML file of `platforms/`."""
