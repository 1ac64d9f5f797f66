// Models: all of them, one with its versions, one version. Which is in the address: /models, /models/NAME[/VIEW], /models/NAME/versions/N.
import { getJSON, paths } from "../api.js";
import { el } from "../dom.js";
import { listen, servingIs } from "../live.js";
import { state } from "../store.js";
import { mountList } from "./list.js";
import { mountModel } from "./model.js";
import { mountVersion } from "./version.js";

export const styles = ["/css/models.css", "/css/recommend.css"];

/** What answers now: fetched once, then the stream tells it. */
const knowServing = async () => {
	try {
		servingIs(await getJSON(paths.serving));
	} catch (error) {
		state.problems.serving = error;
	}
};

export const mount = (place) => {
	place.classList.add("models-page");
	const screens = { list: mountList, model: mountModel, version: mountVersion };
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
	listen("gap", () => place.checkVisibility() && knowServing());
	return async ({ parts, query }) => {
		const [name, view, version] = parts;
		if (!state.serving) await knowServing();
		if (!name) return screen("list").show();
		if (view === "versions" && version) return screen("version").show(name, version);
		return screen("model").show(name, view ?? "versions", query);
	};
};
