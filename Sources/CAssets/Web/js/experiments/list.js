// Every experiment: how many runs it holds, its last run, and who made that.
import { getJSON, paths } from "../api.js";
import { button, el, emptyState, problemBox, replace, setText } from "../dom.js";
import { count, plural } from "../format.js";
import { listen } from "../live.js";
import { stateOf } from "../mlflow.js";
import { makeTable } from "../parts/table.js";
import { command } from "../parts/command.js";
import { poll } from "../poll.js";
import { to } from "../router.js";
import { glyph } from "../states.js";
import { throttled } from "../store.js";
import { t } from "../words.js";
import { exactMoment, moment, personOf, readableName, statusWord } from "./names.js";
import { createExperiment } from "./orders.js";

const pollMilliseconds = 10_000;

const columns = [
	{ key: "name", label: t`Experiment`, kind: "pin", canSort: true, cell: ({ id, name }) => el("a", { class: "name", href: to("experiments", id), title: name }, name) },
	{ key: "runs", label: t`Runs`, kind: "number", canSort: true, cell: ({ runs }) => count(runs) },
	{ key: "last", label: t`Last run`, canSort: true, cell: ({ id, last_run: run }) => (run ? el("a", { class: "run-link", href: to("experiments", id, "runs", run.id), title: `${run.name}: ${statusWord(stateOf(run.status))}` },
		glyph(stateOf(run.status)), el("span", { class: "cut" }, readableName(run.name, run.pipeline)), el("span", { class: "unseen" }, `: ${statusWord(stateOf(run.status))}`)) : t`none yet`) },
	{ key: "when", label: t`Began`, canSort: true, cell: ({ last_run: run }) => (run ? el("span", { title: exactMoment(Date.parse(run.started_at)) }, moment(Date.parse(run.started_at))) : "–") },
	{ key: "by", label: t`Made by`, canSort: true, cell: ({ last_run: run }) => (!run ? "–" : run.pipeline ? ["⟳ ", el("a", { href: to("pipelines", run.pipeline) }, t`pipeline ${run.pipeline}`)] : run.user === "mlstack" ? "mlstack" : personOf(run.user) ? t`${run.user}, by hand` : t`by hand`) },
	{ key: "running", label: t`Running`, kind: "number", canSort: true, cell: ({ running }) => (running ? count(running) : "–") },
	{ key: "failed", label: t`Failed`, kind: "number", canSort: true, cell: ({ failed }) => (failed ? count(failed) : "–") },
];

const values = {
	last: ({ last_run: run }) => run?.name ?? "", when: ({ last_run: run }) => (run ? Date.parse(run.started_at) : 0), by: ({ last_run: run }) => `${run?.pipeline ?? ""} ${run?.user ?? ""}`,
};

export const mountList = (place) => {
	let [experiments, isDeleted, sort] = [null, false, { key: "when", descending: true }];
	const about = el("p", { class: "muted about" });
	const problem = el("div");
	const nothing = el("div");
	const views = el("nav", { class: "views", "aria-label": t`Which experiments` },
		el("a", { href: "/experiments", "data-replaces": true }, t`Active`), el("a", { href: "/experiments?view=deleted", "data-replaces": true }, t`Deleted`));
	const search = el("input", { type: "text", placeholder: t`Part of a name…`, "aria-label": t`Find an experiment`, oninput: () => draw(), maxlength: 100 });
	const table = makeTable({ caption: t`Experiments`, rowKey: ({ id }) => id, onSort: (chosen) => { sort = chosen; draw(); } });
	const card = el("section", { class: "card" }, el("div", { class: "row between" }, search, el("span", { class: "muted" }, t`An experiment is a named group of runs.`)), nothing, table.node);
	place.append(el("div", { class: "page-head" }, el("div", {}, el("h1", {}, t`Experiments`), about), button(t`New experiment…`, null, createExperiment)), views, problem, card);

	const draw = () => {
		if (!experiments) return;
		const words = search.value.trim().toLowerCase();
		const value = values[sort.key] ?? ((row) => row[sort.key]);
		const way = sort.descending ? -1 : 1;
		const rows = experiments.filter(({ name }) => name.toLowerCase().includes(words))
			.sort((a, b) => way * (typeof value(a) === "string" ? value(a).localeCompare(value(b)) : value(a) - value(b)));
		table.set({ columns, rows, sort });
		table.node.hidden = rows.length === 0;
		const runs = experiments.reduce((sum, each) => sum + each.runs, 0);
		setText(about, t`${plural(experiments.length, "experiment")}, ${plural(runs, "run")}`);
		replace(nothing, rows.length === 0 && (experiments.length > 0 ? emptyState(t`No experiment has these letters.`)
			: isDeleted ? emptyState(t`Nothing is deleted.`) : [emptyState(t`No experiment yet.`, t`Let the clock step one day: the day's pipeline logs its training. Or log from a notebook:`), command(`export MLFLOW_TRACKING_URI=${location.origin}`)]));
	};
	const load = poll(place, pollMilliseconds, async () => {
		const asked = isDeleted;
		try {
			const answer = await getJSON(paths.experiments(asked ? "deleted" : "active"));
			if (asked !== isDeleted) return;
			experiments = answer.experiments;
			replace(problem);
		} catch (error) {
			replace(problem, problemBox(error));
		}
		draw();
	});
	listen("run", throttled(2000, load));
	listen("gap", load);

	return (parts, query) => {
		const wanted = query.get("view") === "deleted";
		if (wanted !== isDeleted) experiments = null;
		isDeleted = wanted;
		[...views.children].forEach((link, n) => (n === Number(isDeleted) ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current")));
		draw();
		load();
		return t`Experiments`;
	};
};
