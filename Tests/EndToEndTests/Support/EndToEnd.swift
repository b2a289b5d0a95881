import Testing

/// Tests of the executable itself, one after the other: each runs processes of its own.
@Suite("End to end", .serialized) enum EndToEnd {}
