// The screens of a page: what it shows at addresses that differ by more than a filter.
import { el } from "../dom.js";

/**
 * @param mounts by name: takes a place and returns what draws the screen there; asynchronous when its module is fetched first
 * @returns `screen(name)`: what the mount returned; made at its first visit, and of all of them the only one in the page
 */
export const makeScreens = (place, mounts) => {
	const shown = {};
	return async (name) => {
		if (!shown[name]) {
			const node = el("div");
			const made = await mounts[name](node);
			// Another visit may have waited for the same module.
			shown[name] ??= { node, made };
		}
		if (shown[name].node.parentNode !== place) place.replaceChildren(shown[name].node);
		return shown[name].made;
	};
};
