// Ratings a day as bars with the place of the clock, and what each day brought as a table.
import { getJSON, paths } from "../api.js";
import { button, el, problemBox, replace, setAttribute, setText, textUnit } from "../dom.js";
import { count, dayMilliseconds, figure, shortDay } from "../format.js";
import { listen } from "../live.js";
import { makeHistogram } from "../parts/histogram.js";
import { go, to } from "../router.js";
import { state, watch } from "../store.js";
import { t } from "../words.js";
import { makeDayTable } from "./table.js";

const iso = (milliseconds) => new Date(milliseconds).toISOString().slice(0, 10);

/** Sums of the days of a bar; the mean is of the ratings, not of the days. */
const inWords = (days, { first, last, sum }) => {
	const when = first === last ? shortDay(iso(days.first + first * dayMilliseconds))
		: t`${shortDay(iso(days.first + first * dayMilliseconds))} to ${shortDay(iso(days.first + last * dayMilliseconds))}`;
	if (first < last) return t`${when}: ${count(sum)} ratings, ${figure(sum / (last - first + 1))} a day`;
	const mean = days.rating_mean[first] === null ? "" : ` · ${t`mean ${figure(days.rating_mean[first])} stars`}`;
	return t`${when}: ${count(sum)} ratings · ${count(days.users[first])} people, ${count(days.new_users[first])} of them new · ${count(days.items[first])} films, ${count(days.new_items[first])} of them new` + mean;
};

