"""The pages of a registration as forms, and the forms that add to a person's record."""
