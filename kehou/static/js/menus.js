// Menus are details elements; the script only closes them when one looks elsewhere.
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (menu !== except) menu.open = false;
};
document.addEventListener("click", (event) => closeMenus(event.target.closest?.("details[data-menu]")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  closeMenus();
  menu?.querySelector("summary").focus();
});

// An error summary takes the focus, so that it is read out and seen.
document.querySelector("[data-focus]")?.focus();

// What is folded is printed all the same: unfold for the printer, fold again afterwards.
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details:not([data-menu], [open])")) {
    fold.dataset.unfolded = "yes";
    fold.open = true;
  }
});
addEventListener("afterprint", () => {
  for (const fold of document.querySelectorAll("details[data-unfolded]")) {
    delete fold.dataset.unfolded;
    fold.open = false;
  }
});
