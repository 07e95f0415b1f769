"""How an envelope travels. Each transport knows bytes and addresses, and nothing of what is said."""
