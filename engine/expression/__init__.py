"""The expression tree and its tables: value, shape, printing, gradient, parser."""
