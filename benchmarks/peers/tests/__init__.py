"""Tests of the parts that need no peer and no network."""
