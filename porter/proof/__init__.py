"""Pure knowledge about proofs: which tests exercise an endpoint, and what their outcome means."""
