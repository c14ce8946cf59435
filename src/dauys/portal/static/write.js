// What helps while writing and is missed by nobody without it: letters left, and a draft that saves itself.
const QUIET = 2000; // milliseconds without a key, then it is saved

const plural = new Intl.PluralRules(document.documentElement.lang);
const digits = new Intl.NumberFormat(document.documentElement.lang);

for (const counter of document.querySelectorAll("[data-counter]")) {
  const field = document.getElementById(counter.dataset.counter);
  const most = Number(field.dataset.most);
  const words = { left: JSON.parse(counter.dataset.left), over: JSON.parse(counter.dataset.over) };
  const show = () => {
    const left = most - [...field.value.trim().replaceAll("\r\n", "\n")].length;
    const number = Math.abs(left);
    counter.textContent = `${digits.format(number)} ${words[left < 0 ? "over" : "left"][plural.select(number)]}`;
    counter.classList.toggle("counter--over", left < 0);
  };
  field.addEventListener("input", show);
  show();
}

const form = document.querySelector("form[data-keep]");
const saved = document.querySelector("[data-saved]");

if (form && saved) {
  let waiting, changed = false, sending = null;

  const keep = async (leaving) => {
    const content = new FormData(form);
    content.delete("file"); // a file goes with a button, once
    content.set("action", "keep");
    changed = false;
    const answer = await fetch(location.pathname, { method: "POST", body: content, keepalive: leaving });
    if (answer.status === 409) return void (saved.textContent = saved.dataset.changed);
    if (!answer.ok) throw new Error(answer.status);
    form.elements.revision.value = answer.headers.get("X-Revision");
    const now = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    saved.textContent = `${saved.dataset.at} ${now}.`;
  };

  const keepSoon = (leaving = false) => {
    if (!changed || sending) return;
    sending = keep(leaving)
      .catch(() => {
        changed = true;
        saved.textContent = saved.dataset.failed;
      })
      .then(() => {
        sending = null;
        if (changed) waiting = setTimeout(keepSoon, 5 * QUIET);
      });
  };

  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(waiting);
    waiting = setTimeout(keepSoon, QUIET);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    changed = false;
    if (!sending) return;
    event.preventDefault(); // its revision is under way: sent now, the form would be older than itself
    sending.then(() => form.requestSubmit(event.submitter));
  });
  document.addEventListener("visibilitychange", () => document.hidden && keepSoon(true));
}
