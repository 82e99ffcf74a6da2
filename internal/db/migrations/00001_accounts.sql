-- +goose Up
-- For whom a transaction runs; NULL outside a scope, and then no row matches.
CREATE FUNCTION app_organization() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.organization_id', true), '')::uuid $$;
CREATE FUNCTION app_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.user_id', true), '')::uuid $$;
CREATE FUNCTION app_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT current_setting('app.system', true) = 'on' $$;
CREATE FUNCTION app_sync_key_hash() RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT decode(nullif(current_setting('app.sync_key_hash', true), ''), 'hex') $$;

-- Global tables: they belong to a person or to the server, not to an organization.

CREATE TABLE users (
    id                      uuid PRIMARY KEY,
    email                   text NOT NULL,
    email_verified_at       timestamptz,
    password_hash           text NOT NULL,
    full_name               text NOT NULL,
    phone                   text NOT NULL DEFAULT '',
    locale                  text NOT NULL DEFAULT 'ru' CHECK (locale IN ('ru', 'en')),
    organization_limit      integer NOT NULL DEFAULT 1 CHECK (organization_limit >= 0),
    current_organization_id uuid,
    created_at              timestamptz NOT NULL DEFAULT now(),
    updated_at              timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_email_key ON users (lower(email));

-- A token mailed to a user. Only its SHA-256 is kept; it works once.
CREATE TABLE email_tokens (
    token_hash bytea PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    purpose    text NOT NULL CHECK (purpose IN ('verify_email', 'reset_password')),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX email_tokens_user ON email_tokens (user_id, purpose, created_at DESC);

-- One sign-in in one browser.
CREATE TABLE sessions (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    user_agent   text NOT NULL DEFAULT '',
    ip           text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    ended_at     timestamptz
);
CREATE INDEX sessions_user ON sessions (user_id);

-- The rotating refresh tokens of a session: the spent ones too, so that the
-- second use of one is noticed and ends the session.
CREATE TABLE refresh_tokens (
    token_hash bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    spent_at   timestamptz
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

-- Letters that a server without SMTP would have sent: the development inbox.
CREATE TABLE development_letters (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    recipient  text NOT NULL,
    subject    text NOT NULL,
    text       text NOT NULL,
    html       text NOT NULL
);

-- +goose Down
DROP TABLE development_letters, refresh_tokens, sessions, email_tokens, users;
DROP FUNCTION app_organization(), app_user(), app_system(), app_sync_key_hash();
