// Lines over the last minutes, with their latest figures as a legend; the pointer tells those of a moment.
import { el, replace, setText, textUnit } from "../dom.js";
import { wallTime } from "../format.js";
import { t } from "../words.js";
import { makeChart } from "./chart.js";

/** Without seconds, unless marks would have the same name. */
const shortTime = (span) => (milliseconds) => {
	const text = wallTime(new Date(milliseconds).toISOString());
	return span < 6 * 60_000 ? text : text.replace(/(\d+:\d+):\d+/, "$1");
};

/** `0.5`: an axis needs no digits that say nothing. */
const shortFigure = (text) => text.replace(/(\.\d*?)0+(?!\d)/, "$1").replace(/\.(?!\d)/, "");

/**
 * @param title what it shows
 * @param lines `[{name, look, of(samples)}]`: `of` brings the column, `look` is a class of the chart's lines
 * @param say a figure in words
 * @returns `{node, draw(samples)}`; `samples.at_ms` are its moments
 */
export const makeTimeline = ({ title, lines, say }) => {
	const values = lines.map(() => el("b"));
	const moment = el("span", { class: "moment muted" });
	const plot = el("div", { class: "plot small-plot", "aria-hidden": "true" });
	const node = el("div", { class: "picture" }, el("h3", { class: "row between" }, title, moment),
		el("p", { class: "row legend muted" }, lines.map(({ name, look }, n) => el("span", { class: `key ${look}` }, el("i"), `${name} `, values[n]))), plot);
	let [chart, columns, times] = [null, [], []];

	const told = (index) => {
		columns.forEach((column, n) => setText(values[n], column[index] === null || column[index] === undefined ? "–" : say(column[index])));
	};
	const mark = (index) => {
		chart?.mark(index);
		told(index ?? times.length - 1);
		setText(moment, index === null ? "" : t`at ${wallTime(new Date(times[index]).toISOString())}`);
	};
	plot.addEventListener("pointermove", (event) => chart && mark(chart.nearest(event)));
	plot.addEventListener("pointerleave", () => mark(null));

	const draw = (samples) => {
		times = samples.at_ms;
		columns = lines.map(({ of }) => of(samples));
		const unit = textUnit();
		const [width, height] = [plot.clientWidth / unit, plot.clientHeight / unit];
		if (width === 0 || times.length === 0) return;
		chart = makeChart({ times, width, height, unit, series: lines.map(({ look }, n) => ({ name: look, means: columns[n] })), atTime: shortTime(times.at(-1) - times[0]), atValue: (tick) => shortFigure(say(tick)) });
		replace(plot, chart.node);
		mark(null);
	};
	return { node, draw };
};
