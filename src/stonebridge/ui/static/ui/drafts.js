// Keeps a form's draft: data-draft-url receives the form by POST after each change.
// data-confirm-leave asks before a page with unsaved changes is left.
import { announce } from "./announce.js";

const PAUSE = 1500; // milliseconds without a key before a field still being typed is saved

export function startDrafts() {
  for (const form of document.querySelectorAll("form[data-draft-url], form[data-confirm-leave]")) {
    new Draft(form);
  }
}

class Draft {
  constructor(form) {
    this.form = form;
    this.unsaved = false;
    this.timer = 0;
    form.addEventListener("input", () => this.changed(PAUSE));
    form.addEventListener("change", () => this.changed(0));
    form.addEventListener("submit", () => {
      window.clearTimeout(this.timer);
      this.unsaved = false;
    });
    if (form.dataset.draftUrl) {
      const button = form.querySelector('[data-shortcut="save"]');
      button?.addEventListener("click", (event) => {
        event.preventDefault();
        this.save(true);
      });
    }
    if ("confirmLeave" in form.dataset) {
      window.addEventListener("beforeunload", (event) => {
        if (this.unsaved) event.preventDefault();
      });
    }
  }

  changed(wait) {
    this.unsaved = true;
    if (!this.form.dataset.draftUrl) return;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(false), wait);
  }

  async save(aloud) {
    window.clearTimeout(this.timer);
    const body = new FormData(this.form);
    for (const input of this.form.querySelectorAll('input[type="file"], input[type="password"]')) body.delete(input.name);
    this.unsaved = false;
    try {
      const answer = await fetch(this.form.dataset.draftUrl, { method: "POST", body });
      // A page after a redirect is the sign-in page: nothing was kept.
      if (!answer.ok || answer.redirected) throw new Error(`draft: ${answer.status}`);
      this.say(this.form.dataset.draftSaved, aloud || !this.saidOnce);
      this.saidOnce = true;
    } catch {
      this.unsaved = true;
      this.say(this.form.dataset.draftFailed, true);
    }
  }

  say(text, aloud) {
    const shown = this.form.querySelector("[data-draft-state]");
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    if (shown) shown.textContent = `${text} (${time})`;
    if (aloud) announce(text);
  }
}
