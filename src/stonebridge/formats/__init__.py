"""Readers and writers of public formats, pure."""
