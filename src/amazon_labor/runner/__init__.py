"""Deciding what must run, running it, and keeping what was good when something fails."""
