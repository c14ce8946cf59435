// Searches the petitions of this mirror on the reader's own machine, also from a folder without a server.
"use strict";
(() => {
  const box = document.getElementById("search"), list = document.getElementById("petitions"), said = document.getElementById("found");
  const same = { "ә": "а", "ғ": "г", "қ": "к", "ң": "н", "ө": "о", "ұ": "у", "ү": "у", "һ": "х", "і": "и", "ё": "е" };
  const plain = (text) => text.toLowerCase().normalize("NFC").replace(/[әғқңөұүһіё]/g, (letter) => same[letter]);
  const index = window.PETITIONS.map((each) => ({ path: each[0], title: each[1], fine: each[2], words: plain(`${each[1]} ${each[3]}`) }));
  const all = [...list.children];
  box.closest("[hidden]").hidden = false;
  box.addEventListener("input", () => {
    const wanted = plain(box.value).split(/\s+/).filter(Boolean);
    if (!wanted.length) { list.replaceChildren(...all); said.textContent = ""; return; }
    const found = index.filter((each) => wanted.every((word) => each.words.includes(word)));
    said.textContent = said.dataset.words.replace("%", found.length);
    list.replaceChildren(...found.slice(0, 200).map((each) => {
      const item = document.createElement("li"), link = document.createElement("a"), fine = document.createElement("p");
      link.href = each.path; link.textContent = each.title; fine.textContent = each.fine; fine.className = "fine";
      item.append(link, fine);
      return item;
    }));
  });
})();
