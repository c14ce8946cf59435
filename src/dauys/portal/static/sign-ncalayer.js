// Signs the page's statement with NCALayer, hands the signature in and goes on to the last step. Whatever goes wrong is
// told on the page in its own words (<template data-say>), and may be tried again. The protocol: docs/spec/ncalayer.md.
const panel = document.querySelector("[data-socket]");
const button = panel.querySelector("button");
const state = panel.querySelector("[role=status]");
const { socket, content, seconds, token, door, done } = panel.dataset;
const language = document.documentElement.lang;

const CONNECT_SECONDS = 60; // long: the browser may first ask the person whether this page may connect
const SEND_SECONDS = 30;
const SERVER_ERROR = 500; // an answer below it judges the signature; at and above it the same one may be sent again

let signature = null; // kept until the portal has judged it: nobody signs twice because a connection broke

class Trouble extends Error {
  constructor(say, slots = {}) {
    super(say);
    Object.assign(this, { say, slots });
  }
}

function say(name, slots = {}) {
  const words = panel.querySelector(`template[data-say="${name}"]`).content.cloneNode(true);
  for (const element of words.querySelectorAll("[data-slot]")) {
    const value = slots[element.dataset.slot];
    if (value === undefined) continue;
    if (element instanceof HTMLAnchorElement) element.href = value;
    else element.textContent = value;
  }
  state.replaceChildren(words);
}

function after(secondsFromNow, name) {
  const over = new Promise((_, reject) => setTimeout(reject, secondsFromNow * 1000, new Trouble(name)));
  over.catch(() => {}); // whoever waits for it is told; otherwise nobody needs to know
  return over;
}

const late = after(seconds, "late");

async function sign() {
  const client = new NCALayerClient(socket, false);
  let answer = {};
  client.onResponseReady = (text) => { answer = JSON.parse(text); };
  try {
    say("connecting");
    await connect(client);
    say("choosing");
    return await Promise.race([signWith(client, () => answer), late]);
  } catch (error) {
    throw troubleOf(error, client, answer);
  } finally {
    client.wsConnection?.close();
  }
}

async function connect(client) {
  try {
    await Promise.race([client.connect(), after(CONNECT_SECONDS, "absent")]);
  } catch {
    throw new Trouble("absent");
  }
}

// By the new module, and where NCALayer is too old to have it, by the old one.
async function signWith(client, answer) {
  const { basicsCMSParamsDetached, basicsCMSParamsDetachedNoTSP, basicsSignerSignPerson, basicsStorageAll } = NCALayerClient;
  const params = "stamp" in panel.dataset ? basicsCMSParamsDetached : basicsCMSParamsDetachedNoTSP;
  try {
    return await client.basicsSignCMS(basicsStorageAll, content, params, basicsSignerSignPerson, language);
  } catch (error) {
    if (answer().errorCode !== "MODULE_NOT_FOUND") throw error;
  }
  const [token = NCALayerClient.fileStorageType] = await client.getActiveTokens();
  return client.createCAdESFromBase64(token, content);
}

function troubleOf(error, client, answer) {
  if (error instanceof Trouble) return error;
  if (error.canceledByUser || answer.message === "action.canceled") return new Trouble("cancelled");
  if (client.wsConnection.readyState !== WebSocket.OPEN) return new Trouble("lost");
  if (answer.errorCode === "MODULE_NOT_FOUND") return new Trouble("outdated");
  return new Trouble("failed", { reason: error.message });
}

async function handIn() {
  say("sending");
  const headers = { "content-type": "application/json", "accept-language": language };
  const body = JSON.stringify({ token, signature });
  let answer;
  let judged;
  try {
    const signal = AbortSignal.timeout(SEND_SECONDS * 1000);
    answer = await fetch(door, { method: "POST", headers, body, signal });
    judged = await answer.json();
  } catch {
    throw new Trouble("unsent");
  }
  if (answer.ok) return;
  if (answer.status >= SERVER_ERROR) throw new Trouble("unsent", judged);
  signature = null;
  throw refusal(judged);
}

function refusal({ code, message, facts = {} }) {
  if (code === "request-expired") return new Trouble("late");
  if (facts.token) return new Trouble("used", { message, fresh: location.pathname.replace(token, facts.token) });
  if (facts.receipt) return new Trouble("already", { message, receipt: facts.receipt });
  return new Trouble("refused", { code, message });
}

async function go() {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    signature ??= await sign();
    await handIn();
    location.assign(done);
  } catch (error) {
    const trouble = error instanceof Trouble ? error : new Trouble("failed", { reason: error.message });
    say(trouble.say, trouble.slots);
    button.removeAttribute("aria-disabled");
  }
}

panel.querySelector(".ncalayer__off").remove();
button.hidden = false;
button.addEventListener("click", go);
