"""Which persons of a register this might be: names, birth date, documents, parents, place, weighed in bits."""
