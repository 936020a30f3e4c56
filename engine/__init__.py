"""Backhand's engine: the mathematics and the teaching, without a screen."""
