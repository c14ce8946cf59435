// Checks a receipt (c2sp.org/tlog-proof@v1) with nothing but WebCrypto; docs/spec/log.md has the formats.
// Everything is read as strictly as `dauys receipt verify` reads it: one value has one writing.

const HEADER = "c2sp.org/tlog-proof@v1";
const LARGEST = 1 << 20; // characters, and most hashes of a proof, as translog/proof.py
const MOST_HASHES = 63;
const MOST_SIGNATURES = 100; // of a note, as translog/note.py
const HASH_SIZE = 32;
const KEY_ID_SIZE = 4;
const LOG_KEY = 1; // Ed25519 of a log, c2sp.org/signed-note
const WITNESS_KEY = 4; // Ed25519 of a witness, c2sp.org/tlog-cosignature: signs a time, too
const READABLE = new Set([LOG_KEY, WITNESS_KEY]); // WebCrypto knows no ML-DSA: lines of such keys are passed over
const TIME_SIZE = 8;
const LATEST = 2n ** 63n - 1n;
const DASH = "\u2014 ";
const UNWRITABLE = /[\x00-\x09\x0b-\x1f\ud800-\udfff]/u;
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const utf8 = new TextEncoder();

/** Why a receipt was refused: `malformed`, `stranger` (another log's), `signature`, `proof`, or `browser`. */
export class Refused extends Error {}

/** Index, size, origin, root, entry (bytes) and the names of witnesses, of a receipt that holds; Refused otherwise.
 * `keys` are those of the log and of its witnesses, as text; `entry` where the receipt does not carry it. */
export async function verifyReceipt(text, keys, entry = null) {
  const receipt = parseReceipt(text);
  const proven = entry ?? receipt.extra;
  if (proven === null) throw new Refused("malformed");
  const known = (await Promise.all(keys.map(readKey))).filter(({ type }) => READABLE.has(type));
  const checkpoint = await openCheckpoint(receipt.checkpoint, known);
  const leaf = await sha256(join([Uint8Array.of(0), proven]));
  await verifyInclusion(leaf, receipt.index, checkpoint.size, receipt.proof, checkpoint.root);
  return { ...checkpoint, index: receipt.index, entry: proven };
}

export function parseReceipt(text) {
  if (text.length > LARGEST) throw new Refused("malformed");
  const end = text.indexOf("\n\n");
  const [header, ...lines] = text.slice(0, Math.max(end, 0)).split("\n");
  if (header !== HEADER) throw new Refused("malformed");
  const checkpoint = text.slice(end + 2);
  splitNote(checkpoint);
  const extra = lines[0]?.startsWith("extra ") ? decodeBase64(lines.shift().slice(6)) : null;
  if (!lines[0]?.startsWith("index ")) throw new Refused("malformed");
  const index = decodeDecimal(lines.shift().slice(6));
  const proof = lines.map(decodeBase64);
  if (proof.length > MOST_HASHES || proof.some((hash) => hash.length !== HASH_SIZE)) throw new Refused("malformed");
  return { index, proof, checkpoint, extra };
}

// ---- The checkpoint, a signed note -------------------------------------------------------------------------------

async function openCheckpoint(note, known) {
  const { text, signatures } = splitNote(note);
  const checkpoint = parseCheckpoint(text);
  const keys = known.filter(({ most }) => checkpoint.size <= most);
  const signers = [];
  for (const line of signatures) {
    const key = keys.find(({ name, id }) => name === line.name && equal(id, line.id));
    if (!key) continue;
    if (!(await isSigned(key, text, line.signature))) throw new Refused("signature");
    signers.push(key);
  }
  if (!signers.some(({ type, name }) => type === LOG_KEY && name === checkpoint.origin)) throw new Refused("stranger");
  const witnesses = signers.filter(({ type }) => type === WITNESS_KEY).map(({ name }) => name);
  return { ...checkpoint, witnesses: [...new Set(witnesses)] };
}

function splitNote(note) {
  const end = note.lastIndexOf("\n\n");
  if (UNWRITABLE.test(note) || end < 0 || !note.endsWith("\n") || end + 2 >= note.length) throw new Refused("malformed");
  const lines = note.slice(end + 2, -1).split("\n");
  if (lines.length > MOST_SIGNATURES) throw new Refused("malformed");
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line) {
  const [name, ...rest] = line.slice(DASH.length).split(" ");
  const blob = decodeBase64(rest.join(" "));
  const named = line.startsWith(DASH) && name && !name.includes("+") && !SPACE.test(name);
  if (!named || blob.length <= KEY_ID_SIZE) throw new Refused("malformed");
  return { name, id: blob.slice(0, KEY_ID_SIZE), signature: blob.slice(KEY_ID_SIZE) };
}

