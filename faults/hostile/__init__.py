"""Hostile input against a real server: malformed requests, broken configurations, connections that never end."""
