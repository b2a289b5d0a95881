#if Redis
import RESP

extension Scripts {
    /// Moves one task that nobody runs to another place and gives it another state, if it is as it was read: cancels a
    /// task that waits, or puts a dead letter back. The place in a line that a cancelled task leaves is passed over
    /// when its turn comes.
    ///
    /// KEYS: 1 states, 2 counts, 3 where it goes, 4 open lines, 5 cancelled tasks in lines, 6 the sorted set where it
    /// stands (none: it stands in a line, and is cancelled).
    /// ARGV: 1 its key, 2 its place in 6, 3 its place in 3, 4 its score there (empty: 3 is a list), 5 its state before
    /// (empty: none), 6 its new state, 7 and 8 the fields of the counts, 9 the number of the line it goes to (empty: it
    /// is none).
    /// Returns 1, or 0 where something had changed.
    static let move = Script(
        counting + """
            if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[5] then return 0 end
            if KEYS[6] then
              if redis.call('ZREM', KEYS[6], ARGV[2]) == 0 then return 0 end
            else
              redis.call('SADD', KEYS[5], ARGV[1])
            end
            if ARGV[4] == '' then
              redis.call('RPUSH', KEYS[3], ARGV[3])
            else
              redis.call('ZADD', KEYS[3], ARGV[4], ARGV[3])
            end
            redis.call('HSET', KEYS[1], ARGV[1], ARGV[6])
            if ARGV[9] ~= '' then redis.call('SADD', KEYS[4], ARGV[9]) end
            local counts = {}
            add(counts, ARGV[7], -1)
            add(counts, ARGV[8], 1)
            write(KEYS[2], counts)
            return 1
            """)

    /// Notes that a running task shall be stopped.
    ///
    /// KEYS: 1 states. ARGV: 1 identifier. Returns 1, or 0 where it does not run.
    static let wish = Script(
        whenFull + """
            local state = redis.call('HGET', KEYS[1], ARGV[1])
            if not state or string.byte(state) ~= 3 then return 0 end
            needed(KEYS[1])
            redis.call('HSET', KEYS[1], ARGV[1], string.sub(state, 1, 17) .. '\\255' .. string.sub(state, 19))
            return 1
            """)
}
#endif
