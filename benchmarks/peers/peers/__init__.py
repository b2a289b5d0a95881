"""One file per peer: its header says how it is started, its code how it is configured."""
