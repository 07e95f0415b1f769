// Keeps a form's draft: data-draft-url receives the form by POST after each change.
// data-confirm-leave asks before a page with unsaved changes is left.
import { announce } from "./announce.js";

const PAUSE = 1500; // milliseconds without a key before a field still being typed is saved
const LONGEST = 10000; // milliseconds for one save to be answered

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
    this.saving = null; // the last of the saves that are on their way, one after another
    form.addEventListener("input", () => this.changed(PAUSE));
    form.addEventListener("change", () => this.changed(0));
    form.addEventListener("submit", (event) => {
      window.clearTimeout(this.timer);
      this.unsaved = false;
      if (!this.saving) return;
      // A draft still on its way would arrive after the form, and put what was typed before in its place.
      event.preventDefault();
      this.saving.then(() => form.requestSubmit(event.submitter));
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

  save(aloud) {
    window.clearTimeout(this.timer);
    const saving = (this.saving ?? Promise.resolve()).then(() => this.send(aloud));
    this.saving = saving;
    saving.then(() => {
      if (this.saving === saving) this.saving = null;
    });
  }

  async send(aloud) {
    const body = new FormData(this.form);
    for (const input of this.form.querySelectorAll('input[type="file"], input[type="password"]')) body.delete(input.name);
    this.unsaved = false;
    try {
      const answer = await fetch(this.form.dataset.draftUrl, { method: "POST", body, signal: AbortSignal.timeout(LONGEST) });
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
