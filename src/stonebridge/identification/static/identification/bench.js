// Shows only the reasons that go with the chosen answer. Without this, all of them stand on the page.
const form = document.querySelector("[data-judgement]");
const radios = form ? [...form.querySelectorAll('input[name="same_person"]')] : [];

/** Show the reasons of the answer; with ``lead`` the focus goes on to the first of them. */
function show(lead) {
  const chosen = radios.find((radio) => radio.checked)?.value;
  for (const group of form.querySelectorAll("[data-reasons-of]")) {
    const fits = chosen !== undefined && group.dataset.reasonsOf.split(" ").includes(chosen);
    group.hidden = !fits;
    if (!fits) for (const box of group.querySelectorAll("input:checked")) box.checked = false;
    if (fits && lead) group.querySelector("input")?.focus();
  }
}

if (form) {
  let byArrow = false; // arrow keys stay among the answers
  form.addEventListener("keydown", (event) => (byArrow = event.key.startsWith("Arrow")));
  form.addEventListener("pointerdown", () => (byArrow = false));
  for (const radio of radios) radio.addEventListener("change", () => show(!byArrow));
  document.addEventListener("keydown", (event) => {
    if (!form.contains(event.target)) byArrow = false;
  });
  show(false);
}
