"""The problem file: its schema, and reading it."""
