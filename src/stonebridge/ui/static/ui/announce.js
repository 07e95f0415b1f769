// Says something to those who cannot see it appear: one polite live region for the whole page.

/** Announce ``text``. The region is emptied first, so that the same words are read again. */
export function announce(text) {
  const region = document.getElementById("live");
  if (!region || !text) return;
  region.textContent = "";
  window.setTimeout(() => {
    region.textContent = text;
  }, 100);
}
