#if Redis
import RESP

extension Scripts {
    /// Ends attempts whose leases hold: writes the states and moves the tasks where their verdicts say.
    ///
    /// KEYS: 1 states, 2 leases, 3 due, 4 finished, 5 dead letters, 6 counts, 7 open lines, 8… the sorted sets of
    /// returned tasks of the lines that tasks go back to.
    /// ARGV: 1 now, 2 now as 8 bytes; for each task its identifier (no two alike), 59 bytes that say what happened
    /// (``FinishedAttempt``), and the rest of the state: last error, result and the attempt.
    /// The 59 bytes: token (1…16), mark (17), `x` if only a lease that has ended counts, `-` if not (18), new status
    /// and priority as digits (19…20), where it goes (21: index in KEYS), bytes 1…30 of the state (22…51), the number
    /// of its line (52…54), how many bytes of the rest are error and result (55…58), whether the error of before stays
    /// (59: `k`).
    /// Returns one character for each: `s` settled, now or before; `l` the lease does not hold; `c` somebody wants to
    /// cancel the task, so it must not go back: nothing has changed.
    static let finish = Script(
        counting + """
            local n = (#ARGV - 2) / 3
            local ids = {}
            for i = 1, n do ids[i] = ARGV[3 * i] end
            local states = redis.call('HMGET', KEYS[1], unpack(ids))
            local sub, byte = string.sub, string.byte
            local nothing = string.rep('\\255', 4)
            local noLease = string.rep('\\0', 9)
            local answers, values, over, sets, counts, ended = {}, {}, {}, {}, {}, 0
            for i = 1, n do
              local what, rest, state = ARGV[3 * i + 1], ARGV[3 * i + 2], states[i]
              local target = byte(what, 21)
              local holds = state and byte(state) == 3 and sub(state, 47, 62) == sub(what, 1, 16)
              if holds and sub(what, 18, 18) == 'x' then
                local score = redis.call('ZSCORE', KEYS[2], ids[i])
                holds = score and tonumber(score) <= tonumber(ARGV[1])
              end
              if not holds then
                answers[i] = state and byte(state) ~= 3 and sub(state, 47, 63) == sub(what, 1, 17) and 's' or 'l'
              elseif byte(state, 63) == 255 and target ~= 4 and target ~= 5 then
                answers[i] = 'c'
              else
                answers[i] = 's'
                ended = ended + 1
                local before = 73 + byte(state, 72)
                if #state > before + 7 then
                  -- There was an error, a result or an attempt before: the error may stay, the attempts do.
                  local length = struct.unpack('>I4', state, before)
                  local error = length == 4294967295 and nothing or sub(state, before, before + 3 + length)
                  local at = before + #error
                  length = struct.unpack('>I4', state, at)
                  at = at + 4 + (length == 4294967295 and 0 or length)
                  local cut = struct.unpack('>I4', what, 55)
                  local own = sub(rest, 1, cut)
                  if sub(what, 59, 59) == 'k' then own = error .. sub(own, 5) end
                  rest = own .. sub(state, at) .. sub(rest, cut + 1)
                end
                values[2 * ended - 1] = ids[i]
                values[2 * ended] = sub(what, 22, 51) .. sub(state, 31, 46) .. sub(what, 1, 17) .. noLease .. rest
                over[ended] = ids[i]
                local field = sub(what, 19, 20)
                local set = sets[target]
                if not set then
                  set = {}
                  sets[target] = set
                end
                if target == 4 then
                  set[#set + 1] = ARGV[2] .. field .. ids[i]
                elseif target == 5 then
                  set[#set + 1] = ARGV[1]
                  set[#set + 1] = field .. ids[i]
                else
                  local available = sub(what, 32, 39)
                  set[#set + 1] = string.format('%.0f', (struct.unpack('>i8', available)))
                  if target == 3 then
                    set[#set + 1] = ids[i] .. sub(field, 1, 1) .. sub(what, 52, 54)
                  else
                    set[#set + 1] = available .. '\\0\\0' .. ids[i]
                    redis.call('SADD', KEYS[7], (struct.unpack('>I3', what, 52)))
                  end
                end
                counts[field] = (counts[field] or 0) + 1
              end
            end
            if ended > 0 then
              redis.call('HSET', KEYS[1], unpack(values))
              redis.call('ZREM', KEYS[2], unpack(over))
              for target, set in pairs(sets) do
                redis.call(target == 4 and 'RPUSH' or 'ZADD', KEYS[target], unpack(set))
              end
              local left = {}
              for field, count in pairs(counts) do add(left, '3' .. sub(field, 2), -count) end
              write(KEYS[6], left)
              write(KEYS[6], counts)
            end
            return table.concat(answers)
            """)
}
#endif
