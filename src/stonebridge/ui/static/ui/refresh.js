// Keeps a part of a page fresh: data-refresh-url answers with the part's new content.
// The answer says by an element with data-refresh-done that nothing more will come, and by
// data-announce what a listener should hear.
import { announce } from "./announce.js";

const LIMIT = 200; // a page left open asks no more than this

export function startRefreshing() {
  for (const part of document.querySelectorAll("[data-refresh-url]")) {
    // Without scripts the page offers a link to load it again; here it is not needed.
    part.parentElement?.querySelector("[data-refresh-by-hand]")?.remove();
    refresh(part, 1);
  }
}

function refresh(part, turn) {
  if (turn > LIMIT || part.querySelector("[data-refresh-done]")) return;
  const seconds = Number(part.dataset.refreshSeconds ?? 3);
  window.setTimeout(async () => {
    if (!document.hidden) await fetchInto(part);
    if (part.isConnected && !part.dataset.refreshStopped) refresh(part, turn + 1);
  }, seconds * 1000);
}

async function fetchInto(part) {
  try {
    const answer = await fetch(part.dataset.refreshUrl, { headers: { Accept: "text/html" } });
    if (answer.redirected || answer.status === 401 || answer.status === 403) {
      part.dataset.refreshStopped = "true";
      announce(part.dataset.refreshFailed);
      return;
    }
    if (!answer.ok) return;
    const html = await answer.text();
    if (html !== part.dataset.refreshLast) replace(part, html);
    part.dataset.refreshLast = html;
  } catch {
    // The network is away for a moment; the next turn asks again.
  }
}

function replace(part, html) {
  const before = part.querySelector("[data-announce]")?.dataset.announce;
  const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  part.innerHTML = html;
  if (focused) part.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  const now = part.querySelector("[data-announce]")?.dataset.announce;
  if (now && now !== before) announce(now);
}
