// Pipelines: the list, a pipeline, a run. Which of the three is in the address: /pipelines, /pipelines/ID[/VIEW], /pipelines/ID/runs/RUN.
import { el } from "../dom.js";
import { mountList } from "./list.js";
import { mountPipeline } from "./pipeline.js";
import { mountRun } from "./run.js";

export const styles = ["/css/pipelines.css"];

export const mount = (place) => {
	place.classList.add("pipelines-page");
	const screens = { list: mountList, pipeline: mountPipeline, run: mountRun };
	const shown = {};
	/** A screen is made at its first visit; of all of them only one is in the page. */
	const screen = (name) => {
		if (!shown[name]) {
			const node = el("div");
			shown[name] = { node, ...screens[name](node) };
		}
		if (shown[name].node.parentNode !== place) place.replaceChildren(shown[name].node);
		return shown[name];
	};
	return ({ parts, query }) => {
		const [id, view, run] = parts;
		if (!id) return screen("list").show(query);
		if (view === "runs" && run) return screen("run").show(id, run, query);
		return screen("pipeline").show(id, view === "runs" ? "grid" : (view ?? null), query);
	};
};
