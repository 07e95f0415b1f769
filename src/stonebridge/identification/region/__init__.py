"""Asking partners whether they know a person, and answering them."""
