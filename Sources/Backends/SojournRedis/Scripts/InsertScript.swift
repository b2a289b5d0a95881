#if Redis
import RESP

extension Scripts {
    /// Takes in tasks whose identifiers are new, all in one step.
    ///
    /// KEYS: 1 bodies, 2 log, 3 base of the log, 4 counts, 5 names of the lines, 6 due, 7… the lines that are meant.
    /// ARGV: for each task its identifier, its body (``TaskBody/encoded``), when it becomes available, and the index
    /// in KEYS of where it waits (6 until it is due).
    /// Returns one character for each: `i` inserted, `d` it was there, `c` another one with that identifier was.
    static let insert = Script(
        counting + """
            local n = #ARGV / 4
            local ids = {}
            for i = 1, n do ids[i] = ARGV[4 * i - 3] end
            local known = redis.call('HMGET', KEYS[1], unpack(ids))
            local number = tonumber(redis.call('GET', KEYS[3]) or '0') + redis.call('LLEN', KEYS[2])
            local answers, seen, bodies, log, sets, names, counts = {}, {}, {}, {}, {}, {}, {}
            for i = 1, n do
              local id, body, slot = ids[i], ARGV[4 * i - 2], tonumber(ARGV[4 * i])
              local print = string.sub(body, 25, 32)
              local other = known[i] and string.sub(known[i], 31, 38) or seen[id]
              if other then
                answers[i] = other == print and 'd' or 'c'
              else
                answers[i] = 'i'
                seen[id] = print
                number = number + 1
                local place = struct.pack('>I6', number)
                bodies[#bodies + 1] = id
                bodies[#bodies + 1] = place .. body
                log[#log + 1] = id
                local member = place .. id
                local set = sets[slot]
                if not set then
                  set = {}
                  sets[slot] = set
                end
                local line = string.sub(body, 35, 34 + struct.unpack('>I2', body, 33))
                if slot == 6 then
                  member = member .. '1' .. line
                  add(counts, '1' .. string.sub(line, 1, 1), 1)
                else
                  names[line] = true
                  add(counts, '2' .. string.sub(line, 1, 1), 1)
                end
                set[#set + 1] = ARGV[4 * i - 1]
                set[#set + 1] = member
              end
            end
            if #log > 0 then
              redis.call('HSET', KEYS[1], unpack(bodies))
              redis.call('RPUSH', KEYS[2], unpack(log))
              for slot, set in pairs(sets) do redis.call('ZADD', KEYS[slot], unpack(set)) end
              for line in pairs(names) do redis.call('SADD', KEYS[5], line) end
              write(KEYS[4], counts)
            end
            return table.concat(answers)
            """)
}
#endif
