"""What proves a conversation: a file made by the node, and checked by anybody without it."""
