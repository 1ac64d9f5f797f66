// A run's params and its latest metrics, as tables; long ones can be searched.
import { el, emptyState, replaceWhen } from "../dom.js";
import { count } from "../format.js";
import { direction, inOrder, measure, measureName, paramText, wish } from "../parts/measures.js";
import { t } from "../words.js";

const searchable = 15;
const longText = 160;

/** A long value is folded behind its beginning. */
export const longOrShort = (text) => (text.length > longText ? el("details", {}, el("summary", {}, `${text.slice(0, 100)}…`), text) : paramText(text));

/** Names with a slash belong together: `als/loss` and `als/seconds`. */
export const grouped = (keys) => {
	const groups = new Map();
	for (const key of keys) {
		const group = key.includes("/") ? key.slice(0, key.indexOf("/") + 1) : "";
		if (!groups.has(group)) groups.set(group, []);
		groups.get(group).push(key);
	}
	return [...groups].sort(([a], [b]) => a.localeCompare(b));
};

/** @param make `{heads, row(key, run), empty}` */
const makeValues = (keysOf, { heads, row, key, label, empty }) => {
	const search = el("input", { type: "text", class: "small", placeholder: t`Part of a name…`, "aria-label": label, oninput: () => fill(true) });
	const table = el("div", { class: "held scroll", tabindex: 0, role: "region", "aria-label": label });
	const node = el("div", {}, search, table);
	let run = null;
	const fill = (isForced) => {
		const all = keysOf(run);
		search.hidden = all.length < searchable;
		const words = search.value.trim().toLowerCase();
		const keys = all.filter((each) => each.toLowerCase().includes(words));
		if (isForced) table.drawnKey = null;
		replaceWhen(table, key(run), () => (all.length === 0 ? emptyState(...empty) : el("table", { class: "values" },
			el("thead", {}, el("tr", {}, heads.map(([text, kind]) => el("th", { scope: "col", class: kind }, text)))),
			grouped(keys).map(([group, members]) => el("tbody", {}, group && el("tr", { class: "group" }, el("th", { colspan: heads.length, scope: "rowgroup" }, group)), members.map((each) => row(each, group, run)))))));
	};
	return { node, draw(next) {
		if (next.id !== run?.id) search.value = "";
		run = next;
		fill(false);
	} };
};

export const within = (name, group) => (group ? name.slice(group.length) : name);

export const makeMetrics = () =>
	makeValues((run) => inOrder(Object.keys(run.metrics)), {
		heads: [[t`Metric`], [t`Latest`, "number"], [t`At step`, "number"]],
		label: t`Find a metric`,
		key: ({ id, metrics }) => JSON.stringify([id, metrics]),
		empty: [t`No metrics.`, t`mlflow.log_metric("loss", 0.3, step=1) logs one.`],
		row: (key, group, { metrics }) => {
			const { value, step } = metrics[key];
			const arrow = { 1: "↑", "-1": "↓" }[direction(key)];
			return el("tr", {}, el("th", { scope: "row", title: key }, within(measureName(key), group), arrow && el("span", { class: "way", title: wish(key) }, el("span", { "aria-hidden": "true" }, ` ${arrow}`), el("span", { class: "unseen" }, ` (${wish(key)})`))),
				el("td", { class: "number", title: Number.isNaN(value) ? "NaN" : String(value) }, measure(value)), el("td", { class: "number" }, count(step)));
		},
	});

export const makeParams = () =>
	makeValues((run) => Object.keys(run.params).sort(), {
		heads: [[t`Param`], [t`Value`]],
		label: t`Find a param`,
		key: ({ id, params }) => JSON.stringify([id, params]),
		empty: [t`No params.`, t`mlflow.log_param("factors", 64) logs one.`],
		row: (key, group, { params }) => el("tr", {}, el("th", { scope: "row", title: key }, within(key, group)), el("td", { class: "param", title: params[key].length > longText ? null : params[key] }, longOrShort(params[key]))),
	});
