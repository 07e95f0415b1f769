"""Pictures of fingers: read by a child that starts when one waits, and shown beside each other at the bench."""
