// Repeats a published draw in the reader's own browser: fetches the record of [data-draw-check] and says what is wrong, or
// that nothing is; of a refill round also whether it follows from the draw [data-draw-before]. The family's own receipt may be
// added; it is read here and sent nowhere.
import { changesOf, verify, verifyFollows, verifyReceipt } from "./verify.js";

const box = document.querySelector("[data-draw-check]");

function say(kind, lines) {
  const list = box.querySelector("[data-draw-answer]");
  list.replaceChildren(
    ...lines.map((text) => Object.assign(document.createElement("p"), { textContent: text })),
  );
  list.className = `notice notice--${kind}`;
  list.hidden = false;
}

async function check() {
  say("wait", ["正在重算…"]);
  const began = performance.now();
  try {
    const read = async (address) => (await fetch(address)).json();
    const record = await read(box.dataset.drawCheck), { drawBefore } = box.dataset;
    const file = box.querySelector("input[type=file]").files[0];
    const follows = drawBefore ? verifyFollows(record, await read(drawBefore)) : [];
    const faults = [...verify(record), ...follows, ...(file ? verifyReceipt(record, JSON.parse(await file.text())) : [])];
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    if (faults.length) say("refusal", ["对不上：", ...faults.slice(0, 20).map((fault) => fault.why)]);
    else {
      const receipt = file ? "您的回执也在里面，没有被改动。" : "", changes = changesOf(record);
      const later = changes.length ? [`摇号以后另有${changes.length}处更改，都写着原因：`, ...changes] : [];
      say("done", [`重算一遍，全部对得上（用时${seconds}秒）。${receipt}`, ...later]);
    }
  } catch (error) {
    say("refusal", [`没有算成：${error.message}`]);
  }
}

if (box) {
  box.hidden = false;
  box.querySelector("button").addEventListener("click", check);
}
