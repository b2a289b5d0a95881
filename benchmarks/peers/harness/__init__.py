"""What measures; the peers themselves stand in `peers`."""
