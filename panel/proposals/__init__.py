"""Proposals: sets of changes that are shown, approved by somebody else, and applied at once."""
