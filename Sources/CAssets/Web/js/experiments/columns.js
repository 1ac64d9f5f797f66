// The columns of the runs' table: metrics and params first; which of them is chosen by hand and remembered.
import { button, el, replace } from "../dom.js";
import { showDialog } from "../dialog.js";
import { inOrder, measure, measureName, paramText, wish } from "../parts/measures.js";
import { t } from "../words.js";
import { exactMoment, madeBy, moment, noteTag, personOf, quotedKey, took } from "./names.js";
import { to } from "../router.js";

const fewMetrics = 4;
const fewParams = 3;
/** A list to choose from needs no more; the rest is found by letters. */
const listed = 60;

const others = {
	start: { label: t`Began`, order: "attributes.start_time", cell: ({ start }) => el("span", { title: exactMoment(start) }, moment(start)) },
	took: { label: t`Took`, kind: "number", cell: (run) => took(run) || "–" },
	by: { label: t`Made by`, order: "attributes.user_id", cell: (run) => (madeBy(run) ? el("a", { href: to("pipelines", madeBy(run).pipeline, "runs", madeBy(run).run) }, t`pipeline ${madeBy(run).pipeline}`) : personOf(run.user) ?? "–") },
	data: { label: t`Data`, cell: ({ datasets }) => (datasets.length > 0 ? el("span", { title: datasets.map(({ name, digest }) => `${name} ${digest}`).join(", ") }, [...new Set(datasets.map(({ name }) => name))].join(", ")) : "–") },
	source: { label: t`Source`, cell: ({ tags }) => tags["mlflow.source.name"] ?? "–" },
	note: { label: t`Note`, cell: ({ tags }) => cut(tags[noteTag]) },
	id: { label: t`Run id`, order: "attributes.run_id", cell: ({ id }) => el("code", { title: id }, id.slice(0, 8)) },
};

const cut = (text, tell = String) => (text === undefined ? "–" : el("span", { class: "cut", title: text }, tell(text)));

/** What the runs hold, by kind. */
const keysOf = (runs) => {
	const [metrics, params, tags] = [new Set(), new Set(), new Set()];
	for (const run of runs) {
		for (const key of Object.keys(run.metrics)) metrics.add(key);
		for (const key of Object.keys(run.params)) params.add(key);
		for (const key of Object.keys(run.tags)) tags.add(key);
	}
	return { metrics: inOrder(metrics), params: [...params].sort(), tags: [...tags].filter((key) => key !== noteTag).sort() };
};

/** What people look for first among params that do not differ. */
const telling = ["factors", "learning_rate", "lr", "regularization", "alpha", "algorithm"];
const rank = (key) => (telling.includes(key.split("/").at(-1)) ? telling.indexOf(key.split("/").at(-1)) : telling.length);

/** The metrics that most runs have, and those params in which the runs differ. */
const standard = (runs, { metrics, params }) => {
	const isCommon = (key) => runs.filter((run) => key in run.metrics).length * 3 >= runs.length;
	const common = [...metrics.filter(isCommon), ...metrics.filter((key) => !isCommon(key))];
	const differing = params.filter((key) => new Set(runs.map((run) => run.params[key])).size > 1);
	const chosen = (differing.length > 0 ? differing : [...params].sort((a, b) => rank(a) - rank(b))).slice(0, fewParams);
	return [...common.slice(0, fewMetrics).map((key) => `metric:${key}`), ...chosen.map((key) => `param:${key}`), "other:start", "other:took", "other:by"];
};

const split = (id) => [id.slice(0, id.indexOf(":")), id.slice(id.indexOf(":") + 1)];

const kindRank = (id) => ["metric", "param", "other", "tag"].indexOf(split(id)[0]);

