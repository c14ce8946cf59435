// Shows the share button where the browser can share or copy; without it the link stands there to be copied by hand.
const button = document.querySelector("[data-share]");

if (button && (navigator.share || navigator.clipboard)) {
  const link = { title: document.title, url: location.origin + location.pathname };
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      if (navigator.share) return await navigator.share(link);
      await navigator.clipboard.writeText(link.url);
      button.textContent = button.dataset.done;
    } catch {
      // The person closed the dialogue: nothing to say.
    }
  });
}
