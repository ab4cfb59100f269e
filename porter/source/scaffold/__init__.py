"""What porter writes: placement, signatures, service methods, entities, bindings."""
