// A long form one step at a time: <form data-steps> with <section data-step="title">. Without the script it is one page.
for (const form of document.querySelectorAll("form[data-steps]")) {
  const all = [...form.querySelectorAll("[data-step]")];
  const submit = all.at(-1);
  let at = 0;

  // 不参加 asks for nothing more: from the first step straight to the last.
  const declined = () => form.querySelector("[name=joins][value=no]")?.checked;
  const open = () => (declined() ? [all[0], submit] : all);

  const trail = document.createElement("ol");
  trail.className = "errand";
  trail.setAttribute("aria-label", "步骤");
  form.prepend(trail);

  const foot = document.createElement("div");
  foot.className = "form-foot steps__foot";
  const back = document.createElement("button");
  const next = document.createElement("button");
  back.type = next.type = "button";
  back.className = "button";
  next.className = "button button--primary";
  back.textContent = "上一步";
  foot.append(back, next);
  form.append(foot);

  const draw = (focus) => {
    const steps = open();
    at = Math.min(at, steps.length - 1);
    for (const step of all) step.hidden = step !== steps[at];
    trail.replaceChildren(
      ...steps.map((step, number) => {
        const item = document.createElement("li");
        item.className = `errand__item${number < at ? " errand__item--done" : number === at ? " errand__item--now" : ""}`;
        item.textContent = step.dataset.step;
        if (number === at) item.setAttribute("aria-current", "step");
        return item;
      }),
    );
    back.hidden = at === 0;
    next.hidden = at === steps.length - 1;
    next.textContent = steps[at + 1] ? `下一步：${steps[at + 1].dataset.step}` : "";
    if (!focus) return;
    trail.scrollIntoView({ block: "start" });
    steps[at].querySelector("h2, legend, label")?.focus?.();
  };

  next.addEventListener("click", () => {
    const missing = [...open()[at].querySelectorAll("[required]")].find((field) => !field.checkValidity());
    if (missing) {
      missing.reportValidity();
      return;
    }
    at += 1;
    draw(true);
  });
  back.addEventListener("click", () => {
    at -= 1;
    draw(true);
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "joins") draw(false);
  });
  form.addEventListener("keydown", (event) => {
    // Enter in a field goes on; only the button of the last step sends.
    if (event.key !== "Enter" || event.target.matches("textarea, button, [type=submit]") || next.hidden) return;
    event.preventDefault();
    next.click();
  });
  draw(false);
}
