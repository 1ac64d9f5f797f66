// What became of a run and who made it, in a sentence and in facts.
import { el } from "../dom.js";
import { count } from "../format.js";
import { to } from "../router.js";
import { t } from "../words.js";
import { exactMoment, madeBy, moment, personOf, took } from "./names.js";

const shorter = (text, most) => (text.length > most ? `${text.slice(0, most)}…` : text);

/** How many rows a dataset has, when its profile says so. */
const rowsOf = ({ profile }) => {
	try {
		const rows = JSON.parse(profile).num_rows;
		return typeof rows === "number" ? rows : null;
	} catch {
		return null;
	}
};

const ending = (run) => {
	const time = took(run);
	if (run.state === "running") return t`It is running since ${moment(run.start)}.`;
	if (run.state === "success") return time ? t`It finished after ${time}.` : t`It finished.`;
	if (run.state === "failed") return time ? t`It failed after ${time}.` : t`It failed.`;
	if (run.state === "cancelled") return time ? t`It was stopped after ${time}.` : t`It was stopped.`;
	return t`It has not begun.`;
};

/** The sentence: who made it, of what, and how it ended. */
export const story = (run) => {
	const made = madeBy(run);
	const { tags, datasets } = run;
	const source = tags["mlflow.source.name"];
	const from = source && shorter(source.split("/").at(-1), 60);
	const user = personOf(run.user);
	const who = made ? [t`Made by the pipeline `, el("a", { href: to("pipelines", made.pipeline) }, made.pipeline), " (", el("a", { href: to("pipelines", made.pipeline, "runs", made.run) }, t`this run`), ")"]
		: user ? (from ? t`Logged by ${user} from ${from}` : t`Logged by ${user}`) : from ? t`Logged from ${from}` : t`Logged by hand`;
	const [first] = datasets;
	const rows = first && rowsOf(first);
	const what = first && [t`Data: ${shorter(first.name, 60)}`, " (", rows !== null && `${t`${count(rows)} rows`}, `, t`digest `, el("code", { title: first.digest }, first.digest.slice(0, 8)), "). "];
	return [who, ". ", what, ending(run), run.isDeleted && el("strong", {}, ` ${t`It is deleted: nothing can be logged into it.`}`)];
};

const commit = (hash) => el("code", { title: hash }, hash.slice(0, 10));

/** `[[name, value]]` */
export const facts = (run) => {
	const { tags } = run;
	return [
		[t`began`, el("span", { title: exactMoment(run.start) }, moment(run.start))],
		run.end !== null && [t`ended`, el("span", { title: exactMoment(run.end) }, moment(run.end))],
		took(run) && [t`took`, took(run)],
		[t`zone`, Intl.DateTimeFormat().resolvedOptions().timeZone],
		personOf(run.user) && [t`user`, run.user],
		tags["mlstack.data_interval"] && [t`data from`, tags["mlstack.data_interval"].replace("/", " – ")],
		tags["mlflow.source.name"] && [t`source`, el("span", { title: tags["mlflow.source.name"] }, shorter(tags["mlflow.source.name"], 80))],
		tags["mlflow.source.git.commit"] && [t`commit`, commit(tags["mlflow.source.git.commit"])],
		tags["mlstack.code_version"] && [t`code`, `mlstack ${tags["mlstack.code_version"]}`],
		tags["mlstack.pipeline_version"] && [t`pipeline file`, commit(tags["mlstack.pipeline_version"])],
		[t`id`, el("code", {}, run.id)],
	].filter(Boolean);
};

/** Every dataset that the run read, with its digest in full. */
export const datasetList = (datasets) =>
	el("div", { class: "scroll" }, el("table", { class: "values" },
		el("thead", {}, el("tr", {}, [t`Dataset`, t`For`, t`Digest`].map((text) => el("th", { scope: "col" }, text)), el("th", { scope: "col", class: "number" }, t`Rows`))),
		el("tbody", {}, datasets.map((each) => el("tr", {}, el("th", { scope: "row" }, each.name), el("td", {}, each.context ?? "–"), el("td", {}, el("code", {}, each.digest)),
			el("td", { class: "number" }, rowsOf(each) === null ? "–" : count(rowsOf(each))))))));
