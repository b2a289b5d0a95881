#if Redis
import RESP

extension Scripts {
    /// Hands out the first tasks of some lines, each under a lease of its own; those past their deadline end as dead
    /// letters instead. A task is in its line or under a lease, never both, never neither. A queue that is paused hands
    /// out nothing.
    ///
    /// KEYS: 1 bodies, 2 states, 3 leases, 4 dead letters, 5 counts, 6 open lines, 7 cancelled tasks in lines, 8
    /// whether the queue is paused, 9… the three keys of each line that is meant (``QueueKeys/line(_:)``).
    /// ARGV: 1 now, 2 the end of the leases, 3 now as 8 bytes, 4 ``TaskState/running(_:since:worker:)``, 5
    /// ``TaskState/end(_:at:)`` of a task that runs, 6 that of a task past its deadline, 7 ``TaskState/blank``; then
    /// for each share how many, whose (`t` those in time, `l` the late ones, `a` all), the priority, how many lines it
    /// is about, and for each the index in KEYS of its first key and its number.
    /// Returns false where the queue is paused; else places and bodies of what was handed out, and their states (false:
    /// none; empty where nobody has one); of each that was too late the place, the beginning of the body and the state
    /// that it had.
    static let take = Script(
        counting + takeHelpers + hand + """
            if redis.call('EXISTS', KEYS[8]) == 1 then return false end
            local at = 8
            while at <= #ARGV do
              local n, whose, priority, lines = tonumber(ARGV[at]), ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3])
              local from, isFresh = sources(whose, lines, at + 4)
              hand(take(n, from), isFresh, priority)
              close(lines, at + 4)
              at = at + 4 + 2 * lines
            end
            return handed()
            """)

    /// Hands out tasks as ``take`` does where there is nothing to choose: all that wait in these lines are of one lane.
    /// So a claim needs one call instead of two.
    ///
    /// KEYS: 1…8 as there, 9 numbers of the lines, 10… the three keys of each line that is meant.
    /// ARGV: 1…7 as there, 8 the number of the queue, 9 how many tasks, 10 how many lines; for each line the index in
    /// KEYS of its first key and its number; for each its lane (the same word for the same lane) and its priority; then
    /// the numbers of other lines, whoever waits there.
    /// Returns false where the queue has another number now; the numbers of all open lines where there is something to
    /// choose, or one of them was not named: nothing has changed. Else these numbers, how many wait still, and what
    /// ``take`` returns.
    static let grab = Script(
        counting + takeHelpers + hand + """
            if redis.call('HGET', KEYS[9], '') ~= ARGV[8] then return false end
            local open, named, m = redis.call('SMEMBERS', KEYS[6]), {}, tonumber(ARGV[10])
            for i = 11 + 4 * m, #ARGV do named[ARGV[i]] = 0 end
            for i = 1, m do named[ARGV[10 + 2 * i]] = i end
            local found, waiting, fresh, lane, priority = {}, 0, true, nil, nil
            for _, number in ipairs(open) do
              local i = named[number]
              if not i then return {open} end
              local slot = i > 0 and tonumber(ARGV[9 + 2 * i])
              local count = i > 0 and redis.call('LLEN', KEYS[slot]) + redis.call('ZCARD', KEYS[slot + 1]) +
                redis.call('ZCARD', KEYS[slot + 2]) or 0
              if count > 0 then
                if lane and lane ~= ARGV[9 + 2 * m + 2 * i] then return {open} end
                lane, priority = ARGV[9 + 2 * m + 2 * i], ARGV[10 + 2 * m + 2 * i]
                waiting = waiting + count
                local more, isFresh = sources('a', 1, 9 + 2 * i)
                for _, source in ipairs(more) do found[#found + 1] = source end
                fresh = fresh and isFresh
              end
            end
            if lane and redis.call('EXISTS', KEYS[8]) == 0 then
              local members = take(tonumber(ARGV[9]), found)
              waiting = waiting - #members
              hand(members, fresh, priority)
              for _, number in ipairs(open) do
                if named[number] > 0 then close(1, 9 + 2 * named[number]) end
              end
            else
              waiting = 0
            end
            local answer = handed()
            return {open, waiting, answer[1], answer[2], answer[3], answer[4]}
            """)

