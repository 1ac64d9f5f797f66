// A line chart over time: for each series one path for its line, its band and its points, however many moments there are.
import { svg } from "../dom.js";
import { dateRoom, dayMilliseconds, shortDay } from "../format.js";

/** Mean of `values` over the last `span` entries at each place; what is missing counts for nothing. */
export const runningMean = (values, span) => {
	let [sum, known] = [0, 0];
	return values.map((value, index) => {
		if (value !== null) [sum, known] = [sum + value, known + 1];
		const gone = values[index - span];
		if (gone !== null && gone !== undefined) [sum, known] = [sum - gone, known - 1];
		return known > 0 ? Math.max(0, sum / known) : null;
	});
};

/**
 * Of logarithms: powers of ten, with their doubles and fives where there are few of them.
 * @param low, top logarithms to the base 10
 * @returns null where they are too close to have powers between them
 */
export const decadeTicks = (low, top) => {
	if (top - low < 0.7) return null;
	const [first, last] = [Math.floor(low), Math.ceil(top + 1e-9)];
	const every = Math.ceil((last - first) / 6);
	const within = last - first > 2 ? [1] : [1, 2, 5];
	const all = Array.from({ length: last - first + 1 + every }, (_, n) => n).filter((n) => n % every === 0).flatMap((n) => within.map((each) => first + n + Math.log10(each)));
	const from = Math.max(0, all.findLastIndex((tick) => tick <= low + 1e-9));
	const to = all.findIndex((tick) => tick >= top - 1e-9);
	return all.slice(from, Math.max(to, from + 1) + 1);
};

/** From below `low` to above `top` in steps of 1, 2 or 5 times a power of ten, about `most` of them. */
export const niceTicks = (low, top, most) => {
	const rough = (top - low) / most;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = [1, 2, 5, 10].map((n) => n * power).find((each) => each >= rough * 0.999);
	// Closer together than numbers can tell apart.
	if (!(low + step > low)) return [low, top];
	const first = Math.floor(low / step + 1e-9);
	const last = Math.max(first + 1, Math.ceil(top / step - 1e-9));
	return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(15)));
};

const at = (x, y) => `${x.toFixed(1)} ${y.toFixed(1)}`;

const linePath = (xs, ys) => ys.map((y, n) => (y === null ? "" : `${n > 0 && ys[n - 1] !== null ? "L" : "M"}${at(xs[n], y)}`)).join("");

/** The same, passing over what is missing: of a series that is known at other moments than its neighbours. */
const joinedPath = (xs, ys) => {
	const known = ys.flatMap((y, n) => (y === null ? [] : at(xs[n], y)));
	// A single point is a disc.
	return known.length === 0 ? "" : `M${known.join("L")}${known.length === 1 ? "h0" : ""}`;
};

/** What lies between two lines, wherever both are known. */
const bandPath = (xs, lows, highs) => {
	let path = "";
	let run = [];
	const close = () => {
		if (run.length > 1) path += `M${run.map((n) => at(xs[n], highs[n])).join("L")}L${run.reverse().map((n) => at(xs[n], lows[n])).join("L")}Z`;
		run = [];
	};
	xs.forEach((_, n) => (lows[n] === null ? close() : run.push(n)));
	close();
	return path;
};

const diamond = (x, y) => `M${at(x, y - 6)}l6 6l-6 6l-6 -6z`;

/** Points of no length with round caps are discs: 1,300 of them are still one element. */
const pointsPath = (xs, ys) => ys.map((y, index) => (y === null ? "" : `M${at(xs[index], y)}h0`)).join("");

/**
 * @param dates ascending, `YYYY-MM-DD`, placed by their distance in time; or `times`, milliseconds since 1970
 * @param atTime, atValue how a moment and a height are written at the axes
 * @param series `[{name, values?, means, errors?, joins?}]`, null where nothing is known: points and a line; the first is in front;
 * `joins`: the line goes on over what is missing
 * @param timeTicks the moments named at the axis; at equal distances when absent
 * @param heightTicks makes the heights that have names from the lowest and the highest; they bound the scale
 * @param fits whether the scale begins near the lowest value instead of at zero
 * @param alarms places to be marked on the first series
 * @param marks the same for what is not wrong: `[[class, places]]`
 * @returns `{node, xs, mark(index | null)}`
 */
