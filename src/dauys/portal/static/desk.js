// The desk by keyboard: j k x Enter in lists, a r u on a petition; marked words into the form; a sign of life while a petition is in hand.
const tasks = [...document.querySelectorAll("[data-task]")];
const first = (selector) => document.querySelector(selector);
let at = -1;

for (const line of document.querySelectorAll("[data-keys]")) line.hidden = false;

function go(step) {
  if (!tasks.length) return first("[data-next]")?.click();
  at = Math.min(tasks.length - 1, Math.max(0, at + step));
  tasks[at].querySelector("[data-open]").focus();
}

tasks.forEach((task, place) => task.addEventListener("focusin", () => { at = place; })); // Tab and mouse lead there, too

function refuse() {
  const summary = first("[data-refuse]");
  if (!summary) return;
  summary.parentElement.open = true;
  summary.scrollIntoView({ block: "nearest" });
  summary.parentElement.querySelector("input, textarea").focus();
}

function toggle() {
  const box = tasks[at]?.querySelector("input[type=checkbox]");
  if (box) box.click();
}

// Of a long list: all of the page at once, and how many are chosen.
const all = first("[data-all]");
if (all) {
  const boxes = tasks.map((task) => task.querySelector("input[type=checkbox]"));
  const count = () => { first("[data-chosen]").textContent = boxes.filter((box) => box.checked).length || ""; };
  all.hidden = false;
  all.addEventListener("click", () => {
    const choose = !boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = choose;
    count();
  });
  document.addEventListener("change", count);
  addEventListener("pageshow", count); // the browser keeps the choice when one comes back
}

// By their place on the keyboard: with Kazakh or Russian letters the same keys serve.
const KEYS = {
  KeyJ: () => go(1),
  KeyK: () => go(-1),
  KeyX: toggle,
  KeyA: () => first("[data-accept]")?.focus(), // Enter then does it: one key alone must not open a petition
  KeyR: refuse,
  KeyU: () => first("[data-back]")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  if (KEYS[event.code]) {
    event.preventDefault();
    KEYS[event.code]();
  }
});

// Touch and mouse: what is marked in the text goes into the form.
const take = first("[data-take-span]");
if (take) {
  take.hidden = false;
  let marked = "";
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (first("[data-text]")?.contains(selection.anchorNode)) marked = String(selection).trim() || marked;
  });
  take.addEventListener("click", () => { first("[data-span]").value = marked; });
}

// Ready words without loading the page again; a text that was begun is not thrown away.
for (const link of document.querySelectorAll("[data-words]")) {
  link.addEventListener("click", (event) => {
    const form = link.closest("form"), field = form.querySelector("[name=explanation]");
    event.preventDefault();
    field.value = field.value.trim() ? `${field.value.trim()}\n\n${link.dataset.words}` : link.dataset.words;
    const reason = form.querySelector(`[name=reason][value="${link.dataset.reason}"]`);
    if (reason) reason.checked = true;
    field.focus();
  });
}

// Of the ready words, those for the reasons that are chosen; all of them until one is.
function narrowDown(form) {
  const chosen = new Set([...form.querySelectorAll("[name=reason]:checked")].map((box) => box.value));
  for (const link of form.querySelectorAll("[data-words]")) link.parentElement.hidden = chosen.size > 0 && !chosen.has(link.dataset.reason);
}

for (const ready of document.querySelectorAll(".beginnings")) {
  const form = ready.closest("form");
  form.addEventListener("change", () => narrowDown(form));
  narrowDown(form);
}

// Whoever took it in hand, or begins to write, keeps colleagues off it; and is told when one was quicker.
const hold = first("[data-beat]");
let beating = false;

async function beat() {
  const answer = await fetch(hold.dataset.beat, { method: "POST" });
  hold.querySelector("[data-says]").textContent = answer.ok ? "" : await answer.text();
}

function keep() {
  if (beating) return;
  beating = true;
  beat();
  setInterval(beat, 1000 * Number(hold.dataset.seconds));
}

if (hold?.hasAttribute("data-held")) keep();
if (hold) first(".judged__steps").addEventListener("input", keep);

// Clerks and heads belong to a body, which must be chosen; the others to the portal itself, where none can be.
const task = first("#role"), body = first("#body");
if (task && body) {
  const none = body.options[0], itself = none.textContent;
  const fit = () => {
    const ofABody = task.selectedOptions[0].hasAttribute("data-of-a-body");
    body.closest(".govuk-form-group").hidden = !ofABody;
    body.required = ofABody;
    none.textContent = ofABody ? none.dataset.choose : itself;
    if (!ofABody) body.value = "";
  };
  task.addEventListener("change", fit);
  fit();
}
