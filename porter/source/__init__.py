"""Reading Go, Python and protos of a checkout. Pure: a `View` in, facts out."""
