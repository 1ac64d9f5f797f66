// One version of a model: its story, its lineage, what it was trained with and scored, its files, and what became of it.
import { getJSON, paths } from "../api.js";
import { button, el, problemBox, replace, replaceWhen, setText } from "../dom.js";
import { figure, metricName, wallTime } from "../format.js";
import { listen } from "../live.js";
import { command, quoted } from "../parts/command.js";
import { go, to } from "../router.js";
import { throttled, watch } from "../store.js";
import { t } from "../words.js";
import { changeWords, reasonWord, withoutEchoes } from "./changes.js";
import { makeFiles } from "./files.js";
import { makeLineage } from "./lineage.js";
import { actorOf, badges, bestOf, isOwn, metricLabel, metricsOf, changeOf, versionAddress } from "./names.js";
import { loadProblem, servingKey } from "./served.js";
import { storyOf } from "./story.js";
import { firstVersions } from "./versionList.js";
import { ordersFor } from "./versions.js";

const number = (value) => el("td", { class: "number", title: value }, figure(value));

export const mountVersion = (place) => {
	const [crumbs, title, marks, nearby] = [el("p", { class: "crumbs" }), el("h1"), el("span"), el("span", { class: "row nearby" })];
	const [problem, told, actions] = [el("div"), el("div"), el("div", { class: "row orders-row" })];
	const lineage = makeLineage();
	const files = makeFiles();
	const [metrics, others, params, changes, commands] = [el("tbody"), el("details"), el("div"), el("div"), el("div")];
	const metricHead = el("tr");
	const body = el("div", { class: "stack" },
		el("section", { class: "card" }, told, actions),
		el("section", { class: "card" }, el("h2", {}, t`Where it came from`), lineage.node),
		el("div", { class: "halves" },
			el("section", { class: "card" }, el("h2", {}, t`Metrics`), el("div", { class: "scroll" }, el("table", {}, el("thead", {}, metricHead), metrics)), others),
			el("section", { class: "card" }, el("h2", {}, t`Parameters`), params)),
		el("div", { class: "halves" }, files.node, el("div", { class: "stack" }, el("section", { class: "card" }, el("h2", {}, t`What became of it`), changes), files.signature)),
		el("section", { class: "card" }, el("h2", {}, t`The same in a terminal`), commands));
	place.append(crumbs, el("div", { class: "page-head" }, el("div", { class: "row" }, title, marks), nearby), problem, body);

	let [name, shownVersion, story, model] = [null, null, null, null];

	const drawMetrics = () => {
		const own = metricsOf([story]);
		const before = model.versions.find(({ version }) => version < story.version);
		replaceWhen(metricHead, `${before?.version} ${name}`, () => [t`metric`, t`this version`, before && el("a", { href: versionAddress(name, before.version) }, t`version ${before.version}`), before && t`difference`]
			.filter(Boolean).map((text, n) => el("th", { scope: "col", class: ["", "number", "number former", "number"][n] }, text)));
		replace(metrics, own.map((metric) => {
			const [value, former] = [story.metrics[metric], before?.metrics?.[metric]];
			const isBest = bestOf(model.versions, metric) === value;
			return el("tr", {}, el("th", { scope: "row" }, metricLabel(metric)),
				el("td", { class: "number", title: value }, el("span", { class: isBest ? "best" : null }, figure(value), isBest && el("span", { class: "unseen" }, t` (best)`))),
				before && el("td", { class: "number former", title: former }, figure(former)), before && changeOf(metric, former, value));
		}));
		if (own.length === 0) replace(metrics, el("tr", {}, el("td", {}, t`Nothing was measured of it.`)));
		const rest = Object.entries(story.metrics).filter(([key]) => !isOwn(key));
		others.hidden = rest.length === 0;
		replaceWhen(others, JSON.stringify(rest), () => [el("summary", {}, t`Also measured in its run: other candidates, and the data (${rest.length})`),
			el("div", { class: "scroll" }, el("table", {}, el("tbody", {}, rest.map(([key, value]) => el("tr", {}, el("th", { scope: "row" }, metricName(key).replace("/", ": ")), number(value))))))]);
	};
	const pairs = (all) => el("dl", { class: "params" }, all.map(([key, value]) => el("div", {}, el("dt", { class: "path" }, key), el("dd", {}, value))));
	const drawParams = () => {
		const [all, tags] = [Object.entries(story.params), Object.entries(story.tags)];
		// Drawn again only when they differ: what was opened stays open.
		replaceWhen(params, JSON.stringify([all, tags]), () => [all.length === 0 ? el("p", { class: "muted" }, t`None were logged.`) : pairs(all),
			tags.length > 0 && el("details", {}, el("summary", {}, t`Tags (${tags.length})`), pairs(tags))]);
	};
	const drawChanges = () =>
		replaceWhen(changes, JSON.stringify([name, story.version, story.changes]), () => [story.changes.length === 0 ? el("p", { class: "muted" }, t`No alias has named it and no stage has had it.`)
			: el("ol", { class: "changes" }, withoutEchoes(story.changes).map((change) => el("li", {}, el("div", {}, changeWords(name, change)),
				el("div", { class: "muted" }, wallTime(change.at), ", ", actorOf(change.actor), change.reason && `: ${reasonWord(change.reason)}`)))),
			el("p", { class: "row links" }, el("a", { href: to("models", name, "history") + `?version=${story.version}` }, t`The whole history of ${name}`))]);

	const done = (_, __, isGone) => (isGone ? go(to("models", name)) : reload());
	const draw = () => {
		if (!story || !model) return;
		replace(marks, badges(name, story));
		replaceWhen(told, JSON.stringify([servingKey(model), story, model.versions.map(({ version, metrics }) => [version, metrics])]), () => [loadProblem(name), storyOf(story, model)]);
		const hadFocus = actions.contains(document.activeElement);
		const possible = ordersFor(model, story);
		replaceWhen(actions, [name, story.version, ...possible.map(([label]) => label)].join(), () => [possible.map(([label, order], n) => button(label, n === 0 && !story.aliases.includes("production") ? "primary" : null, () => order(model, story, done))),
			el("a", { href: `${to("models", name, "compare")}?b=${story.version}` }, t`Compare it with another`)]);
		if (hadFocus && !actions.contains(document.activeElement)) actions.querySelector("button").focus();
		const place = model.versions.findIndex(({ version }) => version === story.version);
		const [newer, older] = [place > 0 && model.versions[place - 1].version, place >= 0 && model.versions[place + 1]?.version];
		replaceWhen(nearby, [name, older, newer].join("\n"), () => [older && el("a", { href: versionAddress(name, older), rel: "prev" }, `← ${t`version ${older}`}`), newer && el("a", { href: versionAddress(name, newer), rel: "next" }, `${t`version ${newer}`} →`)]);
		lineage.draw(story, model);
		drawMetrics();
		drawParams();
		drawChanges();
		files.draw(story);
		replaceWhen(commands, `${name} ${story.version}`, () => [command(`mlstack model show ${quoted(name)}`),
			story.logged_model?.type === "recommender" && command(`mlstack model reproduce ${quoted(name)} ${story.version}`),
			command(`MLFLOW_TRACKING_URI=${location.origin} python3 -c ${quoted(`import mlflow; print(mlflow.pyfunc.load_model("models:/${name}/${story.version}"))`)}`)]);
	};
	const forget = () => {
		replace(marks);
		replaceWhen(nearby, "", () => null);
	};
	const load = async () => {
		const [mine, wanted] = [name, shownVersion];
		try {
			const [told, all] = await Promise.all([getJSON(paths.modelVersion(mine, wanted)), firstVersions(mine)]);
			if (mine !== name || wanted !== shownVersion) return;
			[story, model] = [told, all];
			replace(problem);
			body.hidden = false;
			draw();
		} catch (error) {
			if (mine !== name || wanted !== shownVersion) return;
			[story, model] = [null, null];
			body.hidden = true;
			forget();
			replace(problem, problemBox(error));
		}
	};
	const reload = throttled(1500, () => place.checkVisibility() && load());
	listen("model", (change) => change.name === name && reload());
	listen("gap", reload);
	watch(["serving"], () => place.checkVisibility() && draw());

	return {
		async show(asked, version) {
			if (asked !== name || version !== shownVersion) {
				[name, shownVersion, story, model] = [asked, version, null, null];
				replace(crumbs, el("a", { href: "/models" }, t`Models`), " / ", el("a", { href: to("models", name) }, name));
				setText(title, t`Version ${version}`);
				body.hidden = true;
				forget();
				replace(problem, el("p", { class: "muted" }, t`reading…`));
			}
			await load();
			return t`${name}, version ${version}`;
		},
	};
};
