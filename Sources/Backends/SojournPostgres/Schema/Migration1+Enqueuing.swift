#if Postgres
extension Migration1 {
    /// For applications: accepts a task in their own transaction.
    static let enqueuing = #"""
        -- Accepts one task as part of the caller's own transaction. The option `wake: false` leaves out the NOTIFY,
        -- for those
        -- who have many such transactions at once; workers then find the task when they look, at least once a second.
        CREATE FUNCTION {schema}.enqueue(type text, payload bytea, options jsonb DEFAULT '{}') RETURNS uuid
        LANGUAGE plpgsql AS $$
        #variable_conflict use_column
        DECLARE
            v_now bigint := {schema}.now_us();
            v_id uuid := {schema}.new_id(v_now);
            v_text text;
            v_number numeric;
            v_name text;
            v_names text[] := ARRAY[$1, 'default', 'default'];
            v_priority smallint := 2;
            v_at bigint := v_now;
            v_retries integer;
            v_timeout bigint;
            v_deadline bigint;
            v_tags text;
            v_key text;
            v_print bigint;
            v_task uuid;
            v_outcome smallint;
        BEGIN
            IF $1 IS NULL OR $2 IS NULL OR $3 IS NULL OR jsonb_typeof($3) <> 'object' THEN
                RAISE EXCEPTION 'enqueue needs a type, a payload, and options that are a JSON object.' USING ERRCODE =
                    'SJ003';
            END IF;
            SELECT k INTO v_text FROM jsonb_object_keys($3) AS k WHERE k <> ALL (ARRAY['queue', 'tenant', 'priority',
                'delay_seconds', 'run_at', 'idempotency_key', 'max_retries', 'timeout_seconds', 'deadline_seconds',
                    'tags', 'wake'])
                LIMIT 1;
            IF FOUND THEN RAISE EXCEPTION 'There is no option %.', v_text USING ERRCODE = 'SJ003'; END IF;
            IF octet_length($2) > 262144 THEN
                RAISE EXCEPTION 'payload must have at most 262144 bytes.' USING ERRCODE = 'SJ003';
            END IF;
            v_names[2] := coalesce($3 ->> 'queue', 'default');
            v_names[3] := coalesce($3 ->> 'tenant', 'default');
            FOR i IN 1..3 LOOP
                IF v_names[i] !~ '^[A-Za-z0-9._:-]{1,128}$' THEN
                    RAISE EXCEPTION '% must be 1 to 128 of A-Z a-z 0-9 . _ : -', (ARRAY['type', 'queue', 'tenant'])[i]
                        USING ERRCODE = 'SJ003';
                END IF;
            END LOOP;
            IF $3 ->> 'priority' IS NOT NULL THEN
                v_priority := array_position(ARRAY['critical', 'high', 'default', 'low'], $3 ->> 'priority') - 1;
                IF v_priority IS NULL THEN
                    RAISE EXCEPTION 'priority must be critical, high, default or low.' USING ERRCODE = 'SJ003';
                END IF;
            END IF;
            FOREACH v_name IN ARRAY ARRAY['delay_seconds', 'timeout_seconds', 'deadline_seconds', 'max_retries'] LOOP
                CONTINUE WHEN coalesce(jsonb_typeof($3 -> v_name), 'null') = 'null';
                IF jsonb_typeof($3 -> v_name) <> 'number' THEN
                    RAISE EXCEPTION '% must be a number.', v_name USING ERRCODE = 'SJ003';
                END IF;
                v_number := ($3 ->> v_name)::numeric;
                IF v_name = 'max_retries' THEN
                    IF v_number <> trunc(v_number) OR v_number NOT BETWEEN 0 AND 1000 THEN
                        RAISE EXCEPTION 'max_retries must be a whole number from 0 to 1000.' USING ERRCODE = 'SJ003';
                    END IF;
                    v_retries := v_number;
                ELSE
                    IF v_number > 316224000 OR v_number < (CASE v_name WHEN 'delay_seconds' THEN 0 ELSE 0.001 END) THEN
                        RAISE EXCEPTION '% must be from % to 316224000 (ten years).', v_name,
                            CASE v_name WHEN 'delay_seconds' THEN '0' ELSE '0.001' END USING ERRCODE = 'SJ003';
                    END IF;
                    CASE v_name
                        WHEN 'delay_seconds' THEN v_at := v_now + trunc(v_number * 1000000)::bigint;
                        WHEN 'timeout_seconds' THEN v_timeout := trunc(v_number * 1000000)::bigint;
                        ELSE v_deadline := v_now + trunc(v_number * 1000000)::bigint;
                    END CASE;
                END IF;
            END LOOP;
            IF $3 ->> 'run_at' IS NOT NULL THEN
                IF $3 ->> 'delay_seconds' IS NOT NULL THEN
                    RAISE EXCEPTION 'run_at cannot stand next to delay_seconds: send one of them.' USING ERRCODE =
                        'SJ003';
                END IF;
                IF $3 ->> 'run_at' !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.]+([Zz]|[+-][0-9]{2}:?[0-9]{2})$' THEN
                    RAISE EXCEPTION 'run_at must be an instant such as 2030-01-31T12:00:00Z.' USING ERRCODE = 'SJ003';
                END IF;
                BEGIN
                    v_at := greatest(v_now, (extract(epoch FROM ($3 ->> 'run_at')::timestamptz) * 1000000)::bigint);
                EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN
                    RAISE EXCEPTION 'run_at must be an instant such as 2030-01-31T12:00:00Z.' USING ERRCODE = 'SJ003';
                END;
                IF v_at > v_now + 316224000000000 THEN
                    RAISE EXCEPTION 'run_at must be at most ten years from now.' USING ERRCODE = 'SJ003';
                END IF;
            END IF;
            IF v_deadline <= v_at THEN
                RAISE EXCEPTION 'deadline_seconds must be later than the start that delay_seconds or run_at asks for.'
                    USING ERRCODE = 'SJ003';
            END IF;
            IF coalesce(jsonb_typeof($3 -> 'tags'), 'null') <> 'null' THEN
                IF jsonb_typeof($3 -> 'tags') <> 'array' OR jsonb_array_length($3 -> 'tags') > 16 OR EXISTS (
                    SELECT FROM jsonb_array_elements($3 -> 'tags') AS t(tag)
                    WHERE jsonb_typeof(tag) <> 'string' OR tag #>> '{}' !~ '^[A-Za-z0-9._:-]{1,128}$')
                THEN
                    RAISE EXCEPTION 'tags must be at most 16 names of 1 to 128 of A-Z a-z 0-9 . _ : -'
                        USING ERRCODE = 'SJ003';
                END IF;
                v_tags := (SELECT string_agg(tag, ' ' ORDER BY ord)
                    FROM jsonb_array_elements_text($3 -> 'tags') WITH ORDINALITY AS t(tag, ord));
            END IF;
            v_key := $3 ->> 'idempotency_key';
            IF v_key IS NOT NULL THEN
                IF v_key !~ '^[ -~]{1,255}$' THEN
                    RAISE EXCEPTION 'idempotency_key must be 1 to 255 printable ASCII characters.' USING ERRCODE =
                        'SJ003';
                END IF;
                -- The request as it stands, so that the same key with another request is refused.
                v_print := hashtextextended($1 || ' ' || encode($2, 'hex') || ' ' || $3::text, 0);
            END IF;
            SELECT i.outcome, i.task INTO v_outcome, v_task FROM {schema}.insert_tasks(v_now, ARRAY[v_names[2]],
                ARRAY[v_names[3]], ARRAY[v_priority], ARRAY[$1], 100000, ARRAY[v_id], ARRAY[1], ARRAY[v_at],
                    ARRAY[v_now],
                ARRAY[$2], ARRAY[v_retries], NULL, ARRAY[v_timeout], ARRAY[v_deadline], NULL, ARRAY[v_tags], NULL, NULL,
                CASE WHEN v_key IS NOT NULL THEN ARRAY[v_key] END, ARRAY[coalesce(v_print, 0)], NULL, NULL,
                $3 -> 'wake' IS DISTINCT FROM 'false'::jsonb) i;
            IF v_outcome = 2 THEN
                RAISE EXCEPTION 'The idempotency key was used for another request, task %.', v_task
                    USING ERRCODE = 'SJ004', DETAIL = v_task::text;
            END IF;
            RETURN coalesce(v_task, v_id);
        END
        $$;

        INSERT INTO {schema}.migration (number) VALUES (1);
        """#
}
#endif
