// The curve of one metric, of one run or of several laid over each other; the pointer and the arrow keys tell its points.
import { el, replace, setAttribute, setText } from "../dom.js";
import { count, duration } from "../format.js";
import { decadeTicks, makeChart, niceTicks } from "../parts/chart.js";
import { measure, measureName, wish } from "../parts/measures.js";
import { makeReader } from "../parts/reader.js";
import { t } from "../words.js";
import { moment, exactMoment } from "./names.js";

/** What a point's place at the axis is, and how a place is told. */
export const axes = {
	step: { name: t`Step`, place: ({ step }) => step, tell: (x) => count(x), say: (x) => t`step ${count(x)}` },
	since: { name: t`Time since the start`, place: ({ time }, run, first) => Math.max(0, time - (run.start ?? first)), tell: (x) => duration(x / 1000) || "0", say: (x) => t`after ${duration(x / 1000)}` },
	clock: { name: t`Clock`, place: ({ time }) => time, tell: (x) => moment(x), say: (x) => exactMoment(x) },
};

/** Nobody draws beyond; MLflow says infinity so. */
const highestDrawn = 1e300;

const tickText = (value) => (value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-4) ? value.toExponential(1) : String(Number(value.toPrecision(5))));

/** One column of places, and for each run the values at them. */
const columnsOf = (runs, points, axis, isLog) => {
	const placed = runs.map((run) => {
		const own = points.get(run.id) ?? [];
		const first = Math.min(...own.map(({ time }) => time));
		return new Map(own.map((point) => [axis.place(point, run, first), point.value]));
	});
	const xs = [...new Set(placed.flatMap((each) => [...each.keys()]))].sort((a, b) => a - b);
	const height = (value) => (value === undefined || !(Math.abs(value) < highestDrawn) || (isLog && value <= 0) ? null : isLog ? Math.log10(value) : value);
	return { xs, values: placed.map((each) => xs.map((x) => each.get(x))), heights: placed.map((each) => xs.map((x) => height(each.get(x)))) };
};

export const makeCurve = (key) => {
	const told = el("span", { class: "moment muted" });
	const when = el("span");
	const legend = el("p", { class: "row legend muted" });
	let [shown, columns, figures] = [null, null, []];
	let axis = axes.step;

	/** At each place the value of a run that was logged last. */
	const valueAt = (n, index) => {
		const list = columns.values[n];
		for (let place = index; place >= 0; place -= 1) if (list[place] !== undefined) return list[place];
		return undefined;
	};
	const figureAt = (n, index) => {
		const value = valueAt(n, index);
		return value === undefined ? "–" : measure(value);
	};
	const tell = (index) => {
		setText(told, index === null ? "" : axis.say(columns.xs[index]));
		setText(when, index === null ? `${t`latest`} ` : "");
		figures.forEach((figure, n) => setText(figure, figureAt(n, index ?? columns.xs.length - 1)));
	};
	const reader = makeReader({
		label: measureName(key), marked: tell,
		words: (index) => `${axis.say(columns.xs[index])}: ${shown.runs.map(({ name }, n) => (shown.isNamed ? `${name} ${figureAt(n, index)}` : figureAt(n, index))).join(" · ")}`,
		draw: (width, height, unit) => {
			const { runs, isLog } = shown;
			const { xs, heights } = columns;
			const timeTicks = axis === axes.step && xs.length > 1 ? niceTicks(xs[0], xs.at(-1), Math.max(2, Math.floor(width / 90))).filter((x) => x >= xs[0] && x <= xs.at(-1) && Number.isInteger(x)) : undefined;
			return makeChart({ times: xs, width, height, unit, fits: true, timeTicks, heightTicks: isLog ? decadeTicks : undefined, atTime: axis.tell, atValue: (value) => tickText(isLog ? 10 ** value : value),
				series: heights.map((means, n) => ({ name: `line-${runs[n].line}`, means, joins: true })) });
		},
	});
	// What it reads out stands in the legend.
	const [plot] = reader.nodes;
	plot.classList.add("curve-plot");
	const node = el("div", { class: "picture" }, el("h3", { class: "row between" }, el("span", { title: wish(key) }, measureName(key)), told), legend, plot);

	const draw = () => {
		const { runs, points, isLog } = shown;
		const steps = new Set([...points.values()].flatMap((list) => list.map(({ step }) => step)));
		// What was logged without steps has its times.
		axis = shown.axis === "step" && steps.size < 2 ? axes.since : axes[shown.axis];
		columns = columnsOf(runs, points, axis, isLog);
		const all = columns.values.flat().filter((value) => value !== undefined);
		setAttribute(plot, "aria-label", t`${key}: ${count(all.length)} points from ${measure(Math.min(...all.filter(Number.isFinite)))} to ${measure(Math.max(...all.filter(Number.isFinite)))}. Arrow keys tell them.`);
		reader.redraw(columns.xs.length);
	};

	return { node, set(next) {
		shown = next;
		figures = shown.runs.map(() => el("b"));
		const isHidden = shown.isLog && [...shown.points.values()].some((list) => list.some(({ value }) => value <= 0));
		replace(legend, when, shown.runs.map((run, n) => el("span", { class: `key line-${run.line}` }, shown.isNamed && el("i"), shown.isNamed && [el("bdi", { class: "cut", title: run.fullName }, run.name), " "], figures[n])),
			isHidden && el("span", {}, t`what is not above zero is left out`));
		draw();
	} };
};
