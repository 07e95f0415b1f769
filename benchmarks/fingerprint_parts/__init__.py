"""What the fingerprint benchmark and the training share."""
