"""Invented people and invented officers, so that whoever tries a node has something to do. Never in production."""
