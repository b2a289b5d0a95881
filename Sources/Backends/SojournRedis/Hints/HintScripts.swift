#if Redis
import RESP

/// The Lua scripts of hints. Each works on the keys of one queue, or on one shared key. The number of inner calls grows
/// with the number of lines, not with that of hints.
enum HintScripts {
    /// Says who waits in the lines of a queue. A key that holds something else than hints is deleted.
    ///
    /// KEYS: 1 names of the lines, 2… the lines that the caller knows.
    /// ARGV: 1 before which instant a task is late (empty: none is), 2 whether to look for the oldest (`1`).
    /// Returns the names of all lines, and for each line of KEYS how many wait, how many of them are late, and when the
    /// oldest of the others became available (false where nobody asked, or there is none).
    static let survey = Script(
        own + """
            local cutoff, old = ARGV[1], ARGV[2] == '1'
            local rows = {}
            for i = 2, #KEYS do
              local count, late, oldest = own('ZCARD', KEYS[i]) or 0, 0, false
              if count > 0 and (cutoff ~= '' or old) then
                local first = redis.call('ZRANGE', KEYS[i], 0, 0, 'WITHSCORES')
                if cutoff ~= '' and tonumber(first[2]) < tonumber(cutoff) then
                  late = redis.call('ZCOUNT', KEYS[i], '-inf', '(' .. cutoff)
                  if late < count then first = redis.call('ZRANGE', KEYS[i], late, late, 'WITHSCORES') end
                end
                if late < count then oldest = first[2] end
              end
              rows[#rows + 1] = {count, late, oldest}
            end
            return {own('SMEMBERS', KEYS[1]) or {}, rows}
            """)

    /// Takes the first hints out of some lines.
    ///
    /// KEYS: 1 names of the lines, 2… the lines.
    /// ARGV: for each share how many, from which instant, to which (`-inf`, `+inf`, or with a leading parenthesis), how
    /// many lines it is about, and their indexes in KEYS, each with its name.
    /// Returns for each hint its member, its score, and the index of its line in KEYS.
    static let take = Script(
        first + """
            local at, taken = 1, {}
            while at <= #ARGV do
              local lines = tonumber(ARGV[at + 3])
              first(tonumber(ARGV[at]), ARGV[at + 1], ARGV[at + 2], lines, at + 4, taken)
              for i = 0, lines - 1 do
                local key = KEYS[tonumber(ARGV[at + 4 + 2 * i])]
                if redis.call('EXISTS', key) == 0 then redis.call('SREM', KEYS[1], ARGV[at + 5 + 2 * i]) end
              end
              at = at + 4 + 2 * lines
            end
            return taken
            """)

    /// `first(…)` appends the first hints of one line, or of several merged, to `taken`.
    private static let first = """
        local function first(n, from, to, lines, at, taken)
          if lines == 1 and from == '-inf' and to == '+inf' then
            local key = tonumber(ARGV[at])
            local popped = redis.call('ZPOPMIN', KEYS[key], n)
            for i = 1, #popped, 2 do
              taken[#taken + 1] = popped[i]
              taken[#taken + 1] = popped[i + 1]
              taken[#taken + 1] = key
            end
            return
          end
          local all, gone = {}, {}
          for i = 0, lines - 1 do
            local key = tonumber(ARGV[at + 2 * i])
            local found = redis.call('ZRANGEBYSCORE', KEYS[key], from, to, 'WITHSCORES', 'LIMIT', 0, n)
            for j = 1, #found, 2 do all[#all + 1] = {tonumber(found[j + 1]), found[j], found[j + 1], key} end
          end
          if lines > 1 then
            table.sort(all, function(a, b) return a[1] < b[1] or a[1] == b[1] and a[2] < b[2] end)
          end
          for i = 1, math.min(n, #all) do
            local hint = all[i]
            gone[hint[4]] = gone[hint[4]] or {}
            table.insert(gone[hint[4]], hint[2])
            taken[#taken + 1] = hint[2]
            taken[#taken + 1] = hint[3]
            taken[#taken + 1] = hint[4]
          end
          for key, members in pairs(gone) do redis.call('ZREM', KEYS[key], unpack(members)) end
        end

        """

    /// The members of a set; a key that holds something else is deleted.
    ///
    /// KEYS: 1 the set.
    static let members = Script(own + "return own('SMEMBERS', KEYS[1]) or {}")

    /// Reads and moves the epoch: `<run id of the server> complete` once the hints were filled, `… filling <token>`
    /// while somebody does. The run id is of the server that the fillers saw: after a restart or a failover it is
    /// another one, and the epoch no longer counts.
    ///
    /// KEYS: 1 the epoch.
    /// ARGV: 1 `look`, `begin`, `go on` or `end`; for `begin` 2 what was seen, 3 a token, 4 for how many milliseconds
    /// the filler counts as alive; for `go on` and `end` 2 what `begin` returned, 3 the milliseconds.
    /// Returns for `look` the epoch (empty: none) and the run id; for `begin` the new epoch, false where another one
    /// was quicker; for the others 1 or 0: whether it was still the same.
    static let epoch = Script(
        own + """
            local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or 'unknown'
            local now = own('GET', KEYS[1]) or ''
            if ARGV[1] == 'look' then return {now, run} end
            if now ~= ARGV[2] then return ARGV[1] ~= 'begin' and 0 end
            if ARGV[1] == 'begin' then
              local epoch = run .. ' filling ' .. ARGV[3]
              redis.call('SET', KEYS[1], epoch, 'PX', ARGV[4])
              return epoch
            end
            if string.sub(now, 1, #run) ~= run then return 0 end
            if ARGV[1] == 'end' then
              redis.call('SET', KEYS[1], run .. ' complete')
            else
              redis.call('PEXPIRE', KEYS[1], ARGV[3])
            end
            return 1
            """)

    /// `own(command, key)` is what a reading command says; it deletes a key of the wrong kind, which is not ours.
    private static let own = """
        local function own(command, key)
          local value = redis.pcall(command, key)
          if type(value) == 'table' and value.err then
            redis.call('DEL', key)
            return false
          end
          return value
        end

        """
}
#endif
