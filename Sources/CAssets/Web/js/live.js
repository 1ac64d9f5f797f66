// Fetches the first picture, then keeps it by the event stream; after a gap it fetches the picture again.
import { getJSON, paths } from "./api.js";
import { happen, seedHappened } from "./happenings.js";
import { ensureRun, runEvent, taskEvent } from "./runs.js";
import { state, throttled, touch } from "./store.js";

/** How often each part was written by an event, so that an older answer doesn't overwrite it. */
const written = { replay: 0, serving: 0 };
/** Points that came while the list was being fetched. */
let pointsMeanwhile = [];

/** Runs `work`; its refusal is kept for the component of that area to show. */
const attempt = async (area, work) => {
  try {
    await work();
    delete state.problems[area];
  } catch (error) {
    state.problems[area] = error;
  }
  touch(area);
};

const loadWhole = async (area, path) => {
  const before = written[area];
  const answer = await getJSON(path);
  if (written[area] === before) state[area] = answer;
};

const addPoint = (point) => {
  state.quality ??= { model: null, metric: "ndcg_at_10", points: [] };
  const points = state.quality.points;
  const last = points.at(-1);
  if (!last || last.date < point.date) points.push(point);
  else {
    const at = points.findIndex((each) => each.date >= point.date);
    points.splice(at, points[at].date === point.date ? 1 : 0, point);
  }
};

const loadQuality = async () => {
  pointsMeanwhile = [];
  state.quality = await getJSON(paths.quality);
  pointsMeanwhile.forEach(addPoint);
};

const loadModel = async () => {
  const { models } = await getJSON(paths.models);
  const served = state.serving?.model?.name ?? state.quality?.model;
  const chosen = models.find((each) => each.name === served) ?? models.find((each) => each.aliases.production) ?? models[0];
  state.model = chosen ? await getJSON(`${paths.model(chosen.name)}?limit=50`) : { name: null, aliases: {}, versions: [], history: [] };
};

/** The pipeline of the day: the one whose next firing is on the replay's clock. */
const ofTheDay = (pipelines) =>
  pipelines.find((each) => each.id === "daily") ??
  pipelines.find((each) => each.next?.some((firing) => firing.clock === "replay")) ??
  pipelines[0];

const loadPipelines = async () => {
  const { pipelines } = await getJSON(paths.pipelines);
  state.pipelines = pipelines;
  if (!pipelines.some((each) => each.id === state.view.pipeline)) state.view.pipeline = ofTheDay(pipelines)?.id ?? null;
  await Promise.all(
    pipelines.map(async ({ id }) => {
      const [detail, { runs }] = await Promise.all([getJSON(paths.pipeline(id)), getJSON(`${paths.runs(id)}?limit=25`)]);
      state.details.set(id, detail);
      state.recent.set(id, runs.slice(0, 10));
      seedHappened(`runs of ${id}`, runs.filter((run) => run.ended_at).map((run) => ({ type: "run", data: run, at: run.ended_at })));
      // What was known of these runs may be older than the gap; failures are wanted in full.
      const wanted = runs.slice(0, 10).filter((run, index) => index === 0 || run.state === "failed" || run.id === state.view.run);
      for (const run of wanted) if (state.runs.has(run.id)) state.runs.get(run.id).complete = false;
      await Promise.all(wanted.map((run) => ensureRun(id, run.id)));
    }),
  );
  touch("view", "runs");
};

/** Fetches everything the page shows. */
export const loadAll = async () => {
  await Promise.all([
    attempt("replay", () => loadWhole("replay", paths.replay)),
    attempt("serving", () => loadWhole("serving", paths.serving)),
    attempt("quality", loadQuality),
    attempt("pipelines", loadPipelines),
  ]);
  await attempt("model", loadModel);
  const history = state.model?.history ?? [];
  seedHappened("model", history.map((change) => ({
    type: "model", at: change.at,
    data: { name: state.model.name, version: change.version, alias: change.alias, previous_version: change.previous_version },
  })));
};

export const reloadModel = throttled(1500, () => attempt("model", loadModel));
const reloadPipelines = throttled(2000, () => attempt("pipelines", loadPipelines));
export const reload = throttled(1000, loadAll);

/** The clock as an answer or an event tells it. */
export const clockIs = (replay) => {
  const former = state.replay;
  written.replay += 1;
  state.replay = replay;
  delete state.problems.replay;
  touch("replay");
  // After a reset days go away again, and so do the points and runs of them.
  if (former && (replay.now < former.now || replay.dataset !== former.dataset)) reload();
  return former;
};

export const servingIs = (serving) => {
  const former = state.serving;
  written.serving += 1;
  state.serving = serving;
  delete state.problems.serving;
  touch("serving");
  return former;
};

const versionOf = (serving) => `${serving?.model?.name} ${serving?.model?.version}`;

const handlers = {
  run(run) {
    runEvent(run);
    if (run.ended_at) reloadModel();
    happen("run", run);
    const detail = state.details.get(run.pipeline);
    if (!detail || (run.state === "queued" && detail.version !== run.version)) reloadPipelines();
  },
  task: taskEvent,
  model(change) {
    reloadModel();
    happen("model", change);
  },
  serving(serving) {
    const former = servingIs(serving);
    if (serving.model && versionOf(former) !== versionOf(serving)) happen("serving", serving);
  },
  clock(replay) {
    const former = clockIs(replay);
    if (former) happen("clock", { former, replay });
  },
  quality(point) {
    pointsMeanwhile.push(point);
    addPoint(point);
    touch("quality");
    happen("quality", point);
  },
  pipeline: reloadPipelines,
  resync: reload,
};

let source = null;
let opened = false;
let patience = 1000;

const connectionIs = (connection) => {
  if (state.connection === connection) return;
  state.connection = connection;
  touch("connection");
};

const connect = () => {
  source = new EventSource(paths.events);
  source.onopen = () => {
    patience = 1000;
    connectionIs("live");
    // What happened between the last stream and this one is only to be had by asking.
    if (opened) reload();
    opened = true;
  };
  source.onerror = () => {
    connectionIs("lost");
    if (source.readyState !== EventSource.CLOSED) return;
    // The browser tries again after a broken connection, but not after an answer that is no stream.
    setTimeout(connect, patience);
    patience = Math.min(patience * 2, 10_000);
  };
  for (const [type, handle] of Object.entries(handlers)) {
    source.addEventListener(type, (event) => handle(event.data ? JSON.parse(event.data) : null));
  }
};

export const start = async () => {
  connect();
  await loadAll();
};
