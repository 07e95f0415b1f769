"""A first engine, small enough to delete when a better one stands behind the same interface."""
