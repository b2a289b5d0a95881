#if Postgres
/// What moves tasks.
extension SQLTexts {
    /// Accepts tasks; returns those that were not inserted, with why and whose they are.
    static let insert = """
        SELECT ord, outcome, task FROM {schema}.insert_tasks($1::bigint, $2::text[], $3::text[], \
        $4::smallint[], $5::text[], $6::integer, $7::uuid[], $8::integer[], $9::bigint[], $10::bigint[], \
        $11::bytea[], $12::integer[], $13::text[], $14::bigint[], $15::bigint[], $16::text[], \
        $17::text[], $18::bigint[], $19::bigint[], $20::text[], $21::bigint[], $22::text[], \
        $23::bigint[], $24::boolean)
        """
    /// Hands out tasks, or says who waits where there is something to choose.
    static let claim = """
        SELECT * FROM {schema}.claim($1::bigint, $2::integer, $3::bigint, $4::text, $5::text, \
        $6::text[], $7::text[], $8::text[], $9::bigint[], $10::integer[], $11::integer[], $12::bigint[], \
        $13::bigint[], $14::integer[])
        """
    /// Hands out those of the hinted tasks that wait as their hints say.
    static let claimHints = """
        SELECT * FROM {schema}.claim($1::bigint, $2::integer, $3::bigint, $4::text, $5::text, \
        $6::text[], $7::text[], NULL, NULL, NULL, NULL, NULL, NULL, NULL, $8::uuid[], $9::bigint[])
        """
    /// Ends attempts, fenced by their leases.
    static let finish = """
        SELECT {schema}.finish($1::bigint, $2::uuid[], $3::uuid[], $4::smallint[], $5::bigint[], \
        $6::boolean[], $7::text[], $8::text[], $9::bigint[], $10::bigint[], $11::text[], $12::text[], \
        $13::bytea[])
        """
    /// Moves the end of leases; returns those that hold.
    static let extend = """
        SELECT ord, until, is_cancel_requested FROM {schema}.extend($1::bigint, $2::uuid[], $3::uuid[], \
        $4::bigint)
        """
    /// Deliveries whose lease has ended; the last row says when the next one ends.
    static let expired = """
        WITH t AS MATERIALIZED (SELECT coalesce($1::bigint, {schema}.now_us()) AS now), e AS \
        MATERIALIZED (SELECT l.* FROM {schema}.leased l WHERE l.until <= (SELECT now FROM t) ORDER BY \
        l.until, l.id LIMIT $2::integer + 1) SELECT 0 AS kind, e.lane, e.id, e.token, e.until, \
        e.available_at, b.enqueued_at, e.attempt, e.attempts_before_replay, e.crashes, b.max_retries, \
        b.retry, b.timeout_us, b.deadline, b.traceparent, b.promise_us, b.estimate_us, b.payload, \
        e.worker, e.attempt_started_at FROM (SELECT * FROM e ORDER BY until, id LIMIT $2::integer) e \
        JOIN {schema}.task b ON b.seq = e.seq UNION ALL SELECT 1, NULL, NULL, NULL, CASE WHEN (SELECT \
        count(*) FROM e) > $2::integer THEN (SELECT now FROM t) ELSE (SELECT min(l.until) FROM \
        {schema}.leased l WHERE l.until > (SELECT now FROM t)) END, NULL, NULL, NULL, NULL, NULL, NULL, \
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL ORDER BY kind, until
        """
    /// When the oldest lease that has ended did so.
    static let oldestExpiry = """
        SELECT min(until) FROM {schema}.leased WHERE until <= coalesce($1::bigint, {schema}.now_us())
        """
    /// Ends the leases of one process now.
    static let endLocal = """
        UPDATE {schema}.leased SET until = least(until, coalesce($1::bigint, {schema}.now_us())) WHERE \
        local_to = $2::text
        """
    /// Makes due tasks available; the last row says when the next one is due.
    static let promote = """
        SELECT kind, lane, id, available_at FROM {schema}.promote($1::bigint, $2::integer, $3::boolean)
        """
    /// Stops tasks that wait, and notes the wish for those that run.
    static let cancel = """
        SELECT status, lane, available_at FROM {schema}.cancel($1::bigint, $2::uuid[])
        """
    /// The deliveries that leases stand for.
    static let deliveries = """
        SELECT x.ord::integer, e.lane, e.id, e.token, e.until, e.available_at, b.enqueued_at, e.attempt, \
        e.attempts_before_replay, e.crashes, b.max_retries, b.retry, b.timeout_us, b.deadline, \
        b.traceparent, b.promise_us, b.estimate_us, b.payload FROM unnest($1::uuid[], $2::uuid[]) WITH \
        ORDINALITY AS x(id, token, ord) JOIN {schema}.leased e ON e.id = x.id AND e.token = x.token JOIN \
        {schema}.task b ON b.seq = e.seq ORDER BY x.ord
        """
    /// Tells other processes what became available, at the commit of its own transaction.
    static let wake = """
        SELECT {schema}.wake($1::text[])
        """
}
#endif
