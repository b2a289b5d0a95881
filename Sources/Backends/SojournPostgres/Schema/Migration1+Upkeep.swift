#if Postgres
extension Migration1 {
    /// Dead letters, retention, counts, and the view of records.
    static let upkeep = #"""
        -- Dead letters that a filter means, oldest first, locked.
        CREATE FUNCTION {schema}.dead_letters(
            p_queue text, p_type text, p_tenant text, p_tag text, p_error text, p_before bigint, p_id uuid[],
            p_limit integer
        ) RETURNS bigint[] LANGUAGE sql AS $$
            SELECT ARRAY(
                SELECT e.seq FROM {schema}.ended e JOIN {schema}.task b ON b.seq = e.seq JOIN {schema}.lane l ON l.id =
                    e.lane
                WHERE e.status = 7 AND (p_queue IS NULL OR l.queue = p_queue) AND (p_type IS NULL OR l.type = p_type)
                    AND (p_tenant IS NULL OR l.tenant = p_tenant)
                    AND (p_tag IS NULL OR (p_tag !~ ' ' AND strpos(' ' || b.tags || ' ', ' ' || p_tag || ' ') > 0))
                    AND (p_error IS NULL OR strpos(e.last_error, p_error) > 0)
                    AND (p_before IS NULL OR e.finished_at < p_before)
                    AND (p_id IS NULL OR b.id = ANY (p_id))
                ORDER BY e.seq LIMIT greatest(p_limit, 0)
                FOR UPDATE OF e SKIP LOCKED)
        $$;

        -- Puts dead letters back with a new budget of attempts.
        CREATE FUNCTION {schema}.replay(
            p_now bigint, p_queue text, p_type text, p_tenant text, p_tag text, p_error text, p_before bigint,
            p_id uuid[], p_limit integer
        ) RETURNS TABLE (id uuid, lane integer, available_at bigint) LANGUAGE plpgsql AS $$
        #variable_conflict use_column
        DECLARE
            v_now bigint := coalesce(p_now, {schema}.now_us());
            v_seq bigint[] := {schema}.dead_letters(p_queue, p_type, p_tenant, p_tag, p_error, p_before, p_id,
                p_limit);
        BEGIN
            RETURN QUERY
            WITH gone AS (
                DELETE FROM {schema}.ended e WHERE e.seq = ANY (v_seq) RETURNING e.*
            ), w AS (
                INSERT INTO {schema}.waiting (seq, available_at, lane, attempt, attempts_before_replay, crashes, status,
                    started_at, waited_us, attempt_started_at, attempt_finished_at, token, worker, last_outcome,
                        last_error)
                SELECT g.seq, v_now, g.lane, g.attempt, g.attempt, 0, 2, g.started_at, g.waited_us,
                    g.attempt_started_at,
                    g.attempt_finished_at, g.token, g.worker, g.last_outcome, g.last_error FROM gone g ORDER BY g.seq
            ), d AS (
                INSERT INTO {schema}.lane_delta (lane, dead, queued) SELECT g.lane, -count(*), count(*) FROM gone g
                    GROUP BY 1
            )
            SELECT b.id, g.lane, v_now FROM gone g JOIN {schema}.task b ON b.seq = g.seq ORDER BY g.seq;
        END
        $$;

        -- Deletes ended tasks altogether; how many.
        CREATE FUNCTION {schema}.forget(p_seq bigint[]) RETURNS integer LANGUAGE plpgsql AS $$
        DECLARE
            v_count integer;
        BEGIN
            WITH gone AS (
                DELETE FROM {schema}.ended e WHERE e.seq = ANY (p_seq) RETURNING e.seq, e.lane, e.status
            ), b AS (
                DELETE FROM {schema}.task b WHERE b.seq = ANY (ARRAY(SELECT gone.seq FROM gone))
            ), a AS (
                DELETE FROM {schema}.attempt a WHERE a.task = ANY (ARRAY(SELECT gone.seq FROM gone))
            ), d AS (
                INSERT INTO {schema}.lane_delta (lane, succeeded, cancelled, dead)
                SELECT g.lane, -count(*) FILTER (WHERE g.status = 5), -count(*) FILTER (WHERE g.status = 6),
                    -count(*) FILTER (WHERE g.status = 7) FROM gone g GROUP BY 1
            )
            SELECT count(*) INTO v_count FROM gone;
            RETURN v_count;
        END
        $$;

