// A run: one sentence on what became of it, its tasks, their pictures and logs, and what may be ordered of it.
import { getJSON, paths } from "../api.js";
import { button, el, problemBox, replace, replaceWhen, setText } from "../dom.js";
import { duration, secondsBetween, zonedTime } from "../format.js";
import { go, to } from "../router.js";
import { glyph, hasEnded, setGlyph, stateWord } from "../states.js";
import { throttled } from "../store.js";
import { t } from "../words.js";
import { makeKeeper } from "./keeper.js";
import { causes, runLabel } from "./names.js";
import { cancelRun, clearTasks, markTask, runAgain } from "./orders.js";
import { makePicture } from "./picture.js";
import { relatives } from "./relatives.js";
import { makeTaskPanel } from "./task.js";
import { makeTasks } from "./tasks.js";

const views = [{ key: "tasks", name: t`Tasks` }, { key: "graph", name: t`Graph` }, { key: "gantt", name: t`Time and resources` }];

/** In the address, when no task's log is to be shown; no task is called so. */
const none = "-";

/** The task because of which a run failed: one that failed itself comes before those that never ran. */
const culprit = ({ tasks }) => {
	const all = [...tasks.values()];
	return all.find(({ state, mapped_from: parent }) => state === "failed" && parent) ?? all.find(({ state }) => state === "failed");
};

