// One film, and what is like it by the model that answers now.
import { getJSON, paths, post } from "../api.js";
import { el, emptyState, keyed, problemBox, replace, setText } from "../dom.js";
import { figure, plural } from "../format.js";
import { makeCommand } from "../parts/command.js";
import { t } from "../words.js";
import { filmLine, filmLink, genreTags, withYear } from "../parts/films.js";
import { moveMark, movesBetween } from "../parts/moves.js";

const similar = 15;
const found = 30;
const pauseMilliseconds = 200;

const line = filmLine((film) => [
	el("div", { class: "film" }, filmLink(film), genreTags(film.genres, film.taste)),
	film.score !== undefined && el("span", { class: "aside muted" }, el("span", { title: String(film.score) }, figure(film.score)), moveMark(film.move)),
]);

export const mountFilm = () => {
	let id = null;
	let former = null;
	let timer = null;
	const search = el("input", { type: "text", autocomplete: "off", maxlength: 60, placeholder: t`words of a title`, oninput: () => {
		clearTimeout(timer);
		timer = setTimeout(find, pauseMilliseconds);
	} });
	const [problem, results] = [el("div"), el("ul", { class: "films" })];
	const bar = el("div", { class: "card bar-card" }, el("label", { class: "field wide-field" }, t`Film`, search), problem, results);

	const [title, facts] = [el("h2"), el("p", { class: "muted" })];
	const [by, refusal, list] = [el("p", { class: "muted" }), el("div"), el("ol", { class: "films picks" })];
	const command = makeCommand();
	const body = el("section", { class: "card" }, title, facts, el("h3", {}, t`Similar films`), by, refusal, list,
		el("div", { class: "commands" }, el("h3", {}, t`The same in a terminal`), command.node));

	const find = async () => {
		const words = search.value.trim();
		try {
			// Without words, where no film is shown yet, those that most people like.
			const { items } = words ? await getJSON(paths.items(words, found)) : id === null ? await post(paths.foldIn, { history: [], k: found }) : { items: [] };
			if (words !== search.value.trim()) return;
			replace(problem, words && items.length === 0 && emptyState(t`No film has these words in its title.`, t`Try fewer or shorter words.`));
			keyed(results, items.map(({ score, ...film }) => film), ({ item }) => item, line);
		} catch (error) {
			replace(problem, problemBox(error));
		}
	};

	const load = async () => {
		if (id === null) return t`Films`;
		const asked = id;
		command.show(`curl -s '${location.origin}${paths.similar(asked, similar)}'`);
		const [film, near] = await Promise.allSettled([getJSON(paths.item(asked)), getJSON(paths.similar(asked, similar))]);
		if (asked !== id) return t`Films`;
		body.hidden = film.status === "rejected";
		replace(problem, film.status === "rejected" && problemBox(film.reason));
		if (film.status === "rejected") return t`Films`;
		const { genres = [], ratings, mean_rating: mean } = film.value;
		setText(title, withYear(film.value));
		setText(facts, [genres.join(", "), plural(ratings, "rating"), typeof mean === "number" && t`${figure(mean)} stars on average`].filter(Boolean).join(" · "));
		const answer = near.value;
		replace(refusal, near.status === "rejected" ? problemBox(near.reason) : answer.items.length === 0 && emptyState(t`This model knows no films like it.`, t`Kinds of models differ: try again after another was promoted.`));
		const moves = answer && former && former.model.version !== answer.model.version ? movesBetween(former.items, answer.items).moves : null;
		setText(by, answer ? t`by version ${answer.model.version} of ${answer.model.name} · marked: genres in common` : "");
		keyed(list, (answer?.items ?? []).map((each) => ({ ...each, taste: genres, move: moves?.get(each.item) })), ({ item }) => item, line);
		if (answer) former = answer;
		return withYear(film.value);
	};

	const show = async (item) => {
		if ((item ?? null) !== id) former = null;
		id = item ?? null;
		search.value = "";
		body.hidden = id === null;
		replace(problem);
		find();
		return load();
	};
	return { node: el("div", {}, bar, body), show, refresh: load, versionsChanged() {} };
};
