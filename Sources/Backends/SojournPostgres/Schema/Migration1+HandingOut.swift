#if Postgres
extension Migration1 {
    /// Who waits, and how tasks are handed out.
    static let handingOut = #"""
        -- Who waits, line by line; no more than p_count of each kind are counted. A paused queue is left out.
        CREATE FUNCTION {schema}.survey(
            p_queues text[], p_types text[], p_promised text[], p_cutoffs bigint[], p_count integer
        ) RETURNS TABLE (lane integer, in_time integer, late integer, oldest bigint)
        LANGUAGE plpgsql
        SET plan_cache_mode = force_generic_plan SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
        SET enable_hashjoin = off SET enable_mergejoin = off AS $$
        #variable_conflict use_column
        BEGIN
            RETURN QUERY
            WITH line AS MATERIALIZED (
                SELECT l.id, l.ready_from,
                    (SELECT p.cutoff FROM unnest(p_promised, p_cutoffs) AS p(queue, cutoff) WHERE p.queue = l.queue) AS
                        cutoff
                FROM {schema}.lane l
                WHERE (p_queues IS NULL OR l.queue = ANY (p_queues)) AND (p_types IS NULL OR l.type = ANY (p_types))
                    AND NOT EXISTS (SELECT FROM {schema}.paused_queue q WHERE q.queue = l.queue)
            )
            SELECT line.id, t.n::integer, coalesce(late.n, 0)::integer, t.oldest
            FROM line
            CROSS JOIN LATERAL (
                SELECT count(*) AS n, min(w.available_at) AS oldest FROM (
                    SELECT w.available_at FROM {schema}.waiting w
                    WHERE w.status = 2 AND w.lane = line.id AND w.available_at >= greatest(line.cutoff, line.ready_from)
                    ORDER BY w.lane, w.available_at LIMIT p_count) w
            ) t
            LEFT JOIN LATERAL (
                SELECT count(*) AS n FROM (
                    SELECT FROM {schema}.waiting w
                    WHERE w.status = 2 AND w.lane = line.id AND w.available_at >= line.ready_from
                        AND w.available_at < line.cutoff LIMIT p_count) w
            ) late ON line.cutoff IS NOT NULL
            WHERE t.n > 0 OR late.n > 0;
        END
        $$;

