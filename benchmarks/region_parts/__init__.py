"""Parts of the benchmark of questions between nodes."""
