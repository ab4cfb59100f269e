"""The facts of a brief: Python beside Go, helpers, models, doubts."""