        -- Hands out tasks. With shares (p_lane …): the first tasks of these lines, as many as each share says, its
        -- lines
        -- merged. Without: all that are wanted where only one line has tasks and none of them is late; else nothing
        -- but the
        -- survey from which shares are made. With hints: those hinted tasks that still wait as the hints say, in their
        -- order.
        -- kind: 0 handed out, 1 found past its deadline and dead now, 2 a line of the survey.
        CREATE FUNCTION {schema}.claim(
            p_now bigint, p_limit integer, p_duration_us bigint, p_worker text, p_local_to text,
            p_queues text[], p_types text[], p_promised text[], p_cutoffs bigint[],
            p_share integer[], p_lane integer[], p_start bigint[], p_end bigint[], p_count integer[],
            p_hint_id uuid[] DEFAULT NULL, p_hint_at bigint[] DEFAULT NULL
        ) RETURNS TABLE (
            kind smallint, lane integer, id uuid, token uuid, expires_at bigint, available_at bigint, enqueued_at
                bigint,
            attempt integer, attempts_before_replay integer, crashes integer, max_retries integer, retry text,
            timeout_us bigint, deadline bigint, traceparent text, promise_us bigint, estimate_us bigint, payload bytea,
            in_time integer, late integer)
        LANGUAGE plpgsql
        SET plan_cache_mode = force_generic_plan SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
        SET enable_nestloop = off SET enable_mergejoin = off AS $$
        #variable_conflict use_column
        DECLARE
            v_now bigint := coalesce(p_now, {schema}.now_us());
            v_share integer[] := p_share;
            v_lane integer[] := p_lane;
            v_start bigint[] := p_start;
            v_end bigint[] := p_end;
            v_count integer[] := p_count;
            v_lines record;
            v_hint_seq bigint[];
            v_hint_at bigint[];
        BEGIN
            -- A lease that a crash of the server forgets is a rerun, no more.
            PERFORM set_config('synchronous_commit', 'off', true);
            IF p_hint_id IS NOT NULL THEN
                -- As many as may be handed out, and those among them that are past their deadline.
                SELECT array_agg(h.seq ORDER BY h.ord), array_agg(h.at ORDER BY h.ord) INTO v_hint_seq, v_hint_at FROM (
                    SELECT h.*, count(*) FILTER (WHERE NOT h.is_over) OVER (ORDER BY h.ord ROWS UNBOUNDED PRECEDING) AS
                        nth
                    FROM (
                        SELECT DISTINCT ON (b.seq) b.seq, x.at, x.ord, coalesce(b.deadline < v_now, false) AS is_over
                        FROM unnest(p_hint_id, p_hint_at) WITH ORDINALITY AS x(id, at, ord)
                        CROSS JOIN LATERAL (
                            SELECT b.seq, b.deadline, b.lane FROM {schema}.task b WHERE b.id = x.id OFFSET 0) b
                        CROSS JOIN LATERAL (SELECT l.queue, l.type FROM {schema}.lane l WHERE l.id = b.lane OFFSET 0) l
                        CROSS JOIN LATERAL (
                            SELECT FROM {schema}.waiting w
                            WHERE w.seq = b.seq AND w.status = 2 AND w.available_at = x.at OFFSET 0) w
                        WHERE (p_queues IS NULL OR l.queue = ANY (p_queues)) AND (p_types IS NULL OR l.type = ANY
                            (p_types))
                            AND NOT EXISTS (SELECT FROM {schema}.paused_queue q WHERE q.queue = l.queue OFFSET 0)
                        ORDER BY b.seq, x.ord
                    ) h
                ) h WHERE h.nth <= p_limit AND (NOT h.is_over OR h.nth < p_limit);
            ELSIF v_lane IS NULL THEN
                -- Where only one line has tasks, and none of them is late, there is nothing to choose.
                SELECT count(*) AS n, min(s.id) AS lane, bool_or(s.is_late) AS is_late INTO v_lines FROM (
                    SELECT l.id, coalesce(w.available_at < (
                        SELECT p.cutoff FROM unnest(p_promised, p_cutoffs) AS p(queue, cutoff) WHERE p.queue =
                            l.queue), false)
                        AS is_late
                    FROM {schema}.lane l
                    CROSS JOIN LATERAL (
                        SELECT w.available_at FROM {schema}.waiting w
                        WHERE w.status = 2 AND w.lane = l.id AND w.available_at >= l.ready_from
                        ORDER BY w.lane, w.available_at LIMIT 1) w
                    WHERE (p_queues IS NULL OR l.queue = ANY (p_queues)) AND (p_types IS NULL OR l.type = ANY (p_types))
                        AND NOT EXISTS (SELECT FROM {schema}.paused_queue q WHERE q.queue = l.queue)
                    LIMIT 2) s;
                IF v_lines.n = 0 THEN RETURN; END IF;
                IF v_lines.n > 1 OR v_lines.is_late THEN
                    RETURN QUERY SELECT 2::smallint, s.lane, NULL::uuid, NULL::uuid, NULL::bigint, s.oldest,
                        NULL::bigint,
                        NULL::integer, NULL::integer, NULL::integer, NULL::integer, NULL::text, NULL::bigint,
                            NULL::bigint,
                        NULL::text, NULL::bigint, NULL::bigint, NULL::bytea, s.in_time, s.late
                        FROM {schema}.survey(p_queues, p_types, p_promised, p_cutoffs, p_limit) s;
                    RETURN;
                END IF;
                v_share := ARRAY[1];
                v_lane := ARRAY[v_lines.lane];
                v_start := ARRAY[-9223372036854775808];
                v_end := ARRAY[9223372036854775807];
                v_count := ARRAY[p_limit];
            ELSIF cardinality(v_lane) > 1 AND (SELECT count(DISTINCT s) FROM unnest(v_share) s) < cardinality(v_lane)
                THEN
                -- How many of each line are among the first of their share.
                SELECT array_agg(x.share), array_agg(x.lane), array_agg(x.a), array_agg(x.z), array_agg(x.n)
                    INTO v_share, v_lane, v_start, v_end, v_count
                    FROM (
                        SELECT h.share, h.lane, h.a, h.z, count(*)::integer AS n FROM (
                            SELECT x.*, row_number() OVER (PARTITION BY x.share ORDER BY w.available_at, w.seq) AS nth
                            FROM unnest(v_share, v_lane, v_start, v_end, v_count) AS x(share, lane, a, z, n)
                            CROSS JOIN LATERAL (SELECT l.ready_from FROM {schema}.lane l WHERE l.id = x.lane OFFSET 0) l
                            CROSS JOIN LATERAL (
                                SELECT w.available_at, w.seq FROM {schema}.waiting w
                                WHERE w.status = 2 AND w.lane = x.lane AND w.available_at >= greatest(x.a, l.ready_from)
                                    AND w.available_at < x.z
                                ORDER BY w.lane, w.available_at, w.seq LIMIT x.n) w
                        ) h WHERE h.nth <= h.n GROUP BY h.share, h.lane, h.a, h.z
                    ) x;
            END IF;
            RETURN QUERY
            WITH line AS MATERIALIZED (
                SELECT x.share, x.lane, greatest(x.a, l.ready_from) AS a, x.z, x.n
                FROM unnest(v_share, v_lane, v_start, v_end, v_count) AS x(share, lane, a, z, n)
                CROSS JOIN LATERAL (SELECT l.queue, l.ready_from FROM {schema}.lane l WHERE l.id = x.lane OFFSET 0) l
                WHERE NOT EXISTS (SELECT FROM {schema}.paused_queue q WHERE q.queue = l.queue OFFSET 0)
            ), picked AS MATERIALIZED (
                SELECT line.share, w.tid, w.seq FROM line CROSS JOIN LATERAL (
                    SELECT w.ctid AS tid, w.seq FROM {schema}.waiting w
                    WHERE w.status = 2 AND w.lane = line.lane AND w.available_at >= line.a AND w.available_at < line.z
                    ORDER BY w.lane, w.available_at, w.seq LIMIT line.n
                    FOR UPDATE SKIP LOCKED) w
                UNION ALL
                SELECT x.ord, w.tid, w.seq FROM unnest(v_hint_seq, v_hint_at) WITH ORDINALITY AS x(seq, at, ord)
                CROSS JOIN LATERAL (
                    SELECT w.ctid AS tid, w.seq FROM {schema}.waiting w
                    WHERE w.seq = x.seq AND w.status = 2 AND w.available_at = x.at
                    FOR UPDATE SKIP LOCKED) w
            ), gone AS (
                DELETE FROM {schema}.waiting w WHERE w.ctid = ANY (ARRAY(SELECT picked.tid FROM picked)) RETURNING w.*
            ), got AS MATERIALIZED (
                SELECT p.share, g.seq, g.available_at, g.lane, g.attempt, g.attempts_before_replay, g.crashes,
                    coalesce(g.started_at, v_now) AS started_at,
                    coalesce(g.waited_us, greatest(0, v_now - g.available_at)) AS waited_us,
                    g.started_at AS old_started_at, g.waited_us AS old_waited_us, g.attempt_started_at,
                        g.attempt_finished_at,
                    g.token AS old_token, g.worker AS old_worker, g.last_outcome, g.last_error,
                    coalesce(b.deadline < v_now, false) AS is_over,
                    CASE WHEN coalesce(b.deadline >= v_now, true) THEN gen_random_uuid() END AS token,
                    b.id, b.enqueued_at, b.max_retries, b.retry, b.timeout_us, b.deadline, b.traceparent, b.promise_us,
                    b.estimate_us, b.payload
                FROM gone g JOIN picked p ON p.seq = g.seq
                CROSS JOIN LATERAL (SELECT b.* FROM {schema}.task b WHERE b.seq = g.seq OFFSET 0) b
            ), l AS (
                INSERT INTO {schema}.leased (id, token, seq, until, available_at, attempt_started_at, started_at,
                    waited_us,
                    lane, attempt, attempts_before_replay, crashes, worker, local_to, last_error)
                SELECT g.id, g.token, g.seq, v_now + p_duration_us, g.available_at, v_now, g.started_at, g.waited_us,
                    g.lane,
                    g.attempt + 1, g.attempts_before_replay, g.crashes, p_worker, p_local_to, g.last_error
                FROM got g WHERE NOT g.is_over
            ), e AS (
                INSERT INTO {schema}.ended (seq, finished_at, available_at, lane, attempt, attempts_before_replay,
                    crashes,
                    status, started_at, waited_us, attempt_started_at, attempt_finished_at, token, worker, dead_reason,
                    last_outcome, last_error)
                SELECT g.seq, v_now, g.available_at, g.lane, g.attempt, g.attempts_before_replay, g.crashes, 7,
                    g.old_started_at, g.old_waited_us, g.attempt_started_at, g.attempt_finished_at, g.old_token,
                        g.old_worker,
                    'deadline', g.last_outcome, g.last_error
                FROM got g WHERE g.is_over
            ), d AS (
                INSERT INTO {schema}.lane_delta (lane, queued, running, dead)
                SELECT g.lane, -count(*), count(*) FILTER (WHERE NOT g.is_over), count(*) FILTER (WHERE g.is_over)
                FROM got g GROUP BY g.lane
            )
            SELECT g.is_over::integer::smallint, g.lane, g.id, g.token, v_now + p_duration_us, g.available_at,
                g.enqueued_at,
                g.attempt + 1, g.attempts_before_replay, g.crashes, g.max_retries, g.retry, g.timeout_us, g.deadline,
                g.traceparent, g.promise_us, g.estimate_us, g.payload, NULL::integer, NULL::integer
            FROM got g ORDER BY g.share, g.available_at, g.seq;
        END
        $$;
        """#
}
#endif
