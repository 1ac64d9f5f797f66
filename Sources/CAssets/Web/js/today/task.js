// The log of a task, below the graph: its attempts, outputs, message, and the lines as they are written.
import { paths } from "../api.js";
import { button, byId, el, keyed, setAttribute, setText } from "../dom.js";
import { momentInZone, usage } from "../format.js";
import { runInView, show } from "../runs.js";
import { glyph, hasEnded, setGlyph, stateWord } from "../states.js";
import { state, watch, zoneOf } from "../store.js";
import { t } from "../words.js";
import { taskDuration } from "../parts/graph.js";
import { makeLog } from "../parts/log.js";

/** `score[0]` … by their states, of a task that foreach repeats. */
const items = (tasks, id) => {
	const made = [...tasks.values()].filter((task) => task.mapped_from === id && task.state !== "removed");
	return made.map((task) => ({ id: task.id, label: `${task.id.slice(id.length)} ${task.item ?? ""}`.trim(), state: task.state }));
};

export const mountTask = () => {
	const badge = glyph("none", 20);
	const title = el("h3", { tabindex: -1 });
	const facts = el("p", { class: "muted" });
	const used = el("p", { class: "muted", title: t`What the latest attempt used` });
	const message = el("p", { class: "message" });
	const mapped = el("div", { class: "row", role: "group", "aria-label": t`Items` });
	const outputs = el("dl", { class: "outputs" });
	const attempts = el("div", { class: "row", role: "group", "aria-label": t`Attempts` });
	const status = el("div", { class: "muted", role: "status" });
	const log = makeLog();
	const close = button(t`Close`, "small", () => {
		show({ task: null });
		opener?.focus();
	});
	const panel = el("div", { id: "task", class: "task-panel", role: "region", "aria-label": t`Task`, hidden: true },
		el("div", { class: "row between" }, el("div", { class: "row" }, badge, title), close),
		facts, used, message, mapped, outputs, attempts, status, log.node);
	byId("flow").append(panel);

	let chosenAttempt = null;
	let shownTask = "";
	let opener = null;
	panel.addEventListener("keydown", (event) => event.key === "Escape" && close.click());

	const attemptButton = (n) => {
		const node = button(t`attempt ${n}`, "small", () => {
			chosenAttempt = n;
			ask();
		});
		return { node, update: () => setAttribute(node, "aria-pressed", String(n === (chosenAttempt ?? latest))) };
	};
	let latest = 0;

	const draw = () => {
		const entry = runInView();
		const id = state.view.task;
		if (!entry || !id) {
			panel.hidden = true;
			shownTask = "";
			return log.stop();
		}
		const task = entry.tasks.get(id) ?? { id, state: "none", attempt: 0, outputs: {} };
		const taskKey = `${entry.run.id} ${id}`;
		if (taskKey !== shownTask) {
			shownTask = taskKey;
			chosenAttempt = null;
			if (!panel.contains(document.activeElement)) opener = document.activeElement;
			panel.hidden = false;
			panel.scrollIntoView({ block: "nearest" });
		}
		setGlyph(badge, task.state);
		setText(title, id);
		const [took, zone] = [taskDuration(task), zoneOf(entry.run.pipeline)];
		setText(facts, [stateWord(task.state), task.started_at && t`began ${momentInZone(task.started_at, zone)}`, took && t`took ${took}`,
			task.retry_at && !hasEnded(task.state) && t`next attempt ${momentInZone(task.retry_at, zone)}`].filter(Boolean).join(" · "));
		setText(used, task.measures ? usage(task.measures) : "");
		used.hidden = !task.measures;
		const made = items(entry.tasks, id);
		keyed(mapped, made, ({ id }) => id, ({ id: item, label }) => {
			const mark = glyph("none", 14);
			const node = button("", "small", () => show({ task: item }));
			node.replaceChildren(mark, ` ${label.slice(0, 40)}`);
			return { node, update: ({ state: word }) => { setGlyph(mark, word); setAttribute(node, "aria-label", `${label}, ${stateWord(word)}`); } };
		});
		mapped.hidden = made.length === 0;
		setText(message, task.message ?? "");
		message.hidden = !task.message;
		keyed(outputs, Object.entries(task.outputs ?? {}), String, ([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)));
		latest = task.attempt;
		keyed(attempts, Array.from({ length: task.attempt }, (_, index) => index + 1), String, attemptButton);
		attempts.hidden = task.attempt < 2;

		const attempt = chosenAttempt ?? task.attempt;
		const path = paths.log(entry.run.pipeline, entry.run.id, id, attempt);
		const hasLog = attempt > 0 && made.length === 0;
		log.node.hidden = !hasLog;
		status.hidden = hasLog;
		if (hasLog) return log.show({ path, follows: attempt === task.attempt && !hasEnded(task.state), message: attempt < task.attempt ? "" : task.state === "failed" ? task.message : null });
		log.stop();
		setText(status, made.length > 0 ? t`Each item has a log of its own: choose one above.`
			: hasEnded(task.state) ? t`It never began: there is no log.` : t`It has not begun yet: there is no log.`);
	};
	const ask = watch(["runs", "view"], draw);
};
