// The tasks of a run as a table: state, reason, time, cost; below a task that foreach repeats, its items.
import { el, keyed, setAttribute, setText } from "../dom.js";
import { bytes, duration, secondsBetween } from "../format.js";
import { taskDuration } from "../parts/graph.js";
import { glyph, hasEnded, setGlyph, stateWord } from "../states.js";
import { t } from "../words.js";

/** Of an item list that is longer than this, only what is not well is shown at first. */
const shownItems = 20;

/** What a task that has not begun waits for; its message, where the server has one. */
const reason = (task, needs, { run, tasks }) => {
	if (task.state === "none") {
		if (run.state === "queued") return t`waiting for the run to begin`;
		const open = needs.filter((id) => !hasEnded(tasks.get(id)?.state ?? "none"));
		return open.length > 0 ? t`waiting for ${open.join(", ")}` : "";
	}
	if (task.state === "up_for_retry" && task.retry_at) {
		const seconds = (Date.parse(task.retry_at) - Date.now()) / 1000;
		return [task.message, seconds > 0 ? t`next attempt in ${duration(seconds)}` : t`next attempt now`].filter(Boolean).join(" · ");
	}
	return task.message ?? "";
};

const waited = ({ scheduled_at: ready, started_at: began, ended_at: ended }) => {
	if (!ready || (ended && !began)) return "";
	const seconds = began ? secondsBetween(ready, began) : (Date.now() - Date.parse(ready)) / 1000;
	return seconds >= 0.05 ? duration(seconds) : "";
};

const countWords = (items) => {
	const counts = new Map();
	for (const { state } of items) counts.set(state, (counts.get(state) ?? 0) + 1);
	return [...counts].map(([state, n]) => `${n} ${stateWord(state)}`).join(", ");
};

/**
 * @param href the address of a task's log
 * @returns `{node, update(entry, detail, selected)}`
 */
export const makeTasks = (href) => {
	const body = el("tbody");
	const opened = new Set();
	let last = [];
	const heads = [[t`task`], [t`state`], [t`why`, "why"], [t`attempts`, "number"], [t`waited`, "number spare"], [t`took`, "number"], [t`CPU`, "number"], [t`peak memory`, "number spare"]];
	const node = el("div", { class: "scroll" }, el("table", { class: "tasks" }, el("caption", { class: "unseen" }, t`Tasks of the run`),
		el("thead", {}, el("tr", {}, heads.map(([name, kind]) => el("th", { scope: "col", class: kind }, name)))), body));

	const makeRow = ({ task: first, isItem }) => {
		const badge = glyph("none", 18);
		const link = el("a", { class: "name", "data-replaces": true, "data-task": first.id });
		const more = el("button", { type: "button", class: "link more" });
		const word = el("span");
		// On a phone there is no row of heads: each figure has its name before it.
		const cells = heads.slice(2).map(([name, kind]) => el("td", { class: kind, "data-name": name }));
		const row = el("tr", { class: isItem ? "item" : "" }, el("th", { scope: "row" }, link, more), el("td", { class: "state" }, badge, " ", word), cells);
		more.addEventListener("click", () => {
			if (!opened.delete(first.id)) opened.add(first.id);
			update(...last);
		});
		const put = (cell, text, title) => {
			setText(cell, text);
			setAttribute(cell, "title", title);
		};
		return { node: row, update({ task, why, items, isSelected }) {
			setGlyph(badge, task.state);
			setText(word, stateWord(task.state));
			setText(link, isItem ? `${task.id.slice(task.mapped_from.length)} ${task.item ?? ""}`.trim() : task.id);
			setAttribute(link, "href", href(task.id));
			setAttribute(link, "title", task.id);
			setAttribute(link, "aria-current", isSelected ? "true" : null);
			setAttribute(row, "data-state", task.state);
			row.classList.toggle("selected", isSelected);
			more.hidden = items.length === 0;
			if (items.length > 0) setText(more, opened.has(task.id) ? t`hide its ${items.length} items` : t`${items.length} items: ${countWords(items)}`);
			setAttribute(more, "aria-expanded", String(opened.has(task.id)));
			const { measures } = task;
			const scope = measures && measures.scope === "program" ? t`of the whole program meanwhile` : null;
			put(cells[0], why, why.length > 60 ? why : null);
			put(cells[1], task.attempt > 0 ? String(task.attempt) : "");
			put(cells[2], waited(task));
			put(cells[3], taskDuration(task));
			put(cells[4], measures ? duration(measures.cpu_seconds) : "", scope);
			put(cells[5], measures?.peak_memory_bytes > 0 ? bytes(measures.peak_memory_bytes) : "", scope);
		} };
	};

	const update = (entry, detail, selected) => {
		last = [entry, detail, selected];
		const needs = new Map((detail?.tasks ?? []).map((task) => [task.id, task.needs]));
		const all = [...entry.tasks.values()].filter(({ state }) => state !== "removed");
		const rows = all.filter(({ mapped_from: parent }) => !parent).flatMap((task) => {
			const items = all.filter(({ mapped_from: parent }) => parent === task.id);
			const isOpen = opened.has(task.id);
			const urgent = items.filter(({ id, state }) => state === "failed" || id === selected);
			const shown = isOpen ? items : items.length <= shownItems ? urgent : urgent.slice(0, shownItems);
			const row = (task, isItem, items) => ({ task, isItem, items, isSelected: task.id === selected, why: reason(task, needs.get(task.id) ?? [], entry) });
			return [row(task, false, items), ...shown.map((item) => row(item, true, []))];
		});
		keyed(body, rows, ({ task }) => task.id, makeRow);
	};
	return { node, update };
};
