"""A workflow plugin for Flask-Admin: processes, a change log, roles with row scope.

It knows nothing of the host's records and imports itself relatively, so that it can be shipped
under another name. It makes no table of its own: it gives mixins that the host makes concrete.
"""
