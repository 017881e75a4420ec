"""Accounts, roles, policy and scope."""
