// Runs and tasks as they are known from answers and from events, which may come in either order.
import { getJSON, paths } from "./api.js";
import { hasEnded } from "./states.js";
import { state, touch } from "./store.js";

const remembered = 10;
const rank = ["none", "scheduled", "queued", "running", "up_for_retry"];
const progress = (task) => (hasEnded(task.state) ? rank.length : rank.indexOf(task.state));

/** The later of two accounts of one task: an answer may have left the server before the event that overtook it. */
const later = (former, task) => {
  if (!former || task.attempt > former.attempt) return task;
  if (task.attempt < former.attempt) return former;
  return progress(task) >= progress(former) ? task : former;
};

const laterRun = (former, run) => (former && hasEnded(former.state) && !hasEnded(run.state) ? former : run);

const entry = (id, pipeline) => {
  if (!state.runs.has(id)) state.runs.set(id, { run: { id, pipeline, state: "running" }, tasks: new Map(), complete: false });
  return state.runs.get(id);
};

const listRecent = (run) => {
  const list = state.recent.get(run.pipeline) ?? [];
  const listed = list.find((each) => each.id === run.id);
  if (listed) Object.assign(listed, run);
  else if (list.length === 0 || !run.created_at || !list[0].created_at || run.created_at >= list[0].created_at) {
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

export const runEvent = (run) => {
  const known = state.runs.has(run.id);
  const each = entry(run.id, run.pipeline);
  each.run = laterRun(each.run.created_at ? each.run : null, run);
  if (!known && run.state === "queued") each.complete = true;
  listRecent(each.run);
  forget();
  touch("runs");
};

export const taskEvent = (task) => {
  const each = entry(task.run, task.pipeline);
  each.tasks.set(task.id, later(each.tasks.get(task.id), task));
  touch("runs");
};

/** An answer of the API about one run: complete from here on. */
export const runAnswer = (detail) => {
  const { tasks, ...run } = detail;
  const each = entry(run.id, run.pipeline);
  each.run = laterRun(each.run.created_at ? each.run : null, run);
  for (const task of tasks ?? []) each.tasks.set(task.id, later(each.tasks.get(task.id), task));
  each.complete = true;
  touch("runs");
};

const underWay = new Map();

/** Fetches a run of which something may have been missed; twice at once is once. */
export const ensureRun = (pipeline, id) => {
  if (state.runs.get(id)?.complete) return Promise.resolve();
  if (!underWay.has(id)) {
    const fetching = getJSON(paths.run(pipeline, id))
      .then(runAnswer)
      .finally(() => underWay.delete(id));
    underWay.set(id, fetching);
  }
  return underWay.get(id);
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
