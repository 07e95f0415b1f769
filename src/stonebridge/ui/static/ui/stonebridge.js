// Starts the scripts of a page. Every page works without them.
import { initAll } from "../built/js/govuk-frontend.min.js";

// The packages do nothing without these classes, so that an old browser keeps the plain page.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
