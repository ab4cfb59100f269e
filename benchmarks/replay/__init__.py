"""Replays every endpoint that people ported: porter at the parent commit beside the human's commit.

`history` finds the ports, `objects` and `trees` give the trees, `scaffold` and `build` run porter,
`facts` and `methods` read what stands in a tree, `compare` sets the two side by side, `table`
prints. Nothing is looked up in a table of known ports: all truth is read from the commits.
"""
