// The log of a task, below the graph: its attempts, outputs, message, and the lines as they are written.
import { paths, stream } from "../api.js";
import { button, byId, copyButton, el, keyed, problemBox, replace, setAttribute, setText } from "../dom.js";
import { bytes, duration, wallTime } from "../format.js";
import { runInView, show } from "../runs.js";
import { glyph, hasEnded, setGlyph, stateWord } from "../states.js";
import { state, watch } from "../store.js";
import { taskDuration } from "../parts/graph.js";

const keptLines = 2000;
const marked = /\b(error|fatal|failed|failure|exception|traceback|panic)\b/i;

/** Shows the text of a log as it comes; `stop()` ends it. */
const follow = (path, place, status) => {
	const stopping = new AbortController();
	let rest = "";
	const put = (text) => {
		const lines = (rest + text).split("\n");
		rest = lines.pop();
		const atEnd = place.scrollTop + place.clientHeight >= place.scrollHeight - 30;
		place.append(...lines.slice(-keptLines).map((line) => el("span", { class: marked.test(line) ? "line marked" : "line" }, `${line}\n`)));
		while (place.childElementCount > keptLines) place.firstChild.remove();
		if (atEnd) place.scrollTop = place.scrollHeight;
	};
	const read = async () => {
		replace(place);
		setText(status, "reading…");
		const response = await stream(path, stopping.signal);
		const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
		for (;;) {
			const { done, value } = await reader.read();
			if (done) break;
			put(value);
			setText(status, "");
		}
		if (rest) put("\n");
		setText(status, place.firstChild ? "" : "The log is empty.");
		place.querySelector(".marked")?.scrollIntoView({ block: "nearest" });
	};
	read().catch((error) => {
		if (error.name !== "AbortError") replace(status, error.message ? problemBox(error) : String(error));
	});
	return () => stopping.abort();
};

/** What the latest attempt used, and what the figures are of. */
const usage = ({ cpu_seconds: cpu, peak_memory_bytes: peak, read_bytes: read, written_bytes: written, exit_code: code, signal, scope }) =>
	[`${duration(cpu)} of CPU`, peak > 0 && `peak ${bytes(peak)}`, read > 0 && `read ${bytes(read)}`, written > 0 && `wrote ${bytes(written)}`,
		signal ? `signal ${signal}` : code !== null && `exit code ${code}`, scope === "program" && "of the whole program meanwhile"]
		.filter(Boolean).join(" · ");

/** `score[0]` … by their states, of a task that foreach repeats. */
const items = (tasks, id) => {
	const made = [...tasks.values()].filter((task) => task.mapped_from === id && task.state !== "removed");
	return made.map((task) => ({ id: task.id, label: `${task.id.slice(id.length)} ${task.item ?? ""}`.trim(), state: task.state }));
};

export const mountTask = () => {
	const badge = glyph("none", 20);
	const title = el("h3", { tabindex: -1 });
	const facts = el("p", { class: "muted" });
	const used = el("p", { class: "muted", title: "What the latest attempt used" });
	const message = el("p", { class: "message" });
	const mapped = el("div", { class: "row", role: "group", "aria-label": "Items" });
	const outputs = el("dl", { class: "outputs" });
	const attempts = el("div", { class: "row", role: "group", "aria-label": "Attempts" });
	const status = el("div", { class: "muted", role: "status" });
	const log = el("pre", { class: "log", tabindex: 0, role: "region", "aria-label": "Log" });
	const jump = button("Jump to the error", "small", () => log.querySelector(".marked")?.scrollIntoView({ block: "center" }));
	const plain = el("a", { class: "small", target: "_blank", rel: "noopener" }, "As plain text");
	const close = button("Close", "small", () => {
		show({ task: null });
		opener?.focus();
	});
	const panel = el("div", { id: "task", class: "task-panel", role: "region", "aria-label": "Task", hidden: true },
		el("div", { class: "row between" }, el("div", { class: "row" }, badge, title), el("div", { class: "row" }, jump, copyButton("Copy the log", () => log.textContent), plain, close)),
		facts, used, message, mapped, outputs, attempts, status, log);
	byId("flow").append(panel);

	let chosenAttempt = null;
	let shownTask = "";
	let shownLog = "";
	let stop = () => {};
	let opener = null;
	panel.addEventListener("keydown", (event) => event.key === "Escape" && close.click());

	const attemptButton = (n) => {
		const node = button(`attempt ${n}`, "small", () => {
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
			shownTask = shownLog = "";
			return stop();
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
		const took = taskDuration(task);
		setText(facts, [stateWord(task.state), task.started_at && `began ${wallTime(task.started_at)}`, took && `took ${took}`,
			task.retry_at && !hasEnded(task.state) && `next attempt ${wallTime(task.retry_at)}`].filter(Boolean).join(" · "));
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
		const logKey = attempt > 0 ? path : "none";
		for (const control of [jump, plain]) control.hidden = attempt === 0;
		jump.hidden = !log.querySelector(".marked");
		setAttribute(plain, "href", path);
		if (logKey === shownLog) return;
		stop();
		shownLog = logKey;
		log.hidden = attempt === 0;
		if (made.length > 0) return setText(status, "Each item has a log of its own: choose one above.");
		if (attempt === 0) return setText(status, `It ${hasEnded(task.state) ? "never began" : "has not begun yet"}: there is no log.`);
		stop = follow(attempt === task.attempt && !hasEnded(task.state) ? `${path}&follow=true` : path, log, status);
	};
	const ask = watch(["runs", "view"], draw);
	new MutationObserver(ask).observe(log, { childList: true });
};
