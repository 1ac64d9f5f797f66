// Films as lines of a list: the title, which leads to the film's own page, its genres, and what is told beside them.
import { el, replace } from "../dom.js";
import { to } from "../router.js";
import { t } from "../words.js";

/** From so many stars on a rating says "I like this kind". */
const liked = 4;

/** The taste that ratings show: the genres most frequent among what was liked, at most three. */
export const favourites = (history) => {
	const scores = new Map();
	for (const { genres, rating } of history) {
		for (const genre of genres ?? []) scores.set(genre, (scores.get(genre) ?? 0) + (rating >= liked ? 1 : -0.5));
	}
	return [...scores].filter(([, score]) => score > 0).sort((a, b) => b[1] - a[1]).slice(0, 3).map(([genre]) => genre);
};

/** Titles of MovieLens carry their year already. */
export const withYear = ({ title, year, item }) => (year && title && !title.includes(`(${year})`) ? `${title} (${year})` : (title ?? t`item ${item}`));

export const filmLink = (film) => el("a", { class: "title", href: to("recommend", "items", film.item) }, withYear(film));

/** @param taste genres that are marked */
export const genreTags = (genres, taste = []) =>
	el("span", { class: "genres" }, (genres ?? []).map((genre) => el("span", { class: taste.includes(genre) ? "match" : "muted" }, genre)));

/**
 * For `keyed`: a line that is drawn anew only when what it shows has changed.
 * @param draw returns what a film's line holds
 */
export const filmLine = (draw) => () => {
	const node = el("li");
	let drawn;
	return { node, update(film) {
		const text = JSON.stringify(film);
		if (text === drawn) return;
		drawn = text;
		replace(node, draw(film));
	} };
};
