// One experiment: its runs in a table that is filtered and sorted by the server, and what may be ordered of them.
import { getJSON, paths } from "../api.js";
import { button, el, emptyState, problemBox, replace, replaceWhen, setAttribute, setText } from "../dom.js";
import { count, plural } from "../format.js";
import { listen } from "../live.js";
import { searchRuns } from "../mlflow.js";
import { command } from "../parts/command.js";
import { bestOf, direction } from "../parts/measures.js";
import { poll } from "../poll.js";
import { go, to } from "../router.js";
import { throttled } from "../store.js";
import { t } from "../words.js";
import { makeColumns } from "./columns.js";
import { makeFeed } from "./feed.js";
import { makeFilter } from "./filter.js";
import { quotedKey } from "./names.js";
import { deleteExperiment, deleteRuns, renameExperiment, restoreExperiment, restoreRuns } from "./orders.js";
import { makeRunsTable } from "./runsTable.js";

const pollMilliseconds = 5000;
export const mostCompared = 10;

export const mountExperiment = (place) => {
	let [id, query, experiment] = [null, null, null];
	let best = {};
	const title = el("h1", { class: "long-name" });
	const head = el("div", { class: "row" });
	const about = el("p", { class: "muted about" });
	const problem = el("div");
	const links = [t`Active runs`, t`Deleted runs`].map((name) => el("a", { "data-replaces": true }, name));
	const views = el("nav", { class: "views", "aria-label": t`Which runs` }, links);
	const filter = makeFilter((text) => go(href({ filter: text || null }), { replaces: true }));
	const bar = el("div", { class: "row between bar" });
	const said = el("p", { class: "muted", role: "status" });
	const nothing = el("div");
	place.append(el("p", { class: "crumbs" }, el("a", { href: "/experiments" }, t`Experiments`)),
		el("div", { class: "page-head" }, title, head), about, views, problem);

	const href = (changes) => {
		const next = new URLSearchParams(Object.entries({ ...Object.fromEntries(query), ...changes }).filter(([, value]) => value)).toString();
		return to("experiments", id) + (next && `?${next}`);
	};
	const isDeleted = () => query.get("view") === "deleted";
	const sort = () => ({ key: query.get("sort") ?? "other:start", descending: query.get("order") !== "asc" });
	const columns = makeColumns(() => draw());
	const feed = makeFeed(() => draw());
	const table = makeRunsTable({
		onSort: ({ key, descending }) => go(href({ sort: key, order: descending ? null : "asc" }), { replaces: true }),
		onNearEnd: () => feed.more(),
		onChoice: () => drawBar(),
	});
	const card = el("section", { class: "card" }, filter.node, bar, nothing, table.node, said);
	place.append(card);

	const again = () => {
		table.leave();
		load();
		ask();
	};
	const drawBar = () => {
		const chosen = table.chosen();
		replaceWhen(bar, JSON.stringify([id, isDeleted(), chosen.map((run) => run.id)]), () => {
			const compare = button(t`Compare`, "primary", () => go(`${to("experiments", id, "compare")}?runs=${chosen.map((run) => run.id).join(",")}`));
			compare.disabled = chosen.length < 2 || chosen.length > mostCompared;
			return [
				el("span", { class: "row" }, compare, chosen.length > 0 && (isDeleted() ? button(t`Restore…`, null, () => restoreRuns(chosen, again)) : button(t`Delete…`, null, () => deleteRuns(chosen, again))),
					chosen.length > 0 && button(t`Choose none`, null, () => table.leave()),
					el("span", { class: "muted" }, chosen.length === 0 ? t`Choose 2 to ${mostCompared} runs to compare them.` : chosen.length > mostCompared ? t`${chosen.length} chosen; at most ${mostCompared} can be compared` : t`${chosen.length} chosen`)),
				button(t`Columns…`, null, () => columns.choose(feed.runs()))];
		});
	};

	const drawHead = () => {
		setText(title, experiment?.name ?? "");
		if (!experiment) return;
		const isGone = experiment.lifecycle_stage === "deleted";
		replaceWhen(head, `${experiment.id} ${isGone}`, () => (isGone ? button(t`Restore…`, "primary", () => restoreExperiment(experiment, again))
			: [button(t`Rename…`, null, () => renameExperiment(experiment, load)), button(t`Delete…`, null, () => deleteExperiment(experiment))]));
		const pipeline = experiment.last_run?.pipeline;
		replaceWhen(about, JSON.stringify(experiment), () => [[plural(experiment.runs, "run"), experiment.running > 0 && t`${count(experiment.running)} running`, experiment.failed > 0 && t`${count(experiment.failed)} of them failed`].filter(Boolean).join(", "), ". ",
			pipeline ? [t`The last one was made by the pipeline `, el("a", { href: to("pipelines", pipeline) }, pipeline), "."] : experiment.last_run && (experiment.last_run.user === "mlstack" ? t`The last one was logged by mlstack itself.` : t`The last one was logged by hand.`), isGone && el("strong", {}, ` ${t`This experiment is deleted: nothing can be logged into it.`}`)]);
	};

	const draw = () => {
		if (!id) return;
		const runs = feed.runs();
		const { isLoading, isComplete, problem: refusal } = feed.state();
		const isFilters = Boolean(query.get("filter"));
		const isOfFilter = refusal?.status === 400 && isFilters;
		filter.refuse(isOfFilter ? refusal : null);
		if (!card.hidden) replaceWhen(problem, refusal && !isOfFilter ? refusal.message : "", () => refusal && !isOfFilter && problemBox(refusal));
		if (!isFilters && runs.length > 0) filter.examples(runs);
		drawHead();
		drawBar();
		table.node.hidden = runs.length === 0;
		table.set({ runs, parents: feed.parents(), columns: columns.list(runs, best), marks: JSON.stringify(best), sort: sort(), total: isFilters ? undefined : experiment?.runs });
		replaceWhen(nothing, JSON.stringify([runs.length > 0, isLoading, isFilters, isDeleted(), Boolean(refusal)]), () => runs.length === 0 && !refusal && (isLoading ? el("p", { class: "muted" }, t`reading…`)
			: isFilters ? emptyState(t`No run fits the filter.`, t`A run without the metric, param or tag never fits; ask for absence with IS NULL.`)
			: isDeleted() ? emptyState(t`No deleted runs.`)
			: [emptyState(t`No runs yet.`, t`Log one from Python with plain MLflow:`), command(`MLFLOW_TRACKING_URI=${location.origin} MLFLOW_EXPERIMENT_ID=${id} python train.py`)]));
		setText(said, runs.length === 0 ? "" : isComplete ? t`${plural(runs.length, "run")} in the table` : t`${count(runs.length)} runs read so far; more come as you scroll`);
		findBest(runs, isComplete);
	};

	/** The best of each metric in the table: of all runs that fit, also of those not read yet. */
	let bestKey = "";
	const findBest = async (runs, isComplete) => {
		const metrics = columns.metrics();
		const key = JSON.stringify([id, query.get("filter"), isDeleted(), metrics, isComplete, runs.length, Math.max(0, ...runs.slice(0, 60).map(({ stamp }) => stamp))]);
		if (key === bestKey) return;
		bestKey = key;
		const found = await Promise.all(metrics.map(async (metric) => {
			if (direction(metric) === 0) return null;
			const first = isComplete ? [] : (await searchRuns({ ...asked(), order: [`metrics.${quotedKey(metric)} ${direction(metric) > 0 ? "DESC" : "ASC"}`], size: 1 }).catch(() => ({ runs: [] }))).runs;
			return bestOf(metric, [...runs, ...first].map((run) => run.metrics[metric]?.value));
		}));
		if (key !== bestKey) return;
		const next = Object.fromEntries(metrics.map((metric, n) => [metric, found[n]]));
		if (JSON.stringify(next) === JSON.stringify(best)) return;
		best = next;
		draw();
	};

	const load = async () => {
		const mine = id;
		try {
			const answer = await getJSON(paths.experiment(mine));
			if (mine !== id) return;
			experiment = answer;
			card.hidden = views.hidden = false;
		} catch (error) {
			if (mine !== id || experiment) return;
			// Of an experiment that there is not there are no runs.
			card.hidden = views.hidden = true;
			replaceWhen(problem, error.message, () => problemBox(error));
		}
		if (mine === id) drawHead();
	};
	const asked = () => {
		const { key, descending } = sort();
		const order = key === "name" ? "attributes.run_name" : columns.orderOf(key);
		return { experiment: id, filter: query.get("filter") ?? "", order: order ? [`${order} ${descending ? "DESC" : "ASC"}`] : [], isDeleted: isDeleted() };
	};
	const ask = () => {
		best = {};
		bestKey = "";
		feed.ask(asked());
		table.toTop();
		draw();
	};
	const refresh = poll(place, pollMilliseconds, () => Promise.all([load(), feed.refresh()]));
	const soon = throttled(2000, () => place.checkVisibility() && refresh());
	listen("run", soon);
	listen("gap", soon);
	let former = "";

	return async ([askedID], askedQuery) => {
		if (askedID !== id) {
			[experiment, id] = [null, askedID];
			table.forget();
			columns.open(id);
		}
		query = askedQuery;
		filter.show(query.get("filter") ?? "");
		for (const [n, link] of links.entries()) {
			link.href = href({ view: n === 1 ? "deleted" : null });
			setAttribute(link, "aria-current", (n === 1) === isDeleted() ? "page" : null);
		}
		const key = JSON.stringify(asked());
		const isOther = key !== former;
		former = key;
		if (isOther) ask();
		if (!experiment) await load();
		refresh();
		return `${experiment?.name ?? id} · ${t`Experiments`}`;
	};
};
