// Signing by finger on vendor/signature_pad; the field receives a PNG as a data address. Lines survive turning the phone.
for (const box of document.querySelectorAll("[data-signature]")) {
  if (!window.SignaturePad) continue;
  const canvas = box.querySelector("canvas");
  const field = box.querySelector("input[type=hidden]");
  const state = box.querySelector("[data-signature-state]");
  box.querySelector("[data-signature-frame]").hidden = false;
  box.querySelector("[data-signature-tools]").hidden = false;
  box.querySelector("[data-signature-without]").hidden = true;
  const pad = new window.SignaturePad(canvas, { penColor: "#20261f", minWidth: 1, maxWidth: 3.2 });

  const fit = () => {
    const strokes = pad.toData();
    const ratio = Math.max(window.devicePixelRatio || 1, 2);
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = canvas.clientHeight * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    pad.clear();
    pad.fromData(strokes);
  };
  const keep = () => {
    field.value = pad.isEmpty() ? "" : pad.toDataURL("image/png");
    state.textContent = pad.isEmpty() ? "还没有签名" : "已签名";
  };
  fit();
  new ResizeObserver(fit).observe(canvas);
  pad.addEventListener("endStroke", keep);
  box.querySelector("[data-signature-clear]").addEventListener("click", () => {
    pad.clear();
    keep();
  });
  box.closest("form")?.addEventListener("submit", (event) => {
    const instead = box.dataset.signatureOr && event.target.elements[box.dataset.signatureOr];
    if (!pad.isEmpty() || instead?.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    state.textContent = "请先签名，再提交";
    canvas.scrollIntoView({ block: "center" });
  }, { capture: true });
}
