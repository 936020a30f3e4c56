"""Layers, losses and optimizers, and the passes they make as steps."""
