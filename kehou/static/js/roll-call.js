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

// Unknown children turn red by themselves. The server says in how many seconds, so that neither this device's clock nor
// a clock that the demonstration has moved matters; a telephone that slept looks again when it wakes.
const form = document.querySelector("[data-roll]");
const due = form?.dataset.alarmIn ? Date.now() + Number(form.dataset.alarmIn) * 1000 : Infinity;
const late = () => Date.now() >= due;
let rang = false;

const redden = (row) => {
  const alarms = late() && stateOf(row) === "unknown";
  row.classList.toggle("roll__row--alarm", alarms);
  if (!alarms || row.querySelector(".roll__alarm")) return;
  const said = document.createElement("p");
  said.className = "roll__alarm";
  said.textContent = `开始已过${form.dataset.alarmMinutes}分钟，还没有见到`;
  row.append(said);
};

// Whom to call is asked for only now: until then nobody's telephone number lies on the page.
const fetchWhomToCall = async () => {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const row of document.querySelectorAll("[data-roll-row]")) {
    const name = row.querySelector(".roll__name").id;
    const theirs = page.getElementById(name)?.closest("[data-roll-row]").querySelector(".roll__alarm");
    const mine = row.querySelector(".roll__alarm");
    if (theirs && mine && !mine.querySelector("a")) mine.replaceWith(document.importNode(theirs, true));
  }
};

const watch = () => {
  if (rang || !late()) return;
  rang = true;
  const rows = [...document.querySelectorAll("[data-roll-row]")];
  const missing = rows.filter((row) => stateOf(row) === "unknown");
  rows.forEach(redden);
  if (!missing.length || Number(form.dataset.alarmIn) === 0) return;
  document.querySelector("[data-roll-due]").textContent =
    `开始已过${form.dataset.alarmMinutes}分钟，还有${missing.length}名孩子没有见到，请马上找、打电话。`;
  fetchWhomToCall();
};
const sleepUntilDue = () => {
  watch();
  if (!rang && due !== Infinity) setTimeout(sleepUntilDue, Math.max(250, Math.min(due - Date.now(), 30_000)));
};
for (const woken of ["visibilitychange", "pageshow"]) addEventListener(woken, watch);

const prepareAll = () => {
  document.querySelectorAll("[data-roll-row]").forEach(prepare);
  sum();
};
prepareAll();
sleepUntilDue();
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
  if (rang) redden(row);
  sum();
});
