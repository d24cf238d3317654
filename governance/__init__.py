"""The rules of a federation of cooperatives: pure, synchronous, without I/O, clock or randomness."""
