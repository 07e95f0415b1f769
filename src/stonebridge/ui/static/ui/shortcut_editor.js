// The help page's form for changing keys, kept in this browser.
import { announce } from "./announce.js";
import { allKeys, keepKeys, keyOf, showKeys } from "./keys.js";

const MOVING = new Set(["Tab", "Shift", "Control", "Alt", "Escape"]);

export function startShortcutEditor() {
  const form = document.querySelector("form[data-shortcut-editor]");
  if (!form) return;
  form.closest("[hidden]")?.removeAttribute("hidden");
  const inputs = [...form.querySelectorAll("input[data-code]")];
  fill(inputs);
  for (const input of inputs) {
    input.addEventListener("keydown", (event) => {
      if (MOVING.has(event.key)) return;
      event.preventDefault();
      input.value = ["Backspace", "Delete"].includes(event.key) ? "" : (keyOf(event) ?? "");
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const used = inputs.map((input) => input.value).filter(Boolean);
    if (new Set(used).size < used.length) return say(form, form.dataset.twice);
    keepKeys(Object.fromEntries(inputs.map((input) => [input.dataset.code, input.value])));
    showKeys();
    say(form, form.dataset.kept);
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    keepKeys(null);
    fill(inputs);
    showKeys();
    say(form, form.dataset.restored);
  });
}

function fill(inputs) {
  const keys = allKeys();
  for (const input of inputs) input.value = keys.get(input.dataset.code);
}

function say(form, text) {
  form.querySelector("[data-said]").textContent = text;
  announce(text);
}
