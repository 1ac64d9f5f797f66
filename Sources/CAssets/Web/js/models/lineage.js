// Where a version came from and what it became, as a picture: data, pipeline run, tracked run, logged model, version, aliases, serving.
import { el, replace, textUnit } from "../dom.js";
import { shortDay } from "../format.js";
import { makeGraph } from "../parts/graph.js";
import { go, to } from "../router.js";
import { t } from "../words.js";
import { answering, runAddress, runDay, stageWord, versionAddress } from "./names.js";

const outcomes = { FINISHED: "success", FAILED: "failed", KILLED: "cancelled", RUNNING: "running", SCHEDULED: "scheduled" };

const rowsOf = ({ profile }) => {
	try {
		return JSON.parse(profile)?.num_rows;
	} catch {
		return undefined;
	}
};

/** The dataset that the training read, with the number of its rows if that is known. */
export const trainingData = ({ datasets }) => {
	const data = datasets.find(({ context }) => context === "training") ?? datasets[0];
	return data && { ...data, rows: rowsOf(data) };
};

/** `[{id, name, note, said, state, href?, needs}]`; a box that is not known is left out, and its neighbours are joined. */
const boxesOf = (story, model) => {
	const boxes = [];
	let before = [];
	const add = (id, box, needs = before) => {
		boxes.push({ id, needs, ...box });
		before = [id];
	};
	const { run, logged_model: logged, pipeline, pipeline_run: pipelineRun, simulated_date: day, warm_start: warm } = story;
	const data = trainingData(story);
	if (data) add("data", { name: data.name, note: day ? t`to ${shortDay(day)}` : t`data`, said: day ? t`data of ${data.name} up to ${shortDay(day)}` : t`data of ${data.name}`, state: "success", href: "/data" });
	if (pipeline && pipelineRun) add("pipeline", { name: t`pipeline run`, note: runDay(pipelineRun), said: t`pipeline run ${pipelineRun}`, state: "success", href: runAddress(pipeline, pipelineRun) });
	const origins = before;
	if (warm?.version) {
		boxes.push({ id: "parent", needs: [], name: t`version ${warm.version}`, note: t`warm start`, said: t`the training began with version ${warm.version}`, state: "success", href: versionAddress(story.name, warm.version) });
		before = [...origins, "parent"];
	}
	if (run) add("run", { name: t`tracked run`, note: run.id.slice(0, 8), said: t`tracked run ${run.name}`, state: outcomes[run.status] ?? "none", href: to("experiments", run.experiment_id, "runs", run.id) });
	if (logged) add("logged", { name: t`logged model`, note: logged.id.slice(0, 10), said: t`logged model ${logged.id}`, state: logged.status === "LOGGED_MODEL_READY" ? "success" : "failed" });
	add("version", { name: t`version ${story.version}`, note: stageWord(story.stage), said: t`this version, ${stageWord(story.stage)}`, state: "promoted" });
	const aliases = story.aliases.map((alias) => {
		boxes.push({ id: `alias ${alias}`, needs: ["version"], name: alias, note: t`alias`, said: t`alias ${alias}`, state: "promoted", href: to("models", story.name, "history") + `?alias=${encodeURIComponent(alias)}` });
		return alias;
	});
	const isAnswering = answering(story.name) === story.version;
	if (model?.served !== false && (isAnswering || aliases.includes("production"))) {
		boxes.push({ id: "serving", needs: [aliases.includes("production") ? "alias production" : "version"], name: t`serving`, note: isAnswering ? t`answers now` : t`not loaded`,
			said: isAnswering ? t`it answers now` : t`it is to answer, but is not loaded`, state: isAnswering ? "success" : "failed", href: "/recommend" });
	}
	return boxes;
};

/** How far a box is from the beginning: behind everything that it needs. */
const withLevels = (boxes) => {
	const levels = new Map();
	const level = (id) => {
		if (!levels.has(id)) levels.set(id, Math.max(-1, ...boxes.find((box) => box.id === id).needs.map(level)) + 1);
		return levels.get(id);
	};
	return boxes.map((box) => ({ ...box, level: level(box.id) }))
		// The parent stands beside what came just before the run that it began.
		.map((box, _, all) => (box.id === "parent" ? { ...box, level: Math.max(0, (all.find(({ needs }) => needs.includes("parent"))?.level ?? 1) - 1) } : box));
};

/** @returns `{node, draw(story, model)}` */
export const makeLineage = () => {
	const node = el("div", { class: "scroll" });
	let [last, key] = [null, ""];
	const draw = (story, model) => {
		last = [story, model];
		if (!node.clientWidth) return;
		const unit = textUnit();
		const width = node.clientWidth / unit;
		const boxes = withLevels(boxesOf(story, model));
		const wanted = JSON.stringify([boxes, Math.round(width / 8)]);
		if (wanted === key) return;
		key = wanted;
		const tasks = boxes.map((box) => ({ ...box, role: box.href ? "link" : "img", title: box.said }));
		const graph = makeGraph({ id: "lineage", tasks, label: t`Lineage of version ${story.version}` }, width, unit, (id) => go(boxes.find((box) => box.id === id).href));
		graph.update(new Map(boxes.map((box) => [box.id, box])));
		replace(node, graph.node);
	};
	new ResizeObserver(() => last && draw(...last)).observe(node);
	return { node, draw };
};
