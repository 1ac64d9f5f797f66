// One task of a run: what it came to, what it handed on, what may be ordered of it, and its log, attempts side by side if wanted.
import { paths } from "../api.js";
import { button, el, keyed, replace, replaceWhen, setAttribute, setText } from "../dom.js";
import { usage, zonedTime } from "../format.js";
import { taskDuration } from "../parts/graph.js";
import { makeLog } from "../parts/log.js";
import { go } from "../router.js";
import { glyph, hasEnded, setGlyph, stateWord } from "../states.js";
import { t } from "../words.js";
import { clearTask, markTask } from "./orders.js";

/**
 * @param refresh called after an order
 * @param onFound told `{task, line, text}`: where in the latest attempt's log stands why it failed
 * @returns `{node, update(entry, detail, id, attempts, href), close(), focus()}`: `attempts` as in the address, such as `1,2`; `href(query)`
 * is the run's address
 */
export const makeTaskPanel = (refresh, onFound) => {
	let now = null;
	const badge = glyph("none", 20);
	const title = el("h2", { tabindex: -1 });
	const facts = el("p", { class: "muted" });
	const used = el("p", { class: "muted" });
	const message = el("p", { class: "message" });
	const outputs = el("dl", { class: "outputs" });
	const attempts = el("div", { class: "row", role: "group", "aria-label": t`Attempts` });
	const status = el("p", { class: "muted" });
	const logs = el("div", { class: "logs" });
	const order = (label, act) => button(label, "small", () => act(now.entry.run, now.task.id));
	const orders = el("div", { class: "row" },
		order(t`Clear alone`, (run, id) => clearTask(run, id, false, refresh)), order(t`Clear with what follows`, (run, id) => clearTask(run, id, true, refresh)),
		order(t`Mark success`, (run, id) => markTask(run, id, "success", refresh)), order(t`Mark failed`, (run, id) => markTask(run, id, "failed", refresh)));
	const close = el("a", { class: "small", "data-replaces": true }, t`Close`);
	const node = el("section", { class: "card task-panel", hidden: true, "aria-label": t`Task` },
		el("div", { class: "row between" }, el("div", { class: "row" }, badge, title), el("div", { class: "row" }, orders, close)), facts, used, message, outputs, attempts, status, logs);
	node.addEventListener("keydown", (event) => event.key === "Escape" && go(close.getAttribute("href"), { replaces: true }));

	const views = new Map();
	/** A log for each attempt that is shown. */
	const drawLogs = (numbers, task, run) => {
		for (const [number, log] of views) {
			if (numbers.includes(number)) continue;
			log.stop();
			views.delete(number);
		}
		keyed(logs, numbers, String, (number) => {
			const heading = el("h3", {}, t`attempt ${number}`);
			const log = makeLog({ label: t`Log of attempt ${number}`, onFound: (place) => number === now.task.attempt && onFound({ task: now.task.id, ...place }) });
			views.set(number, log);
			const column = el("div", {}, heading, log.node);
			return { node: column, update: () => {
				heading.hidden = numbers.length < 2;
				const isLatest = number === now.task.attempt;
				log.show({ path: paths.log(run.pipeline, run.id, task.id, number), follows: isLatest && !hasEnded(task.state) && task.state !== "up_for_retry",
					message: !isLatest || task.state === "up_for_retry" ? "" : task.state === "failed" ? (task.message ?? "") : null });
			} };
		});
	};

	let shown = "";
	const update = (entry, detail, id, chosenAttempt, href) => {
		const task = id && entry.tasks.get(id);
		node.hidden = !task;
		if (!task) return closeLogs();
		const key = `${entry.run.id} ${id}`;
		if (key !== shown) {
			closeLogs();
			shown = key;
		}
		now = { entry, task };
		const { run } = entry;
		setGlyph(badge, task.state);
		setText(title, task.id);
		// The server refuses them of a task that is at work; its run can be cancelled.
		orders.hidden = task.state === "running";
		setAttribute(close, "href", href({ task: "-" }));
		const took = taskDuration(task);
		const zone = detail?.timezone ?? "UTC";
		setText(facts, [stateWord(task.state), detail?.tasks.find((each) => each.id === (task.mapped_from ?? id))?.type, task.item && t`item ${task.item}`, task.started_at && t`began ${zonedTime(task.started_at, zone)}`, took && t`took ${took}`,
			task.failures > 1 && t`failed ${task.failures} times`].filter(Boolean).join(" · "));
		setText(used, task.measures ? usage(task.measures) : "");
		used.hidden = !task.measures;
		setText(message, task.message ?? "");
		message.hidden = !task.message;
		message.classList.toggle("bad", task.state === "failed" || task.state === "upstream_failed");
		replaceWhen(outputs, JSON.stringify([key, task.outputs]), () => Object.entries(task.outputs ?? {}).map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", { title: value.length > 200 ? value : null }, value.length > 200 ? `${value.slice(0, 200)}…` : value))));
		outputs.hidden = Object.keys(task.outputs ?? {}).length === 0;

		const items = [...entry.tasks.values()].filter(({ mapped_from: parent, state }) => parent === id && state !== "removed");
		const asked = (chosenAttempt ?? "").split(",").map(Number).filter((n) => n >= 1 && n <= task.attempt);
		const numbers = task.attempt === 0 || items.length > 0 ? [] : asked.length > 0 ? asked : [task.attempt];
		attempts.hidden = numbers.length === 0 || task.attempt < 2;
		const choices = [...Array.from({ length: Math.min(task.attempt, 20) }, (_, n) => [task.attempt - n]).reverse(), ...(task.attempt > 1 ? [[task.attempt - 1, task.attempt]] : [])];
		replaceWhen(attempts, JSON.stringify([key, choices, numbers]), () => choices.map((choice) => el("a", { class: "choice small", "data-replaces": true, href: href({ task: id, attempt: choice.join(",") }), "aria-current": String(choice) === String(numbers) ? "true" : null },
			choice.length > 1 ? t`the last two side by side` : t`attempt ${choice[0]}`)));
		logs.classList.toggle("side-by-side", numbers.length > 1);
		drawLogs(numbers, task, run);
		status.hidden = numbers.length > 0;
		setText(status, items.length > 0 ? t`Each item has a log of its own: choose one in the table.` : hasEnded(task.state) ? t`It never began: there is no log.` : t`It has not begun yet: there is no log.`);
	};

	const closeLogs = () => {
		shown = "";
		for (const log of views.values()) log.stop();
		views.clear();
		logs.keyedViews = new Map();
		replace(logs);
	};
	return { node, update, close: closeLogs, focus: () => title.focus() };
};
