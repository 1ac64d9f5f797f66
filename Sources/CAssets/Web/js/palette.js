// The command palette (Ctrl-K): goes anywhere and tells the clock, by a few letters. Fetched when it is first wanted.
import { announce } from "./announce.js";
import { getJSON, paths, post } from "./api.js";
import { el, keyed, problemBox, replace, setAttribute, setText } from "./dom.js";
import { longDay, plural } from "./format.js";
import { go, pages, to } from "./router.js";
import { t } from "./words.js";

const most = 40;
const pauseMilliseconds = 150;

const kinds = {
	page: t`page`, action: t`action`, pipeline: t`pipeline`, experiment: t`experiment`, model: t`model`, person: t`person`, film: t`film`,
};

const order = (body) => async () => {
	const replay = await post(paths.replay, body);
	announce(t`The clock stands at ${longDay(replay.now)}`);
};

/** What is there before anything is asked of the server. `run` may throw the API's refusal, which is then shown. */
const fixed = (more) => [
	...pages.map(({ path, name }) => ({ kind: "page", label: name, run: () => go(path) })),
	{ kind: "action", label: t`Play the clock`, run: order({ action: "play" }) },
	{ kind: "action", label: t`Pause the clock`, run: order({ action: "pause" }) },
	{ kind: "action", label: t`Step one day`, run: order({ action: "step", days: 1 }) },
	{ kind: "action", label: t`Be a person and rate films`, run: () => go(to("recommend", "you")) },
	...more,
];

const named = async () => {
	const [pipelines, experiments, models] = await Promise.allSettled([getJSON(paths.pipelines), getJSON(paths.experiments("active")), getJSON(paths.models)]);
	return [
		...(pipelines.value?.pipelines ?? []).map(({ id, description }) => ({ kind: "pipeline", label: id, note: description, run: () => go(to("pipelines", id)) })),
		...(experiments.value?.experiments ?? []).map(({ id, name, runs }) => ({ kind: "experiment", label: name, note: plural(runs, "run"), id, run: () => go(to("experiments", id)) })),
		...(models.value?.models ?? []).map(({ name, versions }) => ({ kind: "model", label: name, note: plural(versions, "version"), run: () => go(to("models", name)) })),
	];
};

/** People and films, by what was typed. */
const sought = async (words, signal) => {
	const [people, films] = await Promise.allSettled([getJSON(paths.users(6, words), signal), getJSON(paths.items(words, 8), signal)]);
	return [
		...(people.value?.users ?? []).map(({ user, ratings }) => ({ kind: "person", label: user, note: plural(ratings, "rating"), run: () => go(to("recommend", "users", user)) })),
		...(films.value?.items ?? []).map(({ item, title, genres }) => ({ kind: "film", label: title ?? t`item ${item}`, note: genres.join(", "), id: item, run: () => go(to("recommend", "items", item)) })),
	];
};

/** How well an entry fits: 0 the beginning, 1 the beginning of a word, 2 anywhere; null not at all. */
const fit = ({ label, kind }, words) => {
	const text = `${label} ${kinds[kind]}`.toLowerCase();
	let worst = 0;
	for (const word of words) {
		const at = text.indexOf(word);
		if (at < 0) return null;
		worst = Math.max(worst, at === 0 ? 0 : /[\p{L}\p{N}]/u.test(text[at - 1]) && !text.includes(` ${word}`) ? 2 : 1);
	}
	return worst;
};

const keyOf = ({ kind, label, id }) => `${kind} ${id ?? label}`;

/** @param more further actions, as `{kind: "action", label, run, opens}`. @returns `open()` */
export const makePalette = (more) => {
	const list = el("ul", { id: "palette-list", role: "listbox", "aria-label": t`Results` });
	const input = el("input", {
		type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list", autocomplete: "off",
		"aria-label": t`Go to or do`, placeholder: t`Go to a page, pipeline, experiment, model, person or film, or tell the clock…`, maxlength: 100,
	});
	const refusal = el("div");
	const status = el("p", { class: "muted", role: "status" });
	const dialog = el("dialog", { class: "palette", "aria-label": t`Command palette` }, input, refusal, list, status);
	document.body.append(dialog);

	let entries = fixed(more);
	let [found, foundFor] = [[], ""];
	let [shown, chosen] = [[], 0];
	let [asking, timer] = [null, null];

	const mark = () => {
		[...list.children].forEach((node, n) => setAttribute(node, "aria-selected", String(n === chosen)));
		const node = list.children[chosen];
		setAttribute(input, "aria-activedescendant", node?.id);
		node?.scrollIntoView({ block: "nearest" });
	};
	const option = (entry) => {
		const node = el("li", { role: "option", id: `palette-${keyOf(entry).replace(/[^\w-]/g, (each) => `_${each.codePointAt(0)}`)}` },
			el("span", { class: "label" }, entry.label), entry.note && el("span", { class: "muted note" }, entry.note), el("span", { class: "muted kind" }, kinds[entry.kind]));
		node.addEventListener("click", () => run(entry));
		return node;
	};
	const draw = () => {
		const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
		const fitting = entries.map((entry) => ({ entry, rank: fit(entry, words) })).filter(({ rank }) => rank !== null).sort((a, b) => a.rank - b.rank);
		// What the server found fits by its own rules.
		shown = [...fitting.map(({ entry }) => entry), ...(foundFor === input.value.trim() ? found : [])].slice(0, most);
		chosen = 0;
		keyed(list, shown, keyOf, option);
		mark();
		setText(status, shown.length === 0 ? t`Nothing has these letters.` : "");
	};
	const run = async (entry) => {
		replace(refusal);
		// What opens something of its own wants this out of the way.
		if (entry.opens) dialog.close();
		try {
			await entry.run();
			dialog.close();
		} catch (error) {
			replace(refusal, problemBox(error));
		}
	};
	const seek = async () => {
		const words = input.value.trim();
		asking?.abort();
		asking = new AbortController();
		if (words === "") return;
		const { signal } = asking;
		const answer = await sought(words, signal);
		if (signal.aborted) return;
		[found, foundFor] = [answer, words];
		draw();
	};

	input.addEventListener("input", () => {
		draw();
		clearTimeout(timer);
		timer = setTimeout(seek, pauseMilliseconds);
	});
	input.addEventListener("keydown", (event) => {
		const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
		if (step && shown.length > 0) {
			event.preventDefault();
			const isFar = Math.abs(step) > 1;
			chosen = isFar ? Math.max(0, Math.min(shown.length - 1, chosen + step)) : (chosen + step + shown.length) % shown.length;
			mark();
		} else if (event.key === "Enter" && shown[chosen] && !event.isComposing) {
			event.preventDefault();
			run(shown[chosen]);
		}
	});
	dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());

	return async () => {
		if (dialog.open) return dialog.close();
		input.value = "";
		replace(refusal);
		draw();
		dialog.showModal();
		entries = [...fixed(more), ...(await named())];
		draw();
	};
};
