"""The warehouse in a schema of a PostgreSQL database."""