        -- Deletes what retention no longer keeps; how many rows.
        CREATE FUNCTION {schema}.prune(p_finished bigint, p_dead bigint, p_keys bigint, p_limit integer) RETURNS integer
        LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
        DECLARE
            v_seq bigint[];
            v_count integer;
            v_keys integer;
        BEGIN
            v_seq := ARRAY(SELECT e.seq FROM {schema}.ended e WHERE e.status < 7 AND e.finished_at < p_finished
                ORDER BY e.finished_at LIMIT p_limit FOR UPDATE SKIP LOCKED);
            IF p_dead IS NOT NULL THEN
                v_seq := v_seq || ARRAY(SELECT e.seq FROM {schema}.ended e WHERE e.status = 7 AND e.finished_at < p_dead
                    ORDER BY e.seq LIMIT p_limit - cardinality(v_seq) FOR UPDATE SKIP LOCKED);
            END IF;
            v_count := {schema}.forget(v_seq);
            DELETE FROM {schema}.idempotency_key k USING (
                SELECT k.tenant, k.key FROM {schema}.idempotency_key k WHERE k.made_at < p_keys
                ORDER BY k.made_at LIMIT p_limit FOR UPDATE SKIP LOCKED) old
                WHERE k.tenant = old.tenant AND k.key = old.key;
            GET DIAGNOSTICS v_keys = ROW_COUNT;
            RETURN v_count + v_keys;
        END
        $$;

        -- Brings `lane` up to date: its counts, and where claims begin to read. Any number of servers may call it at
        -- any time,
        -- once a second or so; how many rows it took in. A task that comes to be seen with an instant before
        -- `ready_from`
        -- (accepted by a transaction that took long to commit, or promoted very late) waits for the next call, no
        -- longer.
        CREATE FUNCTION {schema}.fold(p_now bigint, p_limit integer) RETURNS integer LANGUAGE plpgsql
        SET plan_cache_mode = force_generic_plan SET jit = off SET enable_nestloop = off SET enable_seqscan = off
        SET enable_bitmapscan = off AS $$
        DECLARE
            v_now bigint := coalesce(p_now, {schema}.now_us());
            v_count integer;
        BEGIN
            IF NOT pg_try_advisory_xact_lock(hashtextextended('{schema} fold', 0)) THEN RETURN 0; END IF;
            PERFORM set_config('synchronous_commit', 'off', true);
            WITH gone AS (
                DELETE FROM {schema}.lane_delta d
                WHERE d.ctid = ANY (ARRAY(SELECT x.ctid FROM {schema}.lane_delta x LIMIT p_limit)) RETURNING d.*
            ), sums AS (
                SELECT lane, sum(scheduled) AS scheduled, sum(queued) AS queued, sum(running) AS running,
                    sum(retrying) AS retrying, sum(succeeded) AS succeeded, sum(cancelled) AS cancelled, sum(dead) AS
                        dead,
                    count(*) AS n
                FROM gone GROUP BY lane
            ), seen AS MATERIALIZED (
                SELECT l.id, least(v_now - 5000000, w.available_at) AS ready_from
                FROM {schema}.lane l LEFT JOIN LATERAL (
                    SELECT w.available_at FROM {schema}.waiting w WHERE w.status = 2 AND w.lane = l.id
                    ORDER BY w.lane, w.available_at LIMIT 1) w ON true
            ), u AS (
                UPDATE {schema}.lane l SET scheduled = l.scheduled + coalesce(s.scheduled, 0),
                    queued = l.queued + coalesce(s.queued, 0), running = l.running + coalesce(s.running, 0),
                    retrying = l.retrying + coalesce(s.retrying, 0), succeeded = l.succeeded + coalesce(s.succeeded, 0),
                    cancelled = l.cancelled + coalesce(s.cancelled, 0), dead = l.dead + coalesce(s.dead, 0),
                    ready_from = seen.ready_from
                FROM seen LEFT JOIN sums s ON s.lane = seen.id
                WHERE l.id = seen.id AND (s.lane IS NOT NULL OR seen.ready_from < l.ready_from)
            ), n AS (
                -- Claims have missed what stands before the mark.
                SELECT pg_notify('{schema}', l.queue || ' * 2147483647') FROM (
                    SELECT DISTINCT l.queue FROM {schema}.lane l JOIN seen ON seen.id = l.id
                    WHERE seen.ready_from < l.ready_from) l
            )
            SELECT coalesce(sum(sums.n), 0) INTO v_count FROM sums WHERE (SELECT count(*) FROM n) >= 0;
            RETURN v_count;
        END
        $$;

