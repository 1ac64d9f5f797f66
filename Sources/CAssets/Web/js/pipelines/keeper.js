// One run and its tasks, fetched once and kept by events.
import { getJSON, paths } from "../api.js";
import { listen } from "../live.js";
import { throttled } from "../store.js";

/**
 * @param changed called after each change of what is kept, or of the problem with it
 * @returns `{watch(pipeline, id), forget(), refresh(), entry(), problem()}`; an entry is `{run, tasks: Map}`.
 */
export const makeKeeper = (changed) => {
	let wanted = null;
	let entry = null;
	let problem = null;
	/** Counts events: an answer that left the server before one of them must not undo it. */
	let heard = 0;

	const fetchRun = throttled(500, async () => {
		const mine = wanted;
		if (!mine) return;
		const before = heard;
		try {
			const { tasks, ...run } = await getJSON(paths.run(mine.pipeline, mine.id));
			if (mine !== wanted) return;
			problem = null;
			if (heard !== before) fetchRun();
			if (heard === before || !entry) entry = { run, tasks: new Map(tasks.map((task) => [task.id, task])) };
		} catch (error) {
			if (mine !== wanted) return;
			problem = error;
		}
		changed();
	});

	const hear = (isOurs, put) => (data) => {
		if (!wanted || !isOurs(data)) return;
		heard += 1;
		if (!entry) return;
		put(data);
		changed();
	};
	listen("run", hear(({ id }) => id === wanted.id, (run) => (entry.run = run)));
	listen("task", hear(({ run }) => run === wanted.id, (task) => entry.tasks.set(task.id, task)));
	listen("gap", () => wanted && fetchRun());

	return {
		watch(pipeline, id) {
			if (wanted?.id === id && wanted.pipeline === pipeline) return;
			[wanted, entry, problem] = [{ pipeline, id }, null, null];
			fetchRun();
		},
		forget: () => ([wanted, entry, problem] = [null, null, null]),
		refresh: fetchRun,
		entry: () => entry,
		problem: () => problem,
	};
};
