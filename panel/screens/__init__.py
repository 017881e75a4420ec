"""Screens of the plugin on Flask-Admin."""
