// Runs and tasks as they are known from answers and from events, which may come in either order.
import { getJSON, paths } from "./api.js";
import { to } from "./router.js";
import { before, hasEnded } from "./states.js";
import { state, touch } from "./store.js";

const remembered = 10;
const progress = ({ attempt, state: word }) => attempt * 10 + (hasEnded(word) ? before.length : before.indexOf(word));

/** The later of two accounts of one task: an answer may have left the server before the event that overtook it. */
const later = (former, task) => (former && progress(former) > progress(task) ? former : task);

const entry = (id, pipeline) => {
	if (!state.runs.has(id)) state.runs.set(id, { run: { id, pipeline, state: "running" }, tasks: new Map(), complete: false });
	return state.runs.get(id);
};

const listRecent = (run) => {
	const list = state.recent.get(run.pipeline) ?? [];
	const listed = list.find((each) => each.id === run.id);
	// Why it failed is asked anew: it may have been cleared since.
	if (listed) Object.assign(listed, run, { failed_task: null });
	else if (list.length === 0 || run.created_at >= list[0].created_at) {
		state.recent.set(run.pipeline, [{ ...run }, ...list].slice(0, remembered));
	}
};

/** Drops what no list and no view names any more; a week at full speed has thousands of runs. */
const forget = () => {
	if (state.runs.size < 80) return;
	const kept = new Set([state.view.run]);
	for (const list of state.recent.values()) for (const run of list) kept.add(run.id);
	for (const id of state.runs.keys()) if (!kept.has(id)) state.runs.delete(id);
};

/** Events come in order, so a run that is under way again was cleared; an answer may be older than what is known. */
const putRun = (run, isEvent = false) => {
	const each = entry(run.id, run.pipeline);
	if (isEvent || !hasEnded(each.run.state) || hasEnded(run.state)) each.run = run;
	listRecent(each.run);
	touch("runs");
	return each;
};

const putTask = (each, task) => each.tasks.set(task.id, later(each.tasks.get(task.id), task));

export const runEvent = (run) => {
	const isNew = !state.runs.has(run.id);
	const each = putRun(run, true);
	if (isNew && run.state === "queued") each.complete = true;
	forget();
};

export const taskEvent = (task) => {
	entry(task.run, task.pipeline).tasks.set(task.id, task);
	touch("runs");
};

/** An answer of the API about one run: complete from here on. */
export const runAnswer = ({ tasks = [], ...run }) => {
	const each = putRun(run);
	for (const task of tasks) putTask(each, task);
	each.complete = true;
};

const underWay = new Map();

/** Twice at once is once. */
const once = (path, take) => {
	if (!underWay.has(path)) underWay.set(path, getJSON(path).then(take).finally(() => underWay.delete(path)));
	return underWay.get(path);
};

/** Fetches a run of which something may have been missed. */
export const ensureRun = async (pipeline, id) => {
	if (!state.runs.get(id)?.complete) await once(paths.run(pipeline, id), runAnswer);
};

/** Fetches a pipeline with its graph. */
export const loadDetail = (id) =>
	once(paths.pipeline(id), (detail) => {
		state.details.set(id, detail);
		touch("pipelines");
	});

export const ensureDetail = async (id) => {
	if (!state.details.has(id)) await loadDetail(id);
};

/** The run in view: the one that was chosen, or the newest of the pipeline in view. */
export const runInView = () => {
	const id = state.view.run ?? state.recent.get(state.view.pipeline)?.[0]?.id;
	return id ? (state.runs.get(id) ?? null) : null;
};

/** Shows a run; `run: null` follows the newest again. */
export const show = (view) => {
	Object.assign(state.view, view);
	touch("view", "runs");
};

/**
 * The page that a fragment of Today names: `/#run=ID`, as notifications give it, or `/#/experiments/…`, as MLflow's client prints
 * it after a run. null for another, and for a run that is gone.
 */
export const pageOfRunInAddress = async () => {
	if (location.pathname === "/" && /^#\/(experiments|models)\//.test(location.hash)) return location.hash.slice(1);
	const id = new URLSearchParams(location.hash.slice(1)).get("run");
	const answer = id && location.pathname === "/" ? await getJSON(paths.anyRun(id)).catch(() => null) : null;
	return answer && to("pipelines", answer.pipeline, "runs", id);
};
