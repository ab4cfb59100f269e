"""The table test of a service method: what it does of its own, and rows that show it."""
