-- The ledger's tables on SQLite. The database is the truth; published files can be rebuilt from it.
-- Integers are unix seconds or hours, hashes are raw 32 bytes unless a column says hex.

CREATE TABLE IF NOT EXISTS ledger_log (
  id INTEGER PRIMARY KEY CONSTRAINT ledger_log_is_one CHECK (id = 1),
  mode TEXT NOT NULL CONSTRAINT ledger_log_mode CHECK (mode IN ('demo', 'production')),
  origin TEXT NOT NULL,
  vkey TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  size INTEGER NOT NULL CONSTRAINT ledger_log_size CHECK (size >= 0),
  root BLOB NOT NULL CONSTRAINT ledger_log_root CHECK (length(root) = 32),
  confirmed INTEGER NOT NULL DEFAULT 0 CONSTRAINT ledger_log_confirmed CHECK (confirmed <= size), -- entries below are settled
  published_size INTEGER NOT NULL DEFAULT 0 CONSTRAINT ledger_log_published CHECK (published_size <= size),
  published_checkpoint TEXT NOT NULL DEFAULT ''
) STRICT;

-- Logs that this one continues (docs/spec/log.md): entries below `carried` were theirs; `checkpoint` is their last one.
CREATE TABLE IF NOT EXISTS ledger_past_log (
  carried INTEGER PRIMARY KEY CONSTRAINT ledger_past_log_carried CHECK (carried > 0),
  origin TEXT NOT NULL CONSTRAINT ledger_past_log_origin UNIQUE,
  vkey TEXT NOT NULL CONSTRAINT ledger_past_log_vkey UNIQUE,
  size INTEGER NOT NULL CONSTRAINT ledger_past_log_size CHECK (size > 0),
  checkpoint TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS ledger_entry (
  idx INTEGER PRIMARY KEY CONSTRAINT ledger_entry_index CHECK (idx >= 0),
  entry BLOB NOT NULL CONSTRAINT ledger_entry_fits_bundle CHECK (length(entry) BETWEEN 1 AND 65535)
) STRICT;

-- Entries that change the log's keys; `ledger_log.vkey` is the present Ed25519 one.
CREATE TABLE IF NOT EXISTS ledger_key_change (
  idx INTEGER PRIMARY KEY CONSTRAINT ledger_key_change_entry REFERENCES ledger_entry (idx)
) STRICT;

-- What the publisher last knew of each witness, by its name in the policy.
CREATE TABLE IF NOT EXISTS ledger_witness (
  name TEXT PRIMARY KEY,
  size INTEGER NOT NULL CONSTRAINT ledger_witness_size CHECK (size >= 0),
  cosigned_at INTEGER NOT NULL, -- 0 is never
  problem TEXT NOT NULL -- since the last cosignature; empty where there is none
) STRICT;

-- Tiles of c2sp.org/tlog-tiles; the last one of each level may still grow.
CREATE TABLE IF NOT EXISTS ledger_tile (
  level INTEGER NOT NULL,
  number INTEGER NOT NULL,
  hashes BLOB NOT NULL CONSTRAINT ledger_tile_whole_hashes CHECK (length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0),
  PRIMARY KEY (level, number)
) STRICT;

CREATE TABLE IF NOT EXISTS ledger_subject (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL CONSTRAINT ledger_subject_name UNIQUE,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  language TEXT NOT NULL CONSTRAINT ledger_subject_language CHECK (language IN ('kk', 'ru', 'en')),
  text_sha256 TEXT NOT NULL CONSTRAINT ledger_subject_text_sha256 CHECK (length(text_sha256) = 64),
  age INTEGER NOT NULL,
  citizens_only INTEGER NOT NULL DEFAULT 1 CONSTRAINT ledger_subject_citizens CHECK (citizens_only IN (0, 1)), -- declared, too
  opens_at INTEGER NOT NULL,
  closes_at INTEGER NOT NULL,
  opened_index INTEGER NOT NULL CONSTRAINT ledger_subject_opened REFERENCES ledger_entry (idx),
  vrf_public BLOB NOT NULL CONSTRAINT ledger_subject_vrf CHECK (length(vrf_public) = 32),
  published_signatures INTEGER NOT NULL DEFAULT 0,
  published_final INTEGER NOT NULL DEFAULT 0 CONSTRAINT ledger_subject_final CHECK (published_final <= published_signatures),
  CONSTRAINT ledger_subject_window CHECK (opens_at < closes_at)
) STRICT;

-- Secrets of a subject, wrapped by the vault's master key; destroyed after the subject's legal term.
CREATE TABLE IF NOT EXISTS ledger_subject_key (
  subject_id INTEGER PRIMARY KEY CONSTRAINT ledger_subject_key_of REFERENCES ledger_subject (id),
  wrapped BLOB NOT NULL
) STRICT;

-- One person one act per subject, and a request is used up once: both are the database's rule, not only the code's.
CREATE TABLE IF NOT EXISTS ledger_admission (
  subject_id INTEGER NOT NULL CONSTRAINT ledger_admission_subject REFERENCES ledger_subject (id),
  pseudonym BLOB NOT NULL CONSTRAINT ledger_admission_pseudonym CHECK (length(pseudonym) = 32),
  nonce BLOB NOT NULL CONSTRAINT ledger_admission_nonce_size CHECK (length(nonce) = 16),
  idx INTEGER NOT NULL,
  CONSTRAINT ledger_one_person_one_act PRIMARY KEY (subject_id, pseudonym),
  CONSTRAINT ledger_request_used_once UNIQUE (nonce)
) STRICT, WITHOUT ROWID;

-- What is asked of the next revocation list about an act, until its confirmation deletes the row. `authority` is a key
-- identifier, `serial` the content of a DER INTEGER.
CREATE TABLE IF NOT EXISTS ledger_unconfirmed (
  idx INTEGER PRIMARY KEY CONSTRAINT ledger_unconfirmed_entry REFERENCES ledger_entry (idx),
  authority BLOB NOT NULL,
  serial BLOB NOT NULL,
  signed_at INTEGER NOT NULL,
  admitted_at INTEGER NOT NULL
) STRICT;

-- Acts that a confirmation excepted, with the request each had used: `reason` is the CRLReason, `confirmation` the entry.
CREATE TABLE IF NOT EXISTS ledger_taken_back (
  idx INTEGER PRIMARY KEY CONSTRAINT ledger_taken_back_entry REFERENCES ledger_entry (idx),
  nonce BLOB NOT NULL CONSTRAINT ledger_taken_back_nonce UNIQUE,
  reason INTEGER NOT NULL,
  confirmation INTEGER NOT NULL CONSTRAINT ledger_taken_back_later CHECK (confirmation > idx)
) STRICT;

-- Moved once per batch, never per row. What stands is `committed - taken_back`, of which `final` is confirmed;
-- `published` and `published_final` follow when the log is published.
CREATE TABLE IF NOT EXISTS ledger_tally (
  subject_id INTEGER NOT NULL CONSTRAINT ledger_tally_subject REFERENCES ledger_subject (id),
  hour INTEGER NOT NULL,
  tier TEXT NOT NULL CONSTRAINT ledger_tally_tier CHECK (tier IN ('desktop', 'mobile', 'paper', 'email', 'outside')),
  committed INTEGER NOT NULL,
  taken_back INTEGER NOT NULL DEFAULT 0,
  final INTEGER NOT NULL DEFAULT 0 CONSTRAINT ledger_tally_final CHECK (final + taken_back <= committed),
  published INTEGER NOT NULL DEFAULT 0 CONSTRAINT ledger_tally_published CHECK (published <= committed),
  published_final INTEGER NOT NULL DEFAULT 0 CONSTRAINT ledger_tally_published_final CHECK (published_final <= published),
  PRIMARY KEY (subject_id, hour, tier)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ledger_tally_unpublished ON ledger_tally (subject_id)
  WHERE published <> committed - taken_back OR published_final <> final;

-- Failed attempts are answered with their code and counted by the hour; they never become leaves.
CREATE TABLE IF NOT EXISTS ledger_refusal (
  hour INTEGER NOT NULL,
  code TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  PRIMARY KEY (hour, code)
) STRICT, WITHOUT ROWID;

-- What a signature for logging in proved, for a few minutes (docs/spec/login.md); taken, only the nonce stays.
CREATE TABLE IF NOT EXISTS login_result (
  nonce BLOB PRIMARY KEY CONSTRAINT login_result_nonce_size CHECK (length(nonce) = 16),
  person TEXT CONSTRAINT login_result_person_size CHECK (length(person) = 64),
  name BLOB,
  expires INTEGER NOT NULL,
  CONSTRAINT login_result_whole_or_taken CHECK ((person IS NULL) = (name IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS login_result_expiry ON login_result (expires);

-- Signed acts of offices (submissions, appeals, decisions): a request is used up once, by one person.
CREATE TABLE IF NOT EXISTS ledger_office_act (
  nonce BLOB PRIMARY KEY CONSTRAINT ledger_office_act_nonce_size CHECK (length(nonce) = 16),
  person TEXT NOT NULL,
  idx INTEGER NOT NULL CONSTRAINT ledger_office_act_entry REFERENCES ledger_entry (idx)
) STRICT, WITHOUT ROWID;

-- The vault keys of their evidence, one a subject, wrapped by the vault's master key.
CREATE TABLE IF NOT EXISTS ledger_office_key (
  subject TEXT PRIMARY KEY,
  wrapped BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Public texts that leaves name by their hash; a withheld one keeps its reason. `published`: the files say the same.
CREATE TABLE IF NOT EXISTS ledger_text (
  sha256 TEXT PRIMARY KEY CONSTRAINT ledger_text_sha256 CHECK (length(sha256) = 64),
  content TEXT NOT NULL,
  erased_for TEXT NOT NULL DEFAULT '',
  published INTEGER NOT NULL DEFAULT 0 CONSTRAINT ledger_text_published CHECK (published IN (0, 1)),
  CONSTRAINT ledger_text_erased_is_empty CHECK (erased_for = '' OR content = '')
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ledger_text_unpublished ON ledger_text (sha256) WHERE published = 0;

-- Withdrawn signatures: whose, the log tells only once signing is over (docs/spec/withdrawal.md). `salt` is wrapped by the
-- vault's master key, `opened` is the entry that opened it. The person's place stays taken: nobody signs again.
CREATE TABLE IF NOT EXISTS ledger_withdrawal (
  idx INTEGER PRIMARY KEY CONSTRAINT ledger_withdrawal_entry REFERENCES ledger_entry (idx),
  subject_id INTEGER NOT NULL CONSTRAINT ledger_withdrawal_subject REFERENCES ledger_subject (id),
  signature INTEGER NOT NULL CONSTRAINT ledger_withdrawal_once UNIQUE CONSTRAINT ledger_withdrawal_of REFERENCES ledger_entry (idx),
  salt BLOB NOT NULL,
  opened INTEGER CONSTRAINT ledger_withdrawal_opened REFERENCES ledger_entry (idx),
  CONSTRAINT ledger_withdrawal_later CHECK (signature < idx AND idx < opened)
) STRICT;
CREATE INDEX IF NOT EXISTS ledger_withdrawal_hidden ON ledger_withdrawal (subject_id) WHERE opened IS NULL;

-- Their counts, by the hour of the withdrawal: the hour of the signature would tell whose it was.
CREATE TABLE IF NOT EXISTS ledger_withdrawn (
  subject_id INTEGER NOT NULL CONSTRAINT ledger_withdrawn_subject REFERENCES ledger_subject (id),
  hour INTEGER NOT NULL,
  tier TEXT NOT NULL CONSTRAINT ledger_withdrawn_tier CHECK (tier IN ('desktop', 'mobile', 'paper', 'email', 'outside')),
  committed INTEGER NOT NULL,
  published INTEGER NOT NULL DEFAULT 0 CONSTRAINT ledger_withdrawn_published CHECK (published <= committed),
  PRIMARY KEY (subject_id, hour, tier)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ledger_withdrawn_unpublished ON ledger_withdrawn (subject_id) WHERE published <> committed;

-- Everything that counts, by the hour in which it came or went.
CREATE VIEW IF NOT EXISTS ledger_change (subject_id, hour, tier, standing, final, published, published_final) AS
  SELECT subject_id, hour, tier, committed - taken_back, final, published, published_final FROM ledger_tally
  UNION ALL
  SELECT subject_id, hour, tier, -committed, -committed, -published, -published FROM ledger_withdrawn;

-- By subject and tier. Whether a withdrawn signature was final is nobody's to know: each lowers the final count at once, so
-- that it never says too much.
CREATE VIEW IF NOT EXISTS ledger_count (subject_id, tier, standing, final, published, published_final) AS
  SELECT subject_id, tier, sum(standing), max(0, sum(final)), sum(published), max(0, sum(published_final))
  FROM ledger_change GROUP BY subject_id, tier;
