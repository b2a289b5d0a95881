"""Black-box faults: the real binary under load, broken on purpose, and judged by what clients and handlers saw.

Nothing here shares code with what it judges. `python3 -m faults --short` runs the short round; `faults.hostile` attacks
a real Sojourn from outside with requests and configurations, and has a command of its own.
"""
