// Ranked wishes: buttons instead of typed ranks. They write the same fields, so the server reads one thing.
// Ranks stay 1, 2, 2, 3 …: equal means 同样喜欢, and there is never a hole.
const rankField = (wish) => wish.querySelector("input[name^=rank_]");
const rankOf = (wish) => Number.parseInt(rankField(wish).value, 10) || 0;
const BUTTONS = [
  ["choose", "选它"],
  ["up", "更想"],
  ["level", "与上一个同样喜欢"],
  ["drop", "不选"],
];

const chosen = (list) =>
  [...list.querySelectorAll("[data-wish]")].filter(rankOf).sort((a, b) => rankOf(a) - rankOf(b));

// groups: arrays of wishes with the same rank, best first
const groupsOf = (list) => {
  const groups = new Map();
  for (const wish of chosen(list)) groups.set(rankOf(wish), [...(groups.get(rankOf(wish)) ?? []), wish]);
  return [...groups.values()];
};

const write = (list, groups) => {
  for (const wish of list.querySelectorAll("[data-wish]")) rankField(wish).value = "";
  groups.filter((group) => group.length).forEach((group, at) => group.forEach((wish) => (rankField(wish).value = at + 1)));
  draw(list);
  list.dispatchEvent(new Event("change", { bubbles: true }));
};

const draw = (list) => {
  const order = chosen(list);
  let before = null;
  for (const wish of [...order, ...[...list.querySelectorAll("[data-wish]")].filter((one) => !rankOf(one))]) {
    list.append(wish);
    const rank = rankOf(wish);
    wish.classList.toggle("wish--chosen", rank > 0);
    wish.classList.toggle("wish--level", rank > 0 && before !== null && rankOf(before) === rank);
    wish.querySelector("[data-wish-rank]").textContent = rank || "";
    const first = rank > 0 && before === null;
    const alone = rank > 0 && order.filter((other) => rankOf(other) === rank).length === 1;
    for (const button of wish.querySelectorAll("[data-wish-move]")) {
      const move = button.dataset.wishMove;
      button.hidden =
        move === "choose" ? rank > 0 : move === "drop" ? !rank : move === "up" ? !rank || (rank === 1 && alone) : !rank || first || !alone;
    }
    before = rank ? wish : before;
  }
};

const moves = {
  choose: (wish, groups) => [...groups, [wish]],
  drop: (wish, groups) => groups.map((group) => group.filter((one) => one !== wish)),
  up: (wish, groups) => {
    const at = groups.findIndex((group) => group.includes(wish));
    const without = groups.map((group) => group.filter((one) => one !== wish));
    without.splice(groups[at].length > 1 ? at : Math.max(at - 1, 0), 0, [wish]);
    return without;
  },
  level: (wish, groups) => {
    const at = groups.findIndex((group) => group.includes(wish));
    if (at < 1) return groups;
    groups[at - 1].push(wish);
    groups.splice(at, 1);
    return groups;
  },
};

for (const list of document.querySelectorAll("[data-wishes]")) {
  for (const wish of list.querySelectorAll("[data-wish]")) {
    const field = rankField(wish);
    field.type = "hidden";
    const title = wish.querySelector(".wish__title").firstChild.textContent.trim();
    for (const [move, label] of BUTTONS) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button--small";
      button.dataset.wishMove = move;
      button.textContent = label;
      button.setAttribute("aria-label", `${title}：${label}`);
      field.after(button);
    }
    const tools = wish.querySelector(".wish__moves");
    BUTTONS.forEach(([move]) => tools.append(tools.querySelector(`[data-wish-move=${move}]`)));
  }
  draw(list);
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-wish-move]");
    if (!button) return;
    const wish = button.closest("[data-wish]");
    write(list, moves[button.dataset.wishMove](wish, groupsOf(list)));
    wish.querySelector("[data-wish-move]:not([hidden])")?.focus();
  });
}
