"""The hands: files, processes, git and the cache. Only here does porter touch the world."""
