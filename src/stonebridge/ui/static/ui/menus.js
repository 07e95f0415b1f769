// Closes the account menu by Escape or by a click elsewhere, as people expect of a menu.

export function startMenus() {
  const menu = document.querySelector(".sb-account");
  if (!menu) return;
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
