// Pipelines: the list, a pipeline, a run. Which of the three is in the address: /pipelines, /pipelines/ID[/VIEW], /pipelines/ID/runs/RUN.
import { makeScreens } from "../parts/screens.js";
import { mountList } from "./list.js";
import { mountPipeline } from "./pipeline.js";
import { mountRun } from "./run.js";

export const styles = ["/css/pipelines.css"];

export const mount = (place) => {
	place.classList.add("pipelines-page");
	const screen = makeScreens(place, { list: mountList, pipeline: mountPipeline, run: mountRun });
	return async ({ parts, query }) => {
		const [id, view, run] = parts;
		if (!id) return (await screen("list")).show(query);
		if (view === "runs" && run) return (await screen("run")).show(id, run, query);
		return (await screen("pipeline")).show(id, view === "runs" ? "grid" : (view ?? null), query);
	};
};
