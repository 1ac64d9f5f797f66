// The one event stream. Whoever wants to know of something listens; the picture of Today is fetched, then kept by it.
import { getJSON, paths } from "./api.js";
import { happen, seedHappened } from "./happenings.js";
import { ensureRun, loadDetail, runEvent, taskEvent } from "./runs.js";
import { state, throttled, touch } from "./store.js";

/** How often events wrote each part: an answer that left the server before them must not overwrite it. */
const written = { replay: 0, serving: 0, status: 0 };
/** Points of the quality that came while their list was being fetched. */
let meanwhile = [];

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

const loadWhole = async (area) => {
	const before = written[area];
	const answer = await getJSON(paths[area]);
	if (written[area] === before) state[area] = answer;
};

const addPoint = (point) => {
	state.quality ??= { points: [] };
	const { points } = state.quality;
	const at = points.findIndex((each) => each.date >= point.date);
	if (at < 0) points.push(point);
	else points.splice(at, points[at].date === point.date ? 1 : 0, point);
};

const loadQuality = async () => {
	meanwhile = [];
	state.quality = await getJSON(paths.quality);
	for (const point of meanwhile) addPoint(point);
};

/** What became of the served model's aliases lately. */
const loadChanges = async () => {
	const name = state.serving?.model?.name;
	if (!name) return [];
	const { changes } = await getJSON(paths.latestChanges(name));
	return changes.filter(({ kind }) => kind === "alias").map((change) => ({ type: "model", at: change.at, data: { name, ...change } }));
};

/** The pipeline of the day: the one whose next firing is on the replay's clock. */
const ofTheDay = (pipelines) =>
	pipelines.find(({ id }) => id === "daily") ?? pipelines.find(({ next }) => next?.some(({ clock }) => clock === "replay")) ?? pipelines[0];

/** One answer for all pipelines, of which there may be hundreds; more is asked of the one in view alone. */
const loadPipelines = async () => {
	const { pipelines } = await getJSON(paths.pipelines);
	state.pipelines = pipelines;
	// What was known of runs may be older than a gap.
	for (const known of state.runs.values()) known.complete = false;
	state.recent.clear();
	for (const { id, last_runs: runs } of pipelines) state.recent.set(id, runs.map((run) => ({ ...run, pipeline: id })));
	if (!pipelines.some(({ id }) => id === state.view.pipeline)) state.view.pipeline = ofTheDay(pipelines)?.id ?? null;
	const { pipeline, run } = state.view;
	const shown = run ?? state.recent.get(pipeline)?.[0]?.id;
	for (const id of state.details.keys()) if (id !== pipeline) state.details.delete(id);
	if (pipeline) await Promise.all([loadDetail(pipeline), shown && ensureRun(pipeline, shown)]);
	touch("view", "runs");
};

/** Whether it was fetched what happened before the page was opened; from then on the stream tells. */
let isSeeded = false;

/** Fetches everything the page shows. */
const loadAll = async () => {
	await Promise.all([
		attempt("replay", () => loadWhole("replay")),
		attempt("serving", () => loadWhole("serving")),
		attempt("status", () => loadWhole("status")),
		attempt("quality", loadQuality),
		attempt("pipelines", loadPipelines),
	]);
	if (isSeeded) return;
	isSeeded = true;
	// Without them the list of what happened is shorter, no more.
	const changes = await loadChanges().catch(() => []);
	const ended = [...state.recent.values()].flat().filter((run) => run.ended_at);
	seedHappened([...ended.map((run) => ({ type: "run", at: run.ended_at, data: run })), ...changes]);
};

/** Whether somebody has asked for the picture of Today. */
let isPictured = false;
const pictured = (work) => () => isPictured && work();

const reloadPipelines = throttled(2000, pictured(() => attempt("pipelines", loadPipelines)));
const reloadStatus = throttled(5000, pictured(() => attempt("status", () => loadWhole("status"))));
const reload = throttled(1000, pictured(loadAll));

const write = (area, value) => {
	const former = state[area];
	written[area] += 1;
	state[area] = value;
	delete state.problems[area];
	touch(area);
	return former;
};

/** The clock as an event, or the answer to an order, tells it. */
export const clockIs = (replay) => {
	const former = write("replay", replay);
	if (!former) return;
	// After a reset days go away again, and so do the points and runs of them.
	if (replay.now < former.now || replay.dataset !== former.dataset) reload();
	happen("clock", { former, replay });
};

/** A day's point, as the stream brings it. */
const qualityIs = (point) => {
	meanwhile.push(point);
	addPoint(point);
	touch("quality");
	happen("quality", point);
};

export const servingIs = (serving) => write("serving", serving);

const handlers = {
	run(run) {
		runEvent(run);
		// What made it fail may be wrong with the home, not with the run.
		if (run.state === "failed") reloadStatus();
		happen("run", run);
		if (!state.pipelines?.some(({ id }) => id === run.pipeline)) reloadPipelines();
	},
	task: taskEvent,
	model: (change) => happen("model", change),
	serving: servingIs,
	clock: clockIs,
	refusal: (refusal) => happen("refusal", refusal),
	quality: qualityIs,
	drift: (point) => happen("drift", point),
	pipeline: reloadPipelines,
	gap: reload,
};

const listeners = new Map();

/**
 * Calls `hear(data)` for each event of the type: `run`, `task`, `model`, `serving`, `clock`, `quality`, `drift`, `pipeline`,
 * `refusal`; `gap` after events may have been missed: what was fetched is to be fetched again.
 */
export const listen = (type, hear) => {
	if (!listeners.has(type)) listeners.set(type, new Set());
	listeners.get(type).add(hear);
};

const tell = (type, data) => {
	handlers[type]?.(data);
	for (const hear of listeners.get(type) ?? []) hear(data);
};

let wasOpen = false;
let patience = 1000;

const connectionIs = (connection) => {
	state.connection = connection;
	touch("connection");
};

let source = null;

const connect = () => {
	source = new EventSource(paths.events);
	source.onopen = () => {
		patience = 1000;
		connectionIs("live");
		// What happened between the last stream and this one is only to be had by asking.
		if (wasOpen) tell("gap", null);
		wasOpen = true;
	};
	source.onerror = () => {
		connectionIs("lost");
		if (source.readyState !== EventSource.CLOSED) return;
		// The browser tries again after a broken connection, but not after an answer that is no stream.
		setTimeout(connect, patience);
		patience = Math.min(patience * 2, 10_000);
	};
	for (const type of Object.keys(handlers)) {
		source.addEventListener(type, (event) => tell(type, event.data ? JSON.parse(event.data) : null));
	}
	source.addEventListener("resync", () => tell("gap", null));
};

/**
 * Opens the stream. A page that is left may be kept by the browser to come back to, with its stream: six of them are all the
 * connections that a browser makes to one server, and no other page would load any more.
 */
export const start = () => {
	connect();
	addEventListener("pagehide", () => source.close());
	addEventListener("pageshow", (event) => event.persisted && connect());
};

/** Fetches everything that Today shows, and keeps it from then on. */
export const keepPicture = () => {
	if (isPictured) return;
	isPictured = true;
	loadAll();
};
