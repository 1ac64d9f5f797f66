// One person: what they rated lately, and beside it what they are recommended, by which version.
import { announce } from "../announce.js";
import { getJSON, paths } from "../api.js";
import { byId, copyButton, el, emptyState, keyed, problemBox, replace, setText } from "../dom.js";
import { plural, shortDay, stars } from "../format.js";
import { state, throttled, watch } from "../store.js";
import { makeChooser } from "./chooser.js";

const shown = 10;
/** From so many stars on a rating says "I like this kind". */
const liked = 4;

/** The person's taste: the genres most frequent among what they liked, at most three. */
const favourites = (history) => {
  const scores = new Map();
  for (const { genres, rating } of history) {
    for (const genre of genres ?? []) scores.set(genre, (scores.get(genre) ?? 0) + (rating >= liked ? 1 : -0.5));
  }
  return new Set([...scores].filter(([, score]) => score > 0).sort((a, b) => b[1] - a[1]).slice(0, 3).map(([genre]) => genre));
};

const genreList = (genres, taste) => (genres ?? []).map((genre) => el("span", { class: taste.has(genre) ? "genre match" : "genre" }, genre));

/** Titles of MovieLens carry their year already. */
const withYear = ({ title, year, item }) => (year && !title?.includes(`(${year})`) ? `${title} (${year})` : (title ?? `item ${item}`));

const line = (item, aside) =>
  el("li", { class: item.isNew ? "fresh" : null },
    el("div", {}, el("span", { class: "title" }, withYear(item)), el("span", { class: "genres" }, genreList(item.genres, item.taste))),
    el("span", { class: "aside" }, aside));

/** A line is drawn anew when anything of it is new. */
const lineKey = ({ item, rating, timestamp, taste, isNew }) => JSON.stringify([item, rating, timestamp, [...taste], isNew]);

const rated = (entry) => [
  el("span", { class: "stars", role: "img", "aria-label": `${entry.rating} stars` }, stars(entry.rating)),
  el("span", { class: "muted" }, shortDay(typeof entry.timestamp === "number" ? new Date(entry.timestamp * 1000).toISOString() : entry.timestamp)),
];

const userOfAddress = () => new URLSearchParams(location.hash.slice(1)).get("user");

export const mountPerson = () => {
  const refusal = el("div");
  const historyTitle = el("h3", {}, "Rated lately");
  const historyList = el("ul", { class: "films" });
  const noHistory = el("div");
  const pickTitle = el("h3", {}, "Recommended");
  const by = el("p", { class: "muted" });
  const picks = el("ol", { class: "films picks" });
  const command = el("code", { tabindex: 0 });
  const body = el("div", {}, el("div", { class: "pair" }, el("div", {}, historyTitle, noHistory, historyList), el("div", {}, pickTitle, by, picks)),
    el("div", { class: "row curl" }, command, copyButton("Copy", () => command.textContent)));
  let user = null;
  let former = new Set();
  let formerVersion = null;
  let asking = null;

  const draw = (person, answer) => {
    const taste = favourites(person?.history ?? []);
    const history = (person?.history ?? []).slice(0, shown);
    setText(historyTitle, person?.ratings ? `Rated lately, of ${plural(person.ratings, "rating")}` : "Rated lately");
    replace(noHistory, history.length === 0 && emptyState("This person has rated nothing so far.", "Ratings arrive with the clock, or by POST /api/v1/feedback."));
    keyed(historyList, history.map((entry) => ({ ...entry, taste })), lineKey, (entry) => line(entry, rated(entry)));

    const { model, items } = answer;
    const isOther = formerVersion !== null && formerVersion !== model.version;
    replace(by, `by version ${model.version} of ${model.name}`, !answer.known && ", which doesn't know this person: the films most people like",
      taste.size > 0 && [" · marked: ", [...taste].join(", ")]);
    keyed(picks, items.map((item) => ({ ...item, taste, isNew: isOther && !former.has(item.item) })), lineKey, (item) => line(item));
    former = new Set(items.map((item) => item.item));
    if (isOther && byId("person").contains(document.activeElement)) announce(`Recommendations now by version ${model.version}`);
    formerVersion = model.version;
  };

  const load = async () => {
    if (user === null) return;
    asking?.abort();
    const mine = (asking = new AbortController());
    const recommendations = paths.recommendations(user, shown);
    setText(command, `curl -s '${location.origin}${recommendations}'`);
    try {
      const [person, answer] = await Promise.all([
        // Somebody who never rated may be no resource at all; recommendations they get all the same.
        getJSON(paths.user(user, 50), mine.signal).catch((error) => (error.status === 404 ? null : Promise.reject(error))),
        getJSON(recommendations, mine.signal),
      ]);
      if (mine !== asking) return;
      replace(refusal);
      body.hidden = false;
      draw(person, answer);
    } catch (error) {
      if (error.name === "AbortError") return;
      body.hidden = true;
      replace(refusal, problemBox(error));
    }
  };
  const choose = (id) => {
    user = id;
    former = new Set();
    formerVersion = null;
    chooser.input.value = id;
    history.replaceState(null, "", `#${new URLSearchParams({ user: id })}`);
    load();
  };
  const chooser = makeChooser(choose);
  const random = el("button", { type: "button" }, "Random person");
  random.addEventListener("click", async () => {
    try {
      const { users } = await getJSON(paths.users(500));
      const others = users.filter((each) => each.user !== user);
      if (others.length) choose(others[Math.floor(Math.random() * others.length)].user);
    } catch (error) {
      replace(refusal, problemBox(error));
    }
  });
  byId("person-title").after(el("div", { class: "row" }, el("label", { class: "field", for: "user" }, el("span", {}, "Person")), chooser.nodes, random));
  byId("person").append(refusal, body);
  body.hidden = true;

  addEventListener("hashchange", () => {
    const named = userOfAddress();
    if (named && named !== user) choose(named);
  });
  const begin = async () => {
    const named = userOfAddress();
    if (named) return choose(named);
    try {
      const { users } = await getJSON(paths.users(1));
      if (users.length && user === null) choose(users[0].user);
      else if (user === null) replace(refusal, emptyState("Nobody has rated yet.", "Press Play, or Step to let one day of ratings arrive."));
    } catch (error) {
      replace(refusal, problemBox(error));
    }
  };

  // A new version, or a new day with new ratings: at full speed not more often than a person can look.
  const refresh = throttled(1500, () => (user === null ? begin() : load()));
  let seen = "";
  watch(["serving", "replay"], () => {
    const now = `${state.serving?.model?.version} ${state.replay?.now}`;
    if (now === seen || !state.serving) return;
    seen = now;
    refresh();
  });
};
