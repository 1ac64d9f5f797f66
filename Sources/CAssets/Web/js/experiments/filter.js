// The filter box: MLflow's grammar, examples that fill it in, and what is wrong with it marked in its place.
import { button, el, replace, setAttribute } from "../dom.js";
import { inOrder } from "../parts/measures.js";
import { t } from "../words.js";
import { quotedKey } from "./names.js";

const quoted = (text) => (text.includes("'") ? `"${text.replaceAll('"', "")}"` : `'${text}'`);

/** Conditions made of what the runs hold, so that each of them finds something. */
const examplesOf = (runs) => {
	const metrics = new Map();
	const params = new Map();
	for (const run of runs.slice(0, 50)) {
		for (const [key, { value }] of Object.entries(run.metrics)) if (Number.isFinite(value)) metrics.set(key, [...(metrics.get(key) ?? []), value]);
		for (const [key, value] of Object.entries(run.params)) if (value.length < 20 && !params.has(key)) params.set(key, value);
	}
	const [metric] = inOrder(metrics.keys());
	const [param] = params;
	const dataset = runs.find(({ datasets }) => datasets.length > 0)?.datasets[0];
	const middle = metric && metrics.get(metric).sort((a, b) => a - b)[Math.floor(metrics.get(metric).length / 2)];
	// Below the middle, so that rounding leaves something.
	const bound = metric && Number((middle - Math.abs(middle) * 0.1).toPrecision(2));
	return [
		metric && `metrics.${quotedKey(metric)} >= ${bound}`,
		param && `params.${quotedKey(param[0])} = ${quoted(param[1])}`,
		"attributes.status = 'FAILED'",
		runs[0] && `attributes.run_name LIKE ${quoted(`${runs[0].name.slice(0, 5).replace(/['"]/g, "_")}%`)}`,
		dataset && `datasets.name = ${quoted(dataset.name)}`,
		"tags.team IS NOT NULL",
	].filter(Boolean);
};

/** Where a refusal says that it goes wrong, from 0; null when it does not say. */
const columnOf = (message) => {
	const found = message.match(/\(column (\d+)\)/)?.[1];
	return found ? Number(found) - 1 : null;
};

/**
 * @param apply called with the text when it is to be used
 * @returns `{node, show(text), examples(runs), refuse(error | null)}`
 */
export const makeFilter = (apply) => {
	const input = el("input", {
		type: "text", id: "run-filter", class: "filter-text", autocomplete: "off", spellcheck: "false", maxlength: 4000, "aria-describedby": "run-filter-problem",
		placeholder: t`all runs; for example metrics.loss < 0.5 AND params.solver = 'cg'`,
	});
	const clear = button(t`Clear`, null, () => use(""));
	const refusal = el("div", { id: "run-filter-problem", role: "alert" });
	const list = el("span", { class: "row examples" });
	const help = el("details", { class: "filter-help" }, el("summary", {}, t`Examples and rules`),
		el("div", { class: "row" }, el("span", { class: "muted" }, t`Add:`), list),
		el("p", { class: "muted" }, t`Compare metrics, params, tags, attributes (run_name, status, start_time, user_id, …) and datasets (name, digest, context) by =, !=, <, <=, >, >=, LIKE, ILIKE, IN and IS NULL; join with AND, OR, NOT and parentheses. Texts stand in quotes, and names with / or - in back quotes.`));
	const form = el("form", { class: "filter", role: "search" }, el("label", { for: "run-filter" }, t`Filter`), input, el("button", { type: "submit", class: "primary" }, t`Apply`), clear);
	const node = el("div", { class: "filter-box" }, form, refusal, help);

	const use = (text) => {
		input.value = text;
		apply(text.trim());
	};
	const add = (condition) => {
		const text = input.value.trim();
		input.value = text && !text.includes(condition) ? `${text} AND ${condition}` : condition;
		input.focus();
		apply(input.value);
	};
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		use(input.value);
	});

	return {
		node,
		show(text) {
			if (document.activeElement !== input || input.value.trim() !== text) input.value = text;
			clear.hidden = text === "";
		},
		examples(runs) {
			const made = examplesOf(runs);
			const key = JSON.stringify(made);
			if (list.drawnKey === key) return;
			list.drawnKey = key;
			replace(list, made.map((text) => button(el("code", {}, text), "small", () => add(text))));
		},
		/** The text up to the mistake stays as it is, the rest is marked. */
		refuse(error) {
			setAttribute(input, "aria-invalid", error ? "true" : null);
			if (!error) return replace(refusal);
			const column = columnOf(error.message);
			const letters = [...input.value];
			const place = column === null ? null : el("pre", { class: "place" }, letters.slice(0, column).join(""), el("mark", {}, letters.slice(column).join("") || "␣"));
			replace(refusal, el("div", { class: "problem" }, el("strong", {}, error.message.replace("Invalid clause(s) in filter string: ", "")), place, error.remedy && el("p", {}, error.remedy)));
			if (column !== null && document.activeElement === input) {
				const start = letters.slice(0, column).join("").length;
				input.setSelectionRange(start, input.value.length);
			}
		},
	};
};
