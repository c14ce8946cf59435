-- The vault's tables on SQLite. Sealed envelopes stand in segment files (docs/spec/envelope.md); here is where each is, and the
-- small wrapped key that erasing a person deletes.

-- Bytes of each segment that count; what follows them in the file was never committed.
CREATE TABLE IF NOT EXISTS ledger_segment (
  number INTEGER PRIMARY KEY CONSTRAINT ledger_segment_number CHECK (number > 0),
  size INTEGER NOT NULL CONSTRAINT ledger_segment_size CHECK (size >= 17)
) STRICT;
CREATE TRIGGER IF NOT EXISTS ledger_segment_rolled BEFORE UPDATE ON ledger_segment
  WHEN NEW.number <> OLD.number OR NEW.size < OLD.size OR OLD.number < (SELECT max(number) FROM ledger_segment)
  BEGIN SELECT RAISE (ABORT, 'a segment only grows, and only the last'); END;

CREATE TABLE IF NOT EXISTS ledger_envelope (
  idx INTEGER PRIMARY KEY CONSTRAINT ledger_envelope_entry REFERENCES ledger_entry (idx),
  segment INTEGER NOT NULL CONSTRAINT ledger_envelope_segment REFERENCES ledger_segment (number),
  offset INTEGER NOT NULL CONSTRAINT ledger_envelope_offset CHECK (offset >= 17), -- of the record's first byte
  length INTEGER NOT NULL CONSTRAINT ledger_envelope_length CHECK (length > 0) -- of the ciphertext
) STRICT;

CREATE TABLE IF NOT EXISTS ledger_envelope_key (
  idx INTEGER PRIMARY KEY CONSTRAINT ledger_envelope_key_entry REFERENCES ledger_entry (idx),
  wrapped BLOB NOT NULL
) STRICT;

-- Which acts each erasure in the log is about; the log itself hides it by the salt. An act is erased once.
CREATE TABLE IF NOT EXISTS ledger_erasure (
  idx INTEGER PRIMARY KEY CONSTRAINT ledger_erasure_entry REFERENCES ledger_entry (idx),
  salt BLOB NOT NULL CONSTRAINT ledger_erasure_salt CHECK (length(salt) = 32)
) STRICT;
CREATE TABLE IF NOT EXISTS ledger_erased (
  idx INTEGER PRIMARY KEY CONSTRAINT ledger_erased_entry REFERENCES ledger_entry (idx),
  erasure INTEGER NOT NULL CONSTRAINT ledger_erased_by REFERENCES ledger_erasure (idx),
  CONSTRAINT ledger_erased_before CHECK (idx < erasure)
) STRICT;

-- Public texts and files that are shown nowhere any more, with the entry that says so.
CREATE TABLE IF NOT EXISTS ledger_text_erased (
  sha256 TEXT PRIMARY KEY CONSTRAINT ledger_text_erased_sha256 CHECK (length(sha256) = 64),
  idx INTEGER NOT NULL CONSTRAINT ledger_text_erased_entry REFERENCES ledger_entry (idx)
) STRICT, WITHOUT ROWID;

-- Entries that name auditors, the last of them those of now; and each subject's secrets, sealed once more for them:
-- `label` is "petition/12", or "office/petition/12"; a share is encrypted to one auditor by their place in the entry.
CREATE TABLE IF NOT EXISTS ledger_auditors (
  idx INTEGER PRIMARY KEY CONSTRAINT ledger_auditors_entry REFERENCES ledger_entry (idx)
) STRICT;
CREATE TABLE IF NOT EXISTS ledger_auditor_secret (
  label TEXT PRIMARY KEY,
  sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ledger_auditor_share (
  label TEXT NOT NULL CONSTRAINT ledger_auditor_share_of REFERENCES ledger_auditor_secret (label),
  auditor INTEGER NOT NULL CONSTRAINT ledger_auditor_share_place CHECK (auditor BETWEEN 0 AND 19),
  share BLOB NOT NULL,
  PRIMARY KEY (label, auditor)
) STRICT, WITHOUT ROWID;
