// What the page knows. `live.js` writes it; components read it and are told which part changed.

export const state = {
	/** connecting, live or lost */
	connection: "connecting",
	/** The last refusal of each area, as `ApiError`. */
	problems: {},
	replay: null,
	serving: null,
	/** `{problems: [{subject, message, remedy}], …}` */
	status: null,
	/** `{model, metric, points, mean, known, new, …}`, oldest first. */
	quality: null,
	pipelines: null,
	/** Pipeline id → `{id, description, tasks, …}` with its graph, of those that were looked at. */
	details: new Map(),
	/** Run id → `{run, tasks: Map, complete}`; complete: nothing of it was missed. */
	runs: new Map(),
	/** Pipeline id → `[{id, state, logical_date, failed_task, …}]`, newest first. */
	recent: new Map(),
	/** What the person looks at; `run: null` follows the newest. */
	view: { pipeline: null, run: null, task: null },
	happened: [],
};

/** The time zone of a pipeline. */
export const zoneOf = (pipeline) => state.pipelines?.find(({ id }) => id === pipeline)?.timezone;

const watchers = new Map();

/** Redraws of one component come at least this far apart: a replay at full speed stays calm. */
const calmMilliseconds = 200;

/** Calls `draw` soon after any of `parts` was touched, on an animation frame, at most five times a second. */
export const watch = (parts, draw) => {
	let waiting = false;
	let last = -calmMilliseconds;
	const run = () => {
		waiting = false;
		last = performance.now();
		draw();
	};
	const ask = () => {
		if (waiting) return;
		waiting = true;
		const rest = last + calmMilliseconds - performance.now();
		if (rest > 0) setTimeout(() => requestAnimationFrame(run), rest);
		else requestAnimationFrame(run);
	};
	for (const part of parts) {
		if (!watchers.has(part)) watchers.set(part, new Set());
		watchers.get(part).add(ask);
	}
	ask();
	return ask;
};

/** Says that parts of the state have changed. */
export const touch = (...parts) => {
	for (const part of parts) for (const ask of watchers.get(part) ?? []) ask();
};

/** Calls `work` at once, then at most every `milliseconds`; the last request is never dropped. */
export const throttled = (milliseconds, work) => {
	let [isResting, isWanted] = [false, false];
	const ask = () => {
		isWanted = isResting;
		if (isResting) return;
		isResting = true;
		setTimeout(() => {
			isResting = false;
			if (isWanted) ask();
		}, milliseconds);
		work();
	};
	return ask;
};
