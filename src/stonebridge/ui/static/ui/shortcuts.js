// Keyboard shortcuts. An element takes part by data-shortcut="<code>"; lists by data-list-item.
import { allKeys, keyOf, showKeys } from "./keys.js";

const TYPING = 'textarea, select, [contenteditable], input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"])';

export function startShortcuts() {
  showKeys();
  document.addEventListener("keydown", (event) => {
    const key = keyOf(event);
    if (key === null || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    // A letter alone belongs to whoever is typing.
    if (!event.ctrlKey && event.target.closest(TYPING)) return;
    const code = [...allKeys()].find(([, keys]) => keys === key)?.[0];
    if (code && act(code)) event.preventDefault();
  });
}

function act(code) {
  if (code === "help") return showSheet();
  if (code === "next") return move(1);
  if (code === "previous") return move(-1);
  if (code === "open") return open();
  const form = document.activeElement?.closest("form");
  const selector = `[data-shortcut="${code}"]`;
  const target = form?.querySelector(selector) ?? document.querySelector(selector);
  if (!target) return false;
  if (target.matches('textarea, input:not([type="radio"], [type="checkbox"])')) {
    target.focus();
    target.select();
  } else {
    target.click();
  }
  return true;
}

function showSheet() {
  const sheet = document.getElementById("shortcut-sheet");
  sheet?.showModal();
  return Boolean(sheet);
}

function move(step) {
  const items = [...document.querySelectorAll("[data-list-item]")];
  if (items.length === 0) return false;
  const here = items.findIndex((item) => item.contains(document.activeElement));
  const next = here === -1 ? (step > 0 ? 0 : items.length - 1) : here + step;
  const item = items[Math.min(Math.max(next, 0), items.length - 1)];
  (item.querySelector("a, button, input") ?? item).focus();
  return true;
}

function open() {
  const focused = document.activeElement;
  // The browser opens what has the focus by itself.
  if (focused?.matches("a, button, summary")) return false;
  const link = focused?.closest("[data-list-item]")?.querySelector("a, button");
  link?.click();
  return Boolean(link);
}
