// htmx: the token with every request, and the server's own words when it says no.
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.body.dataset.csrf ?? "";
});

const say = (element, content) => {
  const near = element.closest("form, .sheet, .listing, .content") ?? document.querySelector("#main");
  near.querySelector(":scope > [data-exchange-error]")?.remove();
  const box = document.createElement("div");
  box.dataset.exchangeError = "yes";
  box.setAttribute("role", "alert");
  box.className = "notice notice--refusal";
  const body = document.createElement("div");
  body.className = "notice__body";
  body.append(content);
  box.append(body);
  near.prepend(box);
  box.scrollIntoView({ block: "nearest" });
};

document.addEventListener("htmx:responseError", (event) => {
  const { xhr, elt } = event.detail;
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const part = page.querySelector("[data-error-part]");
  if (part) {
    part.querySelectorAll("script, .failure__code").forEach((unwanted) => unwanted.remove());
    say(elt, document.adoptNode(part));
  } else {
    say(elt, "没有办成，内容未作改动。请刷新页面再试。");
  }
});
for (const lost of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(lost, (event) => say(event.detail.elt, "网络不通，还没有保存。连上网后再按一次。"));
}
document.addEventListener("htmx:beforeRequest", (event) => {
  document.querySelectorAll("[data-exchange-error]").forEach((box) => box.remove());
});
