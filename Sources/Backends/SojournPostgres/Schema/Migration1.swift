#if Postgres
/// The first version of the schema. A migration that was released never changes; a new one is added.
///
/// A task is one row of `task`, which never changes, and one row in exactly one of `waiting`, `leased` and `ended`:
/// where it is in its life. Every step deletes the row from one of these tables and inserts it into another in one
/// statement, so whoever deletes it owns the step. What has ended is in no index that a claim reads.
///
/// Instants are microseconds since 1970, statuses are ``TaskStatus/code``, `{schema}` is the schema's name.
enum Migration1 {
    static let text = [tables, accepting, handingOut, ending, upkeep, enqueuing].joined(separator: "\n\n")
}
#endif
