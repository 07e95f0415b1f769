"""Rules of law and of the field. Standard library only: values in, values out."""
