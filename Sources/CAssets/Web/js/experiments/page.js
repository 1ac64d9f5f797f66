// Experiments: the list, the runs of one, a run, several side by side. Which of them is in the address:
// /experiments[/ID[/runs/RUN | /compare?runs=A,B]].
import { el } from "../dom.js";
import { t } from "../words.js";
import { mountExperiment } from "./experiment.js";
import { mountList } from "./list.js";

export const styles = ["/css/experiments.css"];

/** What not every visit wants is fetched when it is wanted. */
const screens = {
	list: async () => mountList,
	experiment: async () => mountExperiment,
	run: async () => (await import("./run.js")).mountRun,
	compare: async () => (await import("./compare.js")).mountCompare,
};

const named = ([id, view, run]) => {
	if (!id) return "list";
	if (!view) return "experiment";
	if (view === "runs" && run) return "run";
	if (view === "compare") return "compare";
	throw Object.assign(new Error(t`An experiment has no view ${view}.`), { remedy: t`Choose one from the menu.` });
};

export const mount = (place) => {
	place.classList.add("experiments-page");
	const shown = {};
	return async ({ parts, query }) => {
		const name = named(parts);
		if (!shown[name]) {
			const mountScreen = await screens[name]();
			const node = el("div");
			shown[name] ??= { node, show: mountScreen(node) };
		}
		if (shown[name].node.parentNode !== place) place.replaceChildren(shown[name].node);
		return shown[name].show(parts, query);
	};
};
