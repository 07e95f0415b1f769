"""Comparing fingers by their minutiae: one with one, and one with a whole gallery."""
