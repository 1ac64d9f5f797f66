// A search field with suggestions: the combobox of the ARIA practices, over /api/v1/users.
import { getJSON, paths } from "../api.js";
import { el, replace, setAttribute } from "../dom.js";
import { plural } from "../format.js";

const suggestions = 8;
const pauseMilliseconds = 120;

/** @param choose called with the id of a user. @returns `{node, input}` */
export const makeChooser = (choose) => {
  const input = el("input", {
    id: "user", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", placeholder: "user id", maxlength: 100,
    "aria-expanded": "false", "aria-controls": "user-list", "aria-autocomplete": "list",
  });
  const list = el("ul", { id: "user-list", role: "listbox", "aria-label": "People", hidden: true });
  let users = [];
  let active = -1;
  let timer = null;
  let asked = 0;

  const close = () => {
    clearTimeout(timer);
    asked += 1;
    list.hidden = true;
    active = -1;
    setAttribute(input, "aria-expanded", "false");
    setAttribute(input, "aria-activedescendant", null);
  };
  const take = (user) => {
    input.value = user;
    close();
    choose(user);
  };
  const activate = (index) => {
    active = index;
    [...list.children].forEach((option, n) => setAttribute(option, "aria-selected", String(n === index)));
    setAttribute(input, "aria-activedescendant", index < 0 ? null : `user-${index}`);
    list.children[index]?.scrollIntoView({ block: "nearest" });
  };
  const option = ({ user, ratings }, index) =>
    // Before the field loses its focus, which would close the list.
    el("li", { id: `user-${index}`, role: "option", "aria-selected": "false", onpointerdown: (event) => {
      event.preventDefault();
      take(user);
    } }, el("b", {}, user), el("span", { class: "muted" }, plural(ratings, "rating")));

  const suggest = async () => {
    const mine = (asked += 1);
    let found = [];
    let refusal = null;
    try {
      found = (await getJSON(paths.users(suggestions, input.value.trim()))).users;
    } catch (error) {
      refusal = error.message;
    }
    if (mine !== asked) return;
    users = found;
    replace(list, users.length ? users.map(option) : el("li", { class: "muted" }, refusal ?? "Nobody with such an id has rated yet. Press Enter to ask all the same."));
    list.hidden = false;
    setAttribute(input, "aria-expanded", "true");
    activate(-1);
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, pauseMilliseconds);
  };

  input.addEventListener("input", soon);
  input.addEventListener("focus", () => input.select());
  input.addEventListener("click", () => list.hidden && soon());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "Enter") {
      const user = users[active]?.user ?? input.value.trim();
      if (user) take(user);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return void suggest();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (users.length) activate((active + step + users.length) % users.length);
    }
  });
  return { node: el("div", { class: "chooser" }, input, list), input };
};
