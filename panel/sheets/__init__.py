"""Spreadsheets as they come: looked through, read in a process of their own, headings found.

`reading.read` takes bytes of any kind of sheet and gives a `cells.Book`; `headings.headings` says
which row names the columns. Nothing here knows what the columns mean, and nothing is written.
"""
