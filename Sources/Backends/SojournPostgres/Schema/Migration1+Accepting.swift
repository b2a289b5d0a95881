#if Postgres
extension Migration1 {
    /// Clock, identifiers, lines, and how tasks come in.
    static let accepting = #"""
        -- The database's clock.
        CREATE FUNCTION {schema}.now_us() RETURNS bigint LANGUAGE sql VOLATILE PARALLEL SAFE AS
        $$ SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint $$;

        -- A new identifier: UUID version 7 with 12 bits of the millisecond's fraction, as TaskID makes it.
        CREATE FUNCTION {schema}.new_id(at bigint) RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
            SELECT (lpad(to_hex(greatest(at, 0) / 1000 & 281474976710655), 12, '0')
                || '7' || lpad(to_hex(((greatest(at, 0) % 1000) << 12) / 1000), 3, '0')
                || '8' || (get_byte(uuid_send(r.id), 0) & 3) || right(r.id::text, 12)
                || right(left(r.id::text, 8), 2))::uuid
            FROM (SELECT gen_random_uuid() AS id) r
        $$;

        -- The lines of that many lanes, made where they are new.
        CREATE FUNCTION {schema}.lanes(p_queue text[], p_tenant text[], p_priority smallint[], p_type text[], p_most
            integer)
        RETURNS integer[] LANGUAGE plpgsql AS $$
        DECLARE
            found_ids integer[];
        BEGIN
            FOR round IN 1..2 LOOP
                SELECT array_agg((SELECT l.id FROM {schema}.lane l
                        WHERE l.queue = x.queue AND l.tenant = x.tenant AND l.priority = x.priority AND l.type = x.type)
                        ORDER BY x.ord)
                    INTO found_ids
                    FROM unnest(p_queue, p_tenant, p_priority, p_type) WITH ORDINALITY AS x(queue, tenant, priority,
                        type, ord);
                EXIT WHEN array_position(found_ids, NULL) IS NULL;
                IF (SELECT count(*) FROM {schema}.lane) + cardinality(array_positions(found_ids, NULL)) > p_most THEN
                    RAISE EXCEPTION 'There are % combinations of queue, tenant, priority and type already.', p_most
                        USING ERRCODE = 'SJ002';
                END IF;
                INSERT INTO {schema}.lane (queue, tenant, priority, type)
                    SELECT DISTINCT queue, tenant, priority, type
                    FROM unnest(p_queue, p_tenant, p_priority, p_type) AS x(queue, tenant, priority, type)
                    ORDER BY 1, 2, 3, 4
                    ON CONFLICT DO NOTHING;
            END LOOP;
            RETURN found_ids;
        END
        $$;

        -- Accepts tasks in their order, all or none. Returns only those that were not inserted: 1 duplicate, 2
        -- conflict.
        CREATE FUNCTION {schema}.insert_tasks(
            p_now bigint,
            p_queue text[], p_tenant text[], p_priority smallint[], p_type text[], p_most_lanes integer,
            p_id uuid[], p_lane integer[], p_available_at bigint[], p_enqueued_at bigint[], p_payload bytea[],
            p_max_retries integer[], p_retry text[], p_timeout_us bigint[], p_deadline bigint[], p_traceparent text[],
            p_tags text[], p_promise_us bigint[], p_estimate_us bigint[], p_key text[], p_fingerprint bigint[],
            p_room_queue text[], p_room_most bigint[], p_notify boolean
        ) RETURNS TABLE (ord integer, outcome smallint, task uuid)
        LANGUAGE plpgsql
        SET plan_cache_mode = force_generic_plan SET jit = off SET enable_seqscan = off AS $$
        #variable_conflict use_column
        DECLARE
            v_now bigint := coalesce(p_now, {schema}.now_us());
            v_lane integer[];
            v_refused integer[];
            v_won integer[];
            v_inserted uuid[];
            v_notified bigint;
            v_count integer := coalesce(array_length(p_id, 1), 0);
            r record;
        BEGIN
            IF v_count = 0 THEN RETURN; END IF;
            IF p_room_queue IS NOT NULL THEN
                FOR r IN
                    SELECT m.queue, m.most, count(*) AS fresh
                    FROM unnest(p_room_queue, p_room_most) AS m(queue, most)
                    JOIN unnest(p_lane, p_available_at, p_enqueued_at) AS x(lane, available_at, enqueued_at)
                        ON p_queue[x.lane] = m.queue
                        AND coalesce(x.available_at, 0) <= coalesce(x.enqueued_at, v_now)
                    GROUP BY m.queue, m.most ORDER BY m.queue
                LOOP
                    PERFORM pg_advisory_xact_lock(hashtextextended('{schema} room ' || r.queue, 0));
                    -- A statement of its own, so it sees what those have committed who held the lock before.
                    IF r.fresh + (
                        SELECT coalesce(sum(l.queued), 0) + coalesce(sum((
                            SELECT sum(d.queued) FROM {schema}.lane_delta d WHERE d.lane = l.id)), 0)
                        FROM {schema}.lane l WHERE l.queue = r.queue) > r.most
                    THEN
                        RAISE EXCEPTION 'Queue % has no room left.', r.queue USING ERRCODE = 'SJ001', DETAIL = r.queue;
                    END IF;
                END LOOP;
            END IF;
            v_lane := {schema}.lanes(p_queue, p_tenant, p_priority, p_type, p_most_lanes);

