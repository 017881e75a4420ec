"""Rosters from spreadsheets: rows are read, matched with what is recorded, and made a proposal.

No record that a row speaks of is written here. What a row says is checked by the same readers as
what is typed into a form; what is doubtful becomes a question with the address of its cell, never a
silent decision.
"""
