#if Redis
import RESP

extension Scripts {
    /// Says who waits in the lines of a queue. Changes nothing.
    ///
    /// KEYS: 1 names of the lines, 2… the lines that the caller knows.
    /// ARGV: 1 before which instant a task is late (empty: none is), 2 whether to look for the oldest (`1`).
    /// Returns the names of all lines, and for each line of KEYS how many wait, how many of them are late, and when the
    /// oldest of the others became available (false where nobody asked, or there is none).
    static let survey = Script(
        """
        local cutoff, old = ARGV[1], ARGV[2] == '1'
        local lines = {}
        for i = 2, #KEYS do
          local count, late, oldest = redis.call('ZCARD', KEYS[i]), 0, false
          if count > 0 and (cutoff ~= '' or old) then
            local first = redis.call('ZRANGE', KEYS[i], 0, 0, 'WITHSCORES')
            if cutoff ~= '' and tonumber(first[2]) < tonumber(cutoff) then
              late = redis.call('ZCOUNT', KEYS[i], '-inf', '(' .. cutoff)
              if late < count then first = redis.call('ZRANGE', KEYS[i], late, late, 'WITHSCORES') end
            end
            if late < count then oldest = first[2] end
          end
          lines[#lines + 1] = {count, late, oldest}
        end
        return {redis.call('SMEMBERS', KEYS[1]), lines}
        """)
}
#endif
