// Roll call with one thumb: a large button on each row cycles 未到 → 到 → 请假 → 迟到 and writes the row's radio buttons,
// so that what is sent is the same with and without the script.
const ORDER = ["unknown", "present", "leave", "late"];

const stateOf = (row) => row.querySelector("input:checked")?.value ?? "unknown";
const wordOf = (row) => row.querySelector("input:checked")?.closest("label").textContent.trim() ?? "未到";

const draw = (row) => {
  const tap = row.querySelector("[data-roll-tap]");
  tap.dataset.state = stateOf(row);
  tap.textContent = wordOf(row);
  tap.setAttribute("aria-label", `${row.querySelector(".roll__name").firstChild.textContent.trim()}：${wordOf(row)}，按一下换`);
};

const sum = () => {
  const box = document.querySelector("[data-roll-sum]");
  if (!box) return;
  const states = [...document.querySelectorAll("[data-roll-row]")].map(stateOf);
  for (const state of ORDER) {
    const figure = box.querySelector(`[data-sum=${state}]`);
    if (figure) figure.textContent = states.filter((found) => found === state).length;
  }
};

const prepare = (row) => {
  if (row.querySelector("[data-roll-tap]")) return;
  const tap = document.createElement("button");
  tap.type = "button";
  tap.className = "roll__tap";
  tap.dataset.rollTap = "yes";
  row.querySelector(".roll__states").after(tap);
  row.querySelector(".roll__states").classList.add("visually-hidden");
  row.classList.add("has-tap");
  draw(row);
};

const prepareAll = () => {
  document.querySelectorAll("[data-roll-row]").forEach(prepare);
  sum();
};
prepareAll();
document.addEventListener("htmx:afterSettle", prepareAll);

document.addEventListener("click", (event) => {
  const tap = event.target.closest?.("[data-roll-tap]");
  if (!tap) return;
  const row = tap.closest("[data-roll-row]");
  const next = ORDER[(ORDER.indexOf(stateOf(row)) + 1) % ORDER.length];
  const radio = row.querySelector(`input[value=${next}]`);
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
});
document.addEventListener("change", (event) => {
  const row = event.target.closest?.("[data-roll-row]");
  if (!row) return;
  if (row.querySelector("[data-roll-tap]")) draw(row);
  sum();
});
