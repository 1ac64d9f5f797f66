// Models: all of them, one with its versions, one version. Which is in the address: /models, /models/NAME[/VIEW], /models/NAME/versions/N.
import { getJSON, paths } from "../api.js";
import { listen, servingIs } from "../live.js";
import { makeScreens } from "../parts/screens.js";
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
	const screen = makeScreens(place, { list: mountList, model: mountModel, version: mountVersion });
	listen("gap", () => place.checkVisibility() && knowServing());
	return async ({ parts, query }) => {
		const [name, view, version] = parts;
		if (!state.serving) await knowServing();
		if (!name) return (await screen("list")).show();
		if (view === "versions" && version) return (await screen("version")).show(name, version);
		return (await screen("model")).show(name, view ?? "versions", query);
	};
};
