"""The matcher: one process a node, the only writer of its gallery, behind a Unix socket; and its thin client."""
