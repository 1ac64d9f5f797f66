// Experiments: the list, the runs of one, a run, several side by side. Which of them is in the address:
// /experiments[/ID[/runs/RUN | /compare?runs=A,B]].
import { makeScreens } from "../parts/screens.js";
import { t } from "../words.js";
import { mountExperiment } from "./experiment.js";
import { mountList } from "./list.js";

export const styles = ["/css/experiments.css"];

/** What not every visit wants is fetched when it is wanted. */
const screens = {
	list: mountList,
	experiment: mountExperiment,
	run: async (node) => (await import("./run.js")).mountRun(node),
	compare: async (node) => (await import("./compare.js")).mountCompare(node),
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
	const screen = makeScreens(place, screens);
	return async ({ parts, query }) => (await screen(named(parts)))(parts, query);
};
