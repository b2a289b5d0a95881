#if Redis
import RESP

extension Scripts {
    /// Moves the end of the leases that hold.
    ///
    /// KEYS: 1 states, 2 leases. ARGV: 1 the new end; for each lease its task and its token.
    /// Returns one character for each: `h` held, `c` held and to be cancelled, `l` lost.
    static let extend = Script(
        whenFull + """
            local n = (#ARGV - 1) / 2
            local ids = {}
            for i = 1, n do ids[i] = ARGV[2 * i] end
            local states = redis.call('HMGET', KEYS[1], unpack(ids))
            local answers, moved = {}, {}
            for i = 1, n do
              local state = states[i]
              if state and string.byte(state) == 3 and string.sub(state, 2, 17) == ARGV[2 * i + 1] then
                answers[i] = string.byte(state, 18) == 255 and 'c' or 'h'
                moved[#moved + 1] = ARGV[1]
                moved[#moved + 1] = ids[i]
              else
                answers[i] = 'l'
              end
            end
            if #moved > 0 then
              needed(KEYS[1])
              redis.call('ZADD', KEYS[2], unpack(moved))
            end
            return table.concat(answers)
            """)
}
#endif
