// Starts the scripts of a page. Every page works without them.
import { initAll } from "../built/js/govuk-frontend.min.js";
import { startDrafts } from "./drafts.js";
import { startMenus } from "./menus.js";
import { startRefreshing } from "./refresh.js";
import { startShortcuts } from "./shortcuts.js";
import { startShortcutEditor } from "./shortcut_editor.js";

// The packages do nothing without these classes, so that an old browser keeps the plain page.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
startShortcuts();
startShortcutEditor();
startDrafts();
startRefreshing();
startMenus();

const sortable = document.querySelectorAll('[data-module="moj-sortable-table"]');
if (sortable.length > 0) {
  const { SortableTable } = await import("../built/js/moj-frontend.min.js");
  sortable.forEach((table) => new SortableTable(table));
}