/** @param best the best value of each metric, by its name */
const makeColumn = (id, best) => {
	const [kind, key] = split(id);
	const column = { key: id, label: key, title: key };
	if (kind === "metric") {
		const cell = ({ metrics }) => {
			const value = metrics[key]?.value;
			if (value === undefined) return "–";
			const isBest = value === best[key];
			return el("span", { class: isBest ? "best" : null, title: value }, measure(value), isBest && el("span", { class: "unseen" }, t` (best)`));
		};
		return { ...column, label: measureName(key), title: [key, wish(key)].filter(Boolean).join(": "), kind: "number", canSort: true, order: `metrics.${quotedKey(key)}`, cell };
	}
	if (kind === "param") return { ...column, kind: "param", canSort: true, order: `params.${quotedKey(key)}`, cell: ({ params }) => cut(params[key], paramText) };
	if (kind === "tag") return { ...column, canSort: true, order: `tags.${quotedKey(key)}`, cell: ({ tags }) => cut(tags[key]) };
	const other = kind === "other" && Object.hasOwn(others, key) ? others[key] : null;
	return other && { ...column, title: null, canSort: Boolean(other.order), ...other };
};

const storageKey = (experiment) => `columns:${experiment}`;
const remembered = (experiment) => {
	try {
		const list = JSON.parse(localStorage.getItem(storageKey(experiment)));
		return Array.isArray(list) ? list.filter((id) => typeof id === "string") : null;
	} catch {
		return null;
	}
};
const remember = (experiment, list) => {
	try {
		if (list) localStorage.setItem(storageKey(experiment), JSON.stringify(list));
		else localStorage.removeItem(storageKey(experiment));
	} catch {
		// Private windows may refuse storage; the choice then holds for this page alone.
	}
};

/**
 * The choice of columns of one experiment.
 * @param changed called when another choice was made
 */
export const makeColumns = (changed) => {
	let [experiment, chosen, byItself] = [null, null, []];

	const choose = (list) => {
		chosen = list;
		remember(experiment, list);
		changed();
	};

	return {
		open(id) {
			if (id === experiment) return;
			[experiment, chosen, byItself] = [id, remembered(id), []];
		},
		/** Chosen by itself from the first runs that came; it does not jump when others come. */
		list(runs, best) {
			if (!chosen && runs.length > 0 && !byItself.some((id) => id.startsWith("metric:") || id.startsWith("param:"))) byItself = standard(runs, keysOf(runs));
			return (chosen ?? byItself).map((id) => makeColumn(id, best)).filter(Boolean);
		},
		metrics: () => (chosen ?? byItself).map(split).filter(([kind]) => kind === "metric").map(([, key]) => key),
		/** The order that the server is asked for, by a column's key; null for one that is none. */
		orderOf: (key) => (key?.includes(":") ? (makeColumn(key, {})?.order ?? null) : null),
		choose(runs) {
			const keys = keysOf(runs);
			const groups = [
				[t`Metrics`, keys.metrics.map((key) => [`metric:${key}`, key])], [t`Params`, keys.params.map((key) => [`param:${key}`, key])],
				[t`Others`, Object.entries(others).map(([key, { label }]) => [`other:${key}`, label])], [t`Tags`, keys.tags.map((key) => [`tag:${key}`, key])],
			];
			const current = new Set(chosen ?? byItself);
			const body = el("div", { class: "choices" });
			const search = el("input", { type: "text", placeholder: t`Part of a name…`, "aria-label": t`Find a column`, oninput: () => draw() });
			const flip = (id) => {
				const list = [...(chosen ?? byItself)];
				if (current.delete(id)) return choose(list.filter((each) => each !== id));
				current.add(id);
				// A new one comes behind the others of its kind.
				list.splice(list.findLastIndex((each) => kindRank(each) <= kindRank(id)) + 1, 0, id);
				choose(list);
			};
			const draw = () => {
				const words = search.value.trim().toLowerCase();
				replace(body, groups.map(([name, entries]) => {
					const found = entries.filter(([, label]) => label.toLowerCase().includes(words)).sort(([a], [b]) => current.has(b) - current.has(a));
					return found.length > 0 && el("fieldset", {}, el("legend", {}, name),
						found.slice(0, listed).map(([id, label]) => el("label", {}, el("input", { type: "checkbox", checked: current.has(id), onchange: () => flip(id) }), el("span", {}, label))),
						found.length > listed && el("p", { class: "muted" }, t`and ${found.length - listed} more: type a part of the name`));
				}));
			};
			const standardAgain = button(t`As at first`, "small", () => {
				byItself = standard(runs, keys);
				choose(null);
				current.clear();
				for (const id of byItself) current.add(id);
				draw();
			});
			draw();
			showDialog(t`Columns`, el("div", { class: "row" }, search, standardAgain), body);
			search.focus();
		},
	};
};
