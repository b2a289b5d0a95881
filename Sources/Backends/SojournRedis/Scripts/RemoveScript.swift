#if Redis
import RESP

extension Scripts {
    /// Forgets tasks that are over, where they still stand in a set.
    ///
    /// KEYS: 1 the set (finished or dead letters), 2 bodies, 3 states, 4 counts, 5 log, 6 base of the log.
    /// ARGV: their places: status, priority, identifier.
    /// Returns how many. The front of the log that only names forgotten tasks is cut off, some of it with each call.
    static let remove = Script(
        counting + """
            local scores = redis.call('ZMSCORE', KEYS[1], unpack(ARGV))
            local places, ids, counts = {}, {}, {}
            for i, place in ipairs(ARGV) do
              if scores[i] then
                places[#places + 1] = place
                ids[#ids + 1] = string.sub(place, 3)
                add(counts, string.sub(place, 1, 2), -1)
              end
            end
            if #ids == 0 then return 0 end
            redis.call('ZREM', KEYS[1], unpack(places))
            redis.call('HDEL', KEYS[2], unpack(ids))
            redis.call('HDEL', KEYS[3], unpack(ids))
            write(KEYS[4], counts)
            local front = redis.call('LRANGE', KEYS[5], 0, 2 * #ARGV)
            local cut = 0
            if #front > 0 then
              for i, id in ipairs(front) do
                if redis.call('HEXISTS', KEYS[2], id) == 1 then break end
                cut = i
              end
            end
            if cut > 0 then
              redis.call('LTRIM', KEYS[5], cut, -1)
              redis.call('INCRBY', KEYS[6], cut)
            end
            return #ids
            """)
}
#endif
