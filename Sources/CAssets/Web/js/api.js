// The public API of the server that sent this page, and no other host.
import { t } from "./words.js";

/** A refusal in the API's own words: what is wrong, and what to do about it. */
export class ApiError extends Error {
	constructor(status, code, message, remedy) {
		super(message);
		Object.assign(this, { status, code, remedy });
	}
}

const request = async (path, options = {}) => {
	let response;
	try {
		response = await fetch(path, { cache: "no-store", ...options });
	} catch (error) {
		if (error.name === "AbortError") throw error;
		throw new ApiError(0, "unreachable", t`The server does not answer.`, t`Is mlstack up still running? This page goes on trying by itself.`);
	}
	if (response.ok) return response;
	let body = null;
	try {
		const answer = await response.json();
		// MLflow's routes refuse in MLflow's form, which has no remedy.
		body = answer.error ?? (answer.error_code ? { code: answer.error_code, message: answer.message } : null);
	} catch {
		// Not of this API's form (a proxy's page, say): the status has to do.
	}
	throw new ApiError(
		response.status,
		body?.code ?? "http",
		body?.message ?? t`The server answered ${response.status} to ${path.split("?")[0]}.`,
		body ? body.remedy : t`Look at what mlstack up prints in its terminal.`,
	);
};

export const getJSON = async (path, signal) => (await request(path, { signal })).json();

export const post = async (path, body = {}, signal) =>
	(await request(path, { method: "POST", headers: { "content-type": "application/json", "x-mlstack-actor": "page" }, body: JSON.stringify(body), signal })).json();

/** Deletes what a path names. */
export const remove = async (path) => (await request(path, { method: "DELETE", headers: { "x-mlstack-actor": "page" } })).json();

/** A response whose text arrives as it is written. */
export const stream = (path, signal) => request(path, { signal });

/** The bytes of a file; `range` is `[first, last]`. */
export const getBytes = async (path, range, signal) =>
	(await request(path, { signal, headers: range ? { range: `bytes=${range[0]}-${range[1]}` } : {} })).arrayBuffer();

const at = (path, ...parts) => `/api/v1/${path}${parts.map((part) => `/${encodeURIComponent(part)}`).join("")}`;

/** An apostrophe would end the quoted argument of a curl command. */
const quotable = (path) => path.replaceAll("'", "%27");

/** What is asked of a recommendation beside "for whom"; what is absent is left to the API. */
export const selection = ({ k = 10, version, genre, explain }) => ({ k, ...(version && { version }), ...(genre && { genre }), ...(explain && { explain }) });

export const paths = {
	events: at("events"),
	status: at("status"),
	replay: at("replay"),
	quality: at("quality"),
	/** A few changes of a model, newest first: each takes up to three entries. */
	latestChanges: (model) => `${at("models", model, "history")}?limit=24`,
	/** The latest days are enough for a picture. */
	drift: `${at("drift")}?days=400`,
	data: at("data"),
	dataDays: at("data", "days"),
	rejected: (limit) => `${at("data", "rejected")}?limit=${limit}`,
	availableDatasets: at("data", "available"),
	feedback: at("feedback"),
	system: at("system"),
	samples: (after) => `${at("system", "samples")}?after=${after}`,
	systemLog: (query) => `${at("system", "log")}?${new URLSearchParams(query)}`,
	examine: at("system", "examination"),
	serving: at("serving"),
	reload: at("serving/reload"),
	experiments: (view) => `${at("experiments")}?view=${view}`,
	experiment: (id) => at("experiments", id),
	models: at("models"),
	/** With a look at their files: which can be served. */
	modelsWithFiles: `${at("models")}?files=true`,
	model: (name) => at("models", name),
	/** Versions, newest first, with their sizes; `before`: those of lower numbers. */
	modelVersions: (name, limit, before) => `${at("models", name)}?files=true&limit=${limit}${before ? `&before=${before}` : ""}`,
	/** The same without their sizes. */
	modelNumbers: (name, limit) => `${at("models", name)}?limit=${limit}`,
	modelVersion: (name, version) => at("models", name, "versions", version),
	modelHistory: (name) => `${at("models", name, "history")}?limit=1000`,
	promote: (name) => at("models", name, "promote"),
	rollBack: (name) => at("models", name, "rollback"),
	stage: (name, version) => at("models", name, "versions", version, "stage"),
	alias: (name, alias) => at("models", name, "aliases", alias),
	examples: at("examples"),
	example: (name) => at("examples", name),
	pipelines: at("pipelines"),
	pipeline: (id) => at("pipelines", id),
	runs: (id) => at("pipelines", id, "runs"),
	/** Newest first. */
	latestRuns: (id, limit) => `${at("pipelines", id, "runs")}?limit=${limit}`,
	run: (id, run) => at("pipelines", id, "runs", run),
	pause: (id, isPaused) => at("pipelines", id, isPaused ? "pause" : "resume"),
	grid: (id, limit, before) => `${at("pipelines", id, "grid")}?limit=${limit}${before ? `&before=${encodeURIComponent(before)}` : ""}`,
	calendar: (id, year) => `${at("pipelines", id, "calendar")}${year ? `?year=${encodeURIComponent(year)}` : ""}`,
	/** Without a version, the file as it is. */
	file: (id, version) => `${at("pipelines", id, "file")}${version ? `?version=${encodeURIComponent(version)}` : ""}`,
	versions: (id) => at("pipelines", id, "versions"),
	backfill: (id) => at("pipelines", id, "backfill"),
	audit: (id) => at("pipelines", id, "audit"),
	relatives: (id, run) => at("pipelines", id, "runs", run, "relatives"),
	/** `clear`, `mark` or `cancel`. */
	order: (id, run, verb) => at("pipelines", id, "runs", run, verb),
	/** Of a run whose pipeline is not known. */
	anyRun: (run) => at("runs", run),
	log: (id, run, task, attempt) => `${at("pipelines", id, "runs", run, "tasks", task, "logs")}?attempt=${attempt}`,
	users: (limit, query = "") => `${at("users")}?limit=${limit}&query=${encodeURIComponent(query)}`,
	user: (id, limit) => `${at("users", id)}?limit=${limit}`,
	genres: at("genres"),
	items: (query, limit) => `${at("items")}?limit=${limit}&query=${encodeURIComponent(query)}`,
	item: (id) => at("items", id),
	similar: (id, k) => `${quotable(at("items", id, "similar"))}?k=${k}`,
	recommendations: (user, choice) => `${quotable(at("recommendations", user))}?${quotable(new URLSearchParams(selection(choice)).toString())}`,
	/** Takes `{history, …selection}`. */
	foldIn: at("recommendations"),
};
