// Runs by tasks: a row for each run, a square for each task. Only the rows in sight are elements; a task's event redraws its row.
import { getJSON, paths } from "../api.js";
import { el, emptyState, problemBox, replace } from "../dom.js";
import { duration, secondsBetween } from "../format.js";
import { makeTable } from "../parts/table.js";
import { to } from "../router.js";
import { glyph, stateWord } from "../states.js";
import { throttled } from "../store.js";
import { t } from "../words.js";
import { runLabel } from "./names.js";

const pageSize = 200;

/** Arrow keys go from square to square, as in a spreadsheet. */
const walk = (event) => {
	const [down, right] = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key] ?? [];
	const cell = event.target.closest("td");
	if (down === undefined || !cell) return;
	const row = down < 0 ? cell.parentNode.previousElementSibling : down > 0 ? cell.parentNode.nextElementSibling : cell.parentNode;
	let next = row?.children[cell.cellIndex + right];
	while (right && next && !next.querySelector("a")) next = next[right > 0 ? "nextElementSibling" : "previousElementSibling"];
	const link = next?.querySelector("a");
	if (!link) return;
	event.preventDefault();
	link.focus();
};

export const mountGrid = (place) => {
	let context = null;
	let grid = null;
	let isComplete = false;
	let problem = null;
	const message = el("div");
	const table = makeTable({ caption: t`Runs by tasks`, rowKey: ({ id }) => id, onNearEnd: () => loadMore() });
	table.node.addEventListener("keydown", walk);
	table.node.classList.add("grid-table");
	const legend = el("div", { class: "row legend" }, ["success", "failed", "running", "queued", "scheduled", "up_for_retry", "skipped", "upstream_failed", "cancelled", "none"]
		.map((state) => el("span", { class: "key" }, glyph(state, 14), ` ${stateWord(state)}`)));
	place.append(el("div", { class: "card" }, message, table.node, legend));

	// Hundreds of squares come into sight in one turn of the wheel: what they share is made once.
	const labels = new WeakMap();
	const labelOf = (run) => {
		if (!labels.has(run)) labels.set(run, { text: runLabel(run, context.detail.timezone), href: to("pipelines", context.id, "runs", run.id) });
		return labels.get(run);
	};
	const stamps = new Map();
	const stamp = (state) => {
		if (!stamps.has(state)) stamps.set(state, el("a", { class: "cell", tabindex: -1 }, glyph(state, 18)));
		return stamps.get(state).cloneNode(true);
	};
	const square = (run, task, letter) => {
		if (!letter || letter === "-") return "";
		const state = grid.letters[letter];
		const { text, href } = labelOf(run);
		const node = stamp(state);
		node.href = `${href}?task=${encodeURIComponent(task)}`;
		node.title = `${task}, ${text}: ${stateWord(state)}`;
		node.ariaLabel = node.title;
		return node;
	};

	const columns = () => [
		{ key: "run", label: t`run`, kind: "run-name", cell: (run) => el("a", { href: labelOf(run).href, title: run.id }, glyph(run.state, 16), ` ${labelOf(run).text}`, el("span", { class: "unseen" }, `, ${stateWord(run.state)}`)) },
		{ key: "took", label: t`took`, kind: "number", cell: (run) => (run.started_at && run.ended_at ? duration(secondsBetween(run.started_at, run.ended_at)) : "") },
		...grid.tasks.map((task, index) => ({ key: `task ${task}`, label: el("span", { title: task }, task), kind: "task-column", cell: (run) => square(run, task, run.states[index]) })),
		{ key: "rest", label: el("span", { class: "unseen" }, "–"), kind: "rest", cell: () => "" },
	];

	const draw = () => {
		const isEmpty = grid?.runs.length === 0;
		table.node.hidden = legend.hidden = !grid || isEmpty;
		replace(message, problem ? problemBox(problem) : !grid ? el("p", { class: "muted" }, t`reading…`)
			: isEmpty && emptyState(t`It has not run yet.`, context.detail.next.length > 0 ? t`Press Run now, or let the clock play until its next firing.` : t`Press Run now, or choose its params under Run with params.`));
		if (grid && !isEmpty) table.set({ columns: columns(), rows: grid.runs });
	};
	const redraw = throttled(250, () => place.checkVisibility() && draw());

	const load = throttled(1000, async () => {
		const mine = context;
		try {
			const answer = await getJSON(paths.grid(mine.id, pageSize));
			if (mine.id !== context.id) return;
			[grid, problem, isComplete] = [answer, null, answer.runs.length < pageSize];
		} catch (error) {
			problem = error;
		}
		redraw();
	});

	let isLoadingMore = false;
	const loadMore = async () => {
		// What was refused is not asked for again until the runs are read anew.
		if (isLoadingMore || isComplete || !grid || problem) return;
		isLoadingMore = true;
		const mine = grid;
		try {
			const more = await getJSON(paths.grid(context.id, pageSize, grid.runs.at(-1).id));
			if (mine !== grid) return;
			// Older runs may have had other tasks; a letter's place is that of its task.
			const tasks = [...grid.tasks, ...more.tasks.filter((task) => !grid.tasks.includes(task))];
			const moved = (run) => ({ ...run, states: tasks.map((task) => run.states[more.tasks.indexOf(task)] ?? "-").join("") });
			const isSame = tasks.length === more.tasks.length && tasks.every((task, index) => task === more.tasks[index]);
			Object.assign(grid, { tasks, runs: [...grid.runs, ...(isSame ? more.runs : more.runs.map(moved))] });
			isComplete = more.runs.length < pageSize;
		} catch (error) {
			problem = error;
		} finally {
			isLoadingMore = false;
		}
		redraw();
	};

	const letterOf = (state) => Object.entries(grid.letters).find(([, word]) => word === state)?.[0] ?? "-";

	const hear = (type, data) => {
		if (type === "gap") return load();
		if (!grid) return;
		if (type === "run") {
			const index = grid.runs.findIndex(({ id }) => id === data.id);
			if (index >= 0) grid.runs[index] = { ...grid.runs[index], state: data.state, started_at: data.started_at, ended_at: data.ended_at };
			else if (data.version !== context.detail.version) return load();
			else grid.runs.unshift({ ...data, states: grid.tasks.map((task) => (context.detail.tasks.some(({ id }) => id === task) ? letterOf("none") : "-")).join("") });
		} else {
			const [run, index] = [grid.runs.findIndex(({ id }) => id === data.run), grid.tasks.indexOf(data.id)];
			if (index < 0 || run < 0) return;
			const { states } = grid.runs[run];
			grid.runs[run] = { ...grid.runs[run], states: states.slice(0, index) + letterOf(data.state) + states.slice(index + 1) };
		}
		redraw();
	};

	return {
		show(next) {
			if (context?.id !== next.id) [grid, problem] = [null, null];
			context = next;
			draw();
			load();
		},
		hear,
	};
};
