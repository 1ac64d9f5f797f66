// All registered models: which one serves, which could, and which are only kept here for those who logged them.
import { getJSON, paths } from "../api.js";
import { el, emptyState, keyed, problemBox, replace, replaceWhen } from "../dom.js";
import { count, wallTime } from "../format.js";
import { listen } from "../live.js";
import { to } from "../router.js";
import { throttled, watch } from "../store.js";
import { t } from "../words.js";
import { age, answering } from "./names.js";
import { servingKey, servingLines } from "./served.js";

const fewAliases = 4;

const situation = ({ name, served, servable }) => {
	if (served) return answering(name) ? t`answers now: version ${answering(name)}` : t`is to answer; no version is loaded`;
	if (servable === false) return t`cannot be served: no recommender of this server`;
	return servable ? t`not served; a recommender` : t`not served`;
};

export const mountList = (place) => {
	let models = null;
	const [problem, serving] = [el("div"), el("section", { class: "card" })];
	const note = el("p", { class: "muted" });
	const body = el("tbody");
	const heads = [[t`Model`], [t`Serving`], [t`Versions`, "number"], [t`Aliases`, "apart spare"], [t`Changed`, "spare"]];
	const table = el("table", { class: "models" }, el("caption", { class: "unseen" }, t`Registered models`),
		el("thead", {}, el("tr", {}, heads.map(([name, kind]) => el("th", { scope: "col", class: kind }, name)))), body);
	const card = el("section", { class: "card" }, el("h2", {}, t`Registered models`), note, table);
	place.append(el("div", { class: "page-head" }, el("h1", {}, t`Models`)), problem, serving, card);

	const row = ({ name, description, said, isAnswering, versions, aliases, updated_at: at, age: text }) => el("tr", {},
		el("th", { scope: "row" }, el("a", { href: to("models", name), class: "strong description", title: name.length > 60 && name }, name), description && el("div", { class: "muted description", title: description }, description)),
		el("td", {}, el("span", { class: isAnswering ? "lively-text" : "muted" }, said)),
		el("td", { class: "number" }, count(versions)),
		el("td", { class: "apart spare" }, Object.entries(aliases).slice(0, fewAliases).map(([alias, version]) => el("span", { class: alias === "production" ? "badge strong first" : "badge first" }, `${alias} → ${version}`))),
		el("td", { class: "spare", title: wallTime(at) }, text));

	const draw = () => {
		if (!models) return;
		const served = models.find((model) => model.served);
		const isEmpty = models.length === 0;
		card.hidden = isEmpty;
		replaceWhen(serving, served ? servingKey(served) : "", () => [el("h2", {}, t`What answers`), served ? servingLines(served, true) : emptyState(t`No model answers yet.`, t`Press Play or Step on Today: the first day's run trains, promotes and loads one.`),
			served && el("p", { class: "row links" }, el("a", { href: to("models", served.name) }, t`All versions of ${served.name}, promote, roll back`), el("a", { href: "/recommend" }, t`What it recommends`))]);
		note.textContent = models.some(({ served: isServed }) => !isServed) ? t`Models that MLflow clients registered are kept, versioned and handed out too; recommendations come from the served one alone.` : "";
		const rows = models.map((model) => ({ ...model, age: age(model.updated_at), said: situation({ ...model, servable: model.newest?.servable }), isAnswering: Boolean(answering(model.name)) }));
		keyed(body, rows.sort((a, b) => b.served - a.served), JSON.stringify, row);
	};
	const load = async () => {
		try {
			({ models } = await getJSON(paths.modelsWithFiles));
			replace(problem);
			draw();
		} catch (error) {
			replace(problem, problemBox(error));
		}
	};
	const refresh = throttled(2000, () => place.checkVisibility() && load());
	listen("model", refresh);
	listen("run", (run) => run.ended_at && refresh());
	listen("gap", refresh);
	watch(["serving"], () => place.checkVisibility() && draw());
	return { async show() { await load(); return t`Models`; } };
};
