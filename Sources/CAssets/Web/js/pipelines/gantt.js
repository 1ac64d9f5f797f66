// The tasks of a run as bars: when each waited and worked, and below each what it used.
import { el, emptyState, keyed, replace, setAttribute, setText } from "../dom.js";
import { bytes, duration, momentInZone, secondsBetween, timeInZone } from "../format.js";
import { glyph, setGlyph, stateWord } from "../states.js";
import { t } from "../words.js";

const share = (part, whole) => `${(100 * Math.min(1, Math.max(0, part / whole))).toFixed(3)}%`;

/** From a steps of 1, 2, 5 times a power of ten: about five marks of the time since the beginning. */
const marks = (seconds) => {
	const rough = seconds / 5;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = [1, 2, 5, 10].map((n) => n * power).find((each) => each >= rough);
	return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, n) => n * step);
};

const makeRow = (open) => ({ task: first }) => {
	const badge = glyph("none", 16);
	const name = el("button", { type: "button", class: "link gantt-name", title: first.id, onclick: () => open(first.id) }, first.id);
	const waited = el("span", { class: "waited" });
	const worked = el("span", { class: "worked" });
	const cost = el("span", { class: "cost" });
	const meter = (kind) => {
		const bar = el("span", { class: `used ${kind}` });
		const figure = el("span");
		const node = el("span", { class: "measure" }, el("span", { class: "track" }, bar), figure);
		return { node, put(part, words) {
			node.hidden = part === null;
			if (part === null) return;
			bar.style.width = share(part, 1);
			setText(figure, words);
		} };
	};
	const [cpu, memory] = [meter("cpu"), meter("memory")];
	const note = el("span", { class: "use-note" });
	const lane = el("div", { class: "lane" }, waited, worked, cost);
	const node = el("li", { class: "gantt-row" }, el("div", { class: "row gantt-label" }, badge, name), lane, el("div", { class: "meters" }, cpu.node, memory.node, note));

	const update = ({ task, start, length, most, zone }) => {
		setGlyph(badge, task.state);
		setAttribute(node, "data-state", task.state);
		const end = task.ended_at ?? new Date().toISOString();
		const at = (iso) => secondsBetween(start, iso);
		const ready = task.queued_at ?? task.scheduled_at ?? task.started_at;
		const hasRun = Boolean(task.started_at);
		const place = (bar, from, to) => {
			bar.hidden = !from || !(at(to) >= at(from));
			if (bar.hidden) return;
			bar.style.left = share(at(from), length);
			bar.style.width = share(at(to) - at(from), length);
		};
		place(waited, ready, task.started_at ?? (task.state === "queued" || task.state === "scheduled" ? end : ready));
		place(worked, task.started_at, end);
		const took = hasRun ? duration(secondsBetween(task.started_at, end)) : stateWord(task.state);
		setText(cost, took);
		// The figure stands beside the bar, on the side that has more room.
		const [from, to] = hasRun ? [at(task.started_at) / length, at(end) / length] : [0, 0];
		cost.style.left = to <= 0.8 ? share(to, 1) : "";
		cost.style.right = to > 0.8 ? share(1 - from, 1) : "";
		const { cpu_seconds: seconds, peak_memory_bytes: peak } = task.measures ?? {};
		cpu.put(task.measures ? seconds / most.cpu : null, t`${duration(seconds)} of CPU`);
		memory.put(peak > 0 ? peak / most.memory : null, t`peak ${bytes(peak)}`);
		setText(note, (task.message ?? "").slice(0, 200));
		setAttribute(node, "title", [`${task.id}: ${stateWord(task.state)}`, hasRun && t`began ${momentInZone(task.started_at, zone)}`, hasRun && t`took ${took}`, task.message].filter(Boolean).join(" · "));
	};
	return { node, update };
};

/** @returns `{node, update(entry, zone)}`: times are told in the zone */
export const makeGantt = (open) => {
	const axis = el("div", { class: "gantt-axis", "aria-hidden": "true" });
	const list = el("ul", { class: "gantt" });
	const nothing = el("div");
	const foot = el("p", { class: "muted legend" }, el("span", { class: "key" }, el("i", { class: "waited" }), t`waiting for a slot`), el("span", { class: "key" }, el("i", { class: "used cpu" }), t`CPU time`),
		el("span", { class: "key" }, el("i", { class: "used memory" }), t`peak memory`));
	const node = el("div", {}, nothing, axis, list, foot);

	const update = (entry, zone) => {
		const tasks = entry ? [...entry.tasks.values()].filter(({ state }) => state !== "removed") : [];
		const moments = tasks.flatMap(({ scheduled_at: a, queued_at: b, started_at: c, ended_at: d }) => [a, b, c, d]).filter(Boolean).sort();
		const hasBegun = moments.length > 0;
		for (const part of [axis, list, foot]) part.hidden = !hasBegun;
		replace(nothing, entry && !hasBegun && emptyState(t`No task has begun.`, t`Their bars will grow here.`));
		if (!hasBegun) return;
		const start = entry.run.started_at && entry.run.started_at < moments[0] ? entry.run.started_at : moments[0];
		const end = entry.run.ended_at ?? new Date().toISOString();
		const length = Math.max(0.001, secondsBetween(start, end > moments.at(-1) ? end : moments.at(-1)));
		const largest = (pick) => Math.max(...tasks.map((task) => (task.measures && pick(task.measures)) || 0), 1e-9);
		const most = { cpu: largest(({ cpu_seconds: cpu }) => cpu), memory: largest(({ peak_memory_bytes: peak }) => peak) };
		replace(axis, marks(length).map((seconds) => {
			const mark = el("span", {}, seconds === 0 ? timeInZone(start, zone) : `+${duration(seconds)}`);
			mark.style.left = share(seconds, length);
			return mark;
		}));
		keyed(list, tasks.map((task) => ({ task, start, length, most, zone })), ({ task }) => task.id, makeRow(open));
	};
	return { node, update };
};
