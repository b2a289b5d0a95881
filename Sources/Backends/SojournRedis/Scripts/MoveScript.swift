#if Redis
import RESP

extension Scripts {
    /// Moves one task that nobody runs to another place and gives it another state, if it is as it was read: cancels a
    /// task that waits, or puts a dead letter back. The place in a line that a cancelled task leaves is passed over
    /// when its turn comes.
    ///
    /// KEYS: 1 states, 2 counts, 3 the list it goes to, 4 open lines, 5 the sorted set where it stands (if any).
    /// ARGV: 1 identifier, 2 its place in 5, 3 its place in 3, 4 its state before (empty: none), 5 its new state, 6 and
    /// 7 the fields of the counts, 8 the number of the line it goes to (empty: it is none).
    /// Returns 1, or 0 where something had changed.
    static let move = Script(
        counting + """
            if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[4] then return 0 end
            if KEYS[5] and redis.call('ZREM', KEYS[5], ARGV[2]) == 0 then return 0 end
            redis.call('RPUSH', KEYS[3], ARGV[3])
            redis.call('HSET', KEYS[1], ARGV[1], ARGV[5])
            if ARGV[8] ~= '' then redis.call('SADD', KEYS[4], ARGV[8]) end
            local counts = {}
            add(counts, ARGV[6], -1)
            add(counts, ARGV[7], 1)
            write(KEYS[2], counts)
            return 1
            """)

    /// Notes that a running task shall be stopped.
    ///
    /// KEYS: 1 states. ARGV: 1 identifier. Returns 1, or 0 where it does not run.
    static let wish = Script(
        """
        local state = redis.call('HGET', KEYS[1], ARGV[1])
        if not state or string.byte(state) ~= 3 then return 0 end
        redis.call('HSET', KEYS[1], ARGV[1], string.sub(state, 1, 62) .. '\\255' .. string.sub(state, 64))
        return 1
        """)
}
#endif
