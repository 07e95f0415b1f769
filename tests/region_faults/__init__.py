"""Two nodes with faults between them and in them, and an oracle outside both that says what was lost."""
