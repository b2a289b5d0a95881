#if Redis
import RESP

extension Scripts {
    /// Puts tasks whose time has come into their lines, where nobody was quicker.
    ///
    /// KEYS: 1 due, 2 counts, 3 open lines, 4… the sorted sets of returned tasks of the lines.
    /// ARGV: for each task its place in 1 (``DuePlace``), when it was due as decimal digits and as 8 bytes, the index
    /// in
    /// KEYS of where it goes, and its priority.
    /// Returns one character for each: `p` promoted, `-` it was not there any more.
    static let promote = Script(
        counting + """
            local n = #ARGV / 5
            local places = {}
            for i = 1, n do places[i] = ARGV[5 * i - 4] end
            local scores = redis.call('ZMSCORE', KEYS[1], unpack(places))
            local answers, gone, sets, names, counts = {}, {}, {}, {}, {}
            for i = 1, n do
              local place, instant, slot = places[i], ARGV[5 * i - 3], tonumber(ARGV[5 * i - 1])
              if scores[i] and tonumber(scores[i]) == tonumber(instant) then
                answers[i] = 'p'
                gone[#gone + 1] = place
                local set = sets[slot] or {}
                sets[slot] = set
                set[#set + 1] = instant
                set[#set + 1] = ARGV[5 * i - 2] .. '\\0\\0' .. string.sub(place, 1, -5)
                names[string.sub(place, -3)] = true
                add(counts, string.sub(place, -4, -4) .. ARGV[5 * i], -1)
                add(counts, '2' .. ARGV[5 * i], 1)
              else
                answers[i] = '-'
              end
            end
            if #gone > 0 then
              redis.call('ZREM', KEYS[1], unpack(gone))
              for slot, set in pairs(sets) do redis.call('ZADD', KEYS[slot], unpack(set)) end
              for line in pairs(names) do redis.call('SADD', KEYS[3], (struct.unpack('>I3', line))) end
              write(KEYS[2], counts)
            end
            return table.concat(answers)
            """)
}
#endif
