// The curve of one metric, of one run or of several laid over each other; the pointer and the arrow keys tell its points.
import { el, replace, setAttribute, setText, textUnit } from "../dom.js";
import { count, duration } from "../format.js";
import { decadeTicks, makeChart, niceTicks } from "../parts/chart.js";
import { measure, measureName, wish } from "../parts/measures.js";
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
	const plot = el("div", { class: "plot curve-plot", tabindex: 0, role: "img" });
	const node = el("div", { class: "picture" }, el("h3", { class: "row between" }, el("span", { title: wish(key) }, measureName(key)), told), legend, plot);
	let [shown, columns, chart, figures, at] = [null, null, null, [], null];
	let axis = axes.step;

	/** At each place the value of a run that was logged last. */
	const valueAt = (n, index) => {
		const list = columns.values[n];
		for (let place = index; place >= 0; place -= 1) if (list[place] !== undefined) return list[place];
		return undefined;
	};
	const mark = (index) => {
		at = index;
		chart?.mark(index);
		setText(told, index === null ? "" : axis.say(columns.xs[index]));
		setText(when, index === null ? `${t`latest`} ` : "");
		figures.forEach((figure, n) => {
			const value = valueAt(n, index ?? columns.xs.length - 1);
			setText(figure, value === undefined ? "–" : measure(value));
		});
	};
	plot.addEventListener("pointermove", (event) => chart && mark(chart.nearest(event)));
	plot.addEventListener("pointerleave", () => chart && mark(null));
	plot.addEventListener("blur", () => chart && mark(null));
	plot.addEventListener("keydown", (event) => {
		const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
		if (!step || !chart) return;
		event.preventDefault();
		mark(Math.max(0, Math.min(columns.xs.length - 1, (at ?? (step > 0 ? -1 : columns.xs.length)) + step)));
	});

	const draw = () => {
		if (!shown) return;
		const { runs, points, isLog } = shown;
		const unit = textUnit();
		const [width, height] = [plot.clientWidth / unit, plot.clientHeight / unit];
		if (width === 0) return;
		const steps = new Set([...points.values()].flatMap((list) => list.map(({ step }) => step)));
		// What was logged without steps has its times.
		axis = shown.axis === "step" && steps.size < 2 ? axes.since : axes[shown.axis];
		columns = columnsOf(runs, points, axis, isLog);
		const { xs, heights } = columns;
		const isSteps = axis === axes.step;
		const timeTicks = isSteps && xs.length > 1 ? niceTicks(xs[0], xs.at(-1), Math.max(2, Math.floor(width / 90))).filter((x) => x >= xs[0] && x <= xs.at(-1) && Number.isInteger(x)) : undefined;
		chart = makeChart({ times: xs, width, height, unit, fits: true, timeTicks, heightTicks: isLog ? decadeTicks : undefined, atTime: axis.tell, atValue: (value) => tickText(isLog ? 10 ** value : value),
			series: heights.map((means, n) => ({ name: `line-${runs[n].line}`, means, joins: true })) });
		replace(plot, chart.node);
		const all = columns.values.flat().filter((value) => value !== undefined);
		setAttribute(plot, "aria-label", t`${key}: ${count(all.length)} points from ${measure(Math.min(...all.filter(Number.isFinite)))} to ${measure(Math.max(...all.filter(Number.isFinite)))}. Arrow keys tell them.`);
		mark(at !== null && at < xs.length ? at : null);
	};
	new ResizeObserver(() => draw()).observe(plot);

	return { node, set(next) {
		shown = next;
		figures = shown.runs.map(() => el("b"));
		const isHidden = shown.isLog && [...shown.points.values()].some((list) => list.some(({ value }) => value <= 0));
		replace(legend, when, shown.runs.map((run, n) => el("span", { class: `key line-${run.line}` }, shown.isNamed && el("i"), shown.isNamed && [el("bdi", { class: "cut", title: run.fullName }, run.name), " "], figures[n])),
			isHidden && el("span", {}, t`what is not above zero is left out`));
		draw();
	} };
};
