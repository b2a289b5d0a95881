"""Tests of the judge: legal histories pass, planted bugs are found. `python3 -m unittest discover faults`."""
