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

    /// `tell(message)` says on the wake channel what became available (``WakeChannel/message(_:)``; empty: nothing),
    /// unless all who listen are of the process that says it: it knows. A process listens to a channel of its own too,
    /// so that the server can tell; where it does not know of that, it is told always.
    static let telling = """
        local function tell(message)
          if message == '' then return end
          local channel = '\(SharedKeys.wake)'
          if string.byte(message) == 49 then
            local count = redis.call('PUBSUB', 'NUMSUB', channel, channel .. ':' .. string.sub(message, 2, 33))
            if count[4] > 0 and count[2] == count[4] then return end
          end
          redis.call('PUBLISH', channel, string.sub(message, 2))
        end

        """

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
