// How each day's data differ from the weeks before: four small pictures, and in words what moved too far.
import { el, emptyState, problemBox, replace, setText, textUnit } from "../dom.js";
import { alertWords, figure, plural, shortDay } from "../format.js";
import { glyph } from "../states.js";
import { t } from "../words.js";
import { makeChart, runningMean } from "./chart.js";

const listed = 8;
const smoothDays = 7;

const known = (value) => (Number.isFinite(value) ? value : null);

/** `lines`: `[measure, its look in the chart, its name]`; the first is the one whose alerts are marked. */
const pictures = [
	{ title: t`What people choose`, lines: [["item_psi", "production", t`PSI of the films' popularity`], ["item_psi_noise", "popularity", t`what chance may bring`]], alarm: "item_psi" },
	{ title: t`How much they rate`, lines: [["activity_psi", "production", t`PSI of ratings a day`], ["activity_psi_noise", "popularity", t`what chance may bring`]], alarm: "activity_psi" },
	{ title: t`How they judge`, lines: [["rating_mean", "production", t`mean of the stars`], ["former_rating_mean", "popularity", t`before`]], alarm: "rating_shift", fits: true },
	{ title: t`Who and what is new`, lines: [["new_users", "production", t`new people`], ["new_items", "popularity", t`new films`]], alarm: "new_" },
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

/** @returns `{node, draw(points, problem)}`: the points of `/api/v1/drift`, null while they are fetched; or why they could not be. */
export const makeDrift = () => {
	const nothing = el("div");
	const lead = el("p", { class: "muted" });
	const last = el("p");
	const views = pictures.map(makePicture);
	const alerts = el("ol", { class: "alerts" });
	const parts = [lead, last, el("div", { class: "pictures" }, views.map(({ node }) => node)), alerts];

	let shown = [];
	const drawPictures = () => {
		if (shown.length > 0) for (const view of views) view.draw(shown);
	};
	const draw = (points, problem) => {
		shown = points ?? [];
		const isEmpty = shown.length === 0;
		for (const part of parts) part.hidden = isEmpty;
		replace(nothing, !points ? problem && problemBox(problem)
			: isEmpty && emptyState(t`No day has been compared yet.`, t`The task drift of the day's pipeline compares each day with the days before it.`));
		if (isEmpty) return;
		const latest = shown.at(-1);
		const alarmed = shown.filter((point) => point.alerts.length > 0);
		setText(lead, t`Each day beside the ${latest.window_days ?? 30} days before it. Points: days; lines: mean of ${smoothDays} days; diamonds: alerts, for what moved beyond its limit and beyond what chance brings to so few people.`);
		setText(last, t`${shortDay(latest.date)}: ${plural(latest.ratings, "rating")} by ${plural(latest.users, "person")}, ${plural(latest.alerts.length, "alert")}. ${plural(alarmed.length, "day")} of ${plural(shown.length, "day")} with alerts.`);
		drawPictures();
		replace(alerts, alarmed.slice(-listed).reverse().map(alertLine));
	};
	for (const { place } of views) new ResizeObserver(drawPictures).observe(place);
	return { node: el("div", {}, nothing, parts), draw };
};
