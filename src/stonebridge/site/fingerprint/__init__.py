"""``stonebridge fingerprint``: files in, files out, without a node."""
