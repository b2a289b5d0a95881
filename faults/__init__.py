"""Programs that attack a real Sojourn from outside and check what it promised."""
