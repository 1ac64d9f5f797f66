// The recommendations themselves: one list or two beside each other, each film with its reasons and with what moved.
import { announce } from "../announce.js";
import { el, emptyState, keyed, problemBox, replace, setText } from "../dom.js";
import { figure } from "../format.js";
import { makeCommand } from "./command.js";
import { to } from "../router.js";
import { t } from "../words.js";
import { filmLine, filmLink, genreTags } from "./films.js";
import { moveMark, movesBetween } from "./moves.js";

const because = (reasons, score) =>
	reasons?.length > 0 && el("span", { class: "because muted" }, t`because of`, " ", reasons.map(({ item, title, weight }, index) => [
		index > 0 && ", ",
		el("a", { href: to("recommend", "items", item), title: t`carries ${figure(weight)} of the score ${figure(score)}` }, title ?? t`item ${item}`),
	]));

const line = filmLine((film) => [
	el("div", { class: "film" }, filmLink(film), genreTags(film.genres, film.taste), because(film.because, film.score)),
	el("span", { class: "aside muted" }, el("span", { title: String(film.score) }, figure(film.score)), moveMark(film.move)),
]);

const makeColumn = () => {
	const heading = el("h3");
	const about = el("p", { class: "muted" });
	const problem = el("div");
	const list = el("ol", { class: "films picks" });
	const node = el("div", {}, el("div", { class: "list-head" }, heading, el("span", { class: "muted" }, t`score`)), about, problem, list);
	const draw = ({ answer, error, version, note }, taste, moves) => {
		const model = answer?.model;
		replace(heading, t`Version ${model?.version ?? version ?? "–"}`, model?.alias && el("span", { class: "badge" }, model.alias));
		const notes = answer && [
			version === null && t`answers now`,
			note,
			answer.user !== null && !answer.known && t`doesn't know this person: the films most people like`,
			answer.explained === false && t`this kind of model cannot say why`,
			answer.ignored_items?.length > 0 && t`has never seen ${answer.ignored_items.length} of the rated films`,
		].filter(Boolean);
		setText(about, notes?.join(" · ") ?? "");
		replace(problem, error && problemBox(error), answer?.items.length === 0 && emptyState(t`No film is left.`, t`Choose another genre, or all of them.`));
		keyed(list, (answer?.items ?? []).map((film) => ({ ...film, taste, move: moves?.get(film.item) })), (film) => film.item, line);
	};
	return { node, draw };
};

/** Whether two answers list the same films in the same order. */
const isAlike = (a, b) => a.items.length === b.items.length && a.items.every(({ item }, place) => item === b.items[place].item);

const between = ({ common, moved }, length) =>
	moved > 0 ? t`${common} of ${length} films are in both lists, ${moved} of them at another place.` : t`${common} of ${length} films are in both lists, at the same places.`;

/**
 * @param ask `(version, genre, signal)` → the API's answer; `version: null` is the one that answers now
 * @param command `(version, genre)` → the command that asks for the same
 * @param note what is to be said beside the version, or nothing
 * @returns `{node, show(subject, question, taste), refresh()}`; `subject` names whom it is for: of another nothing "moved".
 */
export const makeLists = ({ ask, command, note }) => {
	const summary = el("p", { class: "moved" });
	const columns = [makeColumn(), makeColumn()];
	const codes = [makeCommand(), makeCommand()];
	const commands = el("div", { class: "commands" }, el("h3", {}, t`The same in a terminal`), codes.map((code) => code.node));
	const pair = el("div", { class: "lists" }, columns.map(({ node }) => node));
	const node = el("div", {}, summary, pair, commands);

	let question = { genre: null, versions: [null] };
	let [subject, taste] = ["", []];
	let asking = null;
	/** What is shown, and what was shown before it for the same question. */
	let [shown, former] = [null, null];
	let key = "";

	const drawPair = ([one, other]) => {
		if (!one.answer || !other.answer) {
			setText(summary, "");
			columns.forEach((column, n) => column.draw([one, other][n], taste));
			return;
		}
		const found = movesBetween(one.answer.items, other.answer.items);
		setText(summary, between(found, one.answer.items.length));
		columns[0].draw(one, taste, new Map(found.gone.map((item) => [item, { kind: "gone" }])));
		columns[1].draw(other, taste, found.moves);
	};

	const drawOne = (result) => {
		const { answer } = result;
		if (answer && shown && !isAlike(answer, shown)) former = shown;
		const found = answer && former && movesBetween(former.items, answer.items);
		const isFresh = answer && shown && !isAlike(answer, shown);
		if (answer) shown = answer;
		const [before, now] = [former?.model.version, answer?.model.version];
		const [fresh, moved] = found ? [answer.items.length - found.common, found.moved] : [0, 0];
		const text = !found ? "" : before === now ? t`Since the list before: ${fresh} new, ${moved} at another place.` : t`Version ${before} → ${now}: ${fresh} new, ${moved} at another place.`;
		setText(summary, text);
		if (isFresh) announce(text);
		columns[0].draw(result, taste, found?.moves);
	};

	const load = async () => {
		asking?.abort();
		const mine = (asking = new AbortController());
		const { genre, versions } = question;
		versions.forEach((version, n) => codes[n].show(command(version, genre)));
		const results = await Promise.all(versions.map((version) =>
			ask(version, genre, mine.signal).then((answer) => ({ version, answer, note: note?.() }), (error) => ({ version, error }))));
		if (mine !== asking || results.some(({ error }) => error?.name === "AbortError")) return;
		if (results.length > 1) drawPair(results);
		else drawOne(results[0]);
		summary.hidden = summary.textContent === "";
	};

	const show = (whom, next, likes) => {
		[subject, question, taste] = [whom, next, likes];
		const now = JSON.stringify([subject, question]);
		if (now !== key) [shown, former] = [null, null];
		key = now;
		const isPair = question.versions.length > 1;
		columns[1].node.hidden = codes[1].node.hidden = !isPair;
		pair.classList.toggle("two", isPair);
		return load();
	};
	return { node, show, refresh: load };
};
