// How each day's data differ from the weeks before: four small pictures, and in words what moved too far.
import { byId, el, emptyState, problemBox, replace, setText, textUnit } from "../dom.js";
import { alertWords, figure, plural, shortDay } from "../format.js";
import { glyph } from "../states.js";
import { state, watch } from "../store.js";
import { makeChart, runningMean } from "../parts/chart.js";

const listed = 8;
const smoothDays = 7;

const known = (value) => (Number.isFinite(value) ? value : null);

/** `lines`: `[measure, its look in the chart, its name]`; the first is the one whose alerts are marked. */
const pictures = [
	{ title: "What people choose", lines: [["item_psi", "production", "PSI of the films' popularity"], ["item_psi_noise", "popularity", "what chance may bring"]], alarm: "item_psi" },
	{ title: "How much they rate", lines: [["activity_psi", "production", "PSI of ratings a day"], ["activity_psi_noise", "popularity", "what chance may bring"]], alarm: "activity_psi" },
	{ title: "How they judge", lines: [["rating_mean", "production", "mean of the stars"], ["former_rating_mean", "popularity", "before"]], alarm: "rating_shift", fits: true },
	{ title: "Who and what is new", lines: [["new_users", "production", "new people"], ["new_items", "popularity", "new films"]], alarm: "new_" },
];

const makePicture = ({ title, lines, alarm, fits }) => {
	const values = lines.map(([, look, name]) => ({ look, name, node: el("b") }));
	const place = el("div", { class: "plot small-plot", "aria-hidden": "true" });
	const node = el("div", { class: "picture" }, el("h3", {}, title),
		el("p", { class: "row legend muted" }, values.map(({ look, name, node: value }) => el("span", { class: `key ${look}` }, el("i"), `${name} `, value))), place);
	const draw = (points) => {
		lines.forEach(([measure], n) => setText(values[n].node, figure(points.at(-1)[measure])));
		const unit = textUnit();
		const [width, height] = [place.clientWidth / unit, place.clientHeight / unit];
		if (width === 0) return;
		const series = lines.map(([measure, name], n) => {
			const all = points.map((point) => known(point[measure]));
			// What a day is compared with is a line of its own, without points.
			return { name, values: n === 0 || alarm === "new_" ? all : all.map(() => null), means: runningMean(all, smoothDays) };
		});
		const alarms = points.flatMap(({ alerts }, index) => (alerts.some(({ measure }) => measure.startsWith(alarm)) ? [index] : []));
		replace(place, makeChart({ dates: points.map(({ date }) => date), series, width, height, unit, fits, alarms }).node);
	};
	return { node, place, draw };
};

const alertLine = ({ date, alerts }) => el("li", {}, glyph("up_for_retry"), el("div", {}, el("b", {}, `${shortDay(date)}: `), alerts.map(alertWords).join("; ")));

export const mountDrift = () => {
	const nothing = el("div");
	const lead = el("p", { class: "muted" });
	const last = el("p");
	const views = pictures.map(makePicture);
	const alerts = el("ol", { class: "alerts" });
	const parts = [lead, last, el("div", { class: "pictures" }, views.map(({ node }) => node)), alerts];
	byId("drift").append(nothing, ...parts);

	const draw = () => {
		const points = state.drift?.points ?? [];
		const isEmpty = points.length === 0;
		for (const part of parts) part.hidden = isEmpty;
		replace(nothing, !state.drift ? state.problems.drift && problemBox(state.problems.drift)
			: isEmpty && emptyState("No day has been compared yet.", "The task drift of the day's pipeline compares each day with the days before it."));
		if (isEmpty) return;
		const latest = points.at(-1);
		const alarmed = points.filter((point) => point.alerts.length > 0);
		setText(lead, `Each day beside the ${plural(latest.window_days ?? 30, "day")} before it. Points: days; lines: mean of ${smoothDays} days; diamonds: alerts, for what moved beyond its limit and beyond what chance brings to so few people.`);
		setText(last, `${shortDay(latest.date)}: ${plural(latest.ratings, "rating")} by ${plural(latest.users, "person", "people")}, ${plural(latest.alerts.length, "alert")}. ${plural(alarmed.length, "day")} of ${plural(points.length, "day")} with alerts.`);
		for (const { draw: drawPicture } of views) drawPicture(points);
		replace(alerts, alarmed.slice(-listed).reverse().map(alertLine));
	};
	const ask = watch(["drift"], draw);
	for (const { place } of views) new ResizeObserver(ask).observe(place);
};
