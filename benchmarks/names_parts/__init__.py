"""Parts of the benchmark of identification by name: invented people, their spellings, and the peers."""
