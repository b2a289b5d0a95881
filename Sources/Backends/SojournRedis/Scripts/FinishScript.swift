#if Redis
import RESP

extension Scripts {
    /// Ends attempts whose leases hold: writes the states and moves the tasks where their verdicts say.
    ///
    /// KEYS: 1 states, 2 leases, 3 due, 4 finished, 5 dead letters, 6 counts, 7 open lines, 8… the sorted sets of
    /// returned tasks of the lines that tasks go back to.
    /// ARGV: 1 now, 2 now as 8 bytes, 3 what to ``telling``; for each task its key (no
    /// two alike), what happened (``FinishedAttempt``) and its new state. What happened: `x` if only a lease that has
    /// ended counts, `-` if not (byte 1), new status and priority as digits (2…3), where it goes (4: index in KEYS),
    /// the number of its line (5…7), `f` where the new state is complete if the task has no history, `-` where its
    /// first start is missing (8), `k` where the error of before stays (9), how many bytes of the state come before
    /// the attempt (10…13).
    /// Returns one character for each: `s` settled, now or before; `l` the lease does not hold; `c` somebody wants to
    /// cancel the task, so it must not go back: nothing has changed.
    static let finish = Script(
        counting + telling + whenFull + history + """
            local n = (#ARGV - 3) / 3
            local ids = {}
            for i = 1, n do ids[i] = ARGV[3 * i + 1] end
            local states = redis.call('HMGET', KEYS[1], unpack(ids))
            local sub, byte = string.sub, string.byte
            local answers, values, over, sets, counts, ended = {}, {}, {}, {}, {}, 0
            for i = 1, n do
              local what, value, state = ARGV[3 * i + 2], ARGV[3 * i + 3], states[i]
              local target = byte(what, 4)
              local holds = state and byte(state) == 3 and sub(state, 2, 17) == sub(value, 2, 17)
              if holds and byte(what) == 120 then
                local score = redis.call('ZSCORE', KEYS[2], ids[i])
                holds = score and tonumber(score) <= tonumber(ARGV[1])
              end
              if not holds then
                answers[i] = state and byte(state) ~= 3 and sub(state, 2, 18) == sub(value, 2, 18) and 's' or 'l'
              elseif byte(state, 18) == 255 and target ~= 4 and target ~= 5 then
                answers[i] = 'c'
              else
                answers[i] = 's'
                ended = ended + 1
                if byte(what, 8) ~= 102 or #state > 27 + byte(state, 27) then value = joined(value, what, state) end
                values[2 * ended - 1] = ids[i]
                values[2 * ended] = value
                over[ended] = ids[i]
                local field = sub(what, 2, 3)
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
                  local available = sub(value, 53, 60)
                  set[#set + 1] = string.format('%.0f', (struct.unpack('>i8', available)))
                  if target == 3 then
                    set[#set + 1] = ids[i] .. sub(field, 1, 1) .. sub(what, 5, 7)
                  else
                    set[#set + 1] = available .. '\\0\\0' .. ids[i]
                    redis.call('SADD', KEYS[7], (struct.unpack('>I3', what, 5)))
                  end
                end
                counts[field] = (counts[field] or 0) + 1
              end
            end
            if ended > 0 then
              needed(KEYS[1])
              redis.call('HSET', KEYS[1], unpack(values))
              redis.call('ZREM', KEYS[2], unpack(over))
              for target, set in pairs(sets) do
                redis.call(target == 4 and 'RPUSH' or 'ZADD', KEYS[target], unpack(set))
              end
              local left = {}
              for field, count in pairs(counts) do add(left, '3' .. sub(field, 2), -count) end
              write(KEYS[6], left)
              write(KEYS[6], counts)
              tell(ARGV[3])
            end
            return table.concat(answers)
            """)

    /// `joined(value, what, state)`: the new state with the first start that the old one knows. Where there is a
    /// history the error may stay, and the attempts do.
    private static let history = """
        local function joined(value, what, state)
          local at = 28 + string.byte(state, 27)
          if #state < at then
            return string.sub(value, 1, 27) .. string.sub(state, 19, 26) .. string.sub(value, 36)
          end
          local function section(at)
            local length = struct.unpack('>I4', state, at)
            return string.sub(state, at, at + 3 + (length == 4294967295 and 0 or length))
          end
          local error = section(at + 45)
          local rest = at + 45 + #error
          local attempts = string.sub(state, rest + #section(rest))
          local cut = struct.unpack('>I4', what, 10)
          local own = string.sub(value, 73, cut)
          if string.byte(what, 9) == 107 then own = error .. string.sub(own, 5) end
          return string.sub(value, 1, 27) .. string.sub(state, at, at + 15) .. string.sub(value, 44, 72) .. own ..
            attempts .. string.sub(value, cut + 1)
        end

        """
}
#endif
