"""The learner's records, kept in SQLite."""
