// Typed work is not lost by a stray link: the browser asks before leaving a form marked data-dirty.
const changed = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-dirty]")) changed.add(form);
});
addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});

// Nor by a session that ended meanwhile: before typed work is sent, the page asks whether its reader is still signed in.
// If not, it stays, says so, and can be sent once they have signed in again in another window: by the same person only.
// Nothing is kept anywhere but in the page.
const FIELD = "textarea, select, input:not([type=hidden])";
const SIGN_IN = "/sign-in/";
const asking = new WeakSet();
const answered = new WeakSet();

const hold = (form, title, ...words) => {
  form.querySelector(":scope > [data-unsent]")?.remove();
  const box = document.createElement("div");
  box.dataset.unsent = "yes";
  box.setAttribute("role", "alert");
  box.className = "notice notice--refusal";
  const body = document.createElement("div");
  body.className = "notice__body";
  const head = document.createElement("p");
  head.className = "notice__title";
  head.textContent = title;
  const text = document.createElement("p");
  text.append(...words);
  body.append(head, text);
  box.append(body);
  form.append(box);
  box.scrollIntoView({ block: "nearest" });
};

const way = () => {
  const link = document.createElement("a");
  Object.assign(link, { href: SIGN_IN, target: "_blank", rel: "noopener", textContent: "在新窗口登录" });
  return link;
};

const send = (form, submitter) => {
  changed.delete(form);
  answered.add(form);
  form.requestSubmit(submitter);
  answered.delete(form);
};

const ask = async (form, submitter) => {
  let now;
  try {
    const answer = await fetch(`${SIGN_IN}standing/`, { cache: "no-store" });
    now = await answer.json();
  } catch {
    hold(form, "网络不通，还没有提交", "填的内容都还在这一页。连上网后再按一次。");
    return;
  }
  if (now.account !== document.body.dataset.account) {
    const kept = "填的内容都还在这一页。请";
    if (now.account) hold(form, "这台设备换了人登录，还没有提交", kept, "用原来的账号", way(), "，再回到这里提交。");
    else hold(form, "您已经退出登录，还没有提交", kept, way(), "，再回到这里提交。");
    return;
  }
  document.body.dataset.csrf = now.csrf;
  for (const token of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) token.value = now.csrf;
  form.querySelector(":scope > [data-unsent]")?.remove();
  send(form, submitter);
};

addEventListener("submit", (event) => {
  const form = event.target;
  const mine = form.method === "post" && document.body.dataset.account && !form.matches("[hx-post], [hx-get]");
  if (answered.has(form) || form.dataset.sent || !mine || ![...form.elements].some((one) => one.matches(FIELD))) {
    changed.delete(form);
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (asking.has(form)) return;
  asking.add(form);
  ask(form, event.submitter).finally(() => asking.delete(form));
}, { capture: true });
