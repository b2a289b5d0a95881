#if Postgres
extension Migration1 {
    /// How attempts end, leases are moved, due tasks promoted and tasks cancelled.
    static let ending = #"""
        -- Writes down how attempts ended. Returns for each one whether it took effect, now or before, in the order of
        -- input.
        CREATE FUNCTION {schema}.finish(
            p_now bigint, p_id uuid[], p_token uuid[], p_status smallint[], p_available_at bigint[], p_counts boolean[],
            p_outcome text[], p_worker text[], p_started_at bigint[], p_finished_at bigint[], p_dead_reason text[],
            p_error text[], p_result bytea[]
        ) RETURNS boolean[]
        LANGUAGE plpgsql
        SET plan_cache_mode = force_generic_plan SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
        SET enable_nestloop = off SET enable_mergejoin = off AS $$
        #variable_conflict use_column
        DECLARE
            v_now bigint := coalesce(p_now, {schema}.now_us());
            v_count integer := coalesce(array_length(p_id, 1), 0);
            v_done integer[];
            v_before integer[];
        BEGIN
            IF v_count = 0 THEN RETURN '{}'; END IF;
            WITH x AS MATERIALIZED (
                SELECT * FROM unnest(p_id, p_token, p_status, p_available_at, p_counts, p_outcome, p_worker,
                    p_started_at,
                    p_finished_at, p_dead_reason, p_error, p_result) WITH ORDINALITY AS x(id, token, status,
                        available_at,
                    counts, outcome, worker, started_at, finished_at, dead_reason, error, result, ord)
            ), gone AS (
                -- In the order of the index, so that two of these never wait for each other. Whoever extends the lease
                -- meanwhile is waited for, and the conditions are checked again.
                DELETE FROM {schema}.leased l
                WHERE l.id = ANY (p_id)
                    AND CASE
                        WHEN (l.id, l.token) IN (SELECT x.id, x.token FROM x WHERE x.outcome <> 'lease_expired') THEN
                            true
                        WHEN l.until <= v_now THEN (l.id, l.token) IN (SELECT x.id, x.token FROM x)
                        ELSE false END
                RETURNING l.*
            ), got AS MATERIALIZED (
                SELECT DISTINCT ON (l.id) x.ord::integer, l.id, l.token, l.seq, l.lane, l.started_at AS
                    first_started_at,
                    l.waited_us, l.attempt - CASE WHEN x.counts THEN 0 ELSE 1 END AS attempt, l.attempt AS number,
                    l.attempts_before_replay, l.crashes + CASE WHEN x.outcome = 'lease_expired' THEN 1 ELSE 0 END AS
                        crashes,
                    CASE WHEN l.is_cancel_requested AND x.available_at IS NOT NULL THEN 6::smallint ELSE x.status END
                        AS status,
                    CASE WHEN l.is_cancel_requested THEN l.available_at ELSE coalesce(x.available_at, l.available_at)
                        END
                        AS available_at,
                    x.counts, x.outcome, coalesce(nullif(x.worker, ''), l.worker) AS worker, x.started_at,
                        x.finished_at,
                    x.dead_reason, x.error, coalesce(x.error, l.last_error) AS last_error, x.result
                FROM gone l JOIN x ON x.id = l.id AND x.token = l.token
                WHERE x.outcome <> 'lease_expired' OR l.until <= v_now
                ORDER BY l.id, x.ord
            ), e AS (
                INSERT INTO {schema}.ended (seq, finished_at, available_at, lane, attempt, attempts_before_replay,
                    crashes,
                    status, started_at, waited_us, attempt_started_at, attempt_finished_at, token, worker, dead_reason,
                    last_outcome, last_error, result)
                SELECT g.seq, v_now, g.available_at, g.lane, g.attempt, g.attempts_before_replay, g.crashes, g.status,
                    g.first_started_at, g.waited_us, g.started_at, g.finished_at, g.token, g.worker, g.dead_reason,
                        g.outcome,
                    g.last_error, g.result
                FROM got g WHERE g.status > 4
            ), w AS (
                INSERT INTO {schema}.waiting (seq, available_at, lane, attempt, attempts_before_replay, crashes, status,
                    started_at, waited_us, attempt_started_at, attempt_finished_at, token, worker, last_outcome,
                        last_error)
                SELECT g.seq, g.available_at, g.lane, g.attempt, g.attempts_before_replay, g.crashes, g.status,
                    g.first_started_at, g.waited_us, g.started_at, g.finished_at, g.token, g.worker, g.outcome,
                        g.last_error
                FROM got g WHERE g.status < 5
            ), a AS (
                INSERT INTO {schema}.attempt AS a (task, number, worker, started_at, finished_at, outcome, error)
                SELECT g.seq, g.number, g.worker, g.started_at, g.finished_at, g.outcome, g.error
                FROM got g WHERE g.counts AND g.status <> 5
                ON CONFLICT (task, number) DO UPDATE SET worker = excluded.worker, started_at = excluded.started_at,
                    finished_at = excluded.finished_at, outcome = excluded.outcome, error = excluded.error
            ), d AS (
                INSERT INTO {schema}.lane_delta (lane, running, scheduled, queued, retrying, succeeded, cancelled, dead)
                SELECT g.lane, -count(*), count(*) FILTER (WHERE g.status = 1), count(*) FILTER (WHERE g.status = 2),
                    count(*) FILTER (WHERE g.status = 4), count(*) FILTER (WHERE g.status = 5),
                    count(*) FILTER (WHERE g.status = 6), count(*) FILTER (WHERE g.status = 7)
                FROM got g GROUP BY g.lane
            )
            SELECT array_agg(g.ord) INTO v_done FROM got g;
            IF coalesce(cardinality(v_done), 0) = v_count THEN RETURN array_fill(true, ARRAY[v_count]); END IF;
            -- The others were settled before with this very outcome, or their lease is lost.
            SELECT array_agg(x.ord) INTO v_before
                FROM unnest(p_id, p_token, p_outcome) WITH ORDINALITY AS x(id, token, outcome, ord)
                CROSS JOIN LATERAL (SELECT b.seq FROM {schema}.task b WHERE b.id = x.id OFFSET 0) b
                CROSS JOIN LATERAL (
                    SELECT e.token, e.last_outcome FROM {schema}.ended e WHERE e.seq = b.seq
                    UNION ALL
                    SELECT w.token, w.last_outcome FROM {schema}.waiting w WHERE w.seq = b.seq
                ) s
                WHERE NOT x.ord = ANY (coalesce(v_done, '{}')) AND s.token = x.token AND s.last_outcome = x.outcome;
            RETURN ARRAY(
                SELECT o = ANY (coalesce(v_done, '{}')) OR o = ANY (coalesce(v_before, '{}'))
                FROM generate_series(1, v_count) AS o ORDER BY o);
        END
        $$;