            IF p_key IS NOT NULL THEN
                -- Waits for those who are inserting the same keys; the next statement sees what became of them.
                FOR round IN 1..5 LOOP
                    WITH x AS (
                        SELECT DISTINCT ON (tenant, key) p_tenant[x.lane] AS tenant, x.key, x.id, x.fingerprint,
                            x.ord::integer
                        FROM unnest(p_lane, p_key, p_id, p_fingerprint) WITH ORDINALITY AS x(lane, key, id,
                            fingerprint, ord)
                        WHERE x.key IS NOT NULL
                        ORDER BY tenant, key, ord
                    ), k AS (
                        INSERT INTO {schema}.idempotency_key AS k (tenant, key, task, fingerprint, made_at)
                        SELECT tenant, key, id, fingerprint, v_now FROM x ORDER BY tenant, key
                        ON CONFLICT DO NOTHING RETURNING k.tenant, k.key
                    )
                    SELECT coalesce(v_won, '{}') || coalesce(array_agg(x.ord), '{}')
                        INTO v_won FROM x JOIN k ON k.tenant = x.tenant AND k.key = x.key;
                    SELECT array_agg(x.ord) INTO v_refused
                        FROM unnest(p_lane, p_key) WITH ORDINALITY AS x(lane, key, ord)
                        WHERE x.key IS NOT NULL AND NOT x.ord = ANY (v_won);
                    EXIT WHEN v_refused IS NULL OR NOT EXISTS (
                        SELECT FROM unnest(v_refused) AS o WHERE NOT EXISTS (
                            SELECT FROM {schema}.idempotency_key k
                            WHERE k.tenant = p_tenant[p_lane[o]] AND k.key = p_key[o]));
                    -- Retention forgot a key between the two statements: once more.
                END LOOP;
            END IF;

            WITH b AS (
                INSERT INTO {schema}.task AS b (id, lane, available_at, enqueued_at, payload, max_retries, retry,
                    timeout_us,
                    deadline, traceparent, tags, promise_us, estimate_us)
                SELECT x.id, v_lane[x.lane], coalesce(x.available_at, x.enqueued_at, v_now), coalesce(x.enqueued_at,
                    v_now),
                    x.payload, x.max_retries, x.retry, x.timeout_us, x.deadline, x.traceparent, x.tags, x.promise_us,
                    x.estimate_us
                FROM unnest(p_id, p_lane, p_available_at, p_enqueued_at, p_payload, p_max_retries, p_retry,
                    p_timeout_us,
                    p_deadline, p_traceparent, p_tags, p_promise_us, p_estimate_us) WITH ORDINALITY
                    AS x(id, lane, available_at, enqueued_at, payload, max_retries, retry, timeout_us, deadline,
                        traceparent,
                        tags, promise_us, estimate_us, ord)
                WHERE v_refused IS NULL OR NOT x.ord = ANY (v_refused)
                ORDER BY x.ord
                ON CONFLICT (id) DO NOTHING
                RETURNING b.seq, b.id, b.lane, b.available_at, b.enqueued_at
            ), w AS (
                INSERT INTO {schema}.waiting AS w (seq, lane, available_at, status)
                SELECT b.seq, b.lane, b.available_at, CASE WHEN b.available_at > b.enqueued_at THEN 1 ELSE 2 END FROM b
            ), d AS (
                INSERT INTO {schema}.lane_delta (lane, scheduled, queued)
                SELECT b.lane, count(*) FILTER (WHERE b.available_at > b.enqueued_at),
                    count(*) FILTER (WHERE b.available_at <= b.enqueued_at)
                FROM b GROUP BY b.lane
                RETURNING lane, queued
            ), n AS (
                SELECT pg_notify('{schema}', l.queue || ' '
                    || CASE WHEN count(DISTINCT l.type) = 1 THEN min(l.type) ELSE '*' END || ' ' || sum(d.queued))
                FROM d, LATERAL (SELECT l.queue, l.type FROM {schema}.lane l WHERE l.id = d.lane OFFSET 0) l
                WHERE p_notify AND d.queued > 0 GROUP BY l.queue
            )
            SELECT array_agg(b.id), (SELECT count(*) FROM n) INTO v_inserted, v_notified FROM b;

            IF coalesce(array_length(v_inserted, 1), 0) = v_count THEN RETURN; END IF;
            -- A key belongs to no task that was not inserted.
            IF v_won IS NOT NULL THEN
                DELETE FROM {schema}.idempotency_key k USING unnest(v_won) AS o
                    WHERE k.tenant = p_tenant[p_lane[o]] AND k.key = p_key[o] AND k.task = p_id[o]
                    AND NOT p_id[o] = ANY (coalesce(v_inserted, '{}'));
            END IF;
            RETURN QUERY
                SELECT x.ord, CASE WHEN x.owner IS NULL OR x.owner_print = p_fingerprint[x.ord] THEN 1 ELSE 2
                    END::smallint,
                    coalesce(x.owner, x.id)
                FROM (
                    SELECT x.ord::integer, x.id, k.task AS owner, k.fingerprint AS owner_print,
                        row_number() OVER (PARTITION BY x.id, x.ord = ANY (coalesce(v_refused, '{}')) ORDER BY x.ord)
                            AS nth
                    FROM unnest(p_id) WITH ORDINALITY AS x(id, ord)
                    LEFT JOIN {schema}.idempotency_key k ON x.ord = ANY (coalesce(v_refused, '{}'))
                        AND k.tenant = p_tenant[p_lane[x.ord]] AND k.key = p_key[x.ord]
                ) x
                WHERE x.ord = ANY (coalesce(v_refused, '{}')) OR x.nth > 1 OR NOT x.id = ANY (coalesce(v_inserted,
                    '{}'))
                ORDER BY x.ord;
        END
        $$;
        """#
}
#endif
