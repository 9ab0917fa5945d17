// Filter the rows that are already on the page; the button beside it still asks the server.
const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
document.addEventListener("input", (event) => {
  const where = event.target.dataset?.filter;
  if (!where) return;
  const wanted = plain(event.target.value);
  let shown = 0;
  for (const row of document.querySelectorAll(`${where} [data-filter-row]`)) {
    row.hidden = wanted !== "" && !plain(row.dataset.filterRow || row.textContent).includes(wanted);
    if (!row.hidden) shown += 1;
  }
  const none = document.querySelector(`${where} [data-filter-none]`);
  if (none) none.hidden = shown > 0;
});
