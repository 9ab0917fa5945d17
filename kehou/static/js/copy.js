// 复制: the button appears only where the browser can do it; the text can always be selected by hand.
const ready = () => {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
};
ready();
document.addEventListener("htmx:afterSettle", ready);
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const label = button.querySelector("[data-copy-label]") ?? button;
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    label.textContent = "已复制";
  } catch {
    label.textContent = "请按住文字复制";
  }
  setTimeout(() => (label.textContent = before), 2500);
});
