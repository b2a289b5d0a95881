#if Postgres
/// What is asked about tasks and queues, and what keeps them in order.
extension SQLTexts {
    /// One task.
    static let record = """
        SELECT * FROM {schema}.record WHERE id = $1::uuid
        """
    /// The attempts of a task that are on record.
    static let attempts = """
        SELECT a.number, a.worker, a.started_at, a.finished_at, a.outcome, a.error FROM {schema}.attempt \
        a JOIN {schema}.task b ON b.seq = a.task WHERE b.id = $1::uuid ORDER BY a.number
        """
    /// The number past the newest task.
    static let listEnd = """
        SELECT coalesce(max(seq), 0) + 1 FROM {schema}.task
        """
    /// Whose idempotency keys are.
    static let owners = """
        SELECT k.task FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS x(tenant, key, ord) LEFT \
        JOIN {schema}.idempotency_key k ON k.tenant = x.tenant AND k.key = x.key ORDER BY x.ord
        """
    /// Puts dead letters back.
    static let replay = """
        SELECT id, lane, available_at FROM {schema}.replay($1::bigint, $2::text, $3::text, $4::text, \
        $5::text, $6::text, $7::bigint, $8::uuid[], $9::integer)
        """
    /// Deletes dead letters.
    static let purge = """
        SELECT {schema}.forget({schema}.dead_letters($1::text, $2::text, $3::text, $4::text, $5::text, \
        $6::bigint, $7::uuid[], $8::integer))
        """
    /// Deletes what retention no longer keeps.
    static let prune = """
        SELECT {schema}.prune($1::bigint, $2::bigint, $3::bigint, $4::integer)
        """
    /// How many tasks are where.
    static let depths = """
        SELECT l.queue, l.priority, sum(l.scheduled)::bigint AS scheduled, sum(l.queued)::bigint AS \
        queued, sum(l.running)::bigint AS running, sum(l.retrying)::bigint AS retrying, \
        sum(l.succeeded)::bigint AS succeeded, sum(l.cancelled)::bigint AS cancelled, \
        sum(l.dead)::bigint AS dead, min(o.available_at) AS oldest FROM ( SELECT l.id, l.queue, \
        l.priority, l.scheduled + coalesce(d.scheduled, 0) AS scheduled, l.queued + coalesce(d.queued, \
        0) AS queued, l.running + coalesce(d.running, 0) AS running, l.retrying + coalesce(d.retrying, \
        0) AS retrying, l.succeeded + coalesce(d.succeeded, 0) AS succeeded, l.cancelled + \
        coalesce(d.cancelled, 0) AS cancelled, l.dead + coalesce(d.dead, 0) AS dead FROM {schema}.lane l \
        LEFT JOIN ( SELECT lane, sum(scheduled) AS scheduled, sum(queued) AS queued, sum(running) AS \
        running, sum(retrying) AS retrying, sum(succeeded) AS succeeded, sum(cancelled) AS cancelled, \
        sum(dead) AS dead FROM {schema}.lane_delta GROUP BY lane) d ON d.lane = l.id ) l LEFT JOIN \
        LATERAL ( SELECT w.available_at FROM {schema}.waiting w WHERE w.status = 2 AND w.lane = l.id \
        ORDER BY w.lane, w.available_at, w.seq LIMIT 1) o ON l.queued > 0 GROUP BY l.queue, l.priority \
        HAVING sum(l.scheduled + l.queued + l.running + l.retrying + l.succeeded + l.cancelled + l.dead) \
        > 0 ORDER BY l.queue, l.priority
        """
    /// Takes what statements counted into the counts.
    static let fold = """
        SELECT {schema}.fold($1::bigint, $2::integer)
        """
    /// Stops handing out the tasks of a queue.
    static let pause = """
        INSERT INTO {schema}.paused_queue (queue) VALUES ($1::text) ON CONFLICT DO NOTHING
        """
    /// Hands them out again.
    static let resume = """
        DELETE FROM {schema}.paused_queue WHERE queue = $1::text
        """
    /// The queues that are paused.
    static let paused = """
        SELECT queue FROM {schema}.paused_queue
        """
    /// Lines by their numbers.
    static let lanes = """
        SELECT id, queue, tenant, priority, type FROM {schema}.lane WHERE $1::integer[] IS NULL OR id = \
        ANY ($1) ORDER BY id
        """
    /// The lines in which somebody waits.
    static let waitingLines = """
        WITH RECURSIVE r AS ((SELECT w.lane FROM {schema}.waiting w WHERE w.status = 2 ORDER BY w.lane \
        LIMIT 1) UNION ALL SELECT (SELECT w.lane FROM {schema}.waiting w WHERE w.status = 2 AND w.lane > \
        r.lane ORDER BY w.lane LIMIT 1) FROM r WHERE r.lane IS NOT NULL) SELECT l.id, l.queue, l.tenant, \
        l.priority, l.type FROM r JOIN {schema}.lane l ON l.id = r.lane ORDER BY l.id
        """
    /// Who waits, line by line.
    static let waitingPages = """
        SELECT x.ord::integer, b.id, w.available_at, w.seq FROM unnest($1::text[], $2::text[], \
        $3::smallint[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::integer[]) WITH \
        ORDINALITY AS x(queue, tenant, priority, type, after_at, after_order, before, n, ord) CROSS JOIN \
        LATERAL (SELECT l.id FROM {schema}.lane l WHERE l.queue = x.queue AND l.tenant = x.tenant AND \
        l.priority = x.priority AND l.type = x.type OFFSET 0) l CROSS JOIN LATERAL (SELECT \
        w.available_at, w.seq FROM {schema}.waiting w WHERE w.status = 2 AND w.lane = l.id AND \
        (w.available_at, w.seq) > (x.after_at, x.after_order) AND w.available_at < x.before ORDER BY \
        w.lane, w.available_at, w.seq LIMIT x.n) w CROSS JOIN LATERAL (SELECT b.id FROM {schema}.task b \
        WHERE b.seq = w.seq OFFSET 0) b ORDER BY x.ord, w.available_at, w.seq
        """
    /// Some tasks.
    static let records = """
        SELECT * FROM {schema}.record WHERE id = ANY ($1::uuid[])
        """
}
#endif
