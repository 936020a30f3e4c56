"""A solved problem in writing: as JSON, as text, as LaTeX, as a Python program."""
