"""The pages of partners, for administrators and data protection."""
