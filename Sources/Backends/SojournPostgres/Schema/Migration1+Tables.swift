#if Postgres
extension Migration1 {
    /// The tables.
    static let tables = #"""
        CREATE SCHEMA IF NOT EXISTS {schema};

        CREATE TABLE IF NOT EXISTS {schema}.migration (
            number integer PRIMARY KEY,
            applied_at timestamptz NOT NULL DEFAULT now()
        );

        CREATE TABLE {schema}.lane (
            id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            queue text COLLATE "C" NOT NULL,
            tenant text COLLATE "C" NOT NULL,
            priority smallint NOT NULL,
            type text COLLATE "C" NOT NULL,
            -- No queued task became available earlier, as far as the last fold saw: where claims begin to read, so
            -- that they
            -- need not pass what others have taken and no vacuum has removed yet.
            ready_from bigint NOT NULL DEFAULT -9223372036854775808,
            blocked bigint NOT NULL DEFAULT 0,
            scheduled bigint NOT NULL DEFAULT 0,
            queued bigint NOT NULL DEFAULT 0,
            running bigint NOT NULL DEFAULT 0,
            retrying bigint NOT NULL DEFAULT 0,
            succeeded bigint NOT NULL DEFAULT 0,
            cancelled bigint NOT NULL DEFAULT 0,
            dead bigint NOT NULL DEFAULT 0,
            UNIQUE (queue, tenant, priority, type)
        ) WITH (fillfactor = 50);

        -- What statements changed since the counts of `lane` were last brought up to date: one row for each statement
        -- and lane,
        -- so that nobody waits for a row that somebody else counts in. The true count is the sum of both.
        CREATE TABLE {schema}.lane_delta (
            lane integer NOT NULL,
            scheduled integer NOT NULL DEFAULT 0,
            queued integer NOT NULL DEFAULT 0,
            running integer NOT NULL DEFAULT 0,
            retrying integer NOT NULL DEFAULT 0,
            succeeded integer NOT NULL DEFAULT 0,
            cancelled integer NOT NULL DEFAULT 0,
            dead integer NOT NULL DEFAULT 0
        ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

        -- What a task is. `seq` is the order of arrival, in which tasks of one instant start and in which they are
        -- listed.
        CREATE TABLE {schema}.task (
            seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id uuid NOT NULL UNIQUE,
            available_at bigint NOT NULL,
            enqueued_at bigint NOT NULL,
            timeout_us bigint,
            deadline bigint,
            promise_us bigint,
            estimate_us bigint,
            lane integer NOT NULL,
            max_retries integer,
            retry text,
            traceparent text,
            tags text,
            payload bytea NOT NULL
        );

        CREATE TABLE {schema}.waiting (
            seq bigint PRIMARY KEY,
            available_at bigint NOT NULL,
            lane integer NOT NULL,
            attempt integer NOT NULL DEFAULT 0,
            attempts_before_replay integer NOT NULL DEFAULT 0,
            crashes integer NOT NULL DEFAULT 0,
            status smallint NOT NULL,
            started_at bigint,
            waited_us bigint,
            attempt_started_at bigint,
            attempt_finished_at bigint,
            token uuid,
            worker text,
            last_outcome text,
            last_error text,
            CHECK (status IN (0, 1, 2, 4))
        ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
            autovacuum_vacuum_cost_delay = 0);
        CREATE INDEX waiting_ready ON {schema}.waiting (lane, available_at, seq) WHERE status = 2;
        CREATE INDEX waiting_due ON {schema}.waiting (available_at, seq) WHERE status = 1 OR status = 4;

        CREATE TABLE {schema}.leased (
            id uuid PRIMARY KEY,
            token uuid NOT NULL,
            seq bigint NOT NULL,
            until bigint NOT NULL,
            available_at bigint NOT NULL,
            attempt_started_at bigint NOT NULL,
            started_at bigint NOT NULL,
            waited_us bigint NOT NULL,
            lane integer NOT NULL,
            attempt integer NOT NULL,
            attempts_before_replay integer NOT NULL,
            crashes integer NOT NULL,
            is_cancel_requested boolean NOT NULL DEFAULT false,
            worker text NOT NULL,
            local_to text,
            last_error text
        ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
            autovacuum_vacuum_cost_delay = 0);
        CREATE INDEX leased_until ON {schema}.leased (until);

        CREATE TABLE {schema}.ended (
            seq bigint PRIMARY KEY,
            finished_at bigint NOT NULL,
            available_at bigint NOT NULL,
            lane integer NOT NULL,
            attempt integer NOT NULL,
            attempts_before_replay integer NOT NULL,
            crashes integer NOT NULL,
            status smallint NOT NULL,
            started_at bigint,
            waited_us bigint,
            attempt_started_at bigint,
            attempt_finished_at bigint,
            token uuid,
            worker text,
            dead_reason text,
            last_outcome text,
            last_error text,
            result bytea,
            CHECK (status IN (5, 6, 7))
        );
        CREATE INDEX ended_finished ON {schema}.ended (finished_at) WHERE status < 7;
        CREATE INDEX ended_dead ON {schema}.ended (seq) WHERE status = 7;

        CREATE TABLE {schema}.attempt (
            task bigint NOT NULL,
            number integer NOT NULL,
            worker text NOT NULL,
            started_at bigint NOT NULL,
            finished_at bigint NOT NULL,
            outcome text NOT NULL,
            error text,
            PRIMARY KEY (task, number)
        );

        CREATE TABLE {schema}.idempotency_key (
            tenant text COLLATE "C" NOT NULL,
            key text COLLATE "C" NOT NULL,
            task uuid NOT NULL,
            fingerprint bigint NOT NULL,
            made_at bigint NOT NULL,
            PRIMARY KEY (tenant, key)
        );
        CREATE INDEX idempotency_key_age ON {schema}.idempotency_key (made_at);

        CREATE TABLE {schema}.paused_queue (queue text COLLATE "C" PRIMARY KEY);
        """#
}
#endif