export const mountRun = (place) => {
	let [pipeline, id, query, detail, extra] = [null, null, new URLSearchParams(), null, []];
	/** Where a log says why its task failed: `{task, line}`. */
	let found = null;

	const crumb = el("a");
	const badge = glyph("none", 24);
	const name = el("span");
	const title = el("h1", { class: "run-title" }, badge, name);
	const orders = el("div", { class: "row" });
	const message = el("div");
	const summary = el("div", { class: "summary" });
	const facts = el("dl", { class: "run-facts" });
	const nav = el("nav", { class: "views", "aria-label": t`Views` });
	const body = el("div", { class: "card" });
	const panel = makeTaskPanel(() => keeper.refresh(), (place) => {
		found = place;
		redraw();
	});
	place.append(el("p", { class: "crumbs" }, el("a", { href: "/pipelines" }, t`Pipelines`), " / ", crumb),
		el("div", { class: "page-head" }, title, orders), message, summary, facts, nav, body, panel.node);

	const href = (changes) => {
		const next = new URLSearchParams(Object.entries({ view: query.get("view"), ...changes }).filter(([, value]) => value)).toString();
		return to("pipelines", pipeline, "runs", id) + (next && `?${next}`);
	};
	const openTask = (task) => go(href({ task: query.get("task") === task ? none : task }), { replaces: true });
	const table = makeTasks((task) => href({ task }));
	const pictures = { graph: makePicture("graph", openTask), gantt: makePicture("gantt", openTask) };

	const refresh = () => keeper.refresh();

	const drawOrders = ({ run, tasks }) => {
		const zone = detail.timezone;
		const isOver = hasEnded(run.state);
		const isUnwell = [...tasks.values()].some(({ state }) => ["failed", "upstream_failed", "cancelled"].includes(state));
		replaceWhen(orders, `${run.id} ${run.state} ${isUnwell}`, () => [
			!isOver && button(t`Cancel`, null, () => cancelRun(run, zone, refresh)),
			isOver && isUnwell && button(t`Clear what failed`, null, () => clearTasks(run, { only_failed: true }, t`Clear what failed?`, refresh)),
			isOver && button(t`Clear all`, null, () => clearTasks(run, {}, t`Clear all tasks?`, refresh)),
			isOver && run.state !== "success" && button(t`Mark success`, null, () => markTask(run, null, "success", refresh)),
			isOver && run.state === "success" && button(t`Mark failed`, null, () => markTask(run, null, "failed", refresh)),
			isOver && run.state !== "failed" && button(t`Run again`, null, () => runAgain(run))]);
	};

	const sentence = (entry) => {
		const { run } = entry;
		const took = run.started_at && run.ended_at ? duration(secondsBetween(run.started_at, run.ended_at)) : null;
		if (run.state === "failed") {
			const task = culprit(entry);
			if (!task) return run.message ?? t`It failed.`;
			const why = task.message ?? run.message ?? t`no reason was given`;
			return task.attempt > 1 ? t`${task.id} failed after ${task.attempt} attempts: ${why}` : t`${task.id} failed: ${why}`;
		}
		if (run.state === "success") return took ? t`Succeeded in ${took}.` : t`Succeeded.`;
		if (run.state === "cancelled") return run.message && run.message !== "cancelled by request" ? t`Cancelled: ${run.message}` : t`Cancelled.`;
		if (run.state === "queued") return t`Waits for a place: runs before it have not ended.`;
		const doing = [...entry.tasks.values()].filter(({ state, mapped_from: parent }) => state === "running" && !parent).map((task) => task.id);
		return run.message ? t`Being cancelled: ${run.message}` : doing.length > 0 ? t`Running: ${doing.join(", ")}.` : t`Running; no task has a slot at the moment.`;
	};

	const drawSummary = (entry) => {
		const { run } = entry;
		const task = run.state === "failed" ? culprit(entry) : null;
		const place = found && task?.id === found.task ? found : null;
		summary.className = `summary ${run.state === "failed" ? "problem" : ""}`;
		const words = sentence(entry);
		replaceWhen(summary, JSON.stringify([run.id, words, place]), () => [el("p", {}, el("strong", {}, words), task && " ", task && el("a", { href: href({ task: task.id }), "data-replaces": true }, place ? t`(log line ${place.line})` : t`(its log)`),
			place?.text && !words.includes(place.text) && el("code", { class: "said" }, place.text)),
			run.state === "failed" && button(t`Run again`, "primary", () => runAgain(run))]);
	};

	const drawFacts = ({ run }) => {
		const zone = detail.timezone;
		const fact = (name, value) => value && el("div", {}, el("dt", {}, name), el("dd", {}, value));
		const pairs = (object) => Object.entries(object ?? {}).map(([name, value]) => `${name} = ${value}`).join(", ");
		const interval = run.data_interval;
		replaceWhen(facts, JSON.stringify([run.id, run.started_at, detail.version, zone, extra.length, extra.map(({ value }) => value.textContent)]), () => [
			fact(t`started`, run.cause && (causes[run.cause] ?? run.cause)),
			fact(t`about`, zonedTime(run.logical_date, zone)),
			fact(t`data from`, interval && t`${zonedTime(interval.start, zone)} up to ${zonedTime(interval.end, zone)}`),
			fact(t`began`, zonedTime(run.started_at, zone)),
			fact(t`params`, pairs(run.params)),
			fact(t`event`, pairs(run.event)),
			fact(t`file`, el("a", { href: `${to("pipelines", pipeline, "file")}?version=${run.version}`, title: run.version }, run.version.slice(0, 8), run.version !== detail.version && [" ", t`(changed since)`])),
			fact(t`zone`, zone),
			extra.map(({ name, value }) => fact(name, value)),
			fact(t`id`, el("code", {}, run.id))]);
	};

	const draw = () => {
		const entry = keeper.entry();
		const problem = keeper.problem();
		replace(message, problem ? problemBox(problem) : !(entry && detail) && el("p", { class: "muted" }, t`reading…`));
		const isReady = Boolean(entry && detail);
		for (const part of [summary, facts, nav, body, orders]) part.hidden = !isReady;
		if (!isReady) {
			panel.node.hidden = true;
			return;
		}
		setGlyph(badge, entry.run.state);
		setText(name, `${pipeline}, ${runLabel(entry.run, detail.timezone)}: ${stateWord(entry.run.state)}`);
		drawOrders(entry);
		drawSummary(entry);
		drawFacts(entry);
		const view = query.get("view") ?? "tasks";
		// What failed is open from the start: its log is what one comes for.
		const task = query.get("task") ?? (entry.run.state === "failed" ? culprit(entry)?.id : null);
		replaceWhen(nav, `${id} ${view} ${query.get("task")}`, () => views.map(({ key, name }) => el("a", { "data-replaces": true, href: href({ view: key === "tasks" ? null : key, task: query.get("task") }), "aria-current": key === view && "page" }, name)));
		const part = pictures[view] ?? table;
		if (part.node.parentNode !== body) body.replaceChildren(part.node);
		if (part === table) table.update(entry, detail, task);
		else part.draw(detail, entry, task);
		panel.update(entry, detail, task, query.get("attempt"), href);
	};
	const redraw = throttled(200, () => place.checkVisibility() && draw());

	let former = "";
	const keeper = makeKeeper(() => {
		const entry = keeper.entry();
		const state = entry && `${entry.run.id} ${hasEnded(entry.run.state)}`;
		// Once when it is first seen and once when it has ended.
		if (state && state !== former) {
			former = state;
			// What cannot be had is left out: the run itself is what the page is about.
			relatives(entry.run).catch(() => []).then((answer) => {
				if (entry.run.id !== id) return;
				extra = answer;
				redraw();
			});
		}
		redraw();
	});

	return {
		async show(askedPipeline, askedRun, askedQuery) {
			const isOther = askedRun !== id || askedPipeline !== pipeline;
			const hadTask = query.get("task");
			[pipeline, id, query] = [askedPipeline, askedRun, askedQuery];
			setText(crumb, pipeline);
			crumb.href = to("pipelines", pipeline);
			if (isOther) {
				[extra, found, former] = [[], null, ""];
				if (detail?.id !== pipeline) detail = null;
				setText(name, id);
				panel.close();
				keeper.watch(pipeline, id);
			}
			draw();
			if (!detail) {
				// A run outlives its pipeline's file: what is known of it is shown all the same.
				const answer = await getJSON(paths.pipeline(pipeline)).catch(() => ({ id: pipeline, timezone: "UTC", tasks: [], version: "" }));
				if (pipeline === askedPipeline) detail = answer;
				draw();
			}
			const task = query.get("task");
			// Opened by hand: the log is what one wants to read next; closed: back to where it was opened.
			if (!isOther && task !== hadTask) panel.node.hidden ? body.querySelector(`[data-task="${CSS.escape(hadTask ?? "")}"]`)?.focus() : panel.focus();
			return `${pipeline}, ${keeper.entry() && detail ? runLabel(keeper.entry().run, detail.timezone) : id}`;
		},
	};
};
