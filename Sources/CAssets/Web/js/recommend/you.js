// Be a person whom no model has seen: rate a few films, and what is recommended follows at once (fold-in).
import { getJSON, paths, post, selection } from "../api.js";
import { button, el, emptyState, keyed, problemBox, replace, setText } from "../dom.js";
import { go, to } from "../router.js";
import { t } from "../words.js";
import { makeControls } from "./controls.js";
import { favourites, filmLink, genreTags, withYear } from "../parts/films.js";
import { makeLists } from "../parts/lists.js";
import { addressWith } from "./question.js";
import { makeStars } from "./stars.js";

const offered = 8;
const pauseMilliseconds = 200;
const key = "my-ratings";

const remembered = () => {
	try {
		const films = JSON.parse(localStorage.getItem(key) ?? "[]");
		return Array.isArray(films) ? films.filter(({ item, rating }) => typeof item === "string" && rating >= 1 && rating <= 5) : [];
	} catch {
		return [];
	}
};

const remember = (films) => {
	try {
		localStorage.setItem(key, JSON.stringify(films));
	} catch {
		// Private windows may refuse storage; the ratings then last as long as this page.
	}
};

export const mountYou = () => {
	let mine = remembered();
	let question = { genre: null, versions: [null] };
	let choices = [];
	const ratingOf = ({ item }) => mine.find((film) => film.item === item)?.rating ?? 0;

	const body = (version, genre) => ({ history: mine.map(({ item, rating }) => ({ item, rating })), ...selection({ version, genre, explain: true }) });
	const controls = makeControls((asked) => go(addressWith(to("recommend", "you"), asked), { replaces: true }));
	const lists = makeLists({
		note: () => mine.length === 0 && t`the films most people like, until you rate some`,
		ask: (version, genre, signal) => post(paths.foldIn, body(version, genre), signal),
		// An apostrophe would end the quoted argument; JSON has another way to write it.
		command: (version, genre) => `curl -s '${location.origin}${paths.foldIn}' -H 'Content-Type: application/json' -d '${JSON.stringify(body(version, genre)).replaceAll("'", "\\u0027")}'`,
	});

	const rate = ({ item, title, year, genres }, rating) => {
		const film = mine.find((each) => each.item === item);
		if (film) film.rating = rating;
		else mine = [{ item, title, year, genres, rating }, ...mine];
		changed();
	};
	const changed = () => {
		remember(mine);
		draw();
		lists.show("you", question, favourites(mine));
	};

	const row = (isMine) => (film) => {
		const choice = makeStars(withYear(film), (rating) => rate(film, rating));
		const forget = isMine && button([el("span", { "aria-hidden": "true" }, "×"), el("span", { class: "unseen" }, t`Remove ${withYear(film)}`)], "small", () => {
			mine = mine.filter(({ item }) => item !== film.item);
			changed();
			search.focus();
		});
		const node = el("li", {}, el("div", { class: "film" }, filmLink(film), genreTags(film.genres)), el("div", { class: "aside row" }, choice.node, forget));
		return { node, update: (each) => choice.set(ratingOf(each)) };
	};
	const [offers, ratings] = [el("ul", { class: "films" }), el("ul", { class: "films" })];
	const [noOffers, title] = [el("div"), el("h2")];
	const search = el("input", { type: "text", autocomplete: "off", maxlength: 60, placeholder: t`words of a title`, oninput: () => {
		clearTimeout(timer);
		timer = setTimeout(find, pauseMilliseconds);
	} });
	let timer = null;
	const again = button(t`Start anew`, "small", () => {
		mine = [];
		changed();
	});

	const draw = () => {
		keyed(offers, choices, ({ item }) => item, row(false));
		keyed(ratings, mine, ({ item }) => item, row(true));
		setText(title, mine.length > 0 ? t`Your ratings (${mine.length})` : t`Your ratings`);
		again.hidden = mine.length === 0;
		nothing.hidden = mine.length > 0;
	};
	const nothing = emptyState(t`You have rated nothing yet.`, t`Give stars to a film above: three or four are enough to see the list become yours.`);

	/** Films to rate: those that the words find, or the ones most people like. */
	const find = async () => {
		const words = search.value.trim();
		try {
			const { items } = words ? await getJSON(paths.items(words, offered)) : await post(paths.foldIn, { history: [], k: offered });
			if (words !== search.value.trim()) return;
			choices = items;
			replace(noOffers, items.length === 0 && emptyState(t`No film has these words in its title.`, t`Try fewer or shorter words.`));
			draw();
		} catch (error) {
			replace(noOffers, problemBox(error));
		}
	};

	const node = el("div", { class: "sides you" },
		el("section", { class: "card" }, el("h2", {}, t`Rate a few films`), el("label", { class: "field wide-field" }, t`Find`, search), noOffers, offers,
			el("div", { class: "row between mine" }, title, again), nothing, ratings),
		el("section", { class: "card" }, el("h2", {}, t`Recommended to you`), controls.node, lists.node));

	const show = async (_, asked) => {
		question = asked;
		controls.show(question);
		controls.refresh();
		if (choices.length === 0) find();
		draw();
		await lists.show("you", question, favourites(mine));
		return t`Be a person`;
	};
	return { node, show, refresh: lists.refresh, versionsChanged: controls.refresh };
};
