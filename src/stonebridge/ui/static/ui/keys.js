// Which key does what: the page's own list (the shortcut sheet), changed by what this browser keeps.

const STORE = "stonebridge.keys";

/** The officer's choices kept in this browser: code to keys; an empty text means switched off. */
export function ownKeys() {
  try {
    return JSON.parse(window.localStorage.getItem(STORE)) ?? {};
  } catch {
    return {};
  }
}

/** Keep the choices; ``null`` forgets them. */
export function keepKeys(keys) {
  if (keys === null) window.localStorage.removeItem(STORE);
  else window.localStorage.setItem(STORE, JSON.stringify(keys));
}

/** Every shortcut of the page: code to keys. */
export function allKeys() {
  const own = ownKeys();
  const keys = new Map();
  for (const row of document.querySelectorAll("#shortcut-sheet [data-shortcut-code]")) {
    const code = row.dataset.shortcutCode;
    keys.set(code, own[code] ?? row.dataset.keys);
  }
  return keys;
}

/** Show in every list of shortcuts the keys that now hold. */
export function showKeys() {
  const keys = allKeys();
  for (const row of document.querySelectorAll("[data-shortcut-code]")) {
    const shown = row.querySelector("kbd");
    if (!shown) continue;
    shown.textContent = keys.get(row.dataset.shortcutCode) || "–";
  }
}

/** The key of a keyboard event as the list writes it, or null for one that no shortcut uses. */
export function keyOf(event) {
  if (event.altKey || event.metaKey || event.isComposing) return null;
  let key = event.key;
  // On a Cyrillic layout the letter keys are known by their place.
  if (/^Key[A-Z]$/.test(event.code) && !/^[a-z]$/i.test(key)) key = event.code.slice(3);
  if (key.length === 1) key = key.toLowerCase();
  return event.ctrlKey ? `Ctrl+${key}` : key;
}
