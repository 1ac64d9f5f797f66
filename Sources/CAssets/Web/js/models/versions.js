// The versions of the model: what they scored, which alias names them, and the two moves: promote and roll back.
import { announce } from "../announce.js";
import { paths, post } from "../api.js";
import { confirmFirst } from "../dialog.js";
import { button, el, emptyState, keyed, problemBox, replace, setText } from "../dom.js";
import { figure, metricName, shortDay, wallTime } from "../format.js";
import { reloadModel, servingIs } from "../live.js";
import { state, touch, watch } from "../store.js";
import { t } from "../words.js";

const fewRows = 8;
const fewColumns = 4;
const preferred = ["ndcg_at_10", "recall_at_20", "coverage_at_10"];
/** Of these less is better; of the rest more. */
const isCost = (metric) => /loss|rmse|mae|seconds|bytes|similarity/.test(metric);

/** A name with a slash measures another candidate of the same run, such as als/ndcg_at_10. */
const columnsOf = (versions) => {
	const all = [...new Set(versions.flatMap(({ metrics }) => Object.keys(metrics ?? {})))].filter((name) => !name.includes("/")).sort();
	return [...new Set([...preferred.filter((name) => all.includes(name)), ...all])].slice(0, fewColumns);
};

const bestOf = (versions, metric) => {
	const values = versions.map(({ metrics }) => metrics?.[metric]).filter(Number.isFinite);
	return values.length > 1 ? Math[isCost(metric) ? "min" : "max"](...values) : null;
};

const answering = () => state.serving?.model?.version;

/** Moves the alias, then loads what it names. */
const move = async (path, body) => {
	state.model = await post(path, body);
	touch("model");
	servingIs(await post(paths.reload));
	announce(t`Version ${answering()} answers now`);
	reloadModel();
};

const loaded = (version) =>
	answering() ? t`It is loaded at once in place of version ${answering()}: recommendations then come from ${version}. No request is dropped.`
		: t`It is loaded at once: recommendations then come from ${version}. No request is dropped.`;

const promote = ({ name, aliases }, version) =>
	confirmFirst({
		title: t`Promote version ${version} of ${name}?`,
		consequences: [
			aliases.production ? t`The alias production moves from version ${aliases.production} to version ${version}.` : t`Version ${version} gets the alias production.`,
			loaded(t`version ${version}`),
			t`The next run of the day's pipeline may promote another version. Roll back undoes this.`,
		],
		verb: t`Promote version ${version}`,
		act: () => move(`${paths.model(name)}/promote`, { version, alias: "production", reason: "by hand on the page" }),
	});

const rollBack = ({ name, aliases, history }) => {
	const last = (history ?? []).filter(({ alias }) => alias === "production").reduce((a, b) => (a && a.at > b.at ? a : b), null);
	const former = last?.version === aliases.production && last?.previous_version ? t`version ${last.previous_version}` : t`the version that had it before`;
	confirmFirst({
		title: t`Roll back ${name}?`,
		consequences: [
			t`The alias production leaves version ${aliases.production} and returns to ${former}.`,
			loaded(former),
			t`Version ${aliases.production} is kept and can be promoted again.`,
		],
		verb: t`Roll back`,
		act: () => move(`${paths.model(name)}/rollback`, { alias: "production" }),
	});
};

const makeRow = ({ version, aliases, columns, best, isAnswering, ...rest }) =>
	el("tr", {},
		el("th", { scope: "row" }, `${version} `,
			aliases.map((alias) => el("span", { class: alias === "production" ? "badge strong" : "badge" }, alias)),
			isAnswering && el("span", { class: "badge" }, t`answering`)),
		el("td", { class: "day" }, rest.simulated_date ? shortDay(rest.simulated_date) : wallTime(rest.created_at)),
		el("td", { class: "spare" }, rest.algorithm ?? "–"),
		columns.map((metric, index) => {
			const value = rest.metrics?.[metric];
			const isBest = best[index] !== null && value === best[index];
			return el("td", { class: `number${index > 0 ? " spare" : ""}${isBest ? " best" : ""}`, title: value },
				figure(value), isBest && el("span", { class: "unseen" }, t` (best)`));
		}),
		el("td", { class: "action" }, !aliases.includes("production") &&
			button([t`Promote`, el("span", { class: "unseen" }, " ", t`version ${version}`)], "small", () => promote(state.model, version))));

const column = (name, kind) => el("th", { scope: "col", class: kind }, name);

/** @returns the card's content */
export const makeVersions = () => {
	const nothing = el("div");
	const lead = el("p", { class: "muted" });
	const back = button(t`Roll back…`, null, () => rollBack(state.model));
	const head = el("tr");
	const body = el("tbody");
	const all = button("", "small", () => {
		isWhole = !isWhole;
		ask();
	});
	const content = el("div", {}, el("div", { class: "row between" }, lead, back),
		el("div", { class: "scroll" }, el("table", { class: "versions" }, el("thead", {}, head), body)), all);
	let isWhole = false;

	const draw = () => {
		const { model, serving } = state;
		const versions = model?.versions ?? [];
		content.hidden = versions.length === 0;
		replace(nothing, !model ? state.problems.model && problemBox(state.problems.model)
			: versions.length === 0 && emptyState(t`No model version yet.`, t`The day's pipeline registers one: press Play, or Step to let one day go by.`));
		if (content.hidden) return;
		const columns = columnsOf(versions);
		const best = columns.map((metric) => bestOf(versions, metric));
		setText(lead, t`${model.name}, newest first; the best of each measure is marked`);
		back.disabled = !model.aliases.production;
		replace(head, column(t`version`), column(t`day`), column(t`algorithm`, "spare"),
			columns.map((metric, index) => column(`${metricName(metric)} ${isCost(metric) ? "↓" : "↑"}`, index > 0 ? "number spare" : "number")),
			column(el("span", { class: "unseen" }, t`actions`)));
		const rows = versions.filter(({ aliases }, index) => isWhole || index < fewRows || aliases.length > 0)
			.map((version) => ({ ...version, columns, best, isAnswering: serving?.model?.name === model.name && version.version === answering() }));
		keyed(body, rows, JSON.stringify, makeRow);
		all.hidden = versions.length <= fewRows;
		setText(all, isWhole ? t`Show fewer` : t`Show the last ${versions.length}`);
	};
	const ask = watch(["model", "serving"], draw);
	return el("div", {}, nothing, content);
};
