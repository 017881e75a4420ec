"""The part that runs in a process of its own: it takes the file apart and sends rows back.

Imports nothing of the app, so that it holds nothing worth stealing, and little of Python, so that
it starts in a blink: no `typing`, and what only some files need when such a file is there. It
refuses with short codes (`packing.Fault`); the words for them are `panel.sheets.refusing`.
"""