function parseCheckpoint(text) {
  const [origin, size, root, last, ...more] = text.split("\n");
  if (!origin || last !== "" || more.length) throw new Refused("malformed");
  const hash = decodeBase64(root);
  if (hash.length !== HASH_SIZE) throw new Refused("malformed");
  return { origin, size: decodeDecimal(size), root: hash };
}

/** A key written `name+id+base64`; base64 itself may hold `+`, so only the first two separate. After a space may stand the
 * most entries of a tree that it signs: a log that changed its keys gave this one up then, and it may have been stolen. */
async function readKey(line) {
  const [written, most] = line.split(" ");
  const [name, id, ...rest] = written.split("+");
  const blob = decodeBase64(rest.join("+"));
  const expected = (await sha256(join([utf8.encode(`${name}\n`), blob]))).slice(0, KEY_ID_SIZE);
  if (hex(expected) !== id) throw new Refused("malformed");
  return { name, id: expected, type: blob[0], bytes: blob.slice(1), most: most === undefined ? LATEST : decodeDecimal(most) };
}

async function isSigned(key, text, signature) {
  if (key.type === LOG_KEY) return verifyEd25519(key.bytes, signature, utf8.encode(text));
  const time = signature.slice(0, TIME_SIZE).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  if (signature.length <= TIME_SIZE || time > LATEST) return false;
  const signed = utf8.encode(`cosignature/v1\ntime ${time}\n${text}`);
  return verifyEd25519(key.bytes, signature.slice(TIME_SIZE), signed);
}

async function verifyEd25519(key, signature, message) {
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  } catch {
    throw new Refused("browser");
  }
  return crypto.subtle.verify("Ed25519", imported, signature, message);
}

// ---- The tree (RFC 9162, section 2.1.3.2) ------------------------------------------------------------------------

async function verifyInclusion(leaf, index, size, proof, root) {
  if (index >= size) throw new Refused("proof");
  let [at, last, node] = [index, size - 1n, leaf];
  for (const sibling of proof) {
    if (last === 0n) throw new Refused("proof");
    const isRight = (at & 1n) === 1n || at === last;
    node = await sha256(join([Uint8Array.of(1), ...(isRight ? [sibling, node] : [node, sibling])]));
    while (isRight && (at & 1n) === 0n && at !== 0n) [at, last] = [at >> 1n, last >> 1n];
    [at, last] = [at >> 1n, last >> 1n];
  }
  if (last !== 0n || !equal(node, root)) throw new Refused("proof");
}

// ---- Bytes -------------------------------------------------------------------------------------------------------

export function decodeBase64(text) {
  let letters;
  try {
    letters = atob(text);
  } catch {
    throw new Refused("malformed");
  }
  if (btoa(letters) !== text) throw new Refused("malformed");
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

function decodeDecimal(text) {
  if (!/^(0|[1-9][0-9]{0,18})$/.test(text) || BigInt(text) >= 2n ** 63n) throw new Refused("malformed");
  return BigInt(text);
}

async function sha256(bytes) {
  if (!globalThis.crypto?.subtle) throw new Refused("browser");
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const equal = (one, other) => hex(one) === hex(other);

function join(parts) {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// ---- The short form of a QR code (translog/compact.py) -----------------------------------------------------------

/** The receipt's text out of its short form. */
export function expandReceipt(short) {
  const padded = short.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat((4 - (short.length % 4)) % 4);
  const bytes = { data: decodeBase64(padded), at: 0 };
  if (take(bytes, 1)[0] !== 1) throw new Refused("malformed");
  const index = takeNumber(bytes);
  const entry = take(bytes, Number(takeNumber(bytes)));
  const proof = Array.from({ length: take(bytes, 1)[0] }, () => encodeBase64(take(bytes, HASH_SIZE)));
  const note = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.data.slice(bytes.at));
  return [HEADER, `extra ${encodeBase64(entry)}`, `index ${index}`, ...proof].join("\n") + `\n\n${note}`;
}

function take(bytes, count) {
  const taken = bytes.data.slice(bytes.at, bytes.at + count);
  if (taken.length !== count) throw new Refused("malformed");
  bytes.at += count;
  return taken;
}

function takeNumber(bytes) {
  let number = 0n;
  for (let shift = 0n; shift < 63n; shift += 7n) {
    const [byte] = take(bytes, 1);
    number |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return number;
  }
  throw new Refused("malformed");
}

const encodeBase64 = (bytes) => btoa(String.fromCharCode(...bytes));
