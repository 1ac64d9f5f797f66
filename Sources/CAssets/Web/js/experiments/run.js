// One run: who made it from what, its params and metrics with their curves, its files, its models, its tags.
import { button, el, problemBox, replace, replaceWhen, setAttribute, setText } from "../dom.js";
import { listen } from "../live.js";
import { getRun, parentOf, searchRuns } from "../mlflow.js";
import { getJSON, paths } from "../api.js";
import { poll } from "../poll.js";
import { go, to } from "../router.js";
import { glyph, setGlyph } from "../states.js";
import { throttled } from "../store.js";
import { t } from "../words.js";
import { makeCurves } from "./curves.js";
import { makeFiles } from "./files.js";
import { makeModels } from "./models.js";
import { noteTag, statusWord, titleOf } from "./names.js";
import { deleteRuns, renameRun, restoreRuns } from "./orders.js";
import { datasetList, facts, story } from "./story.js";
import { makeTags, writeNote } from "./tags.js";
import { makeMetrics, makeParams } from "./values.js";

const pollMilliseconds = 4000;
const mostChildren = 100;

const card = (title, ...content) => el("section", { class: "card" }, el("h2", {}, title), content);

export const mountRun = (place) => {
	let [experiment, id, run, experimentName, query] = [null, null, null, null, new URLSearchParams()];
	let [parent, children] = [null, []];
	const crumb = el("a");
	const above = el("span");
	const badge = glyph("none", 24);
	const name = el("bdi");
	const word = el("span", { class: "muted" });
	const orders = el("div", { class: "row" });
	const problem = el("div");
	const lead = el("p", { class: "story" });
	const list = el("dl", { class: "run-facts" });
	const body = el("div", { class: "stack" });
	place.append(el("p", { class: "crumbs" }, el("a", { href: "/experiments" }, t`Experiments`), " / ", crumb, above),
		el("div", { class: "page-head" }, el("h1", { class: "long-name run-head" }, badge, el("span", {}, name, " ", word)), orders), problem, lead, list, body);

	const reload = () => load();
	const metrics = makeMetrics();
	const params = makeParams();
	const curves = makeCurves();
	const models = makeModels(reload);
	const files = makeFiles((file) => go(to("experiments", experiment, "runs", id) + (file ? `?${new URLSearchParams({ file })}` : ""), { replaces: true }));
	const tags = makeTags(reload);
	const kin = el("section", { class: "card", hidden: true });
	const data = el("section", { class: "card", hidden: true });
	const pictures = card(t`Curves`, curves.node);
	body.append(tags.note, el("div", { class: "halves" }, card(t`Metrics`, metrics.node), card(t`Params`, params.node)), pictures, models.node, data, kin, card(t`Files`, files.node), card(t`Tags`, tags.node));

	const runLink = (each) => el("a", { href: to("experiments", each.experiment, "runs", each.id) }, el("bdi", { title: each.name }, titleOf(each)));

	const draw = () => {
		for (const part of [orders, lead, list, body]) part.hidden = !run;
		if (!run) {
			setGlyph(badge, "none");
			setText(word, "");
			return setText(name, id);
		}
		setGlyph(badge, run.state);
		setText(name, titleOf(run));
		setAttribute(name, "title", run.name);
		setText(word, statusWord(run.state));
		setText(crumb, experimentName ?? experiment);
		replaceWhen(above, JSON.stringify([id, parent?.id, parent?.name]), () => parent && [" / ", runLink(parent)]);
		replaceWhen(orders, JSON.stringify([id, run.isDeleted, run.name, run.state, run.tags[noteTag] ?? null, parent?.id]), () => (run.isDeleted ? button(t`Restore…`, "primary", () => restoreRuns([run], reload)) : [
			!run.tags[noteTag] && button(t`Write a note…`, null, () => writeNote(run, reload)),
			button(t`Rename…`, null, () => renameRun(run, reload)), button(t`Delete…`, null, () => deleteRuns([run], () => go(to("experiments", experiment)))),
			parent && el("a", { href: `${to("experiments", experiment, "compare")}?runs=${[id, parent.id].join(",")}` }, t`Compare with its parent`)]));
		// Without the seconds that a running run has taken, which only its end tells for good.
		replaceWhen(lead, JSON.stringify([id, run.status, run.end, run.name, run.tags, run.datasets, run.isDeleted]), () => story(run));
		replaceWhen(list, JSON.stringify([id, run.start, run.end, run.tags, run.user]), () => facts(run).map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, value))));
		metrics.draw(run);
		params.draw(run);
		curves.draw([run]).then((drawn) => (pictures.hidden = drawn === 0));
		models.draw(run);
		tags.draw(run);
		files.draw(run, query.get("file"));
		data.hidden = run.datasets.length === 0;
		replaceWhen(data, JSON.stringify(run.datasets), () => [el("h2", {}, t`Data that went in`), datasetList(run.datasets)]);
		kin.hidden = children.length === 0;
		replaceWhen(kin, JSON.stringify([id, children.map((each) => [each.id, each.name, each.state])]), () => [el("h2", {}, t`Runs below this one`),
			children.length > 1 && children.length <= 10 && el("p", {}, el("a", { href: `${to("experiments", experiment, "compare")}?runs=${children.map((each) => each.id).join(",")}` }, t`Compare them`)),
			el("ul", { class: "kin" }, children.map((each) => el("li", { class: "run-link" }, glyph(each.state), runLink(each), el("span", { class: "muted" }, statusWord(each.state)))))]);
	};

	/** What belongs to the run beside itself; the run is shown without waiting for it. */
	const loadKin = async (mine) => {
		const parentID = parentOf(run);
		const [found, below] = await Promise.allSettled([parentID ? getRun(parentID) : null, searchRuns({ experiment, filter: `tags.mlflow.parentRunId = '${mine}'`, order: ["attributes.start_time ASC"], size: mostChildren })]);
		if (mine !== id) return;
		[parent, children] = [found.value ?? null, below.value?.runs ?? []];
		draw();
	};

	const load = async () => {
		const mine = id;
		try {
			const answer = await getRun(mine);
			if (mine !== id) return;
			const isFirst = !run || run.id !== mine;
			run = answer;
			experiment = run.experiment;
			replace(problem);
			draw();
			if (isFirst || run.state === "running") await loadKin(mine);
		} catch (error) {
			if (mine === id) replace(problem, problemBox(error));
			if (mine === id) draw();
		}
	};
	const refresh = poll(place, pollMilliseconds, () => id && load());
	listen("gap", throttled(2000, () => place.checkVisibility() && refresh()));

	return async ([askedExperiment, , askedRun], askedQuery) => {
		query = askedQuery;
		if (askedRun !== id) {
			[experiment, id, run, parent, children] = [askedExperiment, askedRun, null, null, []];
			crumb.href = to("experiments", experiment);
			setText(crumb, experiment);
			draw();
			getJSON(paths.experiment(askedExperiment)).then((answer) => {
				if (experiment !== askedExperiment) return;
				experimentName = answer.name;
				setText(crumb, experimentName);
			}).catch(() => null);
			await load();
			refresh();
		} else draw();
		return `${run ? titleOf(run) : id} · ${t`Experiments`}`;
	};
};