        -- A task, with where it is in its life.
        CREATE VIEW {schema}.record AS
        SELECT b.id, l.queue, l.tenant, l.priority, l.type, coalesce(e.status, w.status, 3::smallint) AS status,
            coalesce(e.attempt, w.attempt, r.attempt) AS attempt,
            coalesce(e.attempts_before_replay, w.attempts_before_replay, r.attempts_before_replay) AS
                attempts_before_replay,
            coalesce(e.crashes, w.crashes, r.crashes) AS crashes,
            coalesce(e.available_at, w.available_at, r.available_at) AS available_at, b.enqueued_at,
            coalesce(e.started_at, w.started_at, r.started_at) AS started_at,
            coalesce(e.waited_us, w.waited_us, r.waited_us) AS waited_us,
            coalesce(e.attempt_started_at, w.attempt_started_at, r.attempt_started_at) AS attempt_started_at,
            coalesce(e.attempt_finished_at, w.attempt_finished_at) AS attempt_finished_at,
            coalesce(e.worker, w.worker, r.worker) AS worker, coalesce(e.last_outcome, w.last_outcome) AS last_outcome,
            coalesce(e.last_error, w.last_error, r.last_error) AS last_error, e.dead_reason, e.finished_at,
            coalesce(r.is_cancel_requested, false) AS is_cancel_requested, r.until AS leased_until,
            b.max_retries, b.retry, b.timeout_us, b.deadline, b.traceparent, b.tags, b.promise_us, b.estimate_us,
                b.payload,
            e.result, b.seq, e.status AS ended_status
        FROM {schema}.task b
        JOIN {schema}.lane l ON l.id = b.lane
        LEFT JOIN {schema}.waiting w ON w.seq = b.seq
        LEFT JOIN {schema}.leased r ON r.id = b.id
        LEFT JOIN {schema}.ended e ON e.seq = b.seq;

        -- Tasks for people with psql.
        CREATE VIEW {schema}.tasks AS
        SELECT r.id, r.type, r.queue, r.tenant,
            (ARRAY['critical', 'high', 'default', 'low'])[r.priority + 1] AS priority,
            (ARRAY['blocked', 'scheduled', 'queued', 'running', 'retrying', 'succeeded', 'cancelled', 'dead'])
                [r.status + 1] AS status,
            r.attempt AS attempts, r.last_error, r.dead_reason, to_timestamp(r.enqueued_at / 1e6) AS enqueued_at,
            to_timestamp(r.available_at / 1e6) AS available_at, to_timestamp(r.started_at / 1e6) AS started_at,
            to_timestamp(r.finished_at / 1e6) AS finished_at, r.worker, r.tags, encode(r.payload, 'escape') AS payload
        FROM {schema}.record r;

        -- Their attempts; one that succeeded stands with its task.
        CREATE VIEW {schema}.attempts AS
        SELECT b.id AS task, a.number, a.worker, a.outcome, a.error, to_timestamp(a.started_at / 1e6) AS started_at,
            to_timestamp(a.finished_at / 1e6) AS finished_at
        FROM {schema}.attempt a JOIN {schema}.task b ON b.seq = a.task
        UNION ALL
        SELECT r.id, r.attempt, r.worker, 'succeeded', NULL, to_timestamp(r.attempt_started_at / 1e6),
            to_timestamp(r.attempt_finished_at / 1e6)
        FROM {schema}.record r WHERE r.status = 5;

        -- Wakes those who wait for tasks: `queue type count` each. Postgres lets transactions that notify commit one
        -- after the
        -- other, each until its commit is on the disk; one that does not wait for the disk holds nobody up.
        CREATE FUNCTION {schema}.wake(p_texts text[]) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM set_config('synchronous_commit', 'off', true);
            PERFORM pg_notify('{schema}', t) FROM unnest(p_texts) AS t;
        END
        $$;
        """#
}
#endif
