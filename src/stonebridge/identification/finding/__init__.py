"""Somebody is looked for by any of what is known of them, all at once or while it is typed."""
