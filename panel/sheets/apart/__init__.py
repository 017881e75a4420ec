"""The part that runs in a process of its own: it takes the file apart and sends rows back.

Imports nothing of the app, so that it starts in a blink and holds nothing worth stealing. It
refuses with short codes (`packing.Fault`); the words for them are `panel.sheets.refusing`.
"""
