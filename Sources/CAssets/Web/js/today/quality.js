// The quality curve: each day's new ratings first test the model that was in production, then train the next.
import { byId, el, emptyState, problemBox, replace, setAttribute, setText, textUnit } from "../dom.js";
import { count, figure, metricName, plural, shortDay } from "../format.js";
import { state, watch } from "../store.js";
import { makeChart, runningMean } from "./chart.js";

const known = (value) => (Number.isFinite(value) ? value : null);
const mean = (values) => {
	const some = values.filter((value) => value !== null);
	return some.length ? some.reduce((sum, value) => sum + value, 0) / some.length : null;
};

/** Days of a running mean: a week, and more when there are so many days that a week is only a few pixels. */
const spanOf = (days) => Math.max(7, Math.round(days / 30));

const inWords = ({ date, production, popularity, cases, new_cases: fresh }) =>
	`${shortDay(date)}: production ${figure(production)} · popularity ${figure(popularity)}${cases === undefined ? "" : ` · ${plural(cases, "person", "people")} tested`}${fresh ? `, ${count(fresh)} of them new` : ""}`;

const legendItem = (name) => {
	const value = el("b");
	return { value, node: el("span", { class: `key ${name}` }, el("i"), `${name} `, value) };
};

const tableRow = (point) => el("tr", {}, el("th", { scope: "row" }, shortDay(point.date)),
	[figure(point.production), figure(point.popularity), count(point.cases), count(point.new_cases)].map((text) => el("td", { class: "number" }, text)));

export const mountQuality = () => {
	const nothing = el("div");
	const lead = el("p", { class: "muted" });
	const [production, popularity] = [legendItem("production"), legendItem("popularity")];
	const gain = el("span", { class: "muted" });
	// A slider is what a keyboard and a screen reader know as "one of many values along a line".
	const place = el("div", { class: "plot", tabindex: 0, role: "slider", "aria-label": "Day of the quality curve", "aria-valuemin": 0 });
	const readout = el("p", { class: "muted" });
	const body = el("tbody");
	const head = ["day", "production", "popularity", "people tested", "new people"].map((name, index) => el("th", { scope: "col", class: index > 0 && "number" }, name));
	const table = el("details", {}, el("summary", {}, "The same as a table"),
		el("div", { class: "scroll tall", tabindex: 0, role: "region", "aria-label": "Quality by day" }, el("table", {}, el("thead", {}, el("tr", {}, head)), body)));
	const parts = [lead, el("div", { class: "row legend" }, production.node, popularity.node, gain), place, readout, table];
	byId("quality").append(nothing, ...parts);

	let chart = null;
	let points = [];
	/** The day under the pointer or chosen by keys; null: the last one. */
	let chosen = null;

	const choose = (index) => {
		if (!chart) return;
		const last = points.length - 1;
		chosen = index === null ? null : Math.max(0, Math.min(last, index));
		chart.mark(chosen);
		const text = inWords(points[chosen ?? last]);
		setText(readout, text);
		setAttribute(place, "aria-valuenow", chosen ?? last);
		setAttribute(place, "aria-valuetext", text);
	};
	place.addEventListener("pointermove", (event) => {
		const x = (event.clientX - place.getBoundingClientRect().left) / textUnit();
		choose(chart?.xs.reduce((best, each, index, xs) => (Math.abs(each - x) < Math.abs(xs[best] - x) ? index : best), 0) ?? null);
	});
	place.addEventListener("pointerleave", () => choose(null));
	place.addEventListener("blur", () => choose(null));
	place.addEventListener("keydown", (event) => {
		const last = points.length - 1;
		const from = chosen ?? last;
		const to = { ArrowLeft: from - 1, ArrowDown: from - 1, ArrowRight: from + 1, ArrowUp: from + 1, PageDown: from - 30, PageUp: from + 30, Home: 0, End: last }[event.key];
		if (to === undefined) return;
		event.preventDefault();
		choose(to);
	});

	let tableKey = "";
	const fillTable = () => {
		const key = `${points.length} ${points.at(-1)?.date}`;
		if (!table.open || key === tableKey) return;
		tableKey = key;
		replace(body, points.map(tableRow).reverse());
	};
	table.addEventListener("toggle", fillTable);

	const draw = () => {
		points = state.quality?.points ?? [];
		const refused = state.problems.quality;
		const isEmpty = points.length === 0;
		for (const part of parts) part.hidden = isEmpty;
		replace(nothing, !state.quality ? refused && problemBox(refused)
			: isEmpty && emptyState("No day has been tested yet.", "The first day trains the first model; from the second day on each day's new ratings test it before they train the next."));
		chart = null;
		if (isEmpty) return;
		const span = spanOf(points.length);
		const series = ["popularity", "production"].map((name) => {
			const values = points.map((point) => known(point[name]));
			return { name, values, means: runningMean(values, span) };
		});
		setText(lead, `${metricName(state.quality.metric ?? "ndcg_at_10")} of the model in production on each day's new ratings, before it learned from them. Points: days; lines: mean of ${span} days.`);
		const [popular, personal] = series.map(({ values }) => mean(values));
		setText(production.value, figure(personal));
		setText(popularity.value, figure(popular));
		const share = popular > 0 && personal !== null && (personal / popular - 1) * 100;
		setText(gain, `means of ${plural(points.length, "day")}${share === false ? "" : `: production is ${Math.abs(share).toFixed(1)} % ${share >= 0 ? "above" : "below"} popularity`}`);

		const unit = textUnit();
		const [width, height] = [place.clientWidth / unit, place.clientHeight / unit];
		if (width === 0) return;
		chart = makeChart({ dates: points.map(({ date }) => date), series, width, height, unit });
		replace(place, chart.node);
		setAttribute(place, "aria-valuemax", points.length - 1);
		choose(chosen);
		fillTable();
	};
	const ask = watch(["quality"], draw);
	new ResizeObserver(ask).observe(place);
};
