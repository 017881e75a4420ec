"""The change log: captured by triggers, sealed at commit, verified by replay."""
