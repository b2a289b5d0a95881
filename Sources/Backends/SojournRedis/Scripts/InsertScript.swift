#if Redis
import RESP
import SojournCore
import SojournModel

extension Scripts {
    /// Takes in tasks whose identifiers are new, all in one step.
    ///
    /// KEYS: 1 bodies, 2 log, 3 counts, 4 numbers of the lines, 5 open lines, 6 due, 7… fresh tasks of the lines that
    /// are meant.
    /// ARGV: 1 how many tasks, 2 how many runs, 3 what to ``telling``; for each task its
    /// identifier and its body (``TaskBody``); for each run of tasks that go to one place at one time: how many, the
    /// text of their line, its number, where they go (index in
    /// KEYS; 6 until they are due), when they become available as 8 bytes and as decimal digits, and what is behind
    /// the identifier in 6 (``DuePlace``); last, how many tasks may wait in the queue once these are in (empty: any
    /// number).
    /// Returns false where a line has another number now, ``full`` where there is no room: nothing has changed. Else
    /// the bodies of tasks with these
    /// identifiers that were there before, each at its index, and false for those that were inserted.
    static let insert = Script(
        counting + telling + """
            local n, runs = tonumber(ARGV[1]), tonumber(ARGV[2])
            local at = 2 * n + 4
            local texts, numbers = {}, {}
            for run = 0, runs - 1 do
              texts[run + 1] = ARGV[at + 7 * run + 1]
              numbers[run + 1] = ARGV[at + 7 * run + 2]
            end
            for run, number in ipairs(redis.call('HMGET', KEYS[4], unpack(texts))) do
              if number ~= numbers[run] then return false end
            end
            local room = tonumber(ARGV[#ARGV])
            if room then
              local waiting = 0
              for _, count in ipairs(redis.call('HMGET', KEYS[3], \(waiting))) do waiting = waiting + (count or 0) end
              local fresh = 0
              for run = 0, runs - 1 do
                if ARGV[at + 7 * run + 3] ~= '6' then fresh = fresh + ARGV[at + 7 * run] end
              end
              if fresh > 0 and waiting + fresh > room then return '\(full)' end
            end
            local ids = {}
            for i = 1, n do ids[i] = ARGV[2 * i + 2] end
            local known = redis.call('HMGET', KEYS[1], unpack(ids))
            local isKnown = false
            for i = 1, n do
              if known[i] then
                isKnown = true
                break
              end
            end
            local fields, log = {}, ids
            if isKnown then
              log = {}
              for i = 1, n do
                if not known[i] then
                  log[#log + 1] = ids[i]
                  fields[#fields + 1] = ids[i]
                  fields[#fields + 1] = ARGV[2 * i + 3]
                end
              end
              if #log > 0 then redis.call('HSET', KEYS[1], unpack(fields)) end
            else
              redis.call('HSET', KEYS[1], unpack(ARGV, 4, 2 * n + 3))
            end
            if #log > 0 then redis.call('RPUSH', KEYS[2], unpack(log)) end
            local counts, index = {}, 0
            for run = 0, runs - 1 do
              local first = at + 7 * run
              local size, slot, instant = tonumber(ARGV[first]), tonumber(ARGV[first + 3]), ARGV[first + 4]
              local members = {}
              for i = index + 1, index + size do
                if not known[i] then
                  if slot == 6 then
                    members[#members + 1] = ARGV[first + 5]
                    members[#members + 1] = ids[i] .. ARGV[first + 6]
                  else
                    members[#members + 1] = instant .. struct.pack('>I2', i) .. ids[i]
                  end
                end
              end
              index = index + size
              local priority = string.sub(ARGV[first + 1], 1, 1)
              if #members == 0 then
                -- All were known.
              elseif slot == 6 then
                redis.call('ZADD', KEYS[6], unpack(members))
                add(counts, '1' .. priority, #members / 2)
              else
                redis.call('RPUSH', KEYS[slot], unpack(members))
                redis.call('SADD', KEYS[5], ARGV[first + 2])
                add(counts, '2' .. priority, #members)
              end
            end
            write(KEYS[3], counts)
            if #log > 0 then tell(ARGV[3]) end
            return isKnown and known or {}
            """)

    /// What the insert script says where there is no room.
    static let full = "full"
    /// The fields of the tasks that wait in the hash of counts.
    private static let waiting = Priority.allCases
        .map { "'\(TaskStatus.queued.code)\($0.rawValue)'" }.joined(separator: ", ")

    /// Gives numbers to lines that have none.
    ///
    /// KEYS: 1 numbers of the lines, with that of the queue in the field without a name.
    /// ARGV: 1 the number of the queue, 2… the texts of the lines. Returns their numbers.
    static let enroll = Script(
        """
        local numbers = {}
        redis.call('HSET', KEYS[1], '', ARGV[1])
        for i = 2, #ARGV do
          local number = redis.call('HGET', KEYS[1], ARGV[i])
          if not number then
            number = tostring(redis.call('HLEN', KEYS[1]))
            redis.call('HSET', KEYS[1], ARGV[i], number)
          end
          numbers[i - 1] = number
        end
        return numbers
        """)
}
#endif
