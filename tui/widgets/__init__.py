"""Widgets that any screen can use: matrices drawn and edited as matrices."""
