"""Stored files: checked by their content, kept outside the database, known by their hash."""
