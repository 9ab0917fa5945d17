// 每天2课时: fill every weekday of the matrix that may have it. The price is asked of the server, never reckoned here.
for (const tools of document.querySelectorAll("[data-matrix-fill]")) tools.hidden = false;
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-matrix-fill] [data-hours]");
  if (!button) return;
  const matrix = button.closest("[data-matrix-fill]").parentElement.querySelector("[data-matrix]");
  let last = null;
  for (const row of matrix.querySelectorAll("tbody tr")) {
    const open = [...row.querySelectorAll("input:not(:disabled)")];
    const wanted = Number(button.dataset.hours);
    // Where the wanted length would end too late, the longest that may be chosen.
    const cell = open.filter((input) => Number(input.value) <= wanted).sort((a, b) => b.value - a.value)[0];
    if (cell) {
      cell.checked = true;
      last = cell;
    }
  }
  last?.dispatchEvent(new Event("change", { bubbles: true }));
});
