// The page that checks a receipt: takes a file, a pasted text or a QR code's address, and says what was proven.
import { Refused, expandReceipt, verifyReceipt } from "./receipt.js";

const at = (id) => document.getElementById(id);
const known = JSON.parse(at("known").textContent); // keys of the log and of its witnesses, and words
const LARGEST_FILE = 65536; // bytes

at("receipt").hidden = false;
at("file").addEventListener("change", async () => show(at("file").files[0]));
at("check").addEventListener("click", () => check(at("text").value));
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  show(event.dataTransfer.files[0]);
});
addEventListener("hashchange", fromAddress);
fromAddress();

function fromAddress() {
  const short = location.hash.slice(1);
  if (!short.startsWith("r=")) return;
  try {
    at("text").value = expandReceipt(short.slice(2));
  } catch {
    return say("malformed");
  }
  check(at("text").value);
}

async function show(file) {
  if (!file) return;
  if (file.size > LARGEST_FILE) return say("malformed");
  at("text").value = await file.text();
  check(at("text").value);
}

async function check(typed) {
  const text = typed.replaceAll("\r\n", "\n").trimStart();
  if (!text) return at("text").focus();
  try {
    holds(await verifyReceipt(text.endsWith("\n") ? text : `${text}\n`, known.keys));
  } catch (error) {
    say(error instanceof Refused ? error.message : "malformed");
  }
}

/** Shows the part of the page for an outcome, and only that. */
function say(outcome) {
  for (const part of document.querySelectorAll("[data-outcome]")) part.hidden = part.dataset.outcome !== outcome;
  at("verdict").hidden = false;
  at("verdict").focus();
}

function holds(proven) {
  const between = document.documentElement.lang === "en" ? "," : "\u00a0"; // not every browser knows Kazakh numbers
  const number = (value) => `${value}`.replace(/\B(?=(\d{3})+$)/g, between);
  at("number").textContent = number(proven.index);
  at("size").textContent = number(proven.size);
  at("origin").textContent = proven.origin;
  at("witnesses").textContent = proven.witnesses.join(", ");
  at("witnessed").hidden = !proven.witnesses.length;
  at("log-only").hidden = proven.witnesses.length > 0;
  at("entry").replaceChildren(...fields(proven.entry));
  say("holds");
}

/** The entry's fields as terms and values; an entry that is no JSON object is shown as it is. */
function fields(bytes) {
  const text = new TextDecoder().decode(bytes);
  let entry;
  try {
    entry = JSON.parse(text);
  } catch {
    entry = text;
  }
  const pairs = entry && typeof entry === "object" ? Object.entries(entry) : [["", entry]];
  return pairs.map(([name, value]) => {
    const [row, term, words] = ["div", "dt", "dd"].map((tag) => document.createElement(tag));
    term.textContent = name;
    words.textContent = typeof value === "object" ? JSON.stringify(value) : String(value);
    row.append(term, words);
    return row;
  });
}
