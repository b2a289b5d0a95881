#if Redis
import RESP

extension Scripts {
    /// Moves one task that nobody runs to another place and gives it another state, if both are as they were read:
    /// cancels a task that waits, or puts a dead letter back.
    ///
    /// KEYS: 1 where it stands, 2 where it goes, 3 states, 4 counts, 5 names of the lines.
    /// ARGV: 1 identifier, 2 its place in 1, 3 its place in 2, 4 its score there, 5 its state before (empty: none),
    /// 6 its new state, 7 and 8 the fields of the counts, 9 the name of the line it goes to (empty: it is none).
    /// Returns 1, or 0 where something had changed.
    static let move = Script(
        counting + """
            if (redis.call('HGET', KEYS[3], ARGV[1]) or '') ~= ARGV[5] then return 0 end
            if redis.call('ZREM', KEYS[1], ARGV[2]) == 0 then return 0 end
            redis.call('ZADD', KEYS[2], ARGV[4], ARGV[3])
            redis.call('HSET', KEYS[3], ARGV[1], ARGV[6])
            if ARGV[9] ~= '' then redis.call('SADD', KEYS[5], ARGV[9]) end
            local counts = {}
            add(counts, ARGV[7], -1)
            add(counts, ARGV[8], 1)
            write(KEYS[4], counts)
            return 1
            """)

    /// Notes that a running task shall be stopped.
    ///
    /// KEYS: 1 grants, 2 wishes to cancel. ARGV: 1 identifier. Returns 1, or 0 where it does not run.
    static let wish = Script(
        """
        if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
        redis.call('HSET', KEYS[2], ARGV[1], '1')
        return 1
        """)
}
#endif
