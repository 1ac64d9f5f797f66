// A run as a picture: the graph of its tasks, or their bars in time with what each used.
import { el, replace, textUnit } from "../dom.js";
import { makeGraph } from "../parts/graph.js";
import { hasEnded } from "../states.js";
import { makeGantt } from "./gantt.js";

/**
 * @param open called with the id of a task that is chosen
 * @returns `{node, draw(detail, entry, selected)}`; entry may be null
 */
export const makePicture = (kind, open) => {
	const node = el("div", { class: "scroll" });
	let last = null;
	let [made, key] = [null, ""];

	const draw = (detail, entry, selected = null) => {
		last = [detail, entry, selected];
		if (!node.clientWidth) return;
		if (kind === "gantt") {
			made ??= makeGantt(open);
			if (made.node.parentNode !== node) replace(node, made.node);
			return made.update(entry, detail.timezone);
		}
		const unit = textUnit();
		const width = node.clientWidth / unit;
		const wanted = `${detail.id} ${detail.version} ${Math.round(width / 8)}`;
		if (wanted !== key) {
			key = wanted;
			made = detail.tasks.length > 0 ? makeGraph(detail, width, unit, open) : null;
			replace(node, made?.node);
		}
		made?.update(entry?.tasks ?? new Map(), selected);
	};
	new ResizeObserver(() => last && draw(...last)).observe(node);
	// A running task's time goes on between two events.
	setInterval(() => last?.[1] && !hasEnded(last[1].run.state) && !document.hidden && node.checkVisibility() && draw(...last), 1000);
	return { node, draw };
};
