// The graph of one pipeline, or of a model's lineage, as SVG. It is drawn once per version and width; a change of a task changes one box.
import { setAttribute, setText, svg } from "../dom.js";
import { duration, secondsBetween } from "../format.js";
import { glyph, hasEnded, setGlyph, stateWord } from "../states.js";
import { t } from "../words.js";
import { layOut } from "./layout.js";

const box = { width: 142, height: 52, gap: 26, laneGap: 16 };

/** How long a task has taken, or `""`. */
export const taskDuration = ({ state: word, started_at: from, ended_at: to }) => {
	if (!from || (!to && word !== "running")) return "";
	return duration(to ? secondsBetween(from, to) : Math.max(0, (Date.now() - Date.parse(from)) / 1000));
};

/** Ids may have 64 characters; the middle goes, because their beginnings and ends tell them apart. */
const shortened = (id, room) => {
	if (id.length <= room) return id;
	return room < 3 ? id.slice(0, room) : `${id.slice(0, Math.ceil(room / 2) - 1)}…${id.slice(-Math.floor(room / 2))}`;
};

const curve = (points, isDown) =>
	points.slice(1).reduce((path, [x, y], index) => {
		const [px, py] = points[index];
		const [mx, my] = [(px + x) / 2, (py + y) / 2];
		return `${path}C${isDown ? `${px} ${my} ${x} ${my}` : `${mx} ${py} ${mx} ${y}`} ${x} ${y}`;
	}, `M${points[0]}`);

/**
 * @param pipeline `{id, tasks, label?}`; a box that is no task has a `name`, a `title` and a `role`, `link` or `img`, and is told of by `{state, note, said}`
 * @param width of the place, in units of `textUnit`; too narrow for the columns, the levels go downwards.
 * @param open called with a task's id when its box is chosen.
 * @returns `{node, update(tasks: Map, selected)}`
 */
export const makeGraph = (pipeline, width, unit, open) => {
	const plan = layOut(pipeline.tasks);
	const isDown = width < 640;
	let boxWidth = box.width;
	// Many beside each other are wider than the place, which scrolls.
	if (isDown) boxWidth = Math.max(72, Math.min(boxWidth * 1.3, (width - 8 - (plan.lanes - 1) * 8) / plan.lanes));
	// Ten columns of a wide screen may be a little narrower before the reader has to scroll.
	else boxWidth = Math.max(112, Math.min(boxWidth * 1.15, (width - 8 + box.gap) / plan.levels - box.gap));
	const [height, gap] = [box.height, isDown ? 22 : box.gap];
	const laneGap = isDown ? 8 : box.laneGap;
	const across = (lane) => lane * ((isDown ? boxWidth : height) + laneGap);
	const along = (level) => level * ((isDown ? height : boxWidth) + gap);
	const corner = ({ level, lane }) => (isDown ? [across(lane), along(level)] : [along(level), across(lane)]);
	const [lanesSize, levelsSize] = [across(plan.lanes) - laneGap, along(plan.levels) - gap];
	const [w, h] = isDown ? [lanesSize, levelsSize] : [levelsSize, lanesSize];

	const ends = (place) => {
		const [x, y] = corner(place);
		return isDown
			? { enter: [x + boxWidth / 2, y], leave: [x + boxWidth / 2, y + height] }
			: { enter: [x, y + height / 2], leave: [x + boxWidth, y + height / 2] };
	};
	const lines = plan.edges.map(({ from, to, via }) => {
		const points = [ends(plan.places.get(from)).leave];
		for (const place of via) points.push(ends(place).enter, ends(place).leave);
		points.push(ends(plan.places.get(to)).enter);
		return { from, node: svg("path", { class: "edge", d: curve(points, isDown) }) };
	});

	const room = Math.floor((boxWidth - 20) / 7.4);
	/** Of letters beside the glyph; narrow boxes have no room for a word and a time. */
	const statusRoom = boxWidth < 112 ? Math.floor((boxWidth - 34) / 6.4) : Infinity;
	const views = pipeline.tasks.map((task) => {
		const [x, y] = corner(plan.places.get(task.id));
		const badge = glyph("none", 16);
		setAttribute(badge, "x", 10);
		setAttribute(badge, "y", 28);
		const status = svg("text", { class: "status", x: 31, y: 41 });
		const node = svg(
			"g",
			{ class: "task", transform: `translate(${x} ${y})`, role: task.role ?? "button", tabindex: task.role !== "img" && 0, "aria-expanded": !task.role && "false" },
			svg("title", {}, task.title ?? `${task.id} (${task.type})`),
			svg("rect", { width: boxWidth, height, rx: 6 }),
			svg("text", { class: "name", x: 10, y: 20 }, shortened(task.name ?? task.id, room)),
			badge, status,
		);
		if (task.role === "img") return { id: task.id, node, badge, status };
		node.addEventListener("click", () => open(task.id));
		node.addEventListener("keydown", (event) => {
			if (event.key !== "Enter" && event.key !== " ") return;
			event.preventDefault();
			open(task.id);
		});
		return { id: task.id, node, badge, status };
	});

	const margin = 3;
	const node = svg(
		"svg",
		{ class: "graph", width: (w + 2 * margin) * unit, height: (h + 2 * margin) * unit, viewBox: `${-margin} ${-margin} ${w + 2 * margin} ${h + 2 * margin}`, role: "group", "aria-label": pipeline.label ?? t`Tasks of ${pipeline.id}` },
		svg("g", {}, lines.map((line) => line.node)), views.map((view) => view.node),
	);

	const update = (tasks, selected) => {
		for (const { id, node, badge, status } of views) {
			const task = tasks.get(id) ?? { state: "none", attempt: 0 };
			const took = taskDuration(task);
			const word = stateWord(task.state);
			setAttribute(node, "data-state", task.state);
			setGlyph(badge, task.state);
			if (task.note !== undefined) {
				setText(status, task.note);
				setAttribute(node, "aria-label", task.said);
				continue;
			}
			// The glyph says success; the time is what one wants to read then.
			const all = (task.state === "success" && took) || `${word} ${took}`.trim();
			setText(status, all.length <= statusRoom ? all : took || shortened(word, statusRoom));
			const said = [id, word, took, task.attempt > 1 && t`attempt ${task.attempt}`, task.message].filter(Boolean).join(", ");
			setAttribute(node, "aria-label", t`${said}. Open its log`);
			setAttribute(node, "aria-expanded", String(id === selected));
		}
		for (const { from, node } of lines) setAttribute(node, "data-done", hasEnded(tasks.get(from)?.state ?? "none"));
	};
	return { node, update };
};
