// What versions, their metrics and those who change them are called, and how their metrics are told.
import { el } from "../dom.js";
import { figure, metricName, shortDay, wallTime } from "../format.js";
import { bestOf as bestValue, direction, inOrder } from "../parts/measures.js";
import { to } from "../router.js";
import { state } from "../store.js";
import { t } from "../words.js";

const arrows = { 1: "\u00a0↑", "-1": "\u00a0↓" };
export const metricLabel = (metric) => `${metricName(metric)}${arrows[direction(metric)] ?? ""}`;

/** A name with a slash measures another candidate of the same run, or its data: als/ndcg_at_10. */
export const isOwn = (metric) => !metric.includes("/");

/** The metrics of versions, the usual ones first. */
export const metricsOf = (versions) => inOrder(new Set(versions.flatMap(({ metrics }) => Object.keys(metrics ?? {})).filter(isOwn)));

/** The best of a metric; null when there is nothing to be better than. */
export const bestOf = (versions, metric) => bestValue(metric, versions.map(({ metrics }) => metrics?.[metric]));

const stages = { None: t`no stage`, Staging: t`staging`, Production: t`production`, Archived: t`archived` };
export const stageWord = (stage) => stages[stage] ?? stage;

const actors = { page: t`somebody on this page`, cli: t`the command line`, api: t`somebody through the API` };

/** Who changed something: a pipeline's run, a person, a program. @param isShort a pipeline by its name alone */
export const actorOf = (actor, isShort = false) => {
	const [kind, ...rest] = actor.split(":");
	const name = rest.join(":");
	const pipeline = kind === "pipeline" && pipelineOfRun(name);
	if (pipeline) return el("a", { href: runAddress(pipeline, name), title: name }, isShort ? pipeline : t`the pipeline ${pipeline}`);
	if (kind === "pipeline") return name;
	if (kind === "cli" && name) return t`${name}, on the command line`;
	return actors[actor] ?? actor;
};

export const actorText = (actor) => {
	const said = actorOf(actor);
	return typeof said === "string" ? said : said.textContent;
};

/** Runs are called after their pipeline: `daily-20150109T000000`, or with a mark behind that tells like ones apart; others are not known. */
const pipelineOfRun = (run) => /^(.+?)-\d{8}T\d{6}([-+]\d{4})?(-t\d+|-[\da-f]{4}|-[\da-f]{8})?$/.exec(run)?.[1];

export const runAddress = (pipeline, run) => to("pipelines", pipeline, "runs", run);
export const versionAddress = (name, version) => to("models", name, "versions", version);

/** `2 Oct 2024` of the run `daily-20241002T000000`; else its id. */
export const runDay = (run) => {
	const found = /-(\d{4})(\d\d)(\d\d)T/.exec(run);
	return found ? shortDay(`${found[1]}-${found[2]}-${found[3]}`) : run;
};

/** `just now`, `5 min ago`; older moments as they are. */
export const age = (iso) => {
	const seconds = (Date.now() - Date.parse(iso)) / 1000;
	if (!(seconds >= 0)) return wallTime(iso);
	if (seconds < 60) return t`just now`;
	if (seconds < 3600) return t`${Math.floor(seconds / 60)} min ago`;
	if (seconds < 86_400) return t`${Math.floor(seconds / 3600)} h ago`;
	return t`${Math.floor(seconds / 86_400)} days ago`;
};

/** The zone in which this browser tells wall times. */
export const wallZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The version of the model that answers now, or undefined. */
export const answering = (name) => (state.serving?.model?.name === name ? state.serving.model.version : undefined);

/** @param isShort without the stage, which aliases mostly tell */
export const badges = (name, { version, aliases, stage }, isShort = false) => [
	aliases.map((alias) => el("span", { class: alias === "production" ? "badge strong" : "badge", title: t`alias` }, alias)),
	answering(name) === version && !(isShort && aliases.includes("production")) && el("span", { class: "badge lively" }, t`answers now`),
	stage === "Archived" && !isShort && el("span", { class: "muted stage" }, stageWord(stage)),
];

/** With its sign, four digits. */
const signed = (value) => (value === 0 ? "0" : `${value > 0 ? "+" : "−"}${figure(Math.abs(value))}`);

/** A cell that says by how much a metric changed, and whether that is better where its name tells: in colour, and by a word for who cannot see it. */
export const changeOf = (metric, former, value) => {
	const change = value - former;
	if (!Number.isFinite(change)) return el("td", { class: "number" }, "–");
	const way = direction(metric);
	if (change === 0 || way === 0) return el("td", { class: "number", title: change }, signed(change));
	const isBetter = change * way > 0;
	return el("td", { class: `number ${isBetter ? "better" : "worse"}`, title: change }, signed(change), el("span", { "aria-hidden": "true" }, isBetter ? " ▲" : " ▼"), el("span", { class: "unseen" }, isBetter ? t` better` : t` worse`));
};