    /// `hand(members, isFresh, priority)` puts tasks that were taken out of their lines under leases, `handed()` writes
    /// that down and says what came of it.
    private static let hand = """
        local used, hasStates = 0, false
        local now, running, unended = ARGV[3], ARGV[4], ARGV[5]
        local died, never = '\\7' .. string.rep('\\0', 26), '\\128' .. string.rep('\\0', 7)
        local hasGone = redis.call('EXISTS', KEYS[7]) == 1
        local places, bodies, states, overdue = {}, {}, {}, {}
        local values, ends, leases, dead, counts = {}, {}, {}, {}, {}
        local function hand(members, isFresh, priority)
          if #members == 0 then return end
          local ids = {}
          for i, member in ipairs(members) do ids[i] = string.sub(member, 11) end
          local body = redis.call('HMGET', KEYS[1], unpack(ids))
          -- Tasks in the lists of fresh ones have no states, but for those that were cancelled there.
          local state = (hasGone or not isFresh) and redis.call('HMGET', KEYS[2], unpack(ids)) or {}
          if hasGone then redis.call('SREM', KEYS[7], unpack(ids)) end
          local granted, late = 0, 0
          for i, id in ipairs(ids) do
            local old = state[i] or false
            local status = old and string.byte(old) or 2
            local history = old and string.sub(old, 28 + string.byte(old, 27))
            if not body[i] or status == 3 or status > 4 then
              -- A place that a cancelled or forgotten task has left behind.
            elseif isOver(body[i]) then
              late = late + 1
              ends[#ends + 1] = id
              ends[#ends + 1] = died .. (old and string.sub(history, 1, 16) or never .. never) .. ARGV[6] ..
                (old and string.sub(history, 26) or string.sub(members[i], 1, 8) .. ARGV[7])
              dead[#dead + 1] = ARGV[1]
              dead[#dead + 1] = '7' .. priority .. id
              overdue[#overdue + 1] = members[i]
              overdue[#overdue + 1] = string.sub(body[i], 1, \(TaskBody.mostBeforePayload))
              overdue[#overdue + 1] = old
            else
              granted = granted + 1
              used = used + 1
              values[2 * used - 1] = id
              if old then
                hasStates = true
                local first = string.sub(history, 1, 16)
                if string.byte(first) == 128 then first = now .. string.sub(members[i], 1, 8) end
                values[2 * used] = running .. first .. unended .. string.sub(history, 26)
              else
                values[2 * used] = running
              end
              leases[2 * used - 1] = ARGV[2]
              leases[2 * used] = id
              places[used], bodies[used], states[used] = members[i], body[i], old
            end
          end
          add(counts, '2' .. priority, -granted - late)
          add(counts, '3' .. priority, granted)
          add(counts, '7' .. priority, late)
        end
        local function handed()
          if used > 0 then
            redis.call('HSET', KEYS[2], unpack(values))
            redis.call('ZADD', KEYS[3], unpack(leases))
          end
          if #dead > 0 then
            redis.call('HSET', KEYS[2], unpack(ends))
            redis.call('ZADD', KEYS[4], unpack(dead))
          end
          write(KEYS[5], counts)
          return {places, bodies, hasStates and states or {}, overdue}
        end

        """

    /// `take(n, …)` takes the first members out of one or several lists and sorted sets, in the order in which they
    /// became available; `isOver(body)` knows deadlines; `close(…)` notes that nobody waits in a line.
    private static let takeHelpers = """
        local function isOver(body)
          return string.byte(body) % 8 >= 4 and struct.unpack('>i8', body, 5) < tonumber(ARGV[1])
        end
        local function sources(whose, lines, at)
          local found, isFresh = {}, true
          for i = 0, lines - 1 do
            local slot = tonumber(ARGV[at + 2 * i])
            if whose ~= 't' and redis.call('EXISTS', KEYS[slot + 2]) == 1 then
              found[#found + 1] = {key = KEYS[slot + 2], next = 1, isSorted = true}
              isFresh = false
            end
            if whose ~= 'l' then
              if redis.call('EXISTS', KEYS[slot + 1]) == 1 then
                found[#found + 1] = {key = KEYS[slot + 1], next = 1, isSorted = true}
                isFresh = false
              end
              found[#found + 1] = {key = KEYS[slot], next = 1}
            end
          end
          return found, isFresh
        end
        local function popped(source, n)
          if not source.isSorted then return redis.call('LPOP', source.key, n) or {} end
          local pairs, members = redis.call('ZPOPMIN', source.key, n), {}
          for i = 1, #pairs, 2 do members[#members + 1] = pairs[i] end
          return members
        end
        local function take(n, sources)
          if #sources == 0 then return {} end
          if #sources == 1 then return popped(sources[1], n) end
          for _, source in ipairs(sources) do
            source.all = redis.call(source.isSorted and 'ZRANGE' or 'LRANGE', source.key, 0, n - 1)
          end
          local members = {}
          while #members < n do
            local first, earliest, least
            for _, source in ipairs(sources) do
              local place = source.all[source.next]
              if place then
                local instant, number = struct.unpack('>i8I2', place)
                if not first or instant < earliest or instant == earliest and number < least then
                  first, earliest, least = source, instant, number
                end
              end
            end
            if not first then break end
            members[#members + 1] = first.all[first.next]
            first.next = first.next + 1
          end
          for _, source in ipairs(sources) do
            if source.next > 1 then
              if source.isSorted then
                redis.call('ZPOPMIN', source.key, source.next - 1)
              else
                redis.call('LTRIM', source.key, source.next - 1, -1)
              end
            end
          end
          return members
        end
        local function close(lines, at)
          for i = 0, lines - 1 do
            local slot = tonumber(ARGV[at + 2 * i])
            if redis.call('EXISTS', KEYS[slot], KEYS[slot + 1], KEYS[slot + 2]) == 0 then
              redis.call('SREM', KEYS[6], ARGV[at + 2 * i + 1])
            end
          end
        end

        """
}
#endif