        -- Moves the end of leases. Returns those that hold: input's place, whether they shall stop.
        CREATE FUNCTION {schema}.extend(p_now bigint, p_id uuid[], p_token uuid[], p_duration_us bigint)
        RETURNS TABLE (ord integer, until bigint, is_cancel_requested boolean)
        LANGUAGE plpgsql
        SET plan_cache_mode = force_generic_plan SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
        SET enable_nestloop = off SET enable_mergejoin = off AS $$
        #variable_conflict use_column
        DECLARE
            v_until bigint := coalesce(p_now, {schema}.now_us()) + p_duration_us;
        BEGIN
            PERFORM set_config('synchronous_commit', 'off', true);
            RETURN QUERY
            WITH held AS (
                UPDATE {schema}.leased l SET until = v_until
                WHERE l.id = ANY (p_id)
                    AND CASE WHEN (l.id, l.token) IN (SELECT x.id, x.token FROM unnest(p_id, p_token) AS x(id, token))
                        THEN true ELSE false END
                RETURNING l.id, l.token, l.is_cancel_requested
            )
            SELECT x.ord::integer, v_until, h.is_cancel_requested
            FROM held h JOIN unnest(p_id, p_token) WITH ORDINALITY AS x(id, token, ord) ON x.id = h.id AND x.token =
                h.token
            ORDER BY x.ord;
        END
        $$;

        -- Makes due tasks available, the earliest first. The last row (kind 1) says when the next one is due, if one
        -- is.
        CREATE FUNCTION {schema}.promote(p_now bigint, p_limit integer, p_notify boolean)
        RETURNS TABLE (kind smallint, lane integer, id uuid, available_at bigint)
        LANGUAGE plpgsql
        SET plan_cache_mode = force_generic_plan SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
        SET enable_nestloop = off SET enable_mergejoin = off AS $$
        #variable_conflict use_column
        DECLARE
            v_now bigint := coalesce(p_now, {schema}.now_us());
        BEGIN
            RETURN QUERY
            WITH picked AS MATERIALIZED (
                SELECT w.seq, w.status FROM {schema}.waiting w
                WHERE (w.status = 1 OR w.status = 4) AND w.available_at <= v_now
                ORDER BY w.available_at, w.seq LIMIT p_limit FOR UPDATE SKIP LOCKED
            ), moved AS (
                UPDATE {schema}.waiting w SET status = 2 WHERE w.seq = ANY (ARRAY(SELECT picked.seq FROM picked))
                RETURNING w.seq, w.lane, w.available_at
            ), d AS (
                INSERT INTO {schema}.lane_delta (lane, queued, scheduled, retrying)
                SELECT m.lane, count(*), -count(*) FILTER (WHERE p.status = 1), -count(*) FILTER (WHERE p.status = 4)
                FROM moved m JOIN picked p ON p.seq = m.seq GROUP BY m.lane
                RETURNING lane, queued
            ), n AS (
                SELECT pg_notify('{schema}', l.queue || ' '
                    || CASE WHEN count(DISTINCT l.type) = 1 THEN min(l.type) ELSE '*' END || ' ' || sum(d.queued))
                FROM d, LATERAL (SELECT l.queue, l.type FROM {schema}.lane l WHERE l.id = d.lane OFFSET 0) l
                WHERE p_notify GROUP BY l.queue
            )
            SELECT 0::smallint, m.lane, b.id, m.available_at
            FROM moved m CROSS JOIN LATERAL (SELECT b.id FROM {schema}.task b WHERE b.seq = m.seq OFFSET 0) b
            WHERE (SELECT count(*) FROM n) >= 0
            ORDER BY m.available_at, m.seq;
            RETURN QUERY
            SELECT 1::smallint, NULL::integer, NULL::uuid, w.available_at FROM {schema}.waiting w
            WHERE w.status = 1 OR w.status = 4 ORDER BY w.available_at, w.seq LIMIT 1;
        END
        $$;

