// Bars over days, as three paths however many days there are; more days than pixels share a bar, which shows their mean.
import { svg } from "../dom.js";
import { dateRoom, dayMilliseconds, shortDay } from "../format.js";
import { niceTicks } from "./chart.js";

const edge = { left: 52, right: 14, top: 22, bottom: 28 };
const leastBar = 3;

/** Groups of days as wide as can be seen: `{first, last, mean, sum}`. They end where the clock stands: a bar has come or it has not. */
const binsOf = (values, from, to, most, border) => {
	const span = Math.max(1, Math.ceil((to - from + 1) / most));
	const bins = [];
	for (let first = from; first <= to; ) {
		const end = Math.min(first + span - 1, to);
		const last = first < border && end >= border ? border - 1 : end;
		let sum = 0;
		for (let day = first; day <= last; day += 1) sum += values[day];
		bins.push({ first, last, sum, mean: sum / (last - first + 1) });
		first = last + 1;
	}
	return bins;
};

/**
 * @param values one for each day from `firstDay`, milliseconds since 1970
 * @param from, to the days that are shown, both included
 * @param start, now days from which on the replay brought them, and from which on nothing has come yet
 * @returns `{node, bins, at(x), mark(index | null)}`; `at` finds the bar at a place of the drawing
 */
export const makeHistogram = ({ values, firstDay, from, to, start, now, nowText, width, height, unit }) => {
	const [w, h] = [width - edge.left - edge.right, height - edge.top - edge.bottom];
	const bins = binsOf(values, from, to, Math.max(1, Math.floor(w / leastBar)), now);
	const highest = bins.reduce((most, { mean }) => Math.max(most, mean), 0);
	const ticks = niceTicks(0, highest || 1, height < 200 ? 2 : 4);
	const x = (day) => edge.left + ((day - from) / (to - from + 1)) * w;
	const base = edge.top + h;
	const y = (value) => base - (value / ticks.at(-1)) * h;
	const digits = Math.max(0, -Math.floor(Math.log10(ticks[1] - ticks[0]) + 1e-9));

	const room = w / bins.length > 5 ? 1 : 0;
	const bar = ({ first, last, mean }) => (mean === 0 ? "" : `M${x(first).toFixed(1)} ${base}V${y(mean).toFixed(1)}H${(x(last + 1) - room).toFixed(1)}V${base}Z`);
	const paths = { past: "", arrived: "", coming: "" };
	for (const bin of bins) paths[bin.first >= now ? "coming" : bin.first >= start ? "arrived" : "past"] += bar(bin);

	const grid = ticks.map((tick) => svg("g", {},
		svg("path", { class: "grid", d: `M${edge.left} ${y(tick)}h${w}` }),
		svg("text", { class: "tick", x: edge.left - 8, y: y(tick) + 4, "text-anchor": "end" }, tick.toLocaleString(undefined, { minimumFractionDigits: digits }))));
	const wanted = Math.max(1, Math.min(to - from, Math.floor(w / dateRoom)));
	const axis = Array.from({ length: to > from ? wanted + 1 : 1 }, (_, n) => Math.round(from + (n / wanted) * (to - from))).map((day, n, all) =>
		svg("text", { class: "tick", x: n === 0 ? edge.left : n === all.length - 1 ? edge.left + w : x(day + 0.5), y: height - 8, "text-anchor": n === 0 ? "start" : n === all.length - 1 ? "end" : "middle" },
			shortDay(new Date(firstDay + day * dayMilliseconds).toISOString())));
	const isNowInView = now >= from && now <= to + 1;
	const nowAt = x(Math.min(now, to + 1));
	const anchor = nowAt < edge.left + w / 4 ? "start" : nowAt > edge.left + (w * 3) / 4 ? "end" : "middle";
	const clock = isNowInView && svg("g", { class: "now" },
		svg("path", { d: `M${nowAt.toFixed(1)} ${edge.top - 4}V${base}` }),
		svg("text", { x: nowAt, y: edge.top - 9, "text-anchor": anchor }, nowText));
	const cross = svg("path", { class: "chosen-bar", visibility: "hidden" });

	const mark = (index) => {
		cross.setAttribute("visibility", index === null ? "hidden" : "visible");
		if (index === null) return;
		const { first, last } = bins[index];
		cross.setAttribute("d", `M${x(first).toFixed(1)} ${base}V${edge.top}H${x(last + 1).toFixed(1)}V${base}Z`);
	};
	const at = (place) => {
		const day = Math.max(from, Math.min(to, Math.floor(from + ((place - edge.left) / w) * (to - from + 1))));
		return bins.findIndex(({ last }) => last >= day);
	};
	const node = svg("svg", { class: "chart histogram", width: width * unit, height: height * unit, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
		grid, axis, cross, Object.entries(paths).map(([kind, d]) => svg("path", { class: `bars ${kind}`, d })), clock);
	return { node, bins, at, mark };
};
