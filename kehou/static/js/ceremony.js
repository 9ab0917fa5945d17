// 现场见证: what a witness writes is hashed here and wiped; only the seal is sent. A word that is too short is not sealed.
import { digest, hex, utf8 } from "./sha256.js";

for (const form of document.querySelectorAll("form[data-seal]")) {
  const word = form.querySelector("[data-word]"), again = form.querySelector("[data-again]");
  const seal = form.elements.seal, least = Number(form.dataset.seal);
  form.querySelector("[data-word-part]").hidden = false;
  // Before "sent once" hears of it: a form that is held back here has not been sent.
  form.addEventListener(
    "submit",
    (event) => {
      if (!word.value && seal.value) return;
      const text = word.value;
      const why =
        [...text].length < least ? `至少${least}个字符，现在${[...text].length}个。`
        : text !== again.value ? "两遍写的不一样，请再写一遍。"
        : text !== text.trim() ? "开头和结尾不要空格，揭开时容易写错。"
        : text.includes("|") ? "请不要用竖线。"
        : "";
      word.setCustomValidity(why);
      if (why) {
        event.preventDefault();
        event.stopImmediatePropagation();
        word.reportValidity();
        return;
      }
      seal.value = hex(digest(utf8(text)));
      word.value = again.value = "";
    },
    true,
  );
  word.addEventListener("input", () => word.setCustomValidity(""));
}
