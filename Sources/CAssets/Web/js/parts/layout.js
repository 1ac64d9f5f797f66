// Where the tasks of a DAG are drawn: a column (or row) per level, few crossings, edges around the boxes between.

/**
 * @param tasks `[{id, needs, level}]`
 * @returns `{levels, lanes, places: Map id → {level, lane}, edges: [{from, to, via: [{level, lane}]}]}`; lanes are
 * numbers from 0 on, not always whole: a task stands in the middle of what it needs.
 */
export const layOut = (tasks) => {
	const levels = [];
	const nodes = new Map();
	const add = (id, level, parents) => {
		const node = { id, level, parents, lane: 0 };
		(levels[level] ??= []).push(node);
		nodes.set(id, node);
		return node;
	};
	for (const { id, level } of tasks) add(id, level, []);

	// An edge over several levels keeps a lane free in each, as a box without a task (Sugiyama's dummy vertices).
	const edges = [];
	for (const task of tasks) {
		for (const need of task.needs.filter((id) => nodes.has(id))) {
			const via = [];
			let parent = nodes.get(need);
			for (let level = parent.level + 1; level < task.level; level += 1) {
				parent = add(`${need} to ${task.id} at ${level}`, level, [parent]);
				via.push(parent);
			}
			nodes.get(task.id).parents.push(parent);
			edges.push({ from: need, to: task.id, via });
		}
	}

	// Level by level each goes to the middle of its parents, in that order, and the level as a whole as near as it can.
	const middle = (list) => list.reduce((sum, each) => sum + each, 0) / (list.length || 1);
	const all = levels.filter(Boolean);
	for (const level of all) {
		const wish = new Map(level.map((node) => [node, middle(node.parents.map(({ lane }) => lane))]));
		level.sort((a, b) => wish.get(a) - wish.get(b));
		let free = -Infinity;
		for (const node of level) {
			node.lane = Math.max(wish.get(node), free);
			free = node.lane + 1;
		}
		const shift = middle(level.map((node) => node.lane - wish.get(node)));
		for (const node of level) node.lane -= shift;
	}

	const lanes = all.flat().map(({ lane }) => lane);
	const lowest = Math.min(...lanes);
	for (const node of nodes.values()) node.lane -= lowest;
	return { levels: levels.length, lanes: Math.max(...lanes) - lowest + 1, places: nodes, edges };
};
