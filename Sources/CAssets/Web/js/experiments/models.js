// What a run made: logged models, and the versions of registered models that they became.
import { button, el, replaceWhen } from "../dom.js";
import { loggedModel, versionsOf } from "../mlflow.js";
import { to } from "../router.js";
import { t } from "../words.js";
import { registerModel } from "./orders.js";

const statuses = { LOGGED_MODEL_READY: t`ready`, LOGGED_MODEL_PENDING: t`being written`, LOGGED_MODEL_UPLOAD_FAILED: t`upload failed` };

const versionLink = ({ name, version, aliases = [] }) =>
	el("li", {}, el("a", { href: to("models", name, "versions", version) }, t`${name}, version ${version}`), aliases.map((alias) => el("span", { class: alias === "production" ? "badge strong" : "badge" }, alias)));

/** Clients older than logged models tell their models in a tag. */
const olderModels = ({ tags }) => {
	try {
		return JSON.parse(tags["mlflow.log-model.history"]).map(({ artifact_path: path }) => path).filter((path) => typeof path === "string");
	} catch {
		return [];
	}
};

/** @param changed called when a version was registered @returns `{node, draw(run)}`; the node is a card, hidden without models */
export const makeModels = (changed) => {
	const node = el("section", { class: "card", hidden: true });
	let [run, models, versions, key] = [null, [], [], ""];

	const register = (name, source) => registerModel(name, { run_id: run.id, ...source }, () => {
		key = "";
		changed();
	});
	const show = () => {
		const older = olderModels(run);
		node.hidden = models.length === 0 && versions.length === 0 && older.length === 0;
		replaceWhen(node, JSON.stringify([run.id, models, versions, older]), () => {
			const versionsOfModel = (id) => versions.filter((version) => version.model_id === id || version.source === `models:/${id}`);
			const rest = versions.filter((version) => !models.some(({ info }) => version.model_id === info.model_id || version.source === `models:/${info.model_id}`));
			const row = (name, about, own, action) => el("tr", {}, el("th", { scope: "row" }, name), el("td", { class: "muted" }, about), el("td", {}, own.length > 0 ? el("ul", {}, own.map(versionLink)) : t`not registered`), el("td", { class: "number" }, action));
			return [el("h2", {}, t`Models`), el("div", { class: "scroll" }, el("table", { class: "values" },
				el("thead", {}, el("tr", {}, [t`Logged as`, t`State`, t`Registered as`].map((text) => el("th", { scope: "col" }, text)), el("th", { scope: "col" }, el("span", { class: "unseen" }, t`actions`)))),
				el("tbody", {},
					models.map(({ info }) => row(el("span", { title: info.model_id }, info.name), [statuses[info.status] ?? info.status, info.model_type && `, ${info.model_type}`], versionsOfModel(info.model_id),
						button(t`Register…`, "small", () => register(info.name, { source: `models:/${info.model_id}`, model_id: info.model_id })))),
					older.filter((path) => !models.some(({ info }) => info.name === path)).map((path) => row(path, t`a folder of this run`, [], button(t`Register…`, "small", () => register(path, { source: `runs:/${run.id}/${path}` })))),
					rest.map((version) => row("–", version.source, [version], null)))))];
		});
	};

	return { node, async draw(next) {
		const isOther = run?.id !== next.id;
		run = next;
		if (isOther) {
			[models, versions, key] = [[], [], ""];
			node.hidden = true;
		}
		const wanted = JSON.stringify([run.id, run.models, run.end, run.tags["mlflow.log-model.history"]]);
		if (wanted === key) return;
		key = wanted;
		const [made, registered] = await Promise.all([Promise.allSettled(run.models.map(loggedModel)), versionsOf(run.id).catch(() => [])]);
		if (key !== wanted) return;
		[models, versions] = [made.flatMap(({ value }) => value ?? []), registered];
		show();
	} };
};
