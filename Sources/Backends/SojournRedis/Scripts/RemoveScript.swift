#if Redis
import RESP

extension Scripts {
    /// Forgets dead letters, where they still stand among them.
    ///
    /// KEYS: 1 bodies, 2 states, 3 counts, 4 log, 5 base of the log, 6 dead letters.
    /// ARGV: their places: status, priority, identifier. Returns how many.
    static let remove = Script(
        counting + forgetting + """
            local scores = redis.call('ZMSCORE', KEYS[6], unpack(ARGV))
            local places = {}
            for i, place in ipairs(ARGV) do
              if scores[i] then places[#places + 1] = place end
            end
            if #places == 0 then return 0 end
            redis.call('ZREM', KEYS[6], unpack(places))
            forget(places)
            return #places
            """)

    /// Forgets finished tasks that ended before an instant, the oldest first.
    ///
    /// KEYS: 1…5 as above, 6 finished. ARGV: 1 the instant as decimal digits, 2 how many at most. Returns how many.
    static let prune = Script(
        counting + forgetting + """
            local cutoff, places = tonumber(ARGV[1]), {}
            for i, place in ipairs(redis.call('LRANGE', KEYS[6], 0, tonumber(ARGV[2]) - 1)) do
              if struct.unpack('>i8', place) >= cutoff then break end
              places[i] = string.sub(place, 9)
            end
            if #places == 0 then return 0 end
            redis.call('LTRIM', KEYS[6], #places, -1)
            forget(places)
            return #places
            """)

    /// `forget(places)` deletes what there is of tasks; some of the front of the log that only names forgotten ones is
    /// cut off.
    private static let forgetting = """
        local function forget(places)
          local ids, gone, counts = {}, {}, {}
          for i, place in ipairs(places) do
            ids[i] = string.sub(place, 3)
            gone[ids[i]] = true
            add(counts, string.sub(place, 1, 2), -1)
          end
          redis.call('HDEL', KEYS[1], unpack(ids))
          redis.call('HDEL', KEYS[2], unpack(ids))
          write(KEYS[3], counts)
          local cut = 0
          for i, id in ipairs(redis.call('LRANGE', KEYS[4], 0, 2 * #ids)) do
            if not gone[id] and redis.call('HEXISTS', KEYS[1], id) == 1 then break end
            cut = i
          end
          if cut > 0 then
            redis.call('LTRIM', KEYS[4], cut, -1)
            redis.call('INCRBY', KEYS[5], cut)
          end
        end

        """
}
#endif
