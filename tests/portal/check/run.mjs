// Judges receipts given as JSON lines on standard input: {text | short, keys, entry?} → "holds" with facts, or the refusal.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { Refused, decodeBase64, expandReceipt, verifyReceipt } = await import(pathToFileURL(process.argv[2]));

for (const line of readFileSync(0, "utf8").trim().split("\n")) {
  const { text, short, keys, entry } = JSON.parse(line);
  let answer;
  try {
    const whole = short === undefined ? text : expandReceipt(short);
    const { index, size, witnesses } = await verifyReceipt(whole, keys, entry === undefined ? null : decodeBase64(entry));
    answer = { holds: true, index: `${index}`, size: `${size}`, witnesses };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    answer = { holds: false, why: error.message };
  }
  console.log(JSON.stringify(answer));
}
