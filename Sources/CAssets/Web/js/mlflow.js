// MLflow's routes: experiments, runs, their histories and files, as values that pages can draw.
import { getJSON, post } from "./api.js";

const at = (path, query) => `/api/2.0/mlflow/${path}${query ? `?${new URLSearchParams(query)}` : ""}`;

/** Names are data: `constructor` and `__proto__` are names like others. */
const dictionary = (entries) => {
	const found = Object.create(null);
	for (const [key, value] of entries) found[key] = value;
	return found;
};
const texts = (list) => dictionary((list ?? []).map(({ key, value }) => [key, value]));
const number = (value) => (typeof value === "number" ? value : NaN);

/** The words of `states.js` for MLflow's. */
const states = { RUNNING: "running", SCHEDULED: "scheduled", FINISHED: "success", FAILED: "failed", KILLED: "cancelled" };
export const stateOf = (status) => states[status] ?? "none";

/** A run as it is drawn: `{id, name, state, start, end, metrics: {key: {value, step, time}}, params, tags, datasets, models, …}`. */
export const flat = ({ info, data = {}, inputs = {}, outputs = {} }) => ({
	id: info.run_id, name: info.run_name || info.run_id, experiment: info.experiment_id, user: info.user_id ?? "", status: info.status, state: stateOf(info.status),
	start: info.start_time || null, end: info.end_time ?? null, isDeleted: info.lifecycle_stage === "deleted", files: info.artifact_uri,
	metrics: dictionary((data.metrics ?? []).map(({ key, value, step, timestamp }) => [key, { value: number(value), step, time: timestamp }])),
	params: texts(data.params), tags: texts(data.tags),
	datasets: (inputs.dataset_inputs ?? []).map(({ dataset, tags }) => ({ ...dataset, context: texts(tags)["mlflow.data.context"] ?? null })),
	models: (outputs.model_outputs ?? []).map(({ model_id: id }) => id),
});

export const parentOf = ({ tags }) => tags["mlflow.parentRunId"] ?? null;

/** @returns `{runs, token}`; token: for the next page, null after the last */
export const searchRuns = async ({ experiment, filter = "", order = [], isDeleted = false, size, token }, signal) => {
	const { runs = [], next_page_token: next = null } = await post(at("runs/search"), {
		experiment_ids: [experiment], filter, order_by: order, run_view_type: isDeleted ? "DELETED_ONLY" : "ACTIVE_ONLY", max_results: size, ...(token && { page_token: token }),
	}, signal);
	return { runs: runs.map(flat), token: next };
};

export const getRun = async (id) => flat((await getJSON(at("runs/get", { run_id: id }))).run);

/** `[{run, value, step, time}]` of one metric of some runs; of a longer history about `most` steps. */
export const histories = async (runs, key, most) => {
	const query = new URLSearchParams([...runs.map((id) => ["run_ids", id]), ["metric_key", key], ["max_results", most]]);
	const { metrics = [] } = await getJSON(`${at("metrics/get-history-bulk-interval")}?${query}`);
	return metrics.map(({ run_id: run, value, step, timestamp }) => ({ run, value: number(value), step, time: timestamp }));
};

/** What is in a folder of a run: `[{path, isFolder, size}]`. */
const entries = ({ files = [] }) => files.map(({ path, is_dir: isFolder, file_size: size }) => ({ path, isFolder, size: size ?? null }));
export const listFiles = async (run, path) => entries(await getJSON(at("artifacts/list", { run_id: run, path })));
export const listModelFiles = async (id, path) => entries(await getJSON(at(`logged-models/${encodeURIComponent(id)}/artifacts/directories`, { artifact_directory_path: path })));

/** Where a file is fetched; null: it is kept elsewhere. */
export const fileAddress = (root, path) => {
	const inside = root?.match(/^mlflow-artifacts:\/(?!\/)(.*)$/)?.[1];
	return inside === undefined ? null : `/api/2.0/mlflow-artifacts/artifacts/${`${inside}/${path}`.split("/").map(encodeURIComponent).join("/")}`;
};

export const loggedModel = async (id) => (await getJSON(at(`logged-models/${encodeURIComponent(id)}`))).model;

/** Versions of registered models that were made from a run. */
export const versionsOf = async (run) => (await getJSON(at("model-versions/search", { filter: `run_id = '${run}'`, max_results: 100 }))).model_versions ?? [];
export const registeredNames = async () => ((await getJSON(at("registered-models/search", { max_results: 200 }))).registered_models ?? []).map(({ name }) => name);

/** A new version of a registered model, which is made when there is none of that name. */
export const register = async (name, source) => {
	try {
		await post(at("registered-models/create"), { name });
	} catch (error) {
		if (error.code !== "RESOURCE_ALREADY_EXISTS") throw error;
	}
	return (await post(at("model-versions/create"), { name, ...source })).model_version;
};

/** Orders; each answers when it is done. */
export const orders = {
	createExperiment: async (name) => (await post(at("experiments/create"), { name })).experiment_id,
	renameExperiment: (id, name) => post(at("experiments/update"), { experiment_id: id, new_name: name }),
	deleteExperiment: (id) => post(at("experiments/delete"), { experiment_id: id }),
	restoreExperiment: (id) => post(at("experiments/restore"), { experiment_id: id }),
	renameRun: (id, name) => post(at("runs/update"), { run_id: id, run_name: name }),
	deleteRun: (id) => post(at("runs/delete"), { run_id: id }),
	restoreRun: (id) => post(at("runs/restore"), { run_id: id }),
	setTag: (id, key, value) => post(at("runs/set-tag"), { run_id: id, key, value }),
	deleteTag: (id, key) => post(at("runs/delete-tag"), { run_id: id, key }),
};
