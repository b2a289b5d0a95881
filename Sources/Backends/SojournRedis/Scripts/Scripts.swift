#if Redis
import RESP

/// The Lua scripts, one file each. Each works on one queue, whose keys share a hash slot, and is atomic as a whole.
///
/// What they have in common: a task is named by its key (`TaskKey.swift`); how it stands in lists and sets is in
/// `Places.swift`. Instants come as eight bytes or as decimal digits, so that Lua need not build them. Commands take
/// many members at once, so the number of inner calls grows with the number of lines that a batch touches, not with
/// the batch.
enum Scripts {
    /// Most tasks in one call: `unpack` of Lua allows a few thousand values.
    static let batch = 1_000

    /// `needed(key)`: what comes behind runs even where the memory is full. Redis refuses a script for that only at its
    /// first write, and taking something away is one that it never refuses; there is no such field.
    static let whenFull = "local function needed(hash) redis.call('HDEL', hash, '') end\n"

    /// `add(counts, field, n)` and `write(key, counts)`: how many tasks are in which status and priority.
    static let counting = """
        local function add(counts, field, n) counts[field] = (counts[field] or 0) + n end
        local function write(key, counts)
          for field, n in pairs(counts) do
            if n ~= 0 and redis.call('HINCRBY', key, field, n) == 0 then redis.call('HDEL', key, field) end
          end
        end

        """
}
#endif
