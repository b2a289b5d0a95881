#if Redis
import RESP

extension Scripts {
    /// Gives idempotency keys to those who come first.
    ///
    /// KEYS: 1 owners of keys, 2 ages of keys. ARGV: 1 now; for each task its key and who asks for it.
    /// Returns the earlier owner of each; false where the key is new and belongs to the one who asked now.
    static let reserve = Script(
        """
        local n = (#ARGV - 1) / 2
        local keys = {}
        for i = 1, n do keys[i] = ARGV[2 * i] end
        local owners = redis.call('HMGET', KEYS[1], unpack(keys))
        local fresh, ages, seen = {}, {}, {}
        for i = 1, n do
          local key = keys[i]
          if not owners[i] then owners[i] = seen[key] or false end
          if not owners[i] then
            local owner = ARGV[2 * i + 1]
            seen[key] = owner
            fresh[#fresh + 1] = key
            fresh[#fresh + 1] = owner
            ages[#ages + 1] = ARGV[1]
            ages[#ages + 1] = key
          end
        end
        if #fresh > 0 then
          redis.call('HSET', KEYS[1], unpack(fresh))
          redis.call('ZADD', KEYS[2], unpack(ages))
        end
        return owners
        """)

    /// Notes that the tasks of keys are stored: from now on a key is only forgotten by its age.
    ///
    /// KEYS: 1 owners of keys. ARGV: for each its key, its owner as it was reserved, its owner as it is to be.
    static let confirm = Script(
        whenFull + """
            local n = #ARGV / 3
            local keys, changed = {}, {}
            for i = 1, n do keys[i] = ARGV[3 * i - 2] end
            local owners = redis.call('HMGET', KEYS[1], unpack(keys))
            for i = 1, n do
              if owners[i] == ARGV[3 * i - 1] then
                changed[#changed + 1] = keys[i]
                changed[#changed + 1] = ARGV[3 * i]
              end
            end
            if #changed > 0 then
              needed(KEYS[1])
              redis.call('HSET', KEYS[1], unpack(changed))
            end
            return #changed / 2
            """)

    /// Forgets keys of certain owners.
    ///
    /// KEYS: 1 owners of keys, 2 ages of keys. ARGV: for each key its field and its owner (``KeyOwner``); one that has
    /// another owner by now stays.
    static let release = Script(
        """
        for i = 1, #ARGV, 2 do
          if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then
            redis.call('HDEL', KEYS[1], ARGV[i])
            redis.call('ZREM', KEYS[2], ARGV[i])
          end
        end
        """)

    /// Forgets keys by their age.
    ///
    /// KEYS: 1 owners of keys, 2 ages of keys. ARGV: 1 made before when, 2 how many at most. Returns how many.
    static let forget = Script(
        """
        local old = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
        if #old == 0 then return 0 end
        redis.call('HDEL', KEYS[1], unpack(old))
        redis.call('ZREM', KEYS[2], unpack(old))
        return #old
        """)

    /// Gives numbers to queues that have none.
    ///
    /// KEYS: 1 numbers of the queues. ARGV: 1 a version that was never there, then the queues. Returns their numbers.
    /// The field ``SharedKeys/version`` changes with every queue, so that those who know it know all queues.
    static let register = Script(
        """
        local numbers = {}
        for i = 2, #ARGV do
          local number = redis.call('HGET', KEYS[1], ARGV[i])
          if not number then
            redis.call('HSET', KEYS[1], ' ', ARGV[1])
            number = tostring(redis.call('HLEN', KEYS[1]))
            redis.call('HSET', KEYS[1], ARGV[i], number)
          end
          numbers[i - 1] = number
        end
        return numbers
        """)
}
#endif