        -- Stops tasks that wait, notes the wish for those that run. status: 6 cancelled now (with its place in line if
        -- it was
        -- queued), 3 asked for, 15 to 17 over before (10 + status), NULL unknown.
        CREATE FUNCTION {schema}.cancel(p_now bigint, p_id uuid[])
        RETURNS TABLE (status smallint, lane integer, available_at bigint)
        LANGUAGE plpgsql
        SET plan_cache_mode = force_generic_plan SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off AS
            $$
        #variable_conflict use_column
        DECLARE
            v_now bigint := coalesce(p_now, {schema}.now_us());
            v_count integer := coalesce(array_length(p_id, 1), 0);
            v_status smallint[] := array_fill(NULL::smallint, ARRAY[v_count]);
            v_lane integer[] := array_fill(NULL::integer, ARRAY[v_count]);
            v_at bigint[] := array_fill(NULL::bigint, ARRAY[v_count]);
            v_open uuid[] := p_id;
            v_asked uuid[];
            r record;
        BEGIN
            -- A task may be on its way from one table to the other: then it is in neither, and is looked for again.
            FOR round IN 1..50 LOOP
                EXIT WHEN coalesce(cardinality(v_open), 0) = 0;
                WITH u AS (
                    UPDATE {schema}.leased l SET is_cancel_requested = true WHERE l.id = ANY (v_open) RETURNING l.id
                ) SELECT coalesce(array_agg(u.id), '{}') INTO v_asked FROM u;
                FOR o IN 1..v_count LOOP
                    IF p_id[o] = ANY (v_asked) THEN v_status[o] := 3; END IF;
                END LOOP;
                FOR r IN
                    WITH b AS MATERIALIZED (
                        SELECT b.seq, b.id FROM {schema}.task b WHERE b.id = ANY (v_open) AND NOT b.id = ANY (v_asked)
                    ), gone AS (
                        DELETE FROM {schema}.waiting w WHERE w.seq = ANY (ARRAY(SELECT b.seq FROM b)) RETURNING w.*
                    ), e AS (
                        INSERT INTO {schema}.ended (seq, finished_at, available_at, lane, attempt,
                            attempts_before_replay,
                            crashes, status, started_at, waited_us, attempt_started_at, attempt_finished_at, token,
                                worker,
                            last_outcome, last_error)
                        SELECT g.seq, v_now, g.available_at, g.lane, g.attempt, g.attempts_before_replay, g.crashes, 6,
                            g.started_at, g.waited_us, g.attempt_started_at, g.attempt_finished_at, g.token, g.worker,
                            g.last_outcome, g.last_error FROM gone g
                    ), d AS (
                        INSERT INTO {schema}.lane_delta (lane, cancelled, scheduled, queued, retrying)
                        SELECT g.lane, count(*), -count(*) FILTER (WHERE g.status = 1),
                            -count(*) FILTER (WHERE g.status = 2), -count(*) FILTER (WHERE g.status = 4)
                        FROM gone g GROUP BY g.lane
                    )
                    SELECT b.id, g.status, g.lane, g.available_at FROM gone g JOIN b ON b.seq = g.seq
                LOOP
                    -- Named twice, it was over the second time.
                    FOR o IN 1..v_count LOOP
                        IF p_id[o] = r.id THEN
                            IF r.id = ANY (v_asked) THEN
                                v_status[o] := 16;
                            ELSE
                                v_asked := v_asked || r.id;
                                v_status[o] := 6;
                                IF r.status = 2 THEN v_lane[o] := r.lane; v_at[o] := r.available_at; END IF;
                            END IF;
                        END IF;
                    END LOOP;
                END LOOP;
                SELECT array_agg(x.id) INTO v_open FROM unnest(v_open) AS x(id)
                    WHERE NOT x.id = ANY (v_asked)
                        AND EXISTS (SELECT FROM {schema}.task b WHERE b.id = x.id);
                FOR r IN
                    SELECT b.id, e.status FROM {schema}.task b JOIN {schema}.ended e ON e.seq = b.seq
                    WHERE b.id = ANY (v_open)
                LOOP
                    FOR o IN 1..v_count LOOP
                        IF p_id[o] = r.id THEN v_status[o] := 10 + r.status; END IF;
                    END LOOP;
                    v_open := array_remove(v_open, r.id);
                END LOOP;
            END LOOP;
            RETURN QUERY SELECT * FROM unnest(v_status, v_lane, v_at);
        END
        $$;
        """#
}
#endif
