#if Redis
import RESP

extension Scripts {
    /// Ends attempts whose leases hold: writes the states and moves the tasks where their verdicts say.
    ///
    /// KEYS: 1 grants, 2 states, 3 leases, 4 due, 5 finished, 6 dead letters, 7 counts, 8 wishes to cancel, 9 names of
    /// the lines, 10… the lines that tasks go back to.
    /// ARGV: 1 now; for each task its identifier (no two alike), 58 bytes that say what happened (``FinishedAttempt``),
    /// the last error and the result (each behind its length; an empty last error keeps the one before), the attempt
    /// (empty: none is kept), the score where it goes, and the name of its line.
    /// The 58 bytes: token (1…16), outcome (17), `x` if only a lease that has ended counts, `-` if not (18), priority
    /// (19), where it goes (20: index in KEYS), bytes 1…30 of the state (21…50), and when the task became available
    /// (51…58).
    /// Returns one character for each: `s` settled, now or before; `l` the lease does not hold; `c` somebody wants to
    /// cancel the task, so it must not go back: nothing has changed.
    static let finish = Script(
        counting + """
            local n = (#ARGV - 1) / 7
            local ids = {}
            for i = 1, n do ids[i] = ARGV[7 * i - 5] end
            local grants = redis.call('HMGET', KEYS[1], unpack(ids))
            local states = redis.call('HMGET', KEYS[2], unpack(ids))
            local wishes = redis.call('EXISTS', KEYS[8]) == 1 and redis.call('HMGET', KEYS[8], unpack(ids)) or {}
            local ended = {}
            local answers, values, sets, over, counts = {}, {}, {}, {}, {}
            for i = 1, n do
              local at = 7 * i - 4
              local what, grant, state = ARGV[at], grants[i], states[i]
              local target, holds = string.byte(what, 20), grant and string.sub(grant, 1, 16) == string.sub(what, 1, 16)
              if holds and string.sub(what, 18, 18) == 'x' then
                local score = redis.call('ZSCORE', KEYS[3], ids[i])
                holds = score and tonumber(score) <= tonumber(ARGV[1])
              end
              if not holds then
                local again = not grant and state and string.sub(state, 47, 63) == string.sub(what, 1, 17)
                answers[i] = again and 's' or 'l'
              elseif wishes[i] and (target == 4 or target > 9) then
                answers[i] = 'c'
              else
                answers[i] = 's'
                local first
                if state and string.byte(state, 31) ~= 128 then
                  first = string.sub(state, 31, 46)
                else
                  local made = string.sub(grant, 23, 30)
                  local wait = struct.unpack('>i8', made) - struct.unpack('>i8', what, 51)
                  first = made .. struct.pack('>i8', math.max(0, wait))
                end
                local error, attempts = ARGV[at + 1], ''
                if state then
                  local length = struct.unpack('>I4', state, 64)
                  if length == 4294967295 then length = 0 end
                  if error == '' then error = string.sub(state, 64, 67 + length) end
                  local next = 68 + length
                  length = struct.unpack('>I4', state, next)
                  if length == 4294967295 then length = 0 end
                  attempts = string.sub(state, next + 4 + length)
                elseif error == '' then
                  error = '\\255\\255\\255\\255'
                end
                values[#values + 1] = ids[i]
                values[#values + 1] = string.sub(what, 21, 50) .. first .. string.sub(what, 1, 17) ..
                  error .. ARGV[at + 2] .. attempts .. ARGV[at + 3]
                over[#over + 1] = ids[i]
                local status, priority = tostring(string.byte(what, 21)), string.sub(what, 19, 19)
                local line = ARGV[at + 5]
                local place = string.sub(grant, 17, 22) .. ids[i]
                if target == 4 then
                  place = place .. status .. line
                elseif target <= 6 then
                  place = status .. priority .. ids[i]
                else
                  redis.call('SADD', KEYS[9], line)
                end
                local set = sets[target]
                if not set then
                  set = {}
                  sets[target] = set
                end
                set[#set + 1] = ARGV[at + 4]
                set[#set + 1] = place
                add(counts, '3' .. priority, -1)
                add(counts, status .. priority, 1)
              end
            end
            if #over > 0 then
              redis.call('HSET', KEYS[2], unpack(values))
              redis.call('HDEL', KEYS[1], unpack(over))
              redis.call('ZREM', KEYS[3], unpack(over))
              if #wishes > 0 then redis.call('HDEL', KEYS[8], unpack(over)) end
              for target, set in pairs(sets) do redis.call('ZADD', KEYS[target], unpack(set)) end
              write(KEYS[7], counts)
            end
            return table.concat(answers)
            """)
}
#endif
