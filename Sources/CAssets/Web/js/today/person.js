// One person: what they rated lately, and beside it what they are recommended, by which version.
import { announce } from "../announce.js";
import { getJSON, paths } from "../api.js";
import { button, byId, copyButton, el, emptyState, keyed, problemBox, replace, setText } from "../dom.js";
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
	return [...scores].filter(([, score]) => score > 0).sort((a, b) => b[1] - a[1]).slice(0, 3).map(([genre]) => genre);
};

/** Titles of MovieLens carry their year already. */
const withYear = ({ title, year, item }) => (year && !title?.includes(`(${year})`) ? `${title} (${year})` : (title ?? `item ${item}`));

const line = (film) =>
	el("li", { class: film.isNew && "fresh" },
		el("div", {}, el("span", { class: "title" }, withYear(film)), el("span", { class: "genres" },
			(film.genres ?? []).map((genre) => el("span", { class: film.taste.includes(genre) ? "match" : "muted" }, genre)))),
		film.rating && el("span", { class: "aside" },
			el("span", { class: "stars", role: "img", "aria-label": `${film.rating} stars` }, stars(film.rating)),
			el("span", { class: "muted" }, shortDay(film.timestamp))));

const userOfAddress = () => new URLSearchParams(location.hash.slice(1)).get("user");

export const mountPerson = () => {
	const refusal = el("div");
	const historyTitle = el("h3");
	const historyList = el("ul", { class: "films" });
	const noHistory = el("div");
	const by = el("p", { class: "muted" });
	const picks = el("ol", { class: "films picks" });
	const command = el("code", { tabindex: 0 });
	const body = el("div", { hidden: true },
		el("div", { class: "pair" }, el("div", {}, historyTitle, noHistory, historyList), el("div", {}, el("h3", {}, "Recommended"), by, picks)),
		el("div", { class: "row curl" }, command, copyButton("Copy", () => command.textContent)));
	let user = null;
	/** The answer before this one, for the same person. */
	let former = null;
	let asking = null;

	const draw = (person, answer) => {
		const rated = person?.history ?? [];
		const taste = favourites(rated);
		setText(historyTitle, `Rated lately${person?.ratings ? `, of ${plural(person.ratings, "rating")}` : ""}`);
		replace(noHistory, rated.length === 0 && emptyState("This person has rated nothing so far.", "Ratings arrive with the clock, or by POST /api/v1/feedback."));
		keyed(historyList, rated.slice(0, shown).map((film) => ({ ...film, taste })), JSON.stringify, line);

		const { model, items, known } = answer;
		const isOther = former && former.model.version !== model.version;
		const isNew = ({ item }) => isOther && !former.items.some((each) => each.item === item);
		replace(by, `by version ${model.version} of ${model.name}`, !known && ", which doesn't know this person: the films most people like",
			taste.length > 0 && ` · marked: ${taste.join(", ")}`);
		keyed(picks, items.map((film) => ({ ...film, score: null, taste, isNew: isNew(film) })), JSON.stringify, line);
		if (isOther && byId("person").contains(document.activeElement)) announce(`Recommendations now by version ${model.version}`);
		former = answer;
	};

	const load = async () => {
		asking?.abort();
		const mine = (asking = new AbortController());
		const recommendations = paths.recommendations(user, shown);
		setText(command, `curl -s '${location.origin}${recommendations}'`);
		if (!state.serving?.model) {
			body.hidden = true;
			replace(refusal, emptyState("No model answers yet.", "Press Play or Step: the first day's run trains, promotes and loads one."));
			return;
		}
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
		former = null;
		chooser.input.value = id;
		history.replaceState(null, "", `#${new URLSearchParams({ user: id })}`);
		load();
	};
	/** One of the `among` people who rated last. */
	const chooseOne = async (among) => {
		try {
			const { users } = await getJSON(paths.users(among));
			const others = users.filter((each) => each.user !== user);
			if (others.length) choose(others[Math.floor(Math.random() * others.length)].user);
			else if (user === null) replace(refusal, emptyState("Nobody has rated yet.", "Press Play, or Step to let one day of ratings arrive."));
		} catch (error) {
			replace(refusal, problemBox(error));
		}
	};
	const chooser = makeChooser(choose);
	byId("person-title").after(el("div", { class: "row" }, el("label", { class: "field", for: "user" }, "Person"), chooser.nodes,
		button("Random person", null, () => chooseOne(500))));
	byId("person").append(refusal, body);

	const fromAddress = () => {
		const named = userOfAddress();
		if (named && named !== user) choose(named);
		return named;
	};
	addEventListener("hashchange", fromAddress);

	// A new version, or a new day with new ratings: at full speed not more often than a person can look.
	const refresh = throttled(1500, () => (user === null ? fromAddress() ?? chooseOne(1) : load()));
	let seen = "";
	watch(["serving", "replay"], () => {
		const now = `${state.serving?.model?.version} ${state.replay?.now}`;
		if (now === seen || !state.serving) return;
		seen = now;
		refresh();
	});
};
