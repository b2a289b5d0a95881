#if Redis
import RESP

extension Scripts {
    /// Says who waits in the lines of a queue. Those who turned out to be late move to the set of the late ones, a few
    /// thousand at a time; places of cancelled tasks at the head of a line are cleared away.
    ///
    /// KEYS: 1 open lines, 2 states, 3 cancelled tasks in lines, 4… the three keys of each line that the caller knows
    /// (``QueueKeys/line(_:)``).
    /// ARGV: 1 before which instant a task is late (empty: none is), 2 whether to look for the oldest (`1`).
    /// Returns the numbers of all open lines, and for each line of KEYS how many wait, how many of them are known to
    /// be late, and when the oldest of the others became available (false where nobody asked, or there is none). Where
    /// nobody can be late, the late ones of another time count among the others.
    static let survey = Script(
        heads + """
            local cutoff, old = tonumber(ARGV[1]), ARGV[2] == '1'
            local lines = {}
            for i = 4, #KEYS, 3 do
              local fresh, returned, overdue = KEYS[i], KEYS[i + 1], KEYS[i + 2]
              if cutoff then
                demote(fresh, false, overdue, cutoff)
                demote(returned, true, overdue, cutoff)
                restore(overdue, returned, ARGV[1])
              end
              local late, oldest = redis.call('ZCARD', overdue), false
              local count = redis.call('LLEN', fresh) + redis.call('ZCARD', returned) + late
              if old and count > 0 then
                oldest = earlier(head(fresh, false), head(returned, true))
                if not cutoff then oldest = earlier(oldest, head(overdue, true)) end
                oldest = oldest and string.format('%.0f', oldest)
              end
              lines[#lines + 1] = {count, cutoff and late or 0, oldest}
            end
            return {redis.call('SMEMBERS', KEYS[1]), lines}
            """)

    /// `head(key, isSorted)` says when the first of a list or sorted set became available, past those who were
    /// cancelled; `demote(…)` moves those before an instant among the late ones, and `restore(…)` moves those back who
    /// are in time again because the promise has changed.
    private static let heads = """
        local function instant(place) return (struct.unpack('>i8', place)) end
        local function earlier(a, b)
          if a and b then return math.min(a, b) end
          return a or b
        end
        local function first(key, isSorted, n)
          return redis.call(isSorted and 'ZRANGE' or 'LRANGE', key, 0, n - 1)
        end
        local function drop(key, isSorted, n)
          if isSorted then redis.call('ZPOPMIN', key, n) else redis.call('LTRIM', key, n, -1) end
        end
        local function head(key, isSorted)
          for _ = 1, 1000 do
            local place = first(key, isSorted, 1)[1]
            if not place then return false end
            local id = string.sub(place, 11)
            local state = redis.call('HGET', KEYS[2], id)
            if not state or string.byte(state) < 5 then return instant(place) end
            drop(key, isSorted, 1)
            redis.call('SREM', KEYS[3], id)
          end
          return false
        end
        local function restore(overdue, returned, cutoff)
          local places, scored = redis.call('ZRANGEBYSCORE', overdue, cutoff, '+inf', 'LIMIT', 0, 1000), {}
          if #places == 0 then return end
          for i, place in ipairs(places) do
            scored[2 * i - 1] = string.format('%.0f', instant(place))
            scored[2 * i] = place
          end
          redis.call('ZADD', returned, unpack(scored))
          redis.call('ZREM', overdue, unpack(places))
        end
        local function demote(key, isSorted, overdue, cutoff)
          for _ = 1, 4 do
            local places, late = first(key, isSorted, 1000), {}
            for i, place in ipairs(places) do
              if instant(place) >= cutoff then break end
              late[2 * i - 1] = string.format('%.0f', instant(place))
              late[2 * i] = place
            end
            if #late == 0 then return end
            redis.call('ZADD', overdue, unpack(late))
            drop(key, isSorted, #late / 2)
            if #late < 2 * #places then return end
          end
        end

        """
}
#endif
