"""Values and protocols. Nothing here reads, writes, prints or runs."""
