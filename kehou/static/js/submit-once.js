// A form is sent once: the second press of an impatient thumb does nothing until the answer is here.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-submit-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter ?? form.querySelector("[type=submit]");
  if (!button) return;
  // After this turn: a disabled button's own name and value would not be sent.
  setTimeout(() => {
    button.dataset.busy = "yes";
    button.setAttribute("aria-disabled", "true");
    if (button.dataset.busyLabel) button.textContent = button.dataset.busyLabel;
  });
});

const release = (form) => {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[data-busy]")) {
    delete button.dataset.busy;
    button.removeAttribute("aria-disabled");
  }
};
// Back from the browser's memory the form can be sent again; so it can after an answer that replaced only a part.
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-sent]");
  if (form) release(form);
});

// A button that may not be pressed stays reachable for the keyboard, so pressing it must do nothing.
document.addEventListener("click", (event) => {
  if (event.target.closest?.("button[aria-disabled=true], a[aria-disabled=true]")) event.preventDefault();
});
