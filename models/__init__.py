"""The facts of a regional government's integrity programme, and the rules about one record."""
