// Shows who may be meant while one types. Without this the page searches when it is sent.
// The focus stays in the field; arrows choose, Enter opens, Escape puts the list away.
// The server sends a record once a page and logs it then; later it only says that it fits again.
import { announce } from "../ui/announce.js";

const PAUSE = 350; // milliseconds without a key
const form = document.querySelector("[data-find-url]");
const list = document.getElementById("typed");
const fields = form ? [...form.querySelectorAll("[data-typed]")] : [];
const sent = new Map(); // options that the page has, by id
let chosen = -1;
let waiting = 0;
let asked = 0;
let before = "";

for (const field of fields) {
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-controls", "typed");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.addEventListener("input", ask);
  field.addEventListener("keydown", press);
}
if (form) {
  for (const choice of form.querySelectorAll("select")) choice.addEventListener("change", ask);
  form.addEventListener("submit", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the field
  list.addEventListener("click", (event) => open(event.target.closest("[role=option]")));
  document.addEventListener("click", (event) => form.contains(event.target) || close());
}

function ask() {
  window.clearTimeout(waiting);
  waiting = window.setTimeout(fetchTyped, PAUSE);
}

async function fetchTyped() {
  const body = new FormData(form);
  const now = JSON.stringify([...body].filter(([name]) => name !== "csrfmiddlewaretoken"));
  if (now === before) return;
  before = now;
  const turn = ++asked;
  let said = form.dataset.findFailed;
  try {
    const answer = await fetch(form.dataset.findUrl, { method: "POST", body, headers: { Accept: "text/html" } });
    if (answer.ok && !answer.redirected) said = "";
    const html = said ? "" : await answer.text();
    if (turn !== asked) {
      keep(html); // later keys have overtaken it, but the server counts these as shown
      return;
    }
    if (!said) return show(keep(html));
  } catch {
    before = ""; // the network is away for a moment: the next key asks again
  }
  close();
  announce(said);
}

/** The options of an answer, those that the page had already among them, and what to say. */
function keep(html) {
  const part = document.createElement("template");
  part.innerHTML = html;
  const options = [];
  for (const item of part.content.querySelectorAll("li")) {
    if (item.dataset.again) options.push(sent.get(item.dataset.again));
    else if (item.id) {
      sent.set(item.id, item);
      options.push(item);
    }
  }
  const over = part.content.querySelector("[data-over]") !== null;
  return { options: options.filter(Boolean), over, said: part.content.querySelector("[data-announce]")?.dataset.announce };
}

function show({ options, over, said }) {
  list.replaceChildren(...options);
  choose(-1);
  list.hidden = options.length === 0;
  expanded(options.length > 0);
  if (options.length > 0) announce(over ? `${said} ${form.dataset.findOver}` : said);
  else if (fields.some((field) => field.value.trim().length > 2)) announce(over ? form.dataset.findOver : form.dataset.findNone);
}

function press(event) {
  const options = [...list.querySelectorAll("[role=option]")];
  if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    close();
  } else if (event.key === "Enter" && chosen >= 0) {
    event.preventDefault();
    open(options[chosen]);
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length > 0) {
    event.preventDefault();
    list.hidden = false;
    expanded(true);
    const step = event.key === "ArrowDown" ? 1 : -1;
    choose(((chosen + step + 1 + options.length + 1) % (options.length + 1)) - 1);
  }
}

/** Mark the option at ``place``; -1 goes back to what is typed. */
function choose(place) {
  chosen = place;
  [...list.querySelectorAll("[role=option]")].forEach((option, at) => {
    option.setAttribute("aria-selected", String(at === place));
    if (at === place) option.scrollIntoView({ block: "nearest" });
  });
  const id = place >= 0 ? list.querySelectorAll("[role=option]")[place].id : "";
  for (const field of fields) {
    if (id) field.setAttribute("aria-activedescendant", id);
    else field.removeAttribute("aria-activedescendant");
  }
}

function expanded(is) {
  for (const field of fields) field.setAttribute("aria-expanded", String(is));
}

function close() {
  window.clearTimeout(waiting);
  list.hidden = true;
  expanded(false);
  choose(-1);
}

function open(option) {
  if (option) window.location.assign(option.dataset.url);
}