export const makeChart = ({ dates, times = dates.map((date) => Date.parse(date)), series, width, height, unit, fits = false, alarms = [], marks = [], timeTicks, heightTicks, atTime, atValue }) => {
	const edge = { left: atValue ? 64 : 48, right: 14, top: 12, bottom: 28 };
	const [w, h] = [width - edge.left - edge.right, height - edge.top - edge.bottom];
	const [first, last] = [times[0], times.at(-1)];
	const x = (time) => edge.left + (last > first ? ((time - first) / (last - first)) * w : w / 2);
	const bands = series.filter(({ errors }) => errors).map(({ name, means, errors }) => {
		const edgeOf = (sign) => means.map((mean, n) => (mean === null || errors[n] === null ? null : Math.max(0, mean + sign * errors[n])));
		return { name, lows: edgeOf(-1), highs: edgeOf(1) };
	});
	const heights = [...series.flatMap(({ values, means }) => [values, means].filter(Boolean)), ...bands.map(({ highs }) => highs)];
	const extreme = (pick, start) => heights.reduce((best, list) => list.reduce((a, b) => (b === null ? a : pick(a, b)), best), start);
	// A scale that fits is not drawn down, or up, to zero.
	const top = extreme(Math.max, fits ? -Infinity : 0);
	const highest = Number.isFinite(top) ? top : 0;
	const lowest = fits ? extreme(Math.min, highest) : 0;
	// What does not change lies on the ground of a scale of its own size.
	const summit = highest > lowest ? highest : lowest + (Math.abs(lowest) > 1e-290 ? Math.abs(lowest) : 1);
	const ticks = heightTicks?.(lowest, highest) ?? niceTicks(lowest, summit, height < 180 ? 2 : 4);
	const y = (value) => (value === null ? null : edge.top + h - ((value - ticks[0]) / (ticks.at(-1) - ticks[0])) * h);
	const xs = times.map(x);

	const digits = Math.max(0, -Math.floor(Math.log10(ticks[1] - ticks[0]) + 1e-9));
	const grid = ticks.map((tick) =>
		svg("g", {},
			svg("path", { class: "grid", d: `M${edge.left} ${y(tick)}h${w}` }),
			svg("text", { class: "tick", x: edge.left - 8, y: y(tick) + 4, "text-anchor": "end" }, atValue?.(tick) ?? tick.toFixed(digits))));
	const wanted = Math.max(1, Math.min(times.length - 1, Math.floor(w / dateRoom)));
	const shares = times.length === 1 ? [0] : Array.from({ length: wanted + 1 }, (_, n) => n / wanted);
	const axis = (timeTicks ?? shares.map((share) => first + (last - first) * share)).map((time) => {
		const anchor = x(time) < edge.left + 30 ? "start" : x(time) > width - edge.right - 30 ? "end" : "middle";
		const text = atTime?.(time) ?? shortDay(new Date(Math.round(time / dayMilliseconds) * dayMilliseconds).toISOString());
		return svg("text", { class: "tick", x: x(time), y: height - 8, "text-anchor": anchor }, text);
	});
	const dense = times.length > 400 ? "dense" : "";
	const drawn = [...series].reverse();
	const curves = [
		bands.reverse().map(({ name, lows, highs }) => svg("path", { class: `band ${name}`, d: bandPath(xs, lows.map(y), highs.map(y)) })),
		drawn.filter(({ values }) => values).map(({ name, values }) => svg("path", { class: `points ${name} ${dense}`, d: pointsPath(xs, values.map(y)) })),
		drawn.map(({ name, means, joins }) => svg("path", { class: `curve ${name}`, d: (joins ? joinedPath : linePath)(xs, means.map(y)) })),
		[...marks, ["alarms", alarms]].map(([name, places]) =>
			svg("path", { class: name, d: places.filter((n) => series[0].values[n] !== null).map((n) => diamond(xs[n], y(series[0].values[n]))).join("") })),
	];
	const cross = svg("path", { class: "cross", visibility: "hidden" });
	const dots = series.map(({ name }) => svg("circle", { class: `dot ${name}`, r: 5, visibility: "hidden" }));

	const mark = (index) => {
		cross.setAttribute("visibility", index === null ? "hidden" : "visible");
		if (index !== null) cross.setAttribute("d", `M${xs[index]} ${edge.top}v${h}`);
		dots.forEach((dot, n) => {
			const height = index === null ? null : y((series[n].values ?? series[n].means)[index]);
			dot.setAttribute("visibility", height === null ? "hidden" : "visible");
			if (height === null) return;
			dot.setAttribute("cx", xs[index]);
			dot.setAttribute("cy", height);
		});
	};
	const node = svg("svg", { class: "chart", width: width * unit, height: height * unit, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, grid, axis, cross, curves, dots);
	/** The point whose place is nearest to the pointer's. */
	const nearest = (event) => {
		const x = (event.clientX - node.getBoundingClientRect().left) / unit;
		return xs.reduce((best, each, index) => (Math.abs(each - x) < Math.abs(xs[best] - x) ? index : best), 0);
	};
	return { node, mark, nearest };
};
