#if Redis
import RESP

extension Scripts {
    /// Puts tasks whose time has come into their lines, where nobody was quicker.
    ///
    /// KEYS: 1 due, 2 counts, 3 names of the lines, 4… the lines.
    /// ARGV: for each task its place in 1, when it was due, and the index in KEYS of its line.
    /// Returns one character for each: `p` promoted, `-` it was not there any more.
    static let promote = Script(
        counting + """
            local n = #ARGV / 3
            local places = {}
            for i = 1, n do places[i] = ARGV[3 * i - 2] end
            local scores = redis.call('ZMSCORE', KEYS[1], unpack(places))
            local answers, gone, sets, names, counts = {}, {}, {}, {}, {}
            for i = 1, n do
              local place, slot = places[i], tonumber(ARGV[3 * i])
              if scores[i] and tonumber(scores[i]) == tonumber(ARGV[3 * i - 1]) then
                answers[i] = 'p'
                gone[#gone + 1] = place
                local set = sets[slot] or {}
                sets[slot] = set
                set[#set + 1] = ARGV[3 * i - 1]
                set[#set + 1] = string.sub(place, 1, 22)
                names[string.sub(place, 24)] = true
                add(counts, string.sub(place, 23, 24), -1)
                add(counts, '2' .. string.sub(place, 24, 24), 1)
              else
                answers[i] = '-'
              end
            end
            if #gone > 0 then
              redis.call('ZREM', KEYS[1], unpack(gone))
              for slot, set in pairs(sets) do redis.call('ZADD', KEYS[slot], unpack(set)) end
              for line in pairs(names) do redis.call('SADD', KEYS[3], line) end
              write(KEYS[2], counts)
            end
            return table.concat(answers)
            """)
}
#endif
