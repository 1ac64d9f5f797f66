// Somebody of the data: what they rated lately, beside what they are recommended.
import { getJSON, paths } from "../api.js";
import { button, el, emptyState, keyed, problemBox, replace, setText } from "../dom.js";
import { plural, shortDay, stars } from "../format.js";
import { go, to } from "../router.js";
import { t } from "../words.js";
import { makeChooser } from "../parts/chooser.js";
import { makeControls } from "./controls.js";
import { favourites, filmLine, filmLink, genreTags } from "../parts/films.js";
import { makeLists } from "../parts/lists.js";
import { addressWith } from "./question.js";

const shownRatings = 12;
const listedPeople = 24;

const rated = filmLine((film) => [
	el("div", { class: "film" }, filmLink(film), genreTags(film.genres, film.taste)),
	el("span", { class: "aside" }, el("span", { class: "stars", role: "img", "aria-label": t`${film.rating} stars` }, stars(film.rating)), el("span", { class: "muted" }, shortDay(film.timestamp))),
]);

export const mountSomebody = () => {
	let user = null;
	let question = { genre: null, versions: [null] };
	let [history, total, isWhole] = [[], 0, false];
	const address = (id, asked = question) => addressWith(to("recommend", "users", id), asked);

	const choose = (id) => go(address(id));
	const chooser = makeChooser(choose);
	const random = async () => {
		try {
			const { users } = await getJSON(paths.users(500));
			const others = users.filter((each) => each.user !== user);
			if (others.length > 0) choose(others[Math.floor(Math.random() * others.length)].user);
			else replace(problem, emptyState(t`Nobody has rated yet.`, t`Let the clock on Today bring a day of ratings.`));
		} catch (error) {
			replace(problem, problemBox(error));
		}
	};
	const bar = el("div", { class: "row" }, el("label", { class: "field", for: "user" }, t`Person`), chooser.nodes, button(t`Random person`, null, random));
	const problem = el("div");

	const people = el("ul", { class: "people" });
	const nobody = el("section", { class: "card" }, el("h2", {}, t`Who rated last`), people);

	const controls = makeControls((asked) => go(address(user, asked), { replaces: true }));
	const lists = makeLists({
		ask: (version, genre, signal) => getJSON(paths.recommendations(user, { version, genre, explain: true }), signal),
		command: (version, genre) => `curl -s '${location.origin}${paths.recommendations(user, { version, genre, explain: true })}'`,
	});
	const [title, ratings] = [el("h2"), el("ul", { class: "films" })];
	const noRatings = el("div");
	const more = button("", "small", () => {
		isWhole = !isWhole;
		drawHistory();
	});
	const body = el("div", { class: "sides" },
		el("section", { class: "card" }, el("h2", {}, t`Recommended`), controls.node, lists.node),
		el("section", { class: "card" }, title, noRatings, ratings, more));

	const drawHistory = () => {
		const taste = favourites(history);
		replace(noRatings, history.length === 0
			? emptyState(t`This person has rated nothing so far.`, t`Ratings arrive with the clock, or by POST /api/v1/feedback.`)
			: taste.length > 0 && el("p", { class: "muted" }, t`Likes, and marked: ${taste.join(", ")}`));
		setText(title, total > 0 ? t`Rated lately, of ${plural(total, "rating")}` : t`Rated lately`);
		keyed(ratings, history.slice(0, isWhole ? history.length : shownRatings).map((film) => ({ ...film, taste })), (film) => film.item, rated);
		more.hidden = history.length <= shownRatings;
		setText(more, isWhole ? t`Show fewer` : t`Show the last ${history.length}`);
	};

	const loadPeople = async () => {
		try {
			const { users } = await getJSON(paths.users(listedPeople));
			replace(problem, users.length === 0 && emptyState(t`Nobody has rated yet.`, t`Let the clock on Today bring a day of ratings.`));
			nobody.hidden = users.length === 0;
			replace(people, users.map((each) => el("li", {}, el("a", { href: address(each.user), title: each.user.length > 20 && each.user }, each.user), el("span", { class: "muted" }, plural(each.ratings, "rating")))));
		} catch (error) {
			replace(problem, problemBox(error));
		}
	};

	const load = async () => {
		if (user === null) return loadPeople();
		const asked = user;
		try {
			// Somebody who never rated may be no resource at all; recommendations they get all the same.
			const person = await getJSON(paths.user(asked, 200)).catch((error) => (error.status === 404 ? { history: [], ratings: 0 } : Promise.reject(error)));
			if (asked !== user) return;
			replace(problem);
			[history, total] = [person.history, person.ratings];
			drawHistory();
		} catch (error) {
			replace(problem, problemBox(error));
		}
		if (asked === user) await lists.show(user, question, favourites(history));
	};

	const show = async (id, asked) => {
		if (id !== user) isWhole = false;
		[user, question] = [id ?? null, asked];
		chooser.input.value = user ?? "";
		nobody.hidden = user !== null;
		body.hidden = user === null;
		controls.show(question);
		controls.refresh();
		await load();
		return user === null ? t`Recommend` : t`Recommended to ${user}`;
	};
	return { node: el("div", {}, el("div", { class: "card bar-card" }, bar, problem), nobody, body), show, refresh: load, versionsChanged: controls.refresh };
};
