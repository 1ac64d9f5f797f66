// The quality curve: each day's new ratings first test the model that was in production, then train the next.
import { byId, el, emptyState, problemBox, replace, setText } from "../dom.js";
import { count, figure, metricName, plural, shortDay } from "../format.js";
import { state, watch } from "../store.js";
import { t } from "../words.js";
import { makeChart } from "../parts/chart.js";
import { makeReader } from "../parts/reader.js";

const rankings = ["production", "popularity", "decayed_popularity"];
const audiences = { everybody: t`everybody`, known: t`known people`, new: t`new people` };
const explained = {
	everybody: t`Known and new people together.`,
	known: t`People the model had learned, ranked by what it learned of them.`,
	new: t`People it had not learned, ranked by folding in the first half of what they rated that day.`,
};
const names = { production: t`production`, popularity: t`popularity`, decayed_popularity: t`decayed popularity` };

const known = (value) => (Number.isFinite(value) ? value : null);

/** The name of a figure: production and everybody need no word. */
const keyOf = (ranking, audience) =>
	[ranking === "production" ? [] : [ranking], audience === "everybody" ? [] : [audience], state.quality.metric ?? "ndcg_at_10"].flat().join("_");

const valueOf = (point, ranking, audience) => known(audience === "everybody" ? point[ranking] : point[keyOf(ranking, audience)]);

/** The mean over all days and its standard error: as the server tells them, but up to the day that came just now. */
const overall = (ranking, audience) => {
	const values = state.quality.points.map((point) => valueOf(point, ranking, audience)).filter((value) => value !== null);
	const sum = (list) => list.reduce((a, b) => a + b, 0);
	const mean = values.length > 0 ? sum(values) / values.length : null;
	const error = values.length > 1 ? Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1) / values.length) : null;
	return { mean, error };
};

const inWords = (point, audience) => {
	const tested = audience === "everybody" ? point.cases : point[`${audience}_cases`];
	const people = tested !== undefined && (audience === "everybody" && point.new_cases
		? t`${plural(tested, "person")} tested, ${count(point.new_cases)} of them new` : t`${plural(tested, "person")} tested`);
	return [...rankings.map((name, n) => `${n === 0 ? `${shortDay(point.date)}: ` : ""}${names[name]} ${figure(valueOf(point, name, audience))}`), people].filter(Boolean).join(" · ");
};

const number = (text) => el("td", { class: "number" }, text);

const columns = [
	[names.production, (point) => figure(point.production)], [names.popularity, (point) => figure(point.popularity)],
	[names.decayed_popularity, (point) => figure(point.decayed_popularity)],
	[t`production, known`, (point) => figure(valueOf(point, "production", "known"))],
	[t`production, new`, (point) => figure(valueOf(point, "production", "new"))],
	[t`people tested`, ({ cases }) => count(cases)], [t`new people`, ({ new_cases: fresh }) => count(fresh)],
];

const tableRow = (point) => el("tr", {}, el("th", { scope: "row" }, shortDay(point.date)), columns.map(([, text]) => number(text(point))));

/** Means over all days for each audience apart; its first column is the legend. */
const makeMeans = (audience) => {
	const cell = (ranking, each) => {
		const { mean, error } = overall(ranking, each);
		return el("td", { class: `number${each === audience ? " chosen" : ""}` }, figure(mean), error !== null && el("span", { class: "error" }, ` ± ${error.toPrecision(2)}`));
	};
	const head = Object.keys(audiences).map((each) => el("th", { scope: "col", class: "number" }, audiences[each]));
	return el("table", { class: "means" }, el("caption", { class: "muted" }, t`Mean over the days ± its standard error`),
		el("thead", {}, el("tr", {}, el("td"), head)),
		el("tbody", {}, rankings.map((ranking) => el("tr", {},
			el("th", { scope: "row", class: `key ${ranking}` }, el("i"), names[ranking]), Object.keys(audiences).map((each) => cell(ranking, each))))));
};

/** A choice of one among the audiences. */
const makeChoice = (choose) =>
	el("fieldset", { class: "segments" }, el("legend", { class: "unseen" }, t`Whose days the chart shows`),
		Object.entries(audiences).map(([value, text]) => {
			const input = el("input", { type: "radio", name: "audience", value, checked: value === "everybody" });
			input.addEventListener("change", () => choose(value));
			return el("label", {}, input, el("span", {}, text));
		}));

export const mountQuality = () => {
	const nothing = el("div");
	const lead = el("p", { class: "muted" });
	const means = el("div", { class: "scroll" });
	const about = el("p", { class: "muted" });
	let audience = "everybody";
	const choice = makeChoice((value) => {
		audience = value;
		reader.forget();
		ask();
	});
	/** The days of which the chosen audience has a figure. */
	let points = [];
	const reader = makeReader({
		label: t`Day of the quality curve`, words: (index) => inWords(points[index], audience), nothing: t`None of them has been tested yet.`,
		draw: (width, height, unit) => {
			const series = rankings.map((name) => {
				const running = points.map((point) => point.running?.[keyOf(name, audience)]);
				return { name, values: points.map((point) => valueOf(point, name, audience)),
					means: running.map((each) => known(each?.mean)), errors: running.map((each) => known(each?.standard_error)) };
			});
			return makeChart({ dates: points.map(({ date }) => date), series, width, height, unit });
		},
	});
	const body = el("tbody");
	const head = [t`day`, ...columns.map(([name]) => name)].map((name, index) => el("th", { scope: "col", class: index > 0 && "number" }, name));
	const table = el("details", {}, el("summary", {}, t`The same as a table`),
		el("div", { class: "scroll tall", tabindex: 0, role: "region", "aria-label": t`Quality by day` }, el("table", {}, el("thead", {}, el("tr", {}, head)), body)));
	const parts = [lead, means, el("div", { class: "row" }, choice, about), ...reader.nodes, table];
	byId("quality").append(nothing, ...parts);

	let tableKey = "";
	const fillTable = (all) => {
		const key = `${all.length} ${all.at(-1)?.date}`;
		if (!table.open || key === tableKey) return;
		tableKey = key;
		replace(body, all.map(tableRow).reverse());
	};
	table.addEventListener("toggle", () => fillTable(state.quality?.points ?? []));

	const draw = () => {
		const all = state.quality?.points ?? [];
		const refused = state.problems.quality;
		const isEmpty = all.length === 0;
		for (const part of parts) part.hidden = isEmpty;
		replace(nothing, !state.quality ? refused && problemBox(refused)
			: isEmpty && emptyState(t`No day has been tested yet.`, t`The first day trains the first model; from the second day on each day's new ratings test it before they train the next.`));
		if (isEmpty) return;
		setText(lead, t`${metricName(state.quality.metric ?? "ndcg_at_10")} of the model in production on each day's new ratings, before it learned from them. Points: days; lines: mean of ${state.quality.running_days ?? 30} tested days, with its standard error.`);
		replace(means, makeMeans(audience));
		setText(about, explained[audience]);
		points = all.filter((point) => valueOf(point, "production", audience) !== null);
		reader.redraw(points.length);
		fillTable(all);
	};
	const ask = watch(["quality"], draw);
};
