"""Finding and comparing persons: numpy and numba, no Django."""
