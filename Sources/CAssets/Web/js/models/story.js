// A version's story in a few sentences: what it is, of what data, how good, and what became of it.
import { el } from "../dom.js";
import { count, duration, figure, metricName, secondsBetween, shortDay, wallTime } from "../format.js";
import { direction } from "../parts/measures.js";
import { to } from "../router.js";
import { state } from "../store.js";
import { slot, t, weave } from "../words.js";
import { reasonWord } from "./changes.js";
import { trainingData } from "./lineage.js";
import { actorText, answering, metricsOf, runAddress, runDay, versionAddress } from "./names.js";

const made = (story) => {
	const { algorithm, simulated_date: day, pipeline, pipeline_run: pipelineRun, run, name } = story;
	const data = trainingData(story);
	const what = algorithm ?? t`A model from elsewhere`;
	const from = data && data.rows ? t`${count(data.rows)} rows of ${data.name}` : data?.name;
	const sentence = day ? (from ? t`${what}, trained on what came up to ${shortDay(day)} (${from}).` : t`${what}, trained on what came up to ${shortDay(day)}.`)
		: from ? t`${what}, trained on ${from}.` : `${what}.`;
	const seconds = run?.ended_at ? secondsBetween(run.started_at, run.ended_at) : null;
	const ofPipeline = pipeline && pipelineRun && el("a", { href: runAddress(pipeline, pipelineRun), title: pipelineRun }, t`the run of ${pipeline} for ${runDay(pipelineRun)}`);
	const ofRun = run && el("a", { href: to("experiments", run.experiment_id, "runs", run.id), title: run.id }, run.name || run.id.slice(0, 8));
	const by = ofPipeline ? (seconds === null ? weave(t`Made by ${slot(0)}.`, ofPipeline) : weave(t`Made by ${slot(0)} in ${duration(seconds)}.`, ofPipeline))
		: ofRun ? (run.user ? weave(t`Logged by ${run.user} in ${slot(0)}.`, ofRun) : weave(t`Logged in ${slot(0)}.`, ofRun)) : t`Registered without a run.`;
	const parent = story.warm_start?.version;
	const warm = parent ? weave(t`The training began with ${slot(0)}.`, el("a", { href: versionAddress(name, parent) }, t`version ${parent}`)) : story.warm_start && t`The training began with a version that is gone.`;
	return [sentence, " ", by, " ", warm, warm && " "];
};

const scored = (story, model) => {
	const metric = metricsOf([story])[0];
	if (!metric) return [t`Nothing was measured of it.`, " "];
	const value = story.metrics[metric];
	const others = model.versions.filter(({ version, metrics }) => version !== story.version && Number.isFinite(metrics?.[metric]));
	const way = direction(metric);
	const better = others.filter(({ metrics }) => (metrics[metric] - value) * way > 0).length;
	const rank = others.length === 0 || way === 0 ? "" : better === 0 ? t`, the best of ${others.length + 1} versions` : t`, place ${better + 1} of ${others.length + 1} versions`;
	return [t`${metricName(metric)} is ${figure(value)}${rank}.`, " "];
};

const became = (story) => {
	const turns = story.changes.filter(({ kind, alias }) => kind === "alias" && alias === "production");
	// Newest first.
	const mine = turns.filter(({ version }) => version === story.version);
	if (mine.length === 0) return [t`It was never production.`, " "];
	const [{ at, actor, reason }] = mine;
	const promoted = mine.length > 1 ? t`Promoted ${mine.length} times, last ${wallTime(at)} by ${actorText(actor)} (${reasonWord(reason)}).`
		: reason ? t`Promoted ${wallTime(at)} by ${actorText(actor)} (${reasonWord(reason)}).` : t`Promoted ${wallTime(at)} by ${actorText(actor)}.`;
	const end = turns.slice(0, turns.indexOf(mine[0])).findLast(({ previous_version: before }) => before === story.version);
	if (!end) return [promoted, " "];
	return [promoted, " ", end.version ? t`Version ${end.version} took its place ${wallTime(end.at)}.` : t`It was taken out of production ${wallTime(end.at)}.`, " "];
};

const serves = (story, model) => {
	const now = answering(story.name);
	if (!model.served) return t`It is not served: this server answers with another model.`;
	if (now === story.version) return t`It answers now, since ${wallTime(state.serving.model.loaded_at)}.`;
	const error = state.serving?.last_load_error;
	if (error && error.model === story.name && error.version === story.version) return null;
	if (!story.servable) return t`It cannot be served: it holds no recommender of this server.`;
	return now ? t`It does not answer: version ${now} does.` : t`It does not answer.`;
};

/** @returns what stands in the story's paragraphs */
export const storyOf = (story, model) => [
	el("p", { class: "story" }, made(story), scored(story, model)),
	// mlstack's own say no more than the sentence above.
	story.description && !story.algorithm && el("p", { class: "story" }, story.description),
	el("p", { class: "story" }, became(story), serves(story, model)),
];
