// Nested runs below their parents: a family stands where the first of it stands in the order.
import { parentOf } from "../mlflow.js";

const deepest = 6;

/**
 * @param runs in the order of the server
 * @param parents further runs by id, which stand only above their children
 * @param folded ids of those whose children are not shown
 * @returns rows `{id, run, depth, kids, isFolded}`
 */
export const families = (runs, parents, folded) => {
	const known = new Map([...parents, ...runs.map((run) => [run.id, run])]);
	const above = (run) => {
		const id = parentOf(run);
		return id && id !== run.id ? known.get(id) : undefined;
	};
	/** The oldest ancestor; runs that claim each other as parents stand alone. */
	const rootOf = (run) => {
		const passed = new Set();
		let root = run;
		while (above(root) && passed.size < deepest) {
			if (passed.has(root.id)) return run;
			passed.add(root.id);
			root = above(root);
		}
		return root;
	};
	const kids = new Map();
	for (const run of [...parents.values(), ...runs]) {
		const parent = above(run);
		if (!parent) continue;
		if (!kids.has(parent.id)) kids.set(parent.id, []);
		kids.get(parent.id).push(run);
	}
	const rows = [];
	const placed = new Set();
	const place = (run, depth) => {
		if (placed.has(run.id)) return;
		placed.add(run.id);
		const own = kids.get(run.id) ?? [];
		const isFolded = folded.has(run.id);
		rows.push({ id: run.id, run, depth, kids: own.length, isFolded });
		if (isFolded) for (const each of own) hide(each, 0);
		else for (const each of own) place(each, Math.min(depth + 1, deepest));
	};
	const hide = (run, depth) => {
		if (placed.has(run.id) || depth > deepest) return;
		placed.add(run.id);
		for (const each of kids.get(run.id) ?? []) hide(each, depth + 1);
	};
	for (const run of runs) if (!placed.has(run.id)) place(rootOf(run), 0);
	// What a circle of parents left out.
	for (const run of runs) place(run, 0);
	return rows;
};
