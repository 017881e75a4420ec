"""Processes: states, transitions, moves and the gate below them."""
