"""Judging an answer: typed numbers, matrices, formulas, misconceptions, hints."""
