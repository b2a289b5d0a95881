#if Redis
import RESP

extension Scripts {
    /// Hands out the first tasks of some lines, each under a lease of its own; those past their deadline end as dead
    /// letters instead. A task is in its line or under a lease, never both, never neither.
    ///
    /// KEYS: 1 bodies, 2 states, 3 grants, 4 leases, 5 dead letters, 6 counts, 7 names of the lines, 8… the lines.
    /// ARGV: 1 now, 2 the end of the leases, 3 the rest of a grant behind token and number (when it was made, who has
    /// it), 4 the tokens, 16 bytes each, 5 the first ten bytes of the state of a task past its deadline, 6
    /// ``TaskState/blank``; then for each share how many, from which instant, to which (`-inf`, `+inf`, or with a
    /// leading parenthesis), the priority, how many lines it is about, and their indexes in KEYS, each with its name.
    /// Returns identifiers, bodies and states (false: none) of what was handed out, in the order of the tokens; bodies
    /// and states of what was too late.
    static let take = Script(
        counting + takeHelpers + """
            local at, used = 7, 0
            local granted, dead, counts, ids, bodies, states, lateBodies, lateStates = {}, {}, {}, {}, {}, {}, {}, {}
            local leases, ends = {}, {}
            while at <= #ARGV do
              local n, from, to, priority = tonumber(ARGV[at]), ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
              local lines = tonumber(ARGV[at + 4])
              at = at + 5
              local members = first(n, from, to, lines, at)
              for i = 0, lines - 1 do
                local line = KEYS[tonumber(ARGV[at + 2 * i])]
                if redis.call('EXISTS', line) == 0 then redis.call('SREM', KEYS[7], ARGV[at + 2 * i + 1]) end
              end
              at = at + 2 * lines
              if #members > 0 then
                local found = {}
                for i, member in ipairs(members) do found[i] = string.sub(member, 7, 22) end
                local body = redis.call('HMGET', KEYS[1], unpack(found))
                local state = redis.call('HMGET', KEYS[2], unpack(found))
                add(counts, '2' .. priority, -#members)
                for i, id in ipairs(found) do
                  if not body[i] then
                    -- A place without a task: nothing to hand out.
                  elseif over(body[i]) then
                    ends[#ends + 1] = id
                    ends[#ends + 1] = ARGV[5] ..
                      (state[i] and string.sub(state[i], 11) or string.sub(body[i], 15, 22) .. ARGV[6])
                    dead[#dead + 1] = ARGV[1]
                    dead[#dead + 1] = '7' .. priority .. id
                    add(counts, '7' .. priority, 1)
                    lateBodies[#lateBodies + 1] = body[i]
                    lateStates[#lateStates + 1] = state[i]
                  else
                    local token = string.sub(ARGV[4], 16 * used + 1, 16 * used + 16)
                    used = used + 1
                    granted[#granted + 1] = id
                    granted[#granted + 1] = token .. string.sub(members[i], 1, 6) .. ARGV[3]
                    leases[#leases + 1] = ARGV[2]
                    leases[#leases + 1] = id
                    add(counts, '3' .. priority, 1)
                    ids[used], bodies[used], states[used] = id, body[i], state[i]
                  end
                end
              end
            end
            if used > 0 then
              redis.call('HSET', KEYS[3], unpack(granted))
              redis.call('ZADD', KEYS[4], unpack(leases))
            end
            if #dead > 0 then
              redis.call('HSET', KEYS[2], unpack(ends))
              redis.call('ZADD', KEYS[5], unpack(dead))
            end
            write(KEYS[6], counts)
            return {ids, bodies, states, lateBodies, lateStates}
            """)

    /// `first(…)` takes the first members out of one or several lines, `over(body)` knows deadlines.
    private static let takeHelpers = """
        local now = tonumber(ARGV[1])
        local function over(body)
          return string.byte(body, 7) ~= 127 and struct.unpack('>i8', body, 7) < now
        end
        local function first(n, from, to, lines, at)
          local key = KEYS[tonumber(ARGV[at])]
          local members = {}
          if lines == 1 and from == '-inf' and to == '+inf' then
            local popped = redis.call('ZPOPMIN', key, n)
            for i = 1, #popped, 2 do members[#members + 1] = popped[i] end
            return members
          end
          local all = {}
          for i = 0, lines - 1 do
            local line = KEYS[tonumber(ARGV[at + 2 * i])]
            local found = redis.call('ZRANGEBYSCORE', line, from, to, 'WITHSCORES', 'LIMIT', 0, n)
            for j = 1, #found, 2 do
              local number = struct.unpack('>I6', found[j])
              all[#all + 1] = {tonumber(found[j + 1]), number, found[j], line}
            end
          end
          if lines > 1 then
            table.sort(all, function(a, b) return a[1] < b[1] or a[1] == b[1] and a[2] < b[2] end)
          end
          local gone = {}
          for i = 1, math.min(n, #all) do
            local line = all[i][4]
            gone[line] = gone[line] or {}
            table.insert(gone[line], all[i][3])
            members[i] = all[i][3]
          end
          for line, taken in pairs(gone) do redis.call('ZREM', line, unpack(taken)) end
          return members
        end

        """
}
#endif
