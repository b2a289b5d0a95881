#if Redis
import RESP

extension Scripts {
    /// What time it is: seconds, and microseconds beside them. Changes nothing; a script, because `TIME` has no key
    /// that would lead it to one node of a cluster.
    ///
    /// KEYS: 1 one of the node that is asked.
    static let clock = Script("return redis.call('TIME')")

    /// Everything about some tasks, as of one instant. Changes nothing.
    ///
    /// KEYS: 1 bodies, 2 states, 3 leases, 4 due. ARGV: the identifiers.
    /// Returns bodies, states, ends of leases, and when they are due; false where there is none.
    static let read = Script(
        """
        local bodies = redis.call('HMGET', KEYS[1], unpack(ARGV))
        local states = redis.call('HMGET', KEYS[2], unpack(ARGV))
        local ends = redis.call('ZMSCORE', KEYS[3], unpack(ARGV))
        local places = {}
        for i, body in ipairs(bodies) do
          local status = states[i] and string.byte(states[i]) or 1
          places[i] = body and ARGV[i] .. status .. string.sub(body, 2, 4) or ''
        end
        return {bodies, states, ends, redis.call('ZMSCORE', KEYS[4], unpack(places))}
        """)

    /// The identifiers of a part of the log, newest first. Changes nothing.
    ///
    /// KEYS: 1 log, 2 base of the log. ARGV: 1 before which number (0: from the end), 2 how many.
    /// Returns the number of the first of them, and the identifiers.
    static let page = Script(
        """
        local base = tonumber(redis.call('GET', KEYS[2]) or '0')
        local last = redis.call('LLEN', KEYS[1])
        if ARGV[1] ~= '0' then last = math.min(last, tonumber(ARGV[1]) - base - 1) end
        if last <= 0 then return {0, {}} end
        local ids = redis.call('LRANGE', KEYS[1], math.max(0, last - tonumber(ARGV[2])), last - 1)
        local newest = {}
        for i = #ids, 1, -1 do newest[#newest + 1] = ids[i] end
        return {base + last, newest}
        """)
}
#endif
