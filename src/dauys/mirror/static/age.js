// Says when the mirror last reached its source, by reached.js, which each round that reached it writes anew.
"use strict";
(() => {
  const place = document.getElementById("age"), seen = window.REACHED;
  if (!place || !seen) return;
  const shown = (moment) => `${moment.slice(0, 10)} ${moment.slice(11, 16)} UTC`;
  const old = Date.now() - Date.parse(seen.reached) > 3600 * 1000;
  const words = old ? place.dataset.old : place.dataset.words;
  place.textContent = words.replace("{reached}", shown(seen.reached)).replace("{newest}", shown(seen.newest));
  place.classList.toggle("old", old);
})();
