// What moved between two lists: of two versions, or of one list before and after.
import { el } from "../dom.js";
import { t } from "../words.js";

/**
 * @param former, now lists of `{item}`, best first
 * @returns `{moves: Map item → {kind: "new" | "up" | "down" | "same", by}, gone: [item], common, moved}`
 */
export const movesBetween = (former, now) => {
	const places = new Map(former.map(({ item }, place) => [item, place]));
	const moves = new Map();
	let [common, moved] = [0, 0];
	now.forEach(({ item }, place) => {
		const before = places.get(item);
		if (before === undefined) return moves.set(item, { kind: "new", by: 0 });
		common += 1;
		if (before !== place) moved += 1;
		moves.set(item, { kind: before === place ? "same" : before > place ? "up" : "down", by: Math.abs(before - place) });
	});
	const gone = former.filter(({ item }) => !moves.has(item)).map(({ item }) => item);
	return { moves, gone, common, moved };
};

/** A mark beside a film: what it means is not told by its colour alone. */
export const moveMark = (move) => {
	switch (move?.kind) {
		case "new": return el("span", { class: "move new" }, t`new`);
		case "gone": return el("span", { class: "move gone" }, t`only here`);
		case "up": return el("span", { class: "move", title: t`up by ${move.by}` }, el("span", { "aria-hidden": "true" }, `▲ ${move.by}`), el("span", { class: "unseen" }, t`up by ${move.by}`));
		case "down": return el("span", { class: "move", title: t`down by ${move.by}` }, el("span", { "aria-hidden": "true" }, `▼ ${move.by}`), el("span", { class: "unseen" }, t`down by ${move.by}`));
		default: return null;
	}
};
