// How the data move, from the days that were compared.
import { getJSON, paths } from "../api.js";
import { el } from "../dom.js";
import { listen } from "../live.js";
import { makeDrift } from "../parts/drift.js";
import { throttled } from "../store.js";
import { t } from "../words.js";

export const mountDriftView = (node) => {
	let points = null;
	let problem = null;
	const drift = makeDrift();
	const draw = () => drift.draw(points, problem);
	node.append(el("section", { class: "card", "aria-labelledby": "moves-title" }, el("h2", { id: "moves-title" }, t`How the data move`), drift.node));
	const load = throttled(2000, async () => {
		try {
			[{ points }, problem] = [await getJSON(paths.drift), null];
		} catch (error) {
			problem = error;
		}
		draw();
	});
	for (const type of ["drift", "gap"]) listen(type, load);
	load();
	return draw;
};