export const mountDays = (node) => {
	const problem = el("div");
	const lead = el("p", { class: "muted" });
	const plot = el("div", { class: "plot days-plot", tabindex: 0, role: "slider", "aria-label": t`Day`, "aria-valuemin": 0 });
	const readout = el("p", { class: "readout" });
	const range = el("span", { class: "muted" });
	const zoomIn = button("+", "small", () => zoom(0.5));
	const zoomOut = button("−", "small", () => zoom(2));
	const whole = button(t`Whole dataset`, "small", () => choose(0, days.count - 1));
	const around = button(t`Around the clock`, "small", () => choose(now() - 45, now() + 14));
	setAttribute(zoomIn, "aria-label", t`Zoom in`);
	setAttribute(zoomOut, "aria-label", t`Zoom out`);
	const key = (kind, text) => el("span", { class: `swatch ${kind}` }, el("i"), text);
	const legend = el("p", { class: "row legend muted" }, key("past", t`there before the replay began`), key("arrived", t`brought by the replay`), key("coming", t`still to come`));
	const table = makeDayTable();
	const chartCard = el("section", { class: "card", "aria-labelledby": "days-title" },
		el("div", { class: "row between" }, el("h2", { id: "days-title" }, t`Ratings a day`), el("div", { class: "row" }, range, zoomIn, zoomOut, around, whole)),
		lead, legend, plot, readout);
	const tableCard = el("section", { class: "card" }, el("h2", {}, t`What each day brought`), table.node);
	node.append(problem, chartCard, tableCard);

	let days = null;
	let shown = { from: 0, to: 0 };
	let chart = null;
	let chosen = null;

	const indexOf = (moment) => Math.max(0, Math.min(days.count, Math.round((Date.parse(moment) - days.first) / dayMilliseconds)));
	/** The first day that has not come. */
	const now = () => (state.replay ? indexOf(state.replay.now) : days.count);
	const start = () => (state.replay ? indexOf(state.replay.start) : days.count);

	/** Makes a stretch of days the one that is shown; the address tells it, so that it can be sent to somebody. */
	const choose = (from, last) => {
		const length = Math.max(6, Math.min(days.count - 1, Math.round(last - from)));
		const first = Math.max(0, Math.min(days.count - 1 - length, Math.round(from)));
		const isWhole = first === 0 && length === days.count - 1;
		go(isWhole ? to("data") : `${to("data")}?from=${iso(days.first + first * dayMilliseconds)}&to=${iso(days.first + (first + length) * dayMilliseconds)}`, { replaces: true });
	};
	const zoom = (factor, middle) => {
		const length = shown.to - shown.from;
		const place = middle ?? (chosen !== null && chart ? (chart.bins[chosen].first + chart.bins[chosen].last) / 2 : (shown.from + shown.to) / 2);
		const share = length > 0 ? (place - shown.from) / length : 0.5;
		choose(place - length * factor * share, place + length * factor * (1 - share));
	};

	const mark = (index) => {
		if (!chart) return;
		const last = chart.bins.length - 1;
		chosen = index === null ? null : Math.max(0, Math.min(last, index));
		chart.mark(chosen);
		const told = chart.bins[chosen ?? Math.max(0, Math.min(last, chart.bins.findLastIndex(({ first }) => first < now())))];
		const text = inWords(days, told);
		setText(readout, text);
		setAttribute(plot, "aria-valuenow", chosen ?? last);
		setAttribute(plot, "aria-valuetext", text);
	};

	const draw = () => {
		if (!days) return;
		const unit = textUnit();
		const [width, height] = [plot.clientWidth / unit, plot.clientHeight / unit];
		if (width === 0) return;
		chart = makeHistogram({ values: days.ratings, firstDay: days.first, from: shown.from, to: shown.to, start: start(), now: now(),
			nowText: state.replay ? t`the clock: ${shortDay(state.replay.now)}` : "", width, height, unit });
		replace(plot, chart.node);
		setAttribute(plot, "aria-valuemax", chart.bins.length - 1);
		const each = chart.bins.reduce((most, { first, last }) => Math.max(most, last - first + 1), 1);
		setText(lead, each > 1 ? t`${count(days.count)} days; each bar is the mean of ${each} days. Zoom in for single days: drag over a stretch, or the keys + and −.` : t`${count(days.count)} days, each a bar. Drag over a stretch to zoom, or use the keys + and −.`);
		setText(range, t`${shortDay(iso(days.first + shown.from * dayMilliseconds))} to ${shortDay(iso(days.first + shown.to * dayMilliseconds))}`);
		zoomOut.disabled = whole.disabled = shown.to - shown.from >= days.count - 1;
		zoomIn.disabled = shown.to - shown.from <= 6;
		mark(chosen !== null && chosen < chart.bins.length ? chosen : null);
	};

	const placeOf = (event) => (event.clientX - plot.getBoundingClientRect().left) / textUnit();
	let dragFrom = null;
	plot.addEventListener("pointerdown", (event) => {
		if (!chart || event.button !== 0) return;
		dragFrom = chart.at(placeOf(event));
		plot.setPointerCapture(event.pointerId);
	});
	plot.addEventListener("pointermove", (event) => chart && mark(chart.at(placeOf(event))));
	plot.addEventListener("pointerup", (event) => {
		const end = chart && dragFrom !== null ? chart.at(placeOf(event)) : null;
		const [a, b] = [Math.min(dragFrom, end), Math.max(dragFrom, end)];
		if (end !== null && b - a > 1) choose(chart.bins[a].first, chart.bins[b].last);
		dragFrom = null;
	});
	plot.addEventListener("pointercancel", () => (dragFrom = null));
	plot.addEventListener("pointerleave", () => mark(null));
	plot.addEventListener("blur", () => mark(null));
	plot.addEventListener("keydown", (event) => {
		if (!chart) return;
		const last = chart.bins.length - 1;
		const from = chosen ?? Math.max(0, chart.bins.findLastIndex(({ first }) => first < now()));
		const moves = { ArrowLeft: from - 1, ArrowDown: from - 1, ArrowRight: from + 1, ArrowUp: from + 1, PageDown: from - 30, PageUp: from + 30, Home: 0, End: last };
		if (event.key in moves) mark(moves[event.key]);
		else if (event.key === "+" || event.key === "=") zoom(0.5);
		else if (event.key === "-") zoom(2);
		else return;
		event.preventDefault();
	});

	const load = async () => {
		try {
			const answer = await getJSON(paths.dataDays);
			days = { ...answer, first: Date.parse(answer.first_day), count: answer.ratings.length };
			replace(problem);
			apply(query);
		} catch (error) {
			replace(problem, problemBox(error));
		}
	};
	let query = new URLSearchParams();
	const apply = (asked) => {
		query = asked;
		if (!days) return;
		const given = (name, fallback) => (asked.get(name) && !Number.isNaN(Date.parse(asked.get(name))) ? Math.min(days.count - 1, indexOf(asked.get(name))) : fallback);
		const [from, last] = [given("from", 0), given("to", days.count - 1)];
		shown = from <= last ? { from, to: last } : { from: 0, to: days.count - 1 };
		chosen = null;
		drawAll();
	};
	const drawAll = () => {
		if (!days) return;
		draw();
		table.set(days, now(), start());
	};
	const ask = watch(["replay"], drawAll);
	new ResizeObserver(ask).observe(plot);
	listen("gap", load);
	load();
	return apply;
};
