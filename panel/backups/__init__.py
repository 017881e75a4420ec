"""Backups: everything of an installation in one file but its keys, checked before it is used."""
