// The graph, or the bars, of one run of a pipeline: the newest, or the one that is chosen.
import { getJSON, paths } from "../api.js";
import { el, emptyState, problemBox, replace } from "../dom.js";
import { go, to } from "../router.js";
import { stateWord } from "../states.js";
import { throttled } from "../store.js";
import { t } from "../words.js";
import { runLabel } from "./names.js";
import { makeKeeper } from "./keeper.js";
import { makePicture } from "./picture.js";

const offered = 50;

/** @param kind `graph` or `gantt` */
export const mountOneRun = (place, kind) => {
	let context = null;
	let runs = null;
	let problem = null;
	const choice = el("select", { id: `run-of-${kind}`, onchange: () => go(context.href(kind, { run: choice.value }), { replaces: true }) });
	const open = el("a");
	const message = el("div");
	const picture = makePicture(kind, (task) => {
		const entry = keeper.entry();
		if (entry) go(`${to("pipelines", context.id, "runs", entry.run.id)}?task=${encodeURIComponent(task)}`);
	});
	const tools = el("div", { class: "row" }, el("label", { class: "field" }, t`Run`, choice), open);
	place.append(el("div", { class: "card" }, tools, message, picture.node));

	const draw = () => {
		const entry = keeper.entry();
		const refused = problem ?? keeper.problem();
		tools.hidden = !runs?.length;
		replace(message, refused ? problemBox(refused) : runs?.length === 0 ? el("p", { class: "muted" }, t`It has not run yet: these are its tasks.`) : !runs && el("p", { class: "muted" }, t`reading…`));
		if (kind === "gantt" && runs?.length === 0) replace(message, emptyState(t`It has not run yet.`, t`Press Run now: each task's time, CPU and memory will stand here.`));
		replace(open, t`Open this run`);
		if (entry) open.href = to("pipelines", context.id, "runs", entry.run.id);
		picture.draw(context.detail, entry);
	};
	const redraw = throttled(200, () => place.checkVisibility() && draw());
	const keeper = makeKeeper(redraw);

	const choose = () => {
		const asked = context.query.get("run");
		const zone = context.detail.timezone;
		const listed = asked && !runs.some(({ id }) => id === asked) ? [{ id: asked, cause: "", logical_date: null }, ...runs] : runs;
		replace(choice, listed.map((run) => el("option", { value: run.id }, run.logical_date ? `${runLabel(run, zone)} (${stateWord(run.state)})` : run.id)));
		const id = asked ?? runs[0]?.id;
		if (!id) return keeper.forget();
		choice.value = id;
		keeper.watch(context.id, id);
	};

	const load = throttled(1000, async () => {
		const mine = context;
		try {
			const answer = await getJSON(paths.latestRuns(mine.id, offered));
			if (mine.id !== context.id) return;
			[runs, problem] = [answer.runs, null];
			choose();
		} catch (error) {
			problem = error;
		}
		redraw();
	});

	return {
		show(next) {
			if (context?.id !== next.id) {
				[runs, problem] = [null, null];
				keeper.forget();
			}
			context = next;
			if (runs) choose();
			draw();
			load();
		},
		/** A new run is followed only where none was chosen. */
		hear: (type, run) => (type === "gap" || (type === "run" && run.state === "running" && !context.query.get("run"))) && load(),
	};
};
